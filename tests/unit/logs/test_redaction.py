"""What must not be read in the log, and what must."""

from __future__ import annotations

import pytest

from bot.logs.redaction import HIDDEN, Redactor

# Shaped like the real ones, and nobody's.
DISCORD = "MTE1MjM0NTY3ODkwMTIzNDU2." + "GabcdE.a-b_cdefghijklmnopqrstuvwxyz0123456789"
TELEGRAM = "1234567890:" + "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
HUGGING_FACE = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz01234567"
OURS = "uso_" + "x9K-dQ_wR7tYuI3oPaSdFgHjKlZxCvBnM1234567890"
SIGNATURE = "q1W2e3R4t5Y6u7I8o9P0a_S-dFgHjKlZxCvBnM12345"
SESSION = "kJh8s7DfG6h5J4k3L2m1N0b9V8c7X6z5"

SECRETS = {
    "discord": (f"Bot {DISCORD}", DISCORD),
    "discord in a dict": (f"{{'token': '{DISCORD}'}}", DISCORD),
    "telegram": (f"POST https://api.telegram.org/bot{TELEGRAM}/getMe", TELEGRAM),
    "telegram, escaped": (f"/file/bot{TELEGRAM.replace(':', '%3A')}/photo.jpg", TELEGRAM.rpartition(":")[2]),
    "hugging face": (f"token={HUGGING_FACE}", HUGGING_FACE),
    "our interface": (f"Authorization: Bearer {OURS}", OURS),
    "a bearer of any kind": (f"authorization: bearer {SESSION}", SESSION),
    "signed link": (f"GET /o/7k3m9qx2vt0a/0?e=1767225600&s={SIGNATURE} failed", SIGNATURE),
    "interaction": (f"/interactions/1234/{SESSION}/callback", SESSION),
    "webhook": (f"https://discord.com/api/webhooks/1234/{SESSION}?wait=true", SESSION),
    "slack": (f"https://hooks.slack.com/services/T0/B0/{SESSION}", SESSION),
    "cookie": (f"Cookie: __Host-uso-session={SESSION}", SESSION),
    "cookie in a dict": (f"{{'Cookie': 'uso-session={SESSION}'}}", SESSION),
    "database": ("postgresql+psycopg://uso:sesame@db.lan/uso", "sesame"),
}


@pytest.mark.parametrize(("text", "secret"), SECRETS.values(), ids=SECRETS.keys())
def test_what_looks_like_a_secret_is_hidden_even_if_nobody_told_us(text: str, secret: str) -> None:
    told = Redactor()(text)
    assert secret not in told
    assert HIDDEN in told


@pytest.mark.parametrize("secret", ["correct horse battery", "p@ss/word+1", "abc:def"])
def test_what_we_know_is_hidden_as_it_is_and_as_it_stands_in_addresses(secret: str) -> None:
    redact = Redactor([secret])
    assert redact(f"it is {secret}.") == f"it is {HIDDEN}."
    assert secret not in redact("https://example.org/?q=p%40ss%2Fword%2B1&r=abc%3Adef&s=correct%20horse%20battery")
    assert "p%40ss" not in Redactor(["p@ss/word+1"])("/?q=p%40ss%2Fword%2B1")


def test_a_secret_inside_another_one_leaves_no_rest() -> None:
    assert Redactor(["sesame", "sesame-open-now"])("say sesame-open-now") == f"say {HIDDEN}"


def test_an_empty_secret_hides_nothing() -> None:
    assert Redactor(["", "a"])("a plain line") == "a plain line"


@pytest.mark.parametrize(
    "text",
    [
        "job 7k3m9qx2vt0a ended: done",
        "uso_bot_engine_warm_up_seconds_left uso_bot_picture_drawing_seconds_bucket",
        "engine process 4711 ended (exit code -9): The engine process died.",
        "the page listens on http://127.0.0.1:8080",
        "GET /o/7k3m9qx2vt0a/0?e=1767225600 failed",
        "2026-01-31 12:00:00,123 INFO adapters.telegram.bot: Telegram: connected as @uso_bot",
        "model transformer.transformer_blocks.18.attn.to_add_out.weight",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_the_rest_stays(text: str) -> None:
    assert Redactor(["MTE1MjM0"])(text) == text
