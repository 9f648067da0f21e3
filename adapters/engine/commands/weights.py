"""`uso-bot weights`: get the model's files, check them, make the folder that starts fast."""

from __future__ import annotations

import os
import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

import click

from adapters.engine.commands.bars import bar, stage_bar
from adapters.engine.commands.order import BadInput
from uso.errors import WeightsError
from uso.findings import FileState, Finding
from uso.inventory import FLUX_REPO, PUBLISHED_FILES, Licence, PublishedFile

if TYPE_CHECKING:
    from uso.hub import HubError, Stage

_FOLDER = click.Path(path_type=Path)
_TOKEN_VARIABLE = "HF_TOKEN"  # noqa: S105 -- the name of the variable
_ACCEPT = (
    f"FLUX.1-dev may only be downloaded by people who accepted its licence ({Licence.FLUX_DEV.value}: no commercial "
    f"use). Accept it at https://huggingface.co/{FLUX_REPO} with a free account, make a token that may read gated "
    f"repositories at https://huggingface.co/settings/tokens, and run: {_TOKEN_VARIABLE}=... uso-bot weights download"
)
_AWAITS_CONFIG = "it is whole; its tensors are compared once the configs are in order"


@click.group()
def weights() -> None:
    """Get, check and convert the model's files (about 40 GB)."""


@weights.command()
@click.option("--to", "folder", type=_FOLDER, default=Path("weights"), show_default=True, help="Where the files go.")
@click.option("--endpoint", help="Another hub, such as a mirror.  [default: HF_ENDPOINT or huggingface.co]")
def download(folder: Path, endpoint: str | None) -> None:
    """Download everything from the hub; run it again to continue where it broke off.

    The token comes from the environment variable HF_TOKEN. FLUX.1-dev is gated and for non-commercial use.
    """
    if endpoint is not None and not endpoint.startswith(("http://", "https://")):
        raise BadInput(f"--endpoint {endpoint}: that is no address; it begins with https://.")
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"--to {folder}: that is a file; name a folder.")
    from uso import hub  # noqa: PLC0415 -- the hub client takes half a second

    try:
        hub.download(
            folder,
            files=PUBLISHED_FILES,
            endpoint=endpoint,
            token=os.environ.get(_TOKEN_VARIABLE, "").strip() or None,
            on_stage=_tell_stage,
            make_bar=_make_bar,
        )
    except hub.HubError as error:
        raise click.ClickException(hub_sentence(error)) from error
    click.echo(f"All files are in {folder}. Next: uso-bot weights verify {folder}")


@weights.command("verify")
@click.argument("folder", type=_FOLDER)
def verify_command(folder: Path) -> None:
    """Check that FOLDER holds every file, whole, with the tensors the model needs."""
    if not folder.is_dir():
        raise BadInput(f"{folder}: there is no such folder; `uso-bot weights download --to {folder}` makes it.")
    click.echo(f"Checking {folder} ...", err=True)
    from uso.verification import verify  # noqa: PLC0415 -- imports torch

    findings = []
    for finding in verify(folder):
        click.echo(f"{finding.state.value:17} {finding_text(finding)}")
        findings.append(finding)
    faults = sum(finding.is_fault for finding in findings)
    if faults:
        raise click.ClickException(
            f"{faults} of {len(findings)} files in {folder} cannot be used; delete the damaged ones and run "
            f"`uso-bot weights download --to {folder}`, which brings only what is missing."
        )
    click.echo(
        f"All {len(findings)} files are in order. Try: uso-bot generate --weights {folder} --prompt ... --out a.png"
    )


