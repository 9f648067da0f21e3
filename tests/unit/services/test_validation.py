"""Every number and word of a request has its range, and its own refusal."""

from __future__ import annotations

import io
import math
from typing import Any

import pytest
from PIL import Image

from bot.domain.errors import Rejected, Rejection
from bot.domain.limits import SEED_MAX, Limits
from bot.domain.requests import Aspect, Draft, Mode, mode_of
from bot.services.admission import admit_picture
from bot.services.parsing import parse_number, parse_whole_number
from bot.services.validation import Rounded, build_request, check_numbers, draw_variation
from tests.support.pictures import BAD_PICTURES, png

LIMITS = Limits()


@pytest.mark.parametrize(
    ("wrong", "rejection"),
    [
        ({"prompt": "  "}, Rejection.PROMPT_EMPTY),
        ({"prompt": "\0\ud800"}, Rejection.PROMPT_EMPTY),
        ({"prompt": "", "styles": (b"x",)}, Rejection.PROMPT_EMPTY),
        ({"prompt": "x" * 2001}, Rejection.PROMPT_TOO_LONG),
        ({"styles": (b"a", b"b", b"c")}, Rejection.TOO_MANY_STYLES),
        ({"keep_size": True}, Rejection.KEEP_SIZE_WITHOUT_SUBJECT),
        ({"steps": 0}, Rejection.STEPS_OUT_OF_RANGE),
        ({"steps": 51}, Rejection.STEPS_OUT_OF_RANGE),
        ({"guidance": math.nan}, Rejection.GUIDANCE_OUT_OF_RANGE),
        ({"guidance": math.inf}, Rejection.GUIDANCE_OUT_OF_RANGE),
        ({"guidance": 0.9}, Rejection.GUIDANCE_OUT_OF_RANGE),
        ({"subject_size": -16}, Rejection.SUBJECT_SIZE_OUT_OF_RANGE),
        ({"subject_size": 1040}, Rejection.SUBJECT_SIZE_OUT_OF_RANGE),
        ({"seed": -2}, Rejection.SEED_OUT_OF_RANGE),
        ({"seed": SEED_MAX + 1}, Rejection.SEED_OUT_OF_RANGE),
        ({"count": 0}, Rejection.COUNT_OUT_OF_RANGE),
        ({"count": 5}, Rejection.COUNT_OUT_OF_RANGE),
    ],
)
def test_numbers_out_of_range_are_refused(wrong: dict[str, Any], rejection: Rejection) -> None:
    with pytest.raises(Rejected) as refusal:
        check_numbers(Draft(**{"prompt": "a fish", **wrong}), LIMITS)
    assert refusal.value.rejection is rejection


@pytest.mark.parametrize(
    ("wrong", "rejection"),
    [
        ({"width": 0}, Rejection.SIZE_OUT_OF_RANGE),
        ({"height": 0}, Rejection.SIZE_OUT_OF_RANGE),
        ({"width": 1537, "height": 1024}, Rejection.SIZE_OUT_OF_RANGE),
        ({"aspect": "2:1"}, Rejection.UNKNOWN_CHOICE),
    ],
)
def test_sizes_out_of_range_are_refused(wrong: dict[str, Any], rejection: Rejection) -> None:
    with pytest.raises(Rejected) as refusal:
        build_request(Draft(prompt="a fish", **wrong), None, (), LIMITS)
    assert refusal.value.rejection is rejection


def test_sizes_are_rounded_down_to_16_and_it_is_said() -> None:
    validated = build_request(Draft(prompt="a fish", width=1000, height=520, subject_size=500), None, (), LIMITS)
    assert (validated.request.width, validated.request.height, validated.request.subject_size) == (992, 512, 496)
    assert validated.rounded == (
        Rounded("width", 1000, 992),
        Rounded("height", 520, 512),
        Rounded("subject_size", 500, 496),
    )


def test_what_is_not_text_is_dropped_from_the_prompt() -> None:
    assert build_request(Draft(prompt=" a\0 fish\ud800 "), None, (), LIMITS).request.prompt == "a fish"


