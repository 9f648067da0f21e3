"""Picture files as an attacker would make them, each built on the spot, with what must come of it."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from bot.domain.errors import Rejection
from tests.support.pictures import png, png_header_only

_HEADER_END: Final = 33
PAYLOAD: Final = b"<script>alert('payload')</script>"
"""What a polyglot carries; it must not survive being let in."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file and the refusal it meets; None where it is let in as a clean picture."""

    data: bytes
    refusal: Rejection | None = None


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunks(*chunks: bytes) -> bytes:
    """A sound PNG with these chunks behind its header."""
    plain = png()
    return plain[:_HEADER_END] + b"".join(chunks) + plain[_HEADER_END:]


def _gradient(mode: str = "RGB") -> Image.Image:
    return Image.linear_gradient("L").resize((64, 64)).convert(mode)


def _jpeg(**options: object) -> bytes:
    return encoded(_gradient(), "JPEG", **options)


def _jpeg_with_segments(marker: int, count: int, data: bytes) -> bytes:
    plain = _jpeg()
    segment = struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data
    return plain[:2] + segment * count + plain[2:]


def progressive_jpeg(count: int) -> bytes:
    """A progressive JPEG whose last scan comes `count` times: each costs a pass over the whole picture."""
    plain = encoded(Image.new("RGB", (512, 512), (9, 9, 9)), "JPEG", progressive=True)
    last = plain.rindex(b"\xff\xda")
    return plain[:last] + plain[last:-2] * count + plain[-2:]


def _idat_bomb() -> bytes:
    """A small header, and pixel data that would unpack to 200 MB."""
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(200_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def _colour_profile_bomb() -> bytes:
    return with_chunks(chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(100_000_000), 9)))


def _text_bomb() -> bytes:
    return with_chunks(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(100_000_000), 9)))


def _animation(kind: str, frames: int = 200) -> bytes:
    pictures = [Image.new("RGB", (64, 64), (number, 0, 0)) for number in range(frames)]
    return encoded(pictures[0], kind, save_all=True, append_images=pictures[1:])


