"""Reports: what operators are shown of them, the news of them as direct messages, and taking results down."""

from __future__ import annotations

import logging
from contextlib import aclosing
from typing import Any, Final

import aiohttp
from discord import AllowedMentions, ButtonStyle, Client, DiscordException, Interaction, MediaGalleryItem, Object, ui
from discord.utils import escape_markdown

from adapters.discord.addresses import CardAddress, read_address
from adapters.discord.cards import Attached, Drawing
from adapters.discord.posts import CardPosts
from adapters.discord.telling import Reply, Words
from bot.application import Application
from bot.domain.actors import Actor, Platform, ReplyAddress
from bot.domain.errors import Rejected
from bot.domain.jobs import Job
from bot.domain.reports import Report
from bot.messages.catalogs import Catalog
from bot.messages.moderation import report_text
from bot.services.moderation_news import Reported, TakenDown

log = logging.getLogger(__name__)

VERDICT_ID: Final = r"uso:verdict:(?P<verdict>keep|delete):(?P<report>[0-9]{1,18})"


def place_of(interaction: Interaction[Any]) -> ReplyAddress | None:
    """The message whose button was pressed, as a report remembers it."""
    message = interaction.message
    if message is None:
        return None
    return ReplyAddress(Platform.DISCORD, {"channel_id": str(message.channel.id), "message_id": str(message.id)})


async def list_reports(application: Application, actor: Actor, catalog: Catalog) -> Reply:
    """The oldest open report with the buttons that close it, and how many more wait. Raises `Rejected`."""
    reports = await application.reports.open_reports(actor)
    if not reports:
        return Words(catalog.text("reports-none"))
    report = reports[0]
    job = await application.reports.job(actor, report.id)
    return await draw_report(application, report, job, catalog, waiting=len(reports) - 1)


async def draw_report(
    application: Application, report: Report, job: Job, catalog: Catalog, *, waiting: int = 0
) -> Drawing:
    """What is said, the picture, hidden until it is clicked, and the buttons; they are answered by their ids."""
    box: ui.Container[ui.LayoutView] = ui.Container()
    box.add_item(ui.TextDisplay(escape_markdown(report_text(report, catalog, waiting=waiting))))
    attached = await _picture(application, report, job)
    for one in attached:
        box.add_item(ui.MediaGallery(MediaGalleryItem(f"attachment://{one.filename}", spoiler=True)))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    view.add_item(ui.ActionRow(*(_verdict(name, report, catalog) for name in ("keep", "delete"))))
    view.stop()
    return Drawing(view, attached)


def _verdict(name: str, report: Report, catalog: Catalog) -> ui.Button[Any]:
    style = ButtonStyle.danger if name == "delete" else ButtonStyle.secondary
    label = catalog.text(f"button-report-{name}")
    return ui.Button(label=label, style=style, custom_id=f"uso:verdict:{name}:{report.id}")


async def _picture(application: Application, report: Report, job: Job) -> tuple[Attached, ...]:
    """A small copy; none if its file was let go."""
    try:
        shown = next(one for one in job.pictures if one.index == report.index)
        return (Attached("reported.webp", await application.thumbnails(shown.picture)),)
    except (Rejected, StopIteration):
        return ()


class ReportTeller:
    """Tells operators as long as it runs. What they miss meanwhile waits in /admin reports and on the page."""

    def __init__(self, application: Application, client: Client, posts: CardPosts) -> None:
        self._application = application
        self._client = client
        self._posts = posts

    async def run(self) -> None:
        """Follow the news until cancelled."""
        async with aclosing(self._application.reports.news()) as news:  # type: ignore[type-var]
            async for one in news:
                match one:
                    case Reported():
                        for operator_id in self._application.reports.operators_on(Platform.DISCORD):
                            await _tried(self._tell(operator_id, one), f"telling operator {operator_id} of a report")
                    case TakenDown(_, places):
                        for place in places:
                            if place.platform is Platform.DISCORD:
                                await _tried(self._take_down(place), "taking down a reported result")

    async def _tell(self, operator_id: str, told: Reported) -> None:
        locale = await self._application.preferences.locale_of(Actor(Platform.DISCORD, operator_id))
        catalog = self._application.catalogs.for_locale(locale)
        direct = await self._client.create_dm(Object(int(operator_id)))
        drawn = await draw_report(self._application, told.report, told.job, catalog)
        await direct.send(view=drawn.view, files=drawn.files(), allowed_mentions=AllowedMentions.none())

    async def _take_down(self, place: ReplyAddress) -> None:
        address = _card_address(place)
        channel_id = address.channel_id if address is not None else int(place.data["channel_id"] or 0)
        message_id = address.message_id if address is not None else int(place.data["message_id"] or 0)
        if channel_id is not None:
            await self._posts.remove(address, channel_id=channel_id, message_id=message_id)


def _card_address(place: ReplyAddress) -> CardAddress | None:
    try:
        return read_address(place)
    except ValueError:
        return None


async def _tried(doing: Any, what: str) -> None:
    """One operator who takes no messages, or one message that can not go, holds nothing else up."""
    try:
        await doing
    except (DiscordException, aiohttp.ClientError, TimeoutError, Rejected, ValueError) as error:
        log.warning("Discord: %s failed: %s", what, error)
