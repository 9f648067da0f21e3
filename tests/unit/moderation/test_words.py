"""What is found in a prompt, and what is left alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from bot.domain.words import WordList, WordUnfit, check_listed, same_entry

FOUND = {
    "as it is": ("naked", "a naked king"),
    "case": ("NAKED", "a nAkEd king"),
    "accents": ("naked", "a Näkéd king"),
    "accents one by one": ("naked", "a na\u0308k\u0301ed king"),
    "accents on the list": ("näkéd", "a naked king"),
    "borders of marks": ("naked", "(naked)!"),
    "an underscore is a border": ("naked", "very_naked_king"),
    "zero width": ("naked", "n\u200ba\u200ck\u200de\u2060d"),
    "soft hyphen and selectors": ("naked", "na\u00adk\ufe0fed"),
    "fillers": ("naked", "na\u3164ked"),
    "enclosed": ("naked", "n\u20e0aked"),
    "full width": ("naked", "ｎａｋｅｄ"),
    "mathematical": ("naked", "𝓷𝓪𝓴𝓮𝓭"),
    "circled": ("naked", "Ⓝⓐⓚⓔⓓ"),
    "boxed": ("naked", "🅽🅰🅺🅴🅳"),
    "flags": ("naked", "🇳🇦🇰🇪🇩"),
    "small capitals": ("naked", "ɴᴀᴋᴇᴅ"),
    "Cyrillic": ("naked", "nаkеd"),
    "Greek capitals": ("naked", "ΝΑΚΕD"),
    "Armenian": ("nose", "nօse"),
    "sharp s": ("strasse", "große Straße"),
    "a whole word in another script": ("рот", "открой Рот"),
    "another script with Latin letters in it": ("рот", "открой pот"),
    "a wildcard before": ("*naked", "a seminaked king"),
    "a wildcard after": ("naked*", "his nakedness"),
    "wildcards around": ("*naked*", "halfnakedness"),
    "a wildcard for nothing": ("*naked*", "naked"),
    "a wildcard within": ("na*ed", "naaaaaked"),
    "several wildcards": ("a*cd*ef", "abccdxefef"),
    "one letter": ("na?ed", "na3ed"),
    "one letter in a part": ("*na?ed*", "snanaxedness"),
    "several words": ("no  clothes", "with no... clothes on"),
    "several words with wildcards": ("no* cloth*", "nobody's none nothing clothing"),
    "scripts without spaces": ("*裸*", "全裸体"),
    "vowel signs are letters": ("हिन्दी", "एक हिन्दी कविता"),
    "the last word": ("naked", "a king, naked"),
    "beside a flag": ("naked", "naked🇩🇪"),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_word_on_the_list_is_found(name: str) -> None:
    listed, prompt = FOUND[name]
    assert WordList([listed]).find(prompt) is not None


LEFT_ALONE = {
    "within a word": ("ass", "a glass of grass, assessed"),
    "a longer word": ("naked", "nakeds"),
    "a part of an entry": ("no clothes", "clothes, no"),
    "other words between": ("no clothes", "no red clothes"),
    "the end of the text": ("no clothes", "clothes? no"),
    "too short for a wildcard's parts": ("aba*aba", "ababa"),
    "a wildcard stays in its word": ("na*ed", "na xed"),
    "one letter is one letter": ("na?ed", "naed nakked"),
    "Latin that looks like another script": ("рот", "a pot of tea"),
    "numbers": ("so", "50 by 50"),
    "an empty prompt": ("naked", ""),
    "nothing but marks": ("naked", "?! \u200b 🦊 ..."),
    "flags that spell another word": ("naked", "🇩🇪 🇳🇱"),
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_other_words_are_left_alone(name: str) -> None:
    listed, prompt = LEFT_ALONE[name]
    assert WordList([listed]).find(prompt) is None


def test_the_first_word_found_is_told_in_small_letters() -> None:
    words = WordList(["*porn*", "naked", "no clothes"])
    assert words.find("A NäKED king, softporn") == "naked"
    assert words.find("with NO, CLOTHES") == "no clothes"
    assert words.find("softPORNOS!") == "softpornos"
    assert WordList([]).find("naked") is None


@pytest.mark.parametrize("listed", ["", "  ", "*", "?*?", "a*", "*a*b*", "!!!", "\u200b", "x" * 65, "fine but *"])
def test_an_entry_that_says_nothing_or_nearly_everything_is_refused(listed: str) -> None:
    with pytest.raises(WordUnfit):
        check_listed(listed)
    with pytest.raises(WordUnfit):
        WordList(["naked", listed])


def test_entries_are_the_same_whatever_their_spelling() -> None:
    assert check_listed("  no   clothes ") == "no clothes"
    assert same_entry("Näked", "naked")
    assert same_entry("no clothes", "No, Clothes")
    assert not same_entry("naked*", "naked")


def _calls(words: WordList, prompt: str) -> int:
    """How many calls looking through a prompt takes: unlike seconds, the same on every machine."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        assert words.find(prompt) is None
    finally:
        sys.setprofile(None)
    return count


HOSTILE: dict[str, Callable[[int], str]] = {
    "one word without end": lambda length: "a" * length,
    "short words": lambda length: "a " * (length // 2),
    "words that are nearly one": lambda length: "aaaaaab " * (length // 8),
    "ever new words": lambda length: " ".join(f"{number:07}" for number in range(length // 8)),
    "accents without end": lambda length: "a" + "\u0301" * (length - 1),
    "flags without end": lambda length: "🇦" * length,
    "invisible": lambda length: "\u200b" * length,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_prompt_takes_twice_the_steps_up_to_100000_characters(name: str) -> None:
    words = WordList(["*aa*a*a*aa*c*", "aa* *aac", "*aa?b?c*", "naked", "no clothes", "aa aa aa aa", "*aaa*aaa*aaac"])
    half, whole = _calls(words, HOSTILE[name](50_000)), _calls(words, HOSTILE[name](100_000))
    assert whole <= 2.1 * half
    assert whole <= 60 * 100_000
