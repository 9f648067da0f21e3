"""Discord's refusals, as its API words them."""

from __future__ import annotations


class ApiError(Exception):
    """An answer that is not a success; `is_fault` if no well-behaved client would ever get it."""

    def __init__(self, status: int, code: int, message: str, *, is_fault: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.is_fault = is_fault


def unauthorized() -> ApiError:
    return ApiError(401, 0, "401: Unauthorized")


def invalid_webhook_token() -> ApiError:
    return ApiError(401, 50027, "Invalid Webhook Token")


def unknown_webhook() -> ApiError:
    return ApiError(404, 10015, "Unknown Webhook", is_fault=True)


def unknown_message() -> ApiError:
    return ApiError(404, 10008, "Unknown Message")


def unknown_channel() -> ApiError:
    return ApiError(404, 10003, "Unknown Channel")


def unknown_interaction() -> ApiError:
    return ApiError(404, 10062, "Unknown interaction", is_fault=True)


def already_acknowledged() -> ApiError:
    return ApiError(400, 40060, "Interaction has already been acknowledged.", is_fault=True)


def too_many_follow_ups() -> ApiError:
    return ApiError(400, 40094, "This interaction has hit the maximum number of follow up messages", is_fault=True)


def missing_access() -> ApiError:
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    return ApiError(403, 50013, "Missing Permissions")


def not_your_message() -> ApiError:
    return ApiError(403, 50005, "Cannot edit a message authored by another user", is_fault=True)


def cannot_message_user() -> ApiError:
    return ApiError(403, 50007, "Cannot send messages to this user")


def too_large() -> ApiError:
    return ApiError(413, 40005, "Request entity too large")


def invalid_form(why: str) -> ApiError:
    return ApiError(400, 50035, f"Invalid Form Body: {why}", is_fault=True)
