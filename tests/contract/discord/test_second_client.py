"""Another library that speaks Discord, hikari, gets along with the test server: it is not made to please discord.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import hikari
import pytest
from hikari import impl

from tests.servers.discord.server import BOT_TOKEN, DiscordServer, discord_server
from tests.support.pictures import png


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discord_server() as server:
        yield server


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[hikari.GatewayBot]:
    bot = hikari.GatewayBot(
        BOT_TOKEN,
        banner=None,
        logs=None,
        suppress_optimization_warning=True,
        intents=hikari.Intents.GUILDS,
        rest_url=server.api_base_url,
    )
    await bot.start(check_for_updates=False)
    try:
        yield bot
    finally:
        await bot.close()


async def register(bot: hikari.GatewayBot) -> None:
    draw = bot.rest.slash_command_builder("draw", "Draw")
    draw.add_option(hikari.CommandOption(type=hikari.OptionType.STRING, name="prompt", description="What"))
    draw.add_option(hikari.CommandOption(type=hikari.OptionType.ATTACHMENT, name="subject", description="Whom"))
    look = bot.rest.context_menu_command_builder(hikari.CommandType.MESSAGE, "Look at it")
    application = await bot.rest.fetch_application()
    made = await bot.rest.set_application_commands(application, [draw, look])
    assert [one.name for one in made] == ["draw", "Look at it"]


async def next_interaction(bot: hikari.GatewayBot, asking: asyncio.Task[object]) -> hikari.PartialInteraction:
    event = await bot.wait_for(hikari.InteractionCreateEvent, timeout=20)
    await asking
    return event.interaction


async def test_it_starts_and_knows_the_server(server: DiscordServer, bot: hikari.GatewayBot) -> None:
    me = bot.get_me()
    assert me is not None
    assert me.id == server.world.bot.id
    assert bot.shards[0].is_connected
    await server.world.until(lambda: server.gateway.heartbeats > 0, "a heartbeat")
    guild = await bot.wait_for(hikari.GuildAvailableEvent, timeout=20) if not bot.cache.get_guilds_view() else None
    assert guild is None or guild.guild_id == server.world.guild_id


async def test_it_answers_a_command_with_a_picture(server: DiscordServer, bot: hikari.GatewayBot) -> None:
    await register(bot)
    typing = asyncio.create_task(server.slash("draw", {"prompt": "a cat", "subject": png(120, 90)}))
    heard = await next_interaction(bot, typing)
    asked = await typing
    assert isinstance(heard, hikari.CommandInteraction)
    assert heard.resolved is not None
    (subject,) = heard.resolved.attachments.values()
    assert (subject.width, subject.height) == (120, 90)
    assert heard.context is hikari.ApplicationContextType.GUILD
    assert heard.app_permissions & hikari.Permissions.SEND_MESSAGES
    await heard.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_CREATE)
    gallery = impl.MediaGalleryComponentBuilder()
    gallery.add_media_gallery_item(hikari.Bytes(png(), "cat.png"))
    row = impl.MessageActionRowBuilder()
    row.add_interactive_button(hikari.ButtonStyle.PRIMARY, "again", label="Again")
    text = impl.TextDisplayComponentBuilder(content="Done")
    await heard.edit_initial_response(components=[impl.ContainerComponentBuilder(components=[text, gallery, row])])
    assert asked.response is not None
    assert asked.response.text == "Done"
    assert [file.data for file, _ in asked.response.gallery] == [png()]
    await heard.execute("psst", flags=hikari.MessageFlag.EPHEMERAL)
    assert asked.whispers == ["psst"]

    pressing = asyncio.create_task(server.press(asked.response, "Again"))
    pressed = await next_interaction(bot, pressing)
    assert isinstance(pressed, hikari.ComponentInteraction)
    assert (pressed.custom_id, pressed.message.id) == ("again", asked.response.id)
    await pressed.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_UPDATE)


async def test_it_reads_messages_and_forms(server: DiscordServer, bot: hikari.GatewayBot) -> None:
    await register(bot)
    file = server.world.add_file(server.channel.id, "cat.png", png(), "image/png")
    message = server.world.add_message(server.ada, server.channel, "look", files=[file])
    choosing = asyncio.create_task(server.menu("Look at it", message))
    chosen = await next_interaction(bot, choosing)
    assert isinstance(chosen, hikari.CommandInteraction)
    assert chosen.resolved is not None
    assert chosen.resolved.messages[hikari.Snowflake(message.id)].attachments[0].filename == "cat.png"
    words = impl.ModalActionRowBuilder()
    words.add_text_input("words", "Words")
    await chosen.create_modal_response("A form", "form", components=[words])
    asked = await choosing
    sending = asyncio.create_task(server.submit(asked, {"words": "hello"}))
    sent = await next_interaction(bot, sending)
    assert isinstance(sent, hikari.ModalInteraction)
    assert sent.custom_id == "form"
    await sent.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, "thanks")
    response = (await sending).response
    assert response is not None
    assert response.content == "thanks"


async def test_it_keeps_to_the_limits_that_it_is_told(server: DiscordServer, bot: hikari.GatewayBot) -> None:
    for number in range(12):
        await bot.rest.create_message(server.channel.id, f"message {number}")
    assert server.limits.refused == []
    assert len(server.world.posted_in(server.channel)) == 12


async def test_it_resumes_what_it_missed(server: DiscordServer, bot: hikari.GatewayBot) -> None:
    await register(bot)
    await server.gateway.close()
    heard = asyncio.create_task(bot.wait_for(hikari.InteractionCreateEvent, timeout=60))
    await asyncio.sleep(0)
    asked = await server.slash("draw", {"prompt": "while you were away"})
    interaction = (await heard).interaction
    assert interaction.id == asked.id
    assert (server.gateway.identified, server.gateway.resumed) == (1, 1)
