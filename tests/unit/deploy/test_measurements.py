"""The dashboard and the alerts that come with the bot ask for what the bot measures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from adapters.web.server import WebServer, WebSettings
from tests.support.spine import running_spine

DEPLOY = Path(__file__).parents[3] / "deploy"
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
NAME = re.compile(r"\b(?:uso_bot|process|python)_\w+")
MATCHER = re.compile(r"((?:uso_bot|process)_\w+)\{([^}]*)\}")
GROUPING = re.compile(r"\bby \(([^)]*)\)")


def dashboard_queries() -> Iterator[str]:
    """Every query of the dashboard."""
    board = json.loads((DEPLOY / "grafana" / "uso-bot.json").read_text(encoding="utf-8"))
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield target["expr"]


def alerts() -> list[dict[str, Any]]:
    """Every alert."""
    document = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
    return [rule for group in document["groups"] for rule in group["rules"]]


@pytest.fixture
async def families() -> dict[str, Metric]:
    """What the bot measures, by the names that queries use."""
    async with running_spine() as kit:
        server = WebServer(kit.application, WebSettings(port=0))
        async with TestClient(TestServer(server.app)) as client:
            text = await (await client.get("/metrics", headers={"Host": "localhost"})).text()
    found = {}
    for family in text_string_to_metric_families(text):
        for suffix in SUFFIXES.get(family.type, ()):
            found[family.name + suffix] = family
    return found


def faults(query: str, families: dict[str, Metric]) -> list[str]:
    """What a query asks for that is not measured."""
    found = [name for name in NAME.findall(query) if name not in families]
    for name, matchers in MATCHER.findall(query):
        for label, operator, value in re.findall(r'(\w+)(=|!=)"([^"]*)"', matchers):
            values = {sample.labels.get(label) for sample in families[name].samples} if name in families else set()
            if label != "job" and value not in values:
                found.append(f"{name}{{{label}{operator}{value}}}")
    known = {label for name in NAME.findall(query) if name in families for label in _labels(families[name])}
    for labels in GROUPING.findall(query):
        found += [f"by {label}" for label in labels.replace(" ", "").split(",") if label not in known]
    return found


def _labels(family: Metric) -> set[str]:
    # Series whose label values are only known once something was refused are described by what they count.
    unseen = {"uso_bot_requests_refused": {"platform", "reason"}, "uso_bot_chat_connected": {"platform"}}
    seen = {label for sample in family.samples for label in sample.labels}
    return seen | unseen.get(family.name, set())


async def test_every_query_of_the_dashboard_is_answered(families: dict[str, Metric]) -> None:
    queries = list(dashboard_queries())
    assert len(queries) > 20
    assert {query: faults(query, families) for query in queries if faults(query, families)} == {}


async def test_every_alert_can_fire(families: dict[str, Metric]) -> None:
    rules = alerts()
    assert len({rule["alert"] for rule in rules}) == len(rules) == 10
    assert {rule["alert"]: faults(rule["expr"], families) for rule in rules if faults(rule["expr"], families)} == {}
    for rule in rules:
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert all(rule["annotations"][name].endswith(".") for name in ("summary", "description"))
        for label in re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]):
            names = NAME.findall(rule["expr"])
            assert any(label in _labels(families[name]) for name in names), rule["alert"]


async def test_a_query_for_what_is_not_measured_is_found(families: dict[str, Metric]) -> None:
    assert faults("rate(uso_bot_jobs_ended[5m])", families) == ["uso_bot_jobs_ended"]
    assert faults('uso_bot_engine_state{state="asleep"} == 1', families) == ["uso_bot_engine_state{state=asleep}"]
    assert faults("sum by (colour) (uso_bot_jobs)", families) == ["by colour"]


def test_the_panels_stand_beside_one_another() -> None:
    board = json.loads((DEPLOY / "grafana" / "uso-bot.json").read_text(encoding="utf-8"))
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24, panel["title"]
        assert not cells & taken, panel["title"]
        taken |= cells


def test_the_scrape_that_comes_along_is_the_one_the_alerts_expect() -> None:
    folder = DEPLOY / "prometheus"
    document = yaml.safe_load((folder / "prometheus.yml").read_text(encoding="utf-8"))
    (scrape,) = document["scrape_configs"]
    assert scrape["metrics_path"] == "/metrics"
    (down,) = (rule for rule in alerts() if rule["alert"] == "UsoBotDown")
    assert f'job="{scrape["job_name"]}"' in down["expr"]
    assert [(folder / name).is_file() for name in document["rule_files"]] == [True]