def test_every_aspect_is_about_a_megapixel_in_multiples_of_16() -> None:
    for aspect in Aspect:
        width, height = aspect.size_px
        across, down = (int(part) for part in aspect.value.split(":"))
        assert width % 16 == height % 16 == 0
        assert 0.97e6 < width * height < 1.09e6
        assert abs(width / height - across / down) < 0.03 * across / down
        assert all(LIMITS.min_side_px <= side <= LIMITS.max_side_px for side in (width, height))


def test_a_seed_is_drawn_once_and_counted_up() -> None:
    drawn = {build_request(Draft(prompt="a fish"), None, (), LIMITS).request.seed for _ in range(20)}
    assert len(drawn) > 10
    assert all(0 <= seed <= SEED_MAX for seed in drawn)
    request = build_request(Draft(prompt="a fish", seed=SEED_MAX, count=2), None, (), LIMITS).request
    assert [request.seeds_of(index)[0] for index in range(2)] == [SEED_MAX, 0]


@pytest.mark.parametrize("strength", [0.0, -0.1, 1.01, math.nan])
def test_a_variation_needs_a_strength_above_0_up_to_1(strength: float) -> None:
    with pytest.raises(Rejected):
        draw_variation(strength)


def test_the_mode_follows_from_what_is_given() -> None:
    assert mode_of("a fish", has_subject=False, style_count=0) is Mode.TEXT
    assert mode_of("", has_subject=True, style_count=0) is Mode.SUBJECT
    assert mode_of("a fish", has_subject=False, style_count=2) is Mode.STYLE
    assert mode_of("a fish", has_subject=True, style_count=1) is Mode.SUBJECT_STYLE
    assert mode_of(" ", has_subject=True, style_count=1) is Mode.SUBJECT_STYLE_LAYOUT_KEPT


@pytest.mark.parametrize(("data", "reason"), BAD_PICTURES.values(), ids=BAD_PICTURES.keys())
def test_bad_pictures_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Rejected) as refusal:
        admit_picture(data, LIMITS)
    assert refusal.value.rejection.value == reason


def test_a_file_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(Rejected) as refusal:
        admit_picture(b"\0" * 2_000_001, Limits(max_file_bytes=2_000_000))
    assert refusal.value.rejection is Rejection.FILE_TOO_LARGE


def test_pictures_are_turned_upright_flattened_on_white_and_lose_their_metadata() -> None:
    picture = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate by 90 degrees to see it upright
    exif[0x010E] = "taken at home"
    encoded = io.BytesIO()
    picture.save(encoded, "PNG", exif=exif)
    admitted = admit_picture(encoded.getvalue(), LIMITS)
    with Image.open(io.BytesIO(admitted.data)) as kept:
        kept.load()
        assert (kept.mode, kept.size) == ("RGB", (20, 40))
        assert kept.getpixel((5, 5)) == (255, 255, 255)
        assert not kept.getexif()
    assert b"taken at home" not in admitted.data
    assert admit_picture(encoded.getvalue(), LIMITS).sha256 == admitted.sha256


def test_a_subject_that_would_be_cropped_away_is_refused() -> None:
    narrow = admit_picture(png(640, 16), LIMITS)
    with pytest.raises(Rejected) as refusal:
        build_request(Draft(prompt="a fish", subject=b"x"), narrow, (), LIMITS)
    assert refusal.value.rejection is Rejection.PICTURE_TOO_NARROW
    build_request(Draft(prompt="a fish", subject=b"x", subject_size=1024), narrow, (), LIMITS)


def test_typed_numbers() -> None:
    assert parse_whole_number("steps", " 25 ") == 25
    assert parse_number("guidance", "3,5") == 3.5
    for parse in (parse_whole_number, parse_number):
        with pytest.raises(Rejected) as refusal:
            parse("steps", "many")
        assert refusal.value.details == {"given": "many", "name": "steps"}
