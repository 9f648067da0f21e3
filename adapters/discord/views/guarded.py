"""What every button has in common: it works on messages of any age, and what it raises goes down the funnel."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from discord import Interaction

from adapters.discord.desk import DeskInteraction
from adapters.discord.funnel import funnel


class Guarded(ABC):
    """Mixed into dynamic items; discord.py itself would only log what a callback raises."""

    @abstractmethod
    async def press(self, interaction: DeskInteraction) -> None:
        """Do what the button is for, acknowledging first."""

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Called by discord.py."""
        if not interaction.client.is_closing:
            async with funnel(interaction):
                await self.press(interaction)
