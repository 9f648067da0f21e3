"""What Telegram's errors mean to us, and the one place where unexpected ones end."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import NoReturn

from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.ports.platforms import DeliveryDelayed, DeliveryImpossible, FrontendRefused

log = logging.getLogger(__name__)

# Telegram's error descriptions are its only error codes; these fragments are matched in lower case.
_UNCHANGED = ("message is not modified",)
_TEXTLESS = ("there is no text in the message",)
_CARD_GONE = (
    *_TEXTLESS,
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to be edited is not found",
)
_DELETE_REFUSED = ("message can't be deleted",)
_PLACE_GONE = (
    "chat not found",
    "peer_id_invalid",
    "user_is_blocked",
    "user not found",
    "group chat was deactivated",
    "have no rights to send",
    "not enough rights",
    "chat_write_forbidden",
    "chat_send_photos_forbidden",
    "topic_closed",
)
_THREAD_GONE = ("message thread not found", "topic_deleted")
_PHOTO_REFUSED = ("photo_invalid_dimensions", "image_process_failed", "photo_save_file_invalid", "photo_ext_invalid")


class TelegramTokenRefused(FrontendRefused):
    """Telegram does not know the token; `args[0]` is one sentence that says what to do."""

    def __init__(self) -> None:
        super().__init__("Telegram refused the token. Check TELEGRAM_TOKEN (ask @BotFather for it), then start again.")


class TelegramWebhookRefused(FrontendRefused):
    """Telegram will not bring updates as configured; `args[0]` is one sentence that says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Telegram refused the webhook ({reason}). Check webhook_url in config.toml and TELEGRAM_WEBHOOK_SECRET."
        )


def is_unchanged(error: TelegramError) -> bool:
    """Whether an edit failed only because everything already is as wanted."""
    return _says(error, _UNCHANGED)


def is_card_gone(error: TelegramError) -> bool:
    """Whether the message can not be edited any more (deleted, or no longer of that kind)."""
    return _says(error, _CARD_GONE)


def is_textless(error: TelegramError) -> bool:
    """Whether a message has no text to edit because it is a picture by now; its words are a caption."""
    return _says(error, _TEXTLESS)


def is_delete_refused(error: TelegramError) -> bool:
    """Whether a message is too old to be deleted (48 hours)."""
    return _says(error, _DELETE_REFUSED)


def is_place_gone(error: TelegramError) -> bool:
    """Whether nothing can be said there any more: we were blocked or put out, or the chat is gone."""
    return isinstance(error, Forbidden) or _says(error, _PLACE_GONE)


def is_thread_gone(error: TelegramError) -> bool:
    """Whether the topic of the request was deleted."""
    return _says(error, _THREAD_GONE)


def is_photo_refused(error: TelegramError) -> bool:
    """Whether Telegram will not take this picture as a photo; as a document it may."""
    return _says(error, _PHOTO_REFUSED)


def retry_after_s(error: RetryAfter) -> float:
    """Seconds that Telegram wants us to wait."""
    wanted = error.retry_after
    return wanted.total_seconds() if isinstance(wanted, timedelta) else float(wanted)


def raise_for_outbox(error: TelegramError) -> NoReturn:
    """Say to the outbox whether a delivery may succeed later; what we do not know goes up as it is."""
    match error:
        case RetryAfter():
            raise DeliveryDelayed("Telegram asks to slow down", retry_after_s(error)) from error
        case Forbidden():
            raise DeliveryImpossible(f"Telegram: {error.message}") from error
        case BadRequest() if _says(error, _PLACE_GONE):
            raise DeliveryImpossible(f"Telegram: {error.message}") from error
        case BadRequest():
            raise error
        case NetworkError():
            raise DeliveryDelayed(f"Telegram: {error.message}") from error
        case InvalidToken():
            raise DeliveryDelayed("Telegram refuses the token") from error
        case _:
            raise error


def report(error: BaseException, doing: str) -> None:
    """The funnel: trouble that passes is one line, what nobody expected comes with its traceback."""
    match error:
        case Forbidden():
            log.info("telegram: %s: %s", doing, error.message)
        case BadRequest():
            log.error("telegram: %s: %s", doing, error.message, exc_info=error)
        case NetworkError() | RetryAfter():
            log.warning("telegram: %s: %s", doing, error.message)
        case _:
            log.error("telegram: %s failed", doing, exc_info=error)


def _says(error: TelegramError, fragments: tuple[str, ...]) -> bool:
    message = error.message.lower()
    return isinstance(error, BadRequest) and any(fragment in message for fragment in fragments)
