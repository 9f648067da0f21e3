"""Samples from Discord's documentation: whatever it shows as right, the test server lets through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.servers.discord.openapi import load_description
from tests.servers.discord.rules import faults_in_message, faults_in_modal

SAMPLES = Path(__file__).parents[2] / "payloads" / "discord"


def read(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(one.stem for one in SAMPLES.glob("docs_component_*.json")))
def test_every_component_of_the_documentation_is_let_through(name: str) -> None:
    sample, api = read(name), load_description()
    is_form = sample.get("type") == 9
    operation = api.find("POST", "/interactions/1/token/callback" if is_form else "/channels/1/messages")
    assert operation is not None
    assert api.faults_in_request(operation, {}, sample) == []
    assert (faults_in_modal(sample["data"]) if is_form else faults_in_message(sample, was_v2=False)) == []


def test_the_gateways_frames_are_those_of_the_documentation() -> None:
    assert {read(f"docs_gateway_{name}")["op"] for name in ("hello", "identify", "resume")} == {10, 2, 6}
    assert read("docs_gateway_reconnect") == {"op": 7, "d": None}
    assert read("docs_gateway_invalid_session") == {"op": 9, "d": False}
    assert {"token", "properties", "intents"} <= read("docs_gateway_identify")["d"].keys()
    assert read("docs_gateway_resume")["d"].keys() == {"token", "session_id", "seq"}
