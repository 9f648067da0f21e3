"""Drawing a finished card again on the message that was pressed, its files left where they are."""

from __future__ import annotations

from pathlib import PurePosixPath

from discord import AllowedMentions, Interaction, Message, ui
from yarl import URL

from adapters.discord.actors import actor_of
from adapters.discord.addresses import address_of
from adapters.discord.cards import draw_card
from adapters.discord.uploads import originals_told
from bot.application import Application
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import JobId


class Redraw:
    """Changes what a finished card's buttons mean."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, interaction: Interaction, job_id: JobId, *, selected: int) -> None:
        """Draw it with the picture `selected` chosen; the interaction is acknowledged. Raises `Rejected`."""
        job = await self._application.history.job(actor_of(interaction), job_id)
        card = await self._application.board.card(job.id)
        if card is None or interaction.message is None:
            raise Rejected(Rejection.JOB_UNKNOWN)
        catalog = self._application.catalogs.for_locale(job.locale)
        names = shown_files(interaction.message)
        view = draw_card(
            card,
            catalog,
            requester_id=address.user_id if (address := address_of(job)) is not None else interaction.user.id,
            pictures=names,
            notes=originals_told(self._application.sign_link, job, names, catalog),
            selected=selected,
        )
        await interaction.edit_original_response(view=view, allowed_mentions=AllowedMentions.none())


def shown_files(message: Message) -> list[str]:
    """Names of the files in a message's galleries."""
    view = ui.LayoutView.from_message(message, timeout=None)
    galleries = [item for item in view.walk_children() if isinstance(item, ui.MediaGallery)]
    return [PurePosixPath(URL(one.media.url).path).name for gallery in galleries for one in gallery.items]
