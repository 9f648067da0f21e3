"""The words for those who run the bot."""

from __future__ import annotations

from bot.domain.operations import Stats
from bot.messages.catalogs import Catalog


def stats_text(stats: Stats, catalog: Catalog) -> str:
    """The bot at this moment and over the last 24 hours, a line each."""
    engine = catalog.text(f"engine-{stats.engine.value}")
    lines = [
        catalog.text(f"run-mode-{stats.mode.value}"),
        catalog.text("stats-waiting", waiting=stats.waiting, people=stats.people, running=stats.running),
        catalog.text("stats-engine", engine=f"{engine}, {stats.engine_label}" if stats.engine_label else engine),
        catalog.text("stats-made", pictures=stats.pictures, failures=stats.failures),
    ]
    if stats.median_s is not None:
        lines.append(catalog.text("stats-median", seconds=f"{stats.median_s:.1f}"))
    return "\n".join(lines)
