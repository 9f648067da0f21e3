"""Which addresses the bot asks for files, and what it reads from a form."""

from __future__ import annotations

import pytest

from adapters.discord.cdn import AttachmentUnreachable, Cdn, PostedPicture
from adapters.discord.forms.filled import Filled
from adapters.discord.forms.remix import read_remix
from adapters.discord.recent import Recent
from adapters.discord.settings import DiscordSettings
from bot.domain.errors import Rejected, Rejection
from bot.domain.limits import Limits
from bot.services.follow_up import RemixChanges


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.discordapp.com/attachments/1/2/cat.png?ex=1&is=1&hm=1",
        "https://media.discordapp.net/attachments/1/2/cat.png?width=400",
        "https://images-ext-1.discordapp.net/external/abc/https/pictures.example/cat.png",
    ],
)
def test_discords_own_file_servers_are_asked(url: str) -> None:
    assert Cdn(DiscordSettings(token="t")).serves(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.discordapp.com/attachments/1/2/cat.png",
        "https://cdn.discordapp.com.example/attachments/1/2/cat.png",
        "https://user@cdn.discordapp.com/attachments/1/2/cat.png",
        "https://cdn.discordapp.com:444/attachments/1/2/cat.png",
        "https://discord.com/api/v10/users/@me",
        "https://localhost/attachments/1/2/cat.png",
        "http://[::1]/attachments/1/2/cat.png",
        "http://10.0.0.1/cat.png",
        "attachment://cat.png",
        "data:image/png;base64,AAAA",
        "https://[broken",
        "//cdn.discordapp.com/cat.png",
        "",
    ],
)
async def test_nobody_else_is(url: str) -> None:
    cdn = Cdn(DiscordSettings(token="t"))
    assert not cdn.serves(url)
    with pytest.raises(AttachmentUnreachable):
        await cdn.fetch(PostedPicture(url, "cat.png"), most_bytes=10)


def test_of_a_proxy_only_its_attachments_are_asked() -> None:
    cdn = Cdn(DiscordSettings(token="t", api_base_url="http://proxy.internal:8000/api/v10"))
    assert cdn.serves("http://proxy.internal:8000/attachments/1/2/cat.png")
    assert not cdn.serves("http://proxy.internal:8000/api/v10/users/@me")
    assert not cdn.serves("http://proxy.internal:9000/attachments/1/2/cat.png")


async def test_a_file_that_says_it_is_too_large_is_not_fetched() -> None:
    picture = PostedPicture("https://cdn.discordapp.com/attachments/1/2/cat.png", "cat.png", 11)
    with pytest.raises(Rejected) as refused:
        await Cdn(DiscordSettings(token="t")).fetch(picture, most_bytes=10)
    assert refused.value.rejection is Rejection.FILE_TOO_LARGE


def filled(**texts: str) -> Filled:
    plain = {"prompt": "a cat", "seed": "5", "steps": "25", "guidance": "4"}
    return Filled({**plain, **texts}, {"aspect": ("keep",)}, {})


def test_a_form_as_it_was_opened_changes_nothing_but_names_its_numbers() -> None:
    assert read_remix(filled(), Limits()) == (RemixChanges(prompt="a cat", seed=5, steps=25, guidance=4.0), ())


@pytest.mark.parametrize(
    ("texts", "rejection"),
    [
        ({"seed": "4294967296"}, Rejection.SEED_OUT_OF_RANGE),
        ({"seed": "1.5"}, Rejection.NOT_A_NUMBER),
        ({"steps": "0"}, Rejection.STEPS_OUT_OF_RANGE),
        ({"steps": ""}, Rejection.NOT_A_NUMBER),
        ({"guidance": "nan"}, Rejection.GUIDANCE_OUT_OF_RANGE),
        ({"guidance": "much"}, Rejection.NOT_A_NUMBER),
        ({"prompt": "x" * 2001}, Rejection.PROMPT_TOO_LONG),
    ],
)
def test_each_field_is_checked(texts: dict[str, str], rejection: Rejection) -> None:
    _, faults = read_remix(filled(**texts), Limits())
    assert [fault.rejection for fault in faults] == [rejection]


def test_the_oldest_is_forgotten_first() -> None:
    recent: Recent[str, int] = Recent(most=2)
    for number, key in enumerate(("a", "b", "a", "c")):
        recent.put(key, number)
    assert [recent.get(key) for key in ("a", "b", "c")] == [2, None, 3]
    recent.forget("a")
    recent.forget("a")
    assert recent.get("a") is None
