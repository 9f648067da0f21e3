"""The request form as a JSON schema, with the bounds that the operator allows; `adapters.web.forms` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.errors import Rejection
from bot.domain.limits import DRAW_SEED, SEED_MAX, Limits
from bot.domain.requests import Aspect, Draft

Schema = Mapping[str, Any]

NUMBER_REFUSALS: Final = (
    Rejection.SIZE_OUT_OF_RANGE,
    Rejection.STEPS_OUT_OF_RANGE,
    Rejection.GUIDANCE_OUT_OF_RANGE,
    Rejection.SUBJECT_SIZE_OUT_OF_RANGE,
    Rejection.SEED_OUT_OF_RANGE,
    Rejection.COUNT_OUT_OF_RANGE,
    Rejection.NOT_A_NUMBER,
    Rejection.UNKNOWN_CHOICE,
)
PICTURE_REFUSALS: Final = (
    Rejection.FILE_TOO_LARGE,
    Rejection.NOT_A_PICTURE,
    Rejection.PICTURE_BROKEN,
    Rejection.TOO_MANY_PIXELS,
    Rejection.PICTURE_TOO_NARROW,
)
QUEUE_REFUSALS: Final = (
    Rejection.TOO_MANY_WAITING,
    Rejection.CREDITS_USED_UP,
    Rejection.TOO_EXPENSIVE,
    Rejection.BLOCKED,
    Rejection.DRAINING,
)
FORM_REFUSALS: Final = (
    Rejection.PROMPT_EMPTY,
    Rejection.PROMPT_TOO_LONG,
    Rejection.TOO_MANY_STYLES,
    Rejection.KEEP_SIZE_WITHOUT_SUBJECT,
    *NUMBER_REFUSALS,
    *PICTURE_REFUSALS,
    *QUEUE_REFUSALS,
)
PICTURE_TYPES: Final = "image/png, image/jpeg, image/webp"
_PICTURE: Final = {"type": "string", "format": "binary"}


def number_schemas(limits: Limits) -> Mapping[str, Schema]:
    """What the price of a request depends on, by name, as parameters of a query and fields of a form."""
    plain = Draft()
    side = {"type": "integer", "minimum": limits.min_side_px, "maximum": limits.max_side_px}
    return {
        "aspect": {"enum": [aspect.value for aspect in Aspect], "description": "Wins over width and height."},
        "width": {**side, "description": "Pixels, rounded to a multiple of 16."},
        "height": {**side, "description": "Pixels, rounded to a multiple of 16."},
        "steps": {"type": "integer", "minimum": 1, "maximum": limits.max_steps, "default": plain.steps},
        "guidance": {
            "type": "number",
            "minimum": limits.min_guidance,
            "maximum": limits.max_guidance,
            "default": plain.guidance,
        },
        "subject_size": {
            "type": "integer",
            "minimum": 0,
            "maximum": limits.max_subject_size_px,
            "default": plain.subject_size,
            "description": "Longer side of the subject in pixels; 0 is automatic.",
        },
        "seed": {
            "type": "integer",
            "minimum": DRAW_SEED,
            "maximum": SEED_MAX,
            "default": DRAW_SEED,
            "description": "-1 draws one.",
        },
        "count": {"type": "integer", "minimum": 1, "maximum": limits.max_count, "default": plain.count},
    }


def form_content(limits: Limits) -> Schema:
    """The media type object of the form: its schema, and how the pictures in it are encoded."""
    most = limits.max_file_bytes // 2**20
    properties: dict[str, Any] = {
        "prompt": {"type": "string", "maxLength": limits.prompt_chars},
        **number_schemas(limits),
        "keep_size": {"enum": ["on", "off"], "description": "Keep the shape of the subject, which is needed then."},
        "private": {"enum": ["on", "off"], "description": "Missing: as your settings have it."},
        "spoiler": {"enum": ["on", "off"], "description": "Missing: as your settings have it."},
        "use_tray": {"enum": ["on", "off"], "description": "Take from your tray what is missing here."},
        "subject": {**_PICTURE, "description": f"PNG, JPEG or WebP of at most {most} MB; who or what."},
        "style": {
            "type": "array",
            "items": dict(_PICTURE),
            "maxItems": limits.max_styles,
            "description": "One or two pictures that show how it looks: the field is sent once for each.",
        },
    }
    schema = {
        "type": "object",
        "properties": properties,
        "anyOf": [
            {"required": ["prompt"], "properties": {"prompt": {"minLength": 1, "pattern": r"\S"}}},
            {"required": ["subject"]},
        ],
        "description": "The prompt may be missing where there is a subject.",
    }
    return {
        "schema": schema,
        "encoding": {"subject": {"contentType": PICTURE_TYPES}, "style": {"contentType": PICTURE_TYPES}},
    }
