"""Rate limits of the test server: counted as Discord counts them, and told in every answer."""

from __future__ import annotations

from tests.servers.discord.limits import RateLimits
from tests.servers.discord.server import BOT_TOKEN
from tests.servers.discord.world import DiscordClock
from tests.unit.discord.conftest import Client, callback, original

EDIT = "update_webhook_message"
CARD, OTHER = {"webhook_id": "1", "webhook_token": "a"}, {"webhook_id": "1", "webhook_token": "b"}


def limits_of_discords_own() -> RateLimits:
    return RateLimits(DiscordClock(), pace=1.0)


def test_a_sixth_edit_within_five_seconds_is_refused_and_told_when_to_come_back() -> None:
    limits = limits_of_discords_own()
    for left in (4, 3, 2, 1, 0):
        headers, refusal = limits.take(EDIT, CARD)
        assert refusal is None
        assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("5", str(left))
    headers, refusal = limits.take("update_original_webhook_message", CARD)
    assert refusal is not None
    assert 4.5 < refusal.retry_after_s <= 5.001
    assert refusal.payload["global"] is False
    assert headers["X-RateLimit-Scope"] == "user"
    assert headers["X-RateLimit-Remaining"] == "0"
    assert headers["Via"]
    assert limits.take(EDIT, OTHER)[1] is None, "another card has a limit of its own"
    limits.clock.advance(seconds=refusal.retry_after_s)
    assert limits.take(EDIT, CARD)[1] is None
    assert limits.refused == ["update_original_webhook_message"]


def test_first_answers_are_never_refused_and_webhooks_not_by_the_limit_of_everything() -> None:
    limits = limits_of_discords_own()
    for number in range(50):
        assert limits.take("create_message", {"channel_id": str(number)})[1] is None
    _, refusal = limits.take("create_message", {"channel_id": "another"})
    assert refusal is not None
    assert refusal.is_global
    assert refusal.headers["X-RateLimit-Global"] == "true"
    assert limits.take(EDIT, CARD)[1] is None
    for _ in range(200):
        assert limits.take("create_interaction_response", {})[1] is None
    assert limits.most_a_second > 50


def test_a_storm_refuses_everything_but_first_answers() -> None:
    limits = limits_of_discords_own()
    limits.begin_storm(retry_after_s=7, is_global=True)
    _, refusal = limits.take(EDIT, CARD)
    assert refusal is not None
    assert (refusal.retry_after_s, refusal.is_global) == (7, True)
    assert limits.take("create_interaction_response", {})[1] is None
    limits.end_storm()
    assert limits.take(EDIT, CARD)[1] is None


async def test_every_answer_tells_its_limit(client: Client) -> None:
    client.server.limits.pace = 1.0
    asked = await client.asked()
    _, _, headers = await client.ask("POST", callback(asked), {"type": 5})
    assert headers["Via"]
    assert "X-RateLimit-Bucket" not in headers
    for status in (200, 200, 200, 200, 200, 429):
        answer, body, headers = await client.ask("PATCH", original(client, asked), {"content": "x"})
        assert answer == status
        assert len(headers["X-RateLimit-Bucket"]) == 32
    assert set(body) == {"message", "retry_after", "global"}
    assert float(headers["Retry-After"]) >= body["retry_after"] > 4
    path = f"/channels/{client.server.channel.id}/messages/1"
    status, _, headers = await client.ask("GET", path, token=BOT_TOKEN)
    assert status == 404
    assert headers["X-RateLimit-Remaining"] == "4", "errors count, and tell"
