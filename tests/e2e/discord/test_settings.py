"""/settings: shown, changed, and heeded from then on."""

from __future__ import annotations

from bot.domain.actors import Actor, Platform
from bot.domain.people import UserSettings
from tests.e2e.discord.conftest import Stage


async def settings_of(stage: Stage) -> UserSettings:
    return await stage.kit.application.preferences.of_user(Actor(Platform.DISCORD, str(stage.server.ada.id)))


async def test_asking_changes_nothing(stage: Stage) -> None:
    assert await stage.said("settings")
    assert await settings_of(stage) == UserSettings()


async def test_each_option_is_one_setting_and_the_others_stay(stage: Stage) -> None:
    await stage.said("settings", {"private": True, "aspect": "16:9"})
    await stage.said("settings", {"spoiler": True, "keep_tray": True})
    assert await settings_of(stage) == UserSettings(private=True, spoiler=True, aspect="16:9", keep_tray=True)
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    assert card.is_ephemeral
    (job,) = await stage.jobs()
    assert (job.request.width, job.request.height) == (1360, 768)
    assert job.request.spoiler
    await stage.said("settings", {"private": False})
    assert not (await settings_of(stage)).private


async def test_a_chosen_language_is_spoken_everywhere_and_taken_back(stage: Stage) -> None:
    await stage.said("settings", {"language": "de"})
    assert (await stage.said("history")).startswith("Noch nichts.")
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "eine Katze"}))
    await stage.shows(card, "### Fertig")
    assert "Neu würfeln" in card.buttons
    await stage.said("settings", {"language": "auto"})
    assert (await stage.said("queue")).startswith("Nobody is waiting")
    assert (await settings_of(stage)).locale is None


async def test_refusals_speak_the_chosen_language_too(stage: Stage) -> None:
    await stage.said("settings", {"language": "de"})
    assert await stage.said("cancel", {"id": "no such"}) == (
        "Diesen Auftrag kennen wir nicht; vielleicht wurde er gelöscht."
    )


async def test_languages_are_offered_under_their_own_names(stage: Stage) -> None:
    (command,) = (one for one in stage.world.commands if one["name"] == "settings")
    options = {one["name"]: one for one in command["options"]}
    assert list(options) == ["language", "private", "spoiler", "aspect", "keep_tray"]
    choices = options["language"]["choices"]
    assert [(one["name"], one["value"]) for one in choices[1:]] == [("Deutsch", "de"), ("English", "en")]
    assert choices[0]["name_localizations"] == {"de": "Wie in deiner App"}
