"""`uso-bot doctor`."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from bot.config import ConfigError, load_all
from bot.config.env_file import with_env_file
from bot.doctor.examination import examine
from bot.doctor.findings import Finding, Outcome, failure, ok
from bot.options import config_option


@click.command()
@config_option("The configuration of the bot.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one object with all findings.")
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(0.1, 600),
    default=10.0,
    show_default=True,
    help="For platforms, in s.",
)
@click.pass_context
def doctor(context: click.Context, config_path: Path, timeout_s: float, *, as_json: bool) -> None:
    """Look whether all that the bot needs is there, and tell the remedy where it is not; exit code 1 on a failure."""
    base = config_path.resolve().parent
    try:
        config, secrets = load_all(config_path, os.environ)
    except ConfigError as error:
        detail = "; ".join(error.lines)
        findings = [failure("configuration", detail, "Mend these lines; `uso-bot config check` lists them.")]
    else:
        known = f"{config_path} is in order" if config_path.is_file() else "none; everything is at its default"
        findings = [ok("configuration", known)]
        environment = with_env_file(base, os.environ)
        findings += asyncio.run(examine(config, secrets, base, environment, timeout_s=timeout_s))
    is_well = all(finding.outcome is not Outcome.FAILURE for finding in findings)
    if as_json:
        click.echo(json.dumps({"ok": is_well, "findings": [asdict(finding) for finding in findings]}, indent=1))
    else:
        click.echo(_told(findings))
    context.exit(0 if is_well else 1)


def _told(findings: Sequence[Finding]) -> str:
    width = max(len(finding.check) for finding in findings)
    lines = []
    for finding in findings:
        lines.append(f"{finding.outcome.value:<8} {finding.check:<{width}}  {finding.detail}")
        if finding.remedy:
            lines.append(f"{'':<8} {'':<{width}}  -> {finding.remedy}")
    counts = [sum(finding.outcome is outcome for finding in findings) for outcome in (Outcome.FAILURE, Outcome.WARNING)]
    lines.append("\nAll is well." if not any(counts) else f"\nFailures: {counts[0]}, warnings: {counts[1]}.")
    return "\n".join(lines)
