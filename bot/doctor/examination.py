"""All checks, beside one another where they wait."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import aiohttp
from filelock import FileLock, Timeout

from bot.config import Config, Secrets
from bot.doctor import card, database, machine, model_files, page, platforms
from bot.doctor.findings import Finding, off, ok
from bot.places import LOCK_FILE, Places, places


async def examine(
    config: Config, secrets: Secrets, base: Path, environment: Mapping[str, str], *, timeout_s: float
) -> list[Finding]:
    """Everything, in the order in which a newcomer mends it; platforms have `timeout_s` to answer."""
    at = places(config, base)
    weights = (base / config.engine.weights_folder).resolve()
    has_weights = at.weights_folder is not None
    asked = asyncio.create_task(_outside(config, secrets, environment, timeout_s, has_weights=has_weights))
    findings = [machine.python(), machine.memory(has_weights=has_weights)]
    findings += machine.disks(at.folder, weights, has_weights=has_weights)
    findings += machine.env_file(base)
    findings += [finding async for finding in card.card(config.engine.device)]
    findings.append(await asyncio.to_thread(model_files.weights, weights, is_there=has_weights))
    findings.append(model_files.image_check(at.image_check_folder, config.moderation.flagged_labels))
    findings += [await database.database(at.database_url), await page.page(config.web, at.database_url), _running(at)]
    return findings + await asked


async def _outside(
    config: Config, secrets: Secrets, environment: Mapping[str, str], timeout_s: float, *, has_weights: bool
) -> list[Finding]:
    """What others have to answer, each within its time."""
    timeout = aiohttp.ClientTimeout(total=timeout_s)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as session:
        licence, (discord, one), (telegram, other) = await asyncio.gather(
            model_files.licence(session, environment, has_weights=has_weights),
            platforms.discord(session, config, secrets),
            platforms.telegram(session, config, secrets),
        )
    return [licence, discord, telegram, platforms.clock([one, other])]


def _running(at: Places) -> Finding:
    """Whether a bot works in the data folder at this moment."""
    lock = at.folder / LOCK_FILE
    if not lock.exists():
        return off("bot", "not running")
    try:
        with FileLock(lock, timeout=0):
            return off("bot", "not running")
    except Timeout:
        return ok("bot", f"running on {at.folder}")
