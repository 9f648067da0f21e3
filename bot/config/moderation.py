"""`[moderation]`: what is not drawn, and not shown."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.config.positions import SettingPath
from bot.config.section import Section
from bot.domain.words import LISTED_CHARS, WordList, WordUnfit, check_listed
from bot.services.picture_check import CheckRules, FlaggedResults


class ModerationSection(Section):
    """What is not wanted in prompts, and what becomes of pictures that the image check flags."""

    words: list[str] = Field(default=[])
    image_check_folder: str = "weights/image-check"
    flagged_labels: list[str] = Field(default=["nsfw", "porn", "hentai", "sexy"])
    flagged_from: float = Field(default=0.5, gt=0, le=1, allow_inf_nan=False)
    flagged_uploads: Literal["refuse", "allow"] = "refuse"
    flagged_results: Literal["withhold", "spoiler"] = "withhold"

    def misfits(self) -> list[tuple[SettingPath, str]]:
        """Words that can not be on a list."""
        return [(("words", at), _WRONG) for at, word in enumerate(self.words) if not _is_fit(word)]

    def as_words(self) -> WordList:
        """The same as the domain knows them."""
        return WordList(self.words)

    def as_check_rules(self) -> CheckRules:
        """What becomes of flagged pictures, as the service knows it."""
        return CheckRules(
            refuses_uploads=self.flagged_uploads == "refuse", results=FlaggedResults(self.flagged_results)
        )


_WRONG = f"needs at least two letters or digits in a row beside * and ?, and at most {LISTED_CHARS} characters"


def _is_fit(word: str) -> bool:
    try:
        check_listed(word)
    except WordUnfit:
        return False
    return True
