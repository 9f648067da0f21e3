"""No file does more than be a picture: each hostile one is refused, or let in with nothing but its pixels."""

from __future__ import annotations

import asyncio
import io
import sys
import warnings
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.errors import Rejected, Rejection
from bot.domain.limits import Limits
from bot.services.admission import admit_picture
from bot.services.inspection import inspect_file
from tests.e2e.web.conftest import PageKit
from tests.security.hostile_pictures import PAYLOAD, hostile_pictures, progressive_jpeg

LIMITS = Limits()
NAMES = tuple(hostile_pictures())
_REPOSITORY = Path(__file__).parents[2]
# What the largest allowed picture takes to be let in, and a little more: 40 megapixels, in four copies of 4 bytes.
_ROOM_MIB = 700


def refusal_of(data: bytes) -> Rejection | None:
    try:
        admit_picture(data, LIMITS)
    except Rejected as rejected:
        return rejected.rejection
    return None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_it_is_refused_or_let_in_as_pixels_alone(name: str) -> None:
    hostile = hostile_pictures()[name]
    assert refusal_of(hostile.data) is hostile.refusal
    if hostile.refusal is not None:
        return
    admitted = admit_picture(hostile.data, LIMITS)
    assert PAYLOAD not in admitted.data
    assert b"PK\x03\x04" not in admitted.data
    with Image.open(io.BytesIO(admitted.data)) as kept:
        kept.load()
        assert (kept.format, kept.mode, getattr(kept, "n_frames", 1)) == ("PNG", "RGB", 1)
        assert kept.info == {}
        assert kept.size == (admitted.width, admitted.height)


@pytest.mark.parametrize("name", NAMES)
def test_looking_into_it_ends_with_words_or_a_refusal(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            inspection = inspect_file(hostile_pictures()[name].data, LIMITS)
        except Rejected:
            return
    assert inspection.recipe is None
    assert 0 < inspection.width * inspection.height <= LIMITS.max_decoded_pixels


async def test_all_of_them_together_stay_in_the_room_of_one_picture() -> None:
    """In a process whose address space is bounded, so that a bomb that goes off is a failure and not a slow test."""
    command = (sys.executable, "-m", "tests.security.in_bounds", str(_ROOM_MIB))
    child = await asyncio.create_subprocess_exec(*command, cwd=_REPOSITORY, stdout=asyncio.subprocess.PIPE)
    told, _ = await child.communicate()
    assert child.returncode == 0
    assert told.decode().split() == [str(len(NAMES)), "bounded"]


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
async def test_the_page_answers_each_and_keeps_nothing_of_what_it_refuses(page: PageKit) -> None:
    refused = {name: one for name, one in hostile_pictures().items() if one.refusal is not None}
    for place in ("subject", "style"):
        for name, hostile in refused.items():
            assert hostile.refusal is not None
            status, answer = await page.post(fields={"prompt": "a"}, files=[(place, hostile.data)])
            assert (status, answer["code"]) == (422, hostile.refusal.value), name
            assert answer["detail"].count("\n") == 0
    await page.assert_nothing_stored()


@pytest.mark.parametrize(("given", "kept"), [(0, 0), (1000, 3), (128 * 257, 128), (65535, 255)])
def test_sixteen_bits_of_grey_are_scaled_and_not_cut_off(given: int, kept: int) -> None:
    encoded = io.BytesIO()
    Image.new("I;16", (32, 32), given).save(encoded, "PNG")
    with Image.open(io.BytesIO(admit_picture(encoded.getvalue(), LIMITS).data)) as picture:
        assert picture.getpixel((3, 3)) == (kept, kept, kept)


def test_cmyk_keeps_its_colours() -> None:
    encoded = io.BytesIO()
    Image.new("CMYK", (32, 32), (255, 0, 0, 0)).save(encoded, "JPEG", quality=95)
    with Image.open(io.BytesIO(admit_picture(encoded.getvalue(), LIMITS).data)) as picture:
        pixel = picture.getpixel((3, 3))
    assert isinstance(pixel, tuple)
    assert all(abs(one - wanted) <= 3 for one, wanted in zip(pixel, (0, 255, 255), strict=True))


@pytest.mark.parametrize("scans", [1, 50])
def test_as_many_scans_as_tools_write_are_fine(scans: int) -> None:
    assert refusal_of(progressive_jpeg(scans)) is None
