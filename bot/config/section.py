"""What all sections share: unknown names are refused, and nothing is converted silently."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

PositiveSeconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Section(BaseModel):
    """One table of the configuration file; it can not be changed once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
