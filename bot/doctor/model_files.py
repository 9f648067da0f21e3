"""The weights: every file by name, size and tensors, and the licence that gates one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final, assert_never

import aiohttp

from adapters.engine.image_check.folder import state
from bot.doctor.findings import Finding, Outcome, failure, ok, warning
from bot.ports.image_check import CheckState
from uso.inventory import FLUX_REPO, PUBLISHED_FILES

_HUB: Final = "https://huggingface.co"
_SHOWN: Final = 3
_UNAUTHORIZED: Final = frozenset({401, 403})


def weights(folder: Path, *, is_there: bool) -> Finding:
    """Look into every file in `folder`; takes seconds, since only headers are read, and imports torch."""
    if not is_there:
        remedy = f"`uso-bot weights download --to {folder}` brings the real ones."
        return warning("weights", f"{folder} holds nothing; the toy model stands in", remedy)
    from uso.verification import verify  # noqa: PLC0415 -- imports torch

    findings = list(verify(folder))
    faults = [finding for finding in findings if finding.is_fault]
    if not faults:
        size = sum(finding.size_bytes for finding in findings)
        return ok("weights", f"{len(findings)} files in {folder}, {size / 1e9:.1f} GB, all in order")
    told = ", ".join(f"{finding.path} ({finding.state.value})" for finding in faults[:_SHOWN])
    more = f" and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    remedy = (
        f"uso-bot weights verify {folder} lists all; uso-bot weights download --to {folder} brings what is missing."
    )
    return failure("weights", f"{len(faults)} of {len(findings)} files can not be used: {told}{more}", remedy)


def image_check(folder: Path, labels: Collection[str]) -> Finding:
    """Whether pictures are looked at before they are shown; loads nothing."""
    status = state(folder, labels)
    match status.state:
        case CheckState.READY:
            return ok("image check", status.reason)
        case CheckState.OFF:
            remedy = "To have uploads and results looked at, put an image classifier there (README, “Moderation”)."
            return Finding("image check", Outcome.OFF, f"pictures are not looked at: {status.reason}", remedy)
        case CheckState.BROKEN:
            remedy = "Mend the folder or [moderation] flagged_labels; until then uploads are refused, results withheld."
            return failure("image check", status.reason, remedy)
        case _:
            assert_never(status.state)


async def licence(session: aiohttp.ClientSession, environment: Mapping[str, str], *, has_weights: bool) -> Finding:
    """Whether the token in HF_TOKEN may download FLUX.1-dev; asked only while the weights are to be downloaded."""
    if has_weights:
        return ok("licence", "FLUX.1-dev is for non-commercial use only, USO is Apache-2.0 (README, “Weights”)")
    token = environment.get("HF_TOKEN", "").strip()
    if not token:
        remedy = f"Accept the licence at {_HUB}/{FLUX_REPO}, make a read token and set HF_TOKEN for the download."
        return Finding("licence", Outcome.OFF, "not checked: HF_TOKEN is not set", remedy)
    gated = next(file for file in PUBLISHED_FILES if file.gated)
    url = f"{environment.get('HF_ENDPOINT') or _HUB}/{gated.repo}/resolve/main/{gated.path}"
    try:
        headers = {"Authorization": f"Bearer {token}"}
        async with session.head(url, headers=headers, allow_redirects=False) as answer:
            status = answer.status
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return warning("licence", "the hub can not be reached", "Check the network, HTTPS_PROXY and HF_ENDPOINT.")
    if status in _UNAUTHORIZED:
        remedy = f"Accept it at {_HUB}/{FLUX_REPO}; the token must be allowed to read gated repositories."
        return failure("licence", "the hub does not let this HF_TOKEN read FLUX.1-dev", remedy)
    if status >= 400:
        return warning("licence", f"the hub answers {status}", "Check HF_ENDPOINT, or try again later.")
    return ok("licence", "the hub lets this HF_TOKEN download FLUX.1-dev (for non-commercial use)")