@weights.command("convert")
@click.argument("source", type=_FOLDER)
@click.argument("target", type=_FOLDER)
def convert_command(source: Path, target: Path) -> None:
    """Write SOURCE as TARGET, a folder that starts fast: USO merged into the transformer, one file a part."""
    if not source.is_dir():
        raise BadInput(f"{source}: there is no such folder; `uso-bot weights download --to {source}` makes it.")
    if target.exists():
        raise BadInput(f"{target}: that is there already; name a new folder, or remove it first.")
    from uso.conversion import convert  # noqa: PLC0415 -- imports torch
    from uso.verification import verify  # noqa: PLC0415 -- imports torch

    findings = list(verify(source))
    faults = [finding for finding in findings if finding.is_fault]
    if faults:
        raise BadInput(
            f"{source}: {faults[0].path} is not in order ({faults[0].state.value}); "
            f"`uso-bot weights verify {source}` lists everything."
        )
    needed, free = sum(finding.size_bytes for finding in findings), _free_bytes(target)
    if needed > free:
        raise click.ClickException(
            f"There is not enough room: {_gigabytes(needed)} are needed at {target}, {_gigabytes(free)} are free."
        )
    try:
        with stage_bar("converting:") as on_stage:
            convert(source, target, on_stage=on_stage)
    except WeightsError as error:
        raise BadInput(f"{source}: {error}.") from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or target}: {error.strerror or error}") from error
    click.echo(f'{target} is ready. Set weights_folder = "{target}" in config.toml, or use --weights {target}.')


def finding_text(finding: Finding) -> str:
    """One line about one file."""
    text = f"{finding.path}  ({finding.size_bytes:,} bytes)" if finding.size_bytes else finding.path
    if finding.tensor is not None:
        text += f": {finding.tensor}"
        if finding.tensors_at_fault > 1:
            text += f" and {finding.tensors_at_fault - 1} more"
    if finding.detail:
        text += f": {finding.detail}"
    if finding.state is FileState.UNCHECKED:
        pytorch = finding.path.endswith(".bin")
        text += f": {'a PyTorch file, looked into only when it is loaded' if pytorch else _AWAITS_CONFIG}"
    return text


def hub_sentence(error: HubError) -> str:
    """What is wrong, and what to do next."""
    from uso.hub import HubProblem  # noqa: PLC0415

    name = f"{error.file.repo}/{error.file.path}" if error.file is not None else ""
    match error.problem:
        case HubProblem.GATED:
            return _ACCEPT
        case HubProblem.TOKEN_REFUSED:
            return (
                f"The hub does not accept the token in {_TOKEN_VARIABLE}; make a new one at "
                "https://huggingface.co/settings/tokens (read access, gated repositories allowed)."
            )
        case HubProblem.REPO_MISSING | HubProblem.FILE_MISSING:
            return f"The hub has no {name}; check --endpoint and HF_ENDPOINT, or download that file by hand."
        case HubProblem.NOT_A_HUB:
            return f"That endpoint does not answer like a hub ({error.detail}); check --endpoint and HF_ENDPOINT."
        case HubProblem.UNREACHABLE:
            return f"The hub cannot be reached for {name} ({error.detail}); run the same command again to continue."
        case HubProblem.DISK_FULL:
            return (
                f"There is not enough room: {_gigabytes(error.needed_bytes)} are needed, "
                f"{_gigabytes(error.free_bytes)} are free; make room or choose another disk with --to."
            )
        case HubProblem.DAMAGED:
            return f"{name} arrived damaged and was thrown away; run the same command again."
        case HubProblem.BUSY:
            return f"Another download into {error.detail} is running; wait for it, or choose another folder with --to."
        case HubProblem.NOT_WRITABLE:
            return f"The files cannot be written ({error.detail}); choose another folder with --to."
        case _:
            assert_never(error.problem)


def _tell_stage(file: PublishedFile, stage: Stage, size_bytes: int) -> None:
    from uso.hub import Stage  # noqa: PLC0415

    match stage:
        case Stage.DOWNLOADING:
            return  # its bar says so
        case Stage.CHECKING:
            if size_bytes > 1 << 30:
                click.echo(f"checking {file.local} ...", err=True)
        case Stage.PRESENT | Stage.DONE:
            click.echo(f"{'there' if stage is Stage.PRESENT else 'done'}  {file.local}  ({_gigabytes(size_bytes)})")
        case Stage.LEFT_OUT:
            click.echo(f"not published, not needed  {file.local}")
        case _:
            assert_never(stage)


def _make_bar(file: PublishedFile, size_bytes: int, there_bytes: int) -> AbstractContextManager[Any]:
    return bar(
        total=size_bytes,
        initial=there_bytes,
        desc=Path(file.local).name,
        unit="B",
        unit_scale=True,
        leave=False,
    )


def _free_bytes(target: Path) -> int:
    existing = next(place for place in target.resolve().parents if place.exists())
    return shutil.disk_usage(existing).free


def _gigabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f} GB" if size_bytes >= 10**8 else f"{size_bytes / 1e6:.1f} MB"
