"""A small bot on discord.py that uses what Discord offers and tells what it understood."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import Interaction, app_commands, ui

from adapters.discord.endpoints import use_endpoints
from adapters.discord.settings import DiscordSettings
from tests.servers.discord.server import BOT_TOKEN, DiscordServer


class Form(ui.Modal, title="A form"):
    """One of every field."""

    about: ui.TextDisplay[Any] = ui.TextDisplay("About this form")
    words: ui.Label[Form] = ui.Label(text="Words", component=ui.TextInput(custom_id="words", max_length=10))
    colour: ui.Label[Form] = ui.Label(
        text="Colour",
        component=ui.Select(custom_id="colour", options=[discord.SelectOption(label=one) for one in ("red", "blue")]),
    )
    files: ui.Label[Form] = ui.Label(
        text="Files", component=ui.FileUpload(custom_id="files", required=False, max_values=2)
    )
    agreed: ui.Label[Form] = ui.Label(text="Agreed", component=ui.Checkbox(custom_id="agreed"))

    def __init__(self, probe: Probe) -> None:
        super().__init__(custom_id="form")
        self._probe = probe

    async def on_submit(self, interaction: Interaction[Any], /) -> None:
        files = self.files.component
        assert isinstance(files, ui.FileUpload)
        read = [await one.read() for one in files.values]
        fields = [self.words.component, self.agreed.component]
        self._probe.heard = [*(one.value for one in fields), self.colour.component.values, read]  # type: ignore[attr-defined]
        if interaction.message is None:
            await interaction.response.send_message("thanks", ephemeral=True)
        else:
            await interaction.response.edit_message(view=Board(self._probe, "after the form"))


class Board(ui.LayoutView):
    """A text, buttons, a link and two selects."""

    row: ui.ActionRow[Board] = ui.ActionRow()
    words: ui.ActionRow[Board] = ui.ActionRow()
    people: ui.ActionRow[Board] = ui.ActionRow()

    def __init__(self, probe: Probe, text: str) -> None:
        super().__init__(timeout=None)
        self._probe = probe
        self.add_item(ui.TextDisplay(text))
        self.row.add_item(ui.Button(label="Read", url="https://example.org"))

    @row.button(label="Form", custom_id="form")
    async def form(self, interaction: Interaction[Any], _button: ui.Button[Board]) -> None:
        await interaction.response.send_modal(Form(self._probe))

    @words.select(custom_id="pick", options=[discord.SelectOption(label=one) for one in ("a", "b", "c")], max_values=2)
    async def pick(self, interaction: Interaction[Any], select: ui.Select[Board]) -> None:
        self._probe.heard = select.values
        await interaction.response.edit_message(view=Board(self._probe, f"picked {select.values}"))

    @people.select(cls=ui.UserSelect, custom_id="whom")
    async def whom(self, interaction: Interaction[Any], select: ui.UserSelect[Board]) -> None:
        self._probe.heard = select.values
        await interaction.response.defer()


class Probe(discord.Client):
    """`heard` is what it understood last."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)
        self.heard: Any = None
        self.interaction: Interaction[Any]
        _add_commands(self)

    async def setup_hook(self) -> None:
        await self.tree.sync()


def _add_commands(probe: Probe) -> None:
    style = app_commands.Group(name="style", description="Styles")

    @style.command(description="Save")
    async def save(
        interaction: Interaction[Any],
        name: str,
        owner: discord.User | None = None,
        role: discord.Role | None = None,
        place: discord.TextChannel | None = None,
        picture: discord.Attachment | None = None,
    ) -> None:
        probe.heard = (name, owner, role, place, picture)
        probe.interaction = interaction
        await interaction.response.send_message("saved", ephemeral=True)

    @save.autocomplete("name")
    async def complete(_interaction: Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current}-{number}", value=f"{number}") for number in range(25)]

    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def look(interaction: Interaction[Any], message: discord.Message) -> None:
        probe.heard, probe.interaction = message, interaction
        await interaction.response.send_modal(Form(probe))

    @app_commands.default_permissions(manage_guild=True)
    async def rule(interaction: Interaction[Any]) -> None:
        await interaction.response.send_message(view=Board(probe, "the board"))

    probe.tree.add_command(style)
    probe.tree.add_command(app_commands.ContextMenu(name="Look at it", callback=look))
    probe.tree.add_command(app_commands.Command(name="rule", description="Rule", callback=rule))


@asynccontextmanager
async def probing(server: DiscordServer, folder: Any) -> AsyncIterator[Probe]:
    """The small bot, connected to the server."""
    use_endpoints(DiscordSettings(BOT_TOKEN, server.api_base_url, server.gateway_url, folder))
    probe = Probe()
    await probe.login(BOT_TOKEN)
    connection = asyncio.create_task(probe.connect())
    await probe.wait_until_ready()
    try:
        yield probe
    finally:
        await probe.close()
        await asyncio.wait({connection})
