"""/grid: one subject or prompt in two to five saved styles, a card each, all with the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from discord import AllowedMentions, Attachment, app_commands
from discord.utils import escape_markdown

from adapters.discord import visibility
from adapters.discord.actors import actor_of
from adapters.discord.addresses import CardAddress
from adapters.discord.cards import draw_placeholder
from adapters.discord.commands.options import request_command
from adapters.discord.desk import DeskInteraction
from adapters.discord.funnel import funnel
from adapters.discord.intake import acknowledge, download, follow, origin_of
from adapters.discord.languages import catalog_for
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.errors import Rejected
from bot.domain.limits import DRAW_SEED
from bot.domain.requests import Draft, Stored
from bot.domain.styles import StyleCard
from bot.messages.cards import rejection_text
from bot.messages.catalogs import Catalog
from bot.services.submit import Submitted
from bot.services.validation import concrete_seed


def grid_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """The styles come first, since two of them are needed."""

    async def grid(
        interaction: DeskInteraction,
        *,
        first: str,
        second: str,
        prompt: str | None = None,
        subject: Attachment | None = None,
        third: str | None = None,
        fourth: str | None = None,
        fifth: str | None = None,
        aspect: str | None = None,
        private: bool | None = None,
        seed: int = DRAW_SEED,
        keep_size: bool = False,
        spoiler: bool | None = None,
        steps: int = 25,
        guidance: float = 4.0,
        subject_size: int = 512,
    ) -> None:
        async with funnel(interaction):
            draft = Draft(
                prompt=prompt or "",
                aspect=aspect,
                seed=concrete_seed(seed),
                steps=steps,
                guidance=guidance,
                subject_size=subject_size,
                keep_size=keep_size,
                private=private,
                spoiler=spoiler,
                use_tray=True,
            )
            names = [one for one in (first, second, third, fourth, fifth) if one is not None]
            seen = await visibility.of_request(interaction, application, private)
            address = await acknowledge(interaction, seen)
            catalog = await catalog_for(interaction, application)
            await _Grid(interaction, address, catalog, draft, names, subject).make()

    return request_command(
        "grid", grid, application, phrases, own=("first", "second", "third", "fourth", "fifth", "seed")
    )


@dataclass(frozen=True, slots=True)
class _Grid:
    """One press of Enter, several jobs: the first card is the answer, the others follow it."""

    interaction: DeskInteraction
    address: CardAddress
    catalog: Catalog
    draft: Draft
    names: Sequence[str]
    subject: Attachment | None

    async def make(self) -> None:
        """Find every style before anything is queued, then queue one after the other.

        Raises what refuses the first; what refuses a later one is told, and the earlier ones stay.
        """
        application = self._application
        actor = actor_of(self.interaction)
        cards = [await application.styles.find(actor, name) for name in self.names]
        cards = list({card.id: card for card in cards}.values())
        file = await download(self.subject, application.limits)
        # A follow-up would take the place of an answer that is still only promised.
        await self.interaction.edit_original_response(view=draw_placeholder(self._note(cards[0])))
        first = await self._submit(replace(self.draft, subject=file), cards[0], self.address, number=0)
        # From here on the subject is stored; the tray it may have come from is empty by now.
        subject = first.job.request.subject
        draft = replace(self.draft, subject=Stored(subject) if subject is not None else None, use_tray=False)
        for number, card in enumerate(cards[1:], start=1):
            try:
                await self._follow_up(draft, card, number=number)
            except Rejected as rejected:
                await self._tell_what_is_left(cards[number:], rejected)
                return

    async def _follow_up(self, draft: Draft, card: StyleCard, *, number: int) -> None:
        """A message of its own, which becomes the card; it goes again if the job is refused."""
        view = draw_placeholder(self._note(card))
        message = await self.interaction.followup.send(
            view=view, ephemeral=self.address.is_ephemeral, allowed_mentions=AllowedMentions.none(), wait=True
        )
        try:
            await self._submit(draft, card, replace(self.address, message_id=message.id), number=number)
        except BaseException:
            await message.delete()
            raise

    async def _submit(self, draft: Draft, card: StyleCard, address: CardAddress, *, number: int) -> Submitted:
        """Queue one; its event key holds its number, so that a repeated event makes nothing twice."""
        origin = origin_of(self.interaction, address, f"discord:{self.interaction.id}:{number}")
        styles = tuple(Stored(picture) for picture in card.pictures)
        submitted = await self._application.submit(origin, replace(draft, styles=styles))
        follow(self.interaction.client.desk, submitted, [self._note(card)])
        return submitted

    async def _tell_what_is_left(self, cards: Sequence[StyleCard], rejected: Rejected) -> None:
        names = ", ".join(escape_markdown(card.name) for card in cards)
        reason = rejection_text(rejected, self.catalog)
        text = self.catalog.text("grid-left-out", names=names, reason=reason)
        await self.interaction.followup.send(text, ephemeral=True, allowed_mentions=AllowedMentions.none())

    def _note(self, card: StyleCard) -> str:
        return self.catalog.text("note-style", name=escape_markdown(card.name))

    @property
    def _application(self) -> Application:
        return self.interaction.client.desk.application
