"""Lists of words that are not wanted in prompts, with `*` for any letters and `?` for one.

A word is found whatever its case and accents, with invisible characters in it, and in letters that only look like
its own. It is found as a whole word: `ass` is not in `glass`, but `*ass*` is. Several words in a row are one entry.

The time it takes grows with the length of a text, never with its square: there are no regular expressions in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from bot.domain.lookalikes import BOXED, CAPITALS, FLAGS, SMALL

LISTED_CHARS: Final = 64
"""How long a word on a list may be."""

_WILD: Final = "*?"
# Letters to Unicode that show nothing, beside what its categories call invisible: fillers, joiners, selectors.
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\ufe0e\ufe0f")
_INVISIBLE: Final = frozenset({"Cf", "Cs", "Co", "Cn", "Me"})


class WordUnfit(ValueError):  # noqa: N818 -- a refusal
    """An entry that would match nothing, or nearly everything; `args[0]` is the entry."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text or of a list in two spellings: as it is, and with Latin letters for what looks like them."""

    plain: str
    latin: str

    @property
    def is_foreign(self) -> bool:
        """Whether it has letters that only look Latin."""
        return self.plain != self.latin


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is on a list: one word or several in a row, as it was `listed`."""

    words: tuple[_Word, ...]
    listed: str

    def begins(self, tokens: list[_Word], at: int) -> bool:
        """Whether the text goes on like this from its word at `at`."""
        if at + len(self.words) > len(tokens):
            return False
        return all(_fits(word, tokens[at + offset]) for offset, word in enumerate(self.words))


class WordList:
    """Looks for the entries in a text."""

    def __init__(self, listed: Iterable[str]) -> None:
        """Raises `WordUnfit` for the first entry that can not be on a list."""
        self._exact: dict[str, list[_Entry]] = {}
        self._wild: list[_Entry] = []
        for one in listed:
            entry = _entry_of(one)
            first = entry.words[0]
            if _is_wild(first.plain):
                self._wild.append(entry)
            else:
                self._exact.setdefault(first.latin, []).append(entry)

    def find(self, text: str) -> str | None:
        """The first words of the text that are on the list, in small letters and as they are spelled there, or None."""
        if not (self._exact or self._wild):
            return None
        tokens = list(_words_of(text))
        starting: dict[_Word, tuple[_Entry, ...]] = {}  # most texts say the same words again and again
        for at, token in enumerate(tokens):
            if token not in starting:
                starting[token] = tuple(self._starting(token))
            for entry in starting[token]:
                if entry.begins(tokens, at):
                    return " ".join(one.plain for one in tokens[at : at + len(entry.words)])
        return None

    def _starting(self, token: _Word) -> Iterator[_Entry]:
        """The entries whose first word this is."""
        yield from self._exact.get(token.latin, ())
        for entry in self._wild:
            if _fits(entry.words[0], token):
                yield entry


def check_listed(listed: str) -> str:
    """The entry with single spaces. Raises `WordUnfit`."""
    return _entry_of(listed).listed


def same_entry(one: str, other: str) -> bool:
    """Whether two entries are the same to whoever types them, whatever their case and spelling."""
    return _entry_of(one).words == _entry_of(other).words


def _entry_of(listed: str) -> _Entry:
    listed = " ".join(listed.split())
    words = tuple(_words_of(listed, also=_WILD))
    if not words or len(listed) > LISTED_CHARS or not all(_is_definite(word.plain) for word in words):
        raise WordUnfit(listed)
    return _Entry(words, listed)


def _is_definite(word: str) -> bool:
    """Whether a word with wildcards says enough: two letters in a row, or one of a script that writes words so."""
    if not _is_wild(word):
        return True
    runs = word.replace("?", "*").split("*")
    return any(len(run) >= 2 or not run.isascii() for run in runs)


def _is_wild(word: str) -> bool:
    return "*" in word or "?" in word


def _fits(listed: _Word, token: _Word) -> bool:
    """Whether a word of a text is the one on the list.

    Words all in Latin letters never match one of another script by their looks: `pot` is no Russian mouth (`рот`).
    """
    if _matches(listed.plain, token.plain):
        return True
    return not (listed.is_foreign and not token.is_foreign) and _matches(listed.latin, token.latin)


def _matches(pattern: str, word: str) -> bool:
    """Whether the whole word is the pattern. The leftmost place for each part is as good as any other."""
    first, *others = pattern.split("*")
    if not others:
        return _is_at(first, word, 0) and len(first) == len(word)
    *middle, last = others
    if len(first) + len(last) > len(word) or not (_is_at(first, word, 0) and _is_at(last, word, len(word) - len(last))):
        return False
    at, end = len(first), len(word) - len(last)
    for part in middle:
        found = _find(part, word, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _find(part: str, word: str, start: int, end: int) -> int:
    if "?" not in part:
        return word.find(part, start, end)
    return next((at for at in range(start, end - len(part) + 1) if _is_at(part, word, at)), -1)


def _is_at(part: str, word: str, at: int) -> bool:
    if "?" not in part:
        return word.startswith(part, at)
    there = word[at : at + len(part)]
    return len(there) == len(part) and all(a in ("?", b) for a, b in zip(part, there, strict=True))


def _words_of(text: str, *, also: str = "") -> Iterator[_Word]:
    """The words of a text; `also` are characters that count as letters."""
    letters: list[str] = []
    for letter in _spelled_out(_without_flags(text)):
        if letter in also or unicodedata.category(letter)[0] in "LNM":
            letters.append(letter)
        elif letters:
            yield _word_of("".join(letters))
            letters.clear()
    if letters:
        yield _word_of("".join(letters))


def _without_flags(text: str) -> str:
    """The text with halves of flags as letters, each row of them a word of its own."""
    rows = ((is_flags, "".join(row)) for is_flags, row in groupby(text, key=lambda letter: ord(letter) in FLAGS))
    return "".join(f" {row.translate(FLAGS)} " if is_flags else row for is_flags, row in rows)


def _spelled_out(text: str) -> Iterator[str]:
    """The characters that can be seen, without accents and in the simplest form that Unicode has for them."""
    for letter in unicodedata.normalize("NFKD", text.translate(BOXED)):
        is_accent = unicodedata.combining(letter) != 0
        if not (is_accent or letter in _BLANK or unicodedata.category(letter) in _INVISIBLE):
            yield letter


def _word_of(letters: str) -> _Word:
    plain = "".join(_spelled_out(letters.casefold()))
    latin = "".join(_spelled_out(letters.translate(CAPITALS).casefold())).translate(SMALL)
    return _Word(plain, latin)
