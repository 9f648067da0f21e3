"""What all sections share: unknown names are refused, and nothing is converted silently."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.config.positions import SettingPath

PositiveSeconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Section(BaseModel):
    """One table of the configuration file; it can not be changed once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    def misfits(self) -> list[tuple[SettingPath, str]]:
        """What does not fit together, each as the path inside this section and what is wrong there."""
        return []
