"""Letters that look like Latin ones, so that a word on a list is found however it is spelled.

Unicode's compatibility forms (full width, circled, mathematical) are not here: NFKD takes care of those. This table is
small on purpose, it names what can not be told apart in the fonts of chats: letters of other alphabets, letters
with a stroke, small capitals, and letters in boxes. Symbols and digits that stand for letters (`$`, `@`, `0`) are not
here, they would make words of prices and sizes; a `?` in an entry stands for a digit, too.
"""

from __future__ import annotations

from typing import Final


def _pairs(letters: str, latin: str) -> dict[int, str]:
    return {ord(letter): plain for letter, plain in zip(letters, latin, strict=True)}


def _alphabet(first: int) -> dict[int, str]:
    return {first + at: chr(ord("a") + at) for at in range(26)}


BOXED: Final[dict[int, str]] = {
    **_alphabet(0x1F130),  # squared
    **_alphabet(0x1F150),  # circled, white on black
    **_alphabet(0x1F170),  # squared, white on black
}
"""Letters in boxes: symbols to Unicode, letters to people."""

FLAGS: Final[dict[int, str]] = _alphabet(0x1F1E6)
"""The halves of flags, which spell words as well; a flag beside a word is none of its letters."""

CAPITALS: Final[dict[int, str]] = {
    **_pairs("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx"),  # Greek
    **_pairs("АВЕЅІЈКМНОРСТУХЬҮԌԚԜ", "abesijkmhopctyxbygqw"),  # Cyrillic
    **_pairs("ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ", "abcdeghijklmprstvwz"),  # Cherokee
    **_pairs("ՕՍՏԼՈՀ", "ousluh"),  # Armenian
}
"""Capitals that look like a Latin capital, where the small letter may look like another one."""

SMALL: Final[dict[int, str]] = {
    **_pairs("αβγεηικνορτυχω", "abyenikvoptuxw"),  # Greek
    **_pairs("авеѕіјкмнорстухьүһԁԍԛԝґ", "abesijkmhopctyxbyhdgqwr"),  # Cyrillic
    **_pairs("օսհոցզյ", "ouhngqj"),  # Armenian
    **_pairs("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"),  # small capitals
    **_pairs("ɑɡıɩȷłøđħŧƀɨɫɾʋƙɓɗɖɠƴɦɱɲŋʂƭᶏ", "agiijlodhtbilrvkbddgyhmnnsta"),  # strokes, hooks and the like
}
"""The same for small letters."""