def _zip_behind(picture: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("payload.html", PAYLOAD)
    return picture + archive.getvalue()


def _huge_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = PAYLOAD.decode() + "x" * 60_000
    return encoded(_gradient(), "JPEG", exif=exif)


def _broken_exif() -> bytes:
    return _jpeg(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\xff" * 200)


def _looping_exif() -> bytes:
    """A directory that names itself as the next."""
    entries = struct.pack(">HHHII", 1, 0x0112, 3, 1, 6 << 16)
    return _jpeg(exif=b"Exif\0\0MM\0*" + struct.pack(">I", 8) + entries + struct.pack(">I", 8))


def _texts() -> bytes:
    info = PngInfo()
    info.add_text("comment", PAYLOAD.decode())
    info.add_itxt("XML:com.adobe.xmp", PAYLOAD.decode())
    return encoded(_gradient(), "PNG", pnginfo=info)


def _profile() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encoded(_gradient(), "PNG", icc_profile=profile + PAYLOAD)


def _palette_with_transparency() -> bytes:
    picture = _gradient().quantize(16)
    return encoded(picture, "PNG", transparency=bytes([0, 255, 128]))


@cache
def hostile_pictures() -> Mapping[str, Hostile]:
    """Every file by name."""
    no_picture, broken = Rejection.NOT_A_PICTURE, Rejection.PICTURE_BROKEN
    too_many = Rejection.TOO_MANY_PIXELS
    return {
        # More than they seem to be.
        "60000 x 60000 pixels promised": Hostile(png_header_only(60_000, 60_000), too_many),
        "2147483647 x 1 pixels promised": Hostile(png_header_only(2**31 - 1, 1), too_many),
        "0 x 0 pixels": Hostile(png_header_only(0, 0), no_picture),
        "pixel data that unpacks to 200 MB": Hostile(_idat_bomb()),
        "colour profile that unpacks to 100 MB": Hostile(_colour_profile_bomb(), no_picture),
        "text that unpacks to 100 MB": Hostile(_text_bomb(), no_picture),
        "40,000 empty text chunks": Hostile(with_chunks(chunk(b"tEXt", b"a\0") * 40_000)),
        "5,000 JPEG scans": Hostile(progressive_jpeg(5_000), broken),
        "animated WebP, 200 frames": Hostile(_animation("WEBP")),
        "animated PNG, 200 frames": Hostile(_animation("PNG")),
        # Cut off and bent.
        "empty": Hostile(b"", no_picture),
        "PNG signature alone": Hostile(png()[:8], no_picture),
        "PNG cut in its header": Hostile(png()[:20], no_picture),
        "PNG cut in its pixels": Hostile(png(300, 300)[:-400], broken),
        "PNG with a wrong checksum": Hostile(png()[:29] + b"\0\0\0\0" + png()[33:], no_picture),
        "PNG whose chunk is longer than the file": Hostile(png()[:33] + b"\x7f\xff\xff\xffIDATxx", broken),
        "JPEG cut in its pixels": Hostile(_jpeg()[:-200], broken),
        "JPEG start alone": Hostile(b"\xff\xd8\xff", no_picture),
        "WebP cut in its pixels": Hostile(encoded(_gradient(), "WEBP")[:-40], no_picture),
        "WebP with a wrong length": Hostile(b"RIFF\xff\xff\xff\xffWEBPVP8 " + bytes(64), no_picture),
        # Something else by another name.
        "text": Hostile(b"this is text, whatever its name says", no_picture),
        "SVG": Hostile(b"<svg xmlns='http://www.w3.org/2000/svg'>" + PAYLOAD + b"</svg>", no_picture),
        "SVG that fetches": Hostile(b"<svg><image href='http://127.0.0.1/secret'/></svg>", no_picture),
        "SVG, packed": Hostile(gzip.compress(b"<svg/>"), no_picture),
        "HTML": Hostile(b"<!doctype html>" + PAYLOAD, no_picture),
        "PDF": Hostile(encoded(_gradient(), "PDF"), no_picture),
        "EPS": Hostile(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nquit\n", no_picture),
        "GIF": Hostile(_animation("GIF", 3), no_picture),
        "TIFF": Hostile(encoded(_gradient(), "TIFF"), no_picture),
        "BMP": Hostile(encoded(_gradient(), "BMP"), no_picture),
        "icon": Hostile(encoded(_gradient(), "ICO"), no_picture),
        "ImageMagick's own language": Hostile(b"push graphic-context\nfill 'url(http://127.0.0.1/)'", no_picture),
        # Two things at once; the second must be gone.
        "PNG and zip": Hostile(_zip_behind(png())),
        "JPEG and zip": Hostile(_zip_behind(_jpeg())),
        "PNG and page": Hostile(png() + PAYLOAD),
        "JPEG comment and page": Hostile(_jpeg_with_segments(0xFE, 1, PAYLOAD)),
        "page in texts": Hostile(_texts()),
        "page in a colour profile": Hostile(_profile()),
        "page before the PNG": Hostile(PAYLOAD + png(), no_picture),
        # Metadata.
        "60 kB of EXIF": Hostile(_huge_exif()),
        "broken EXIF": Hostile(_broken_exif()),
        "EXIF that leads to itself": Hostile(_looping_exif()),
        "250 metadata segments of 60 kB": Hostile(_jpeg_with_segments(0xE5, 250, bytes(60_000))),
        # Sound, but not 8-bit RGB.
        "16-bit grey": Hostile(encoded(Image.linear_gradient("L").convert("I;16"), "PNG")),
        "CMYK": Hostile(encoded(_gradient("CMYK"), "JPEG")),
        "1-bit": Hostile(encoded(_gradient("1"), "PNG")),
        "palette with transparency": Hostile(_palette_with_transparency()),
        "grey with transparency": Hostile(encoded(_gradient("LA"), "PNG")),
    }
