"""A listed word is found in every disguise, and nothing but whole words is."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lookalikes import BOXED, CAPITALS, SMALL
from bot.domain.words import WordList, check_listed, same_entry

LATIN = "abcdefghijklmnopqrstuvwxyz"
ACCENTS = "\u0300\u0301\u0308\u030a\u0327\u20e0"
NOTHING = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f\u034f"
BORDERS = " .,;:!?-_/()\n\t\"'🦊"
LOOKS: dict[str, str] = {letter: letter + letter.upper() for letter in LATIN}
for _letter, _latin in (*BOXED.items(), *CAPITALS.items(), *SMALL.items()):
    LOOKS[_latin] += chr(_letter)

plain_words = st.text(LATIN, min_size=2, max_size=12)


@st.composite
def disguises(draw: st.DrawFn, word: str) -> str:
    """The word in letters that look like its own, with accents, and with characters that nobody sees."""
    parts = []
    for letter in word:
        parts.append(draw(st.sampled_from(LOOKS[letter])))
        parts.append(draw(st.text(ACCENTS + NOTHING, max_size=2)))
    return "".join(parts)


@given(st.data())
def test_a_listed_word_is_found_in_every_disguise(data: st.DataObject) -> None:
    word = data.draw(plain_words)
    disguised = data.draw(disguises(word))
    around = st.text(BORDERS, min_size=1, max_size=3)
    before, after = (data.draw(st.text(LATIN + BORDERS, max_size=20)) for _ in range(2))
    prompt = before + data.draw(around) + disguised + data.draw(around) + after
    assert WordList([word]).find(prompt) is not None


@given(plain_words, st.text(LATIN, max_size=4), st.text(LATIN, max_size=4))
def test_within_a_longer_word_it_is_found_by_wildcards_only(word: str, before: str, after: str) -> None:
    longer = before + word + after
    assert (WordList([word]).find(longer) is not None) is (longer == word)
    assert WordList([f"*{word}*"]).find(longer) == longer


@given(
    st.text("ab*?", min_size=1, max_size=7).filter(lambda entry: any(two in entry for two in ("aa", "ab", "ba", "bb")))
)
def test_wildcards_find_what_a_plain_search_of_all_words_finds(entry: str) -> None:
    words = WordList([entry])
    for length in range(1, 7):
        for letters in product("ab", repeat=length):
            word = "".join(letters)
            assert (words.find(word) is not None) is _is_like(entry, word), (entry, word)


def _is_like(entry: str, word: str) -> bool:
    """The meaning of wildcards in as few words as possible; it takes its time."""
    if not entry:
        return not word
    if entry[0] == "*":
        return any(_is_like(entry[1:], word[at:]) for at in range(len(word) + 1))
    return bool(word) and entry[0] in ("?", word[0]) and _is_like(entry[1:], word[1:])


@given(st.text(max_size=200))
def test_any_text_can_be_looked_through(prompt: str) -> None:
    found = WordList(["naked", "*porn*", "no clothes", "*裸*"]).find(prompt)
    assert found is None or WordList(["naked", "*porn*", "no clothes", "*裸*"]).find(found) == found


@given(st.text(LATIN + LATIN.upper() + " äöüßñçøłåéи裸", min_size=1, max_size=20))
def test_what_can_be_listed_finds_itself_and_is_the_same_as_itself(entry: str) -> None:
    try:
        listed = check_listed(entry)
    except ValueError:
        assert not entry.strip()
        return
    assert WordList([listed]).find(entry) is not None
    assert same_entry(entry, listed)
