"""The published files, brought from the hub: resumed where they broke off, whole or not there at all (no torch).

Built on `huggingface_hub`'s addresses, file metadata, HTTP client and errors. Its `hf_hub_download` is not used: since
2.x it throws a file away that broke off, which nobody wants at 24 GB. Here the bytes stay in a folder of their own
until the file is complete and its hash is right.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import BinaryIO, Protocol

import httpx2
from filelock import FileLock, Timeout
from huggingface_hub import get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from huggingface_hub.utils import get_session, hf_raise_for_status  # type: ignore[attr-defined]  # exported lazily

from uso.errors import UsoError
from uso.inventory import PUBLISHED_FILES, PublishedFile

PARTIAL_FOLDER = ".download"
_SPARE_BYTES = 256 << 20
_ATTEMPTS_WITHOUT_PROGRESS = 3
_TIMEOUT_S = 30.0
_SHA256 = re.compile(r"[0-9a-f]{64}")
_GIT_SHA1 = re.compile(r"[0-9a-f]{40}")


class HubProblem(Enum):
    """Why files could not be had."""

    GATED = "gated"
    TOKEN_REFUSED = "token refused"  # noqa: S105 -- a kind of fault
    REPO_MISSING = "repository missing"
    FILE_MISSING = "file missing"
    NOT_A_HUB = "not a hub"
    UNREACHABLE = "unreachable"
    DISK_FULL = "disk full"
    DAMAGED = "damaged"
    BUSY = "busy"
    NOT_WRITABLE = "not writable"


class HubError(UsoError):
    """The hub or the disk refused; `file` is the one asked for, where it was one; sizes in bytes for DISK_FULL."""

    def __init__(
        self,
        problem: HubProblem,
        file: PublishedFile | None = None,
        *,
        detail: str = "",
        needed_bytes: int = 0,
        free_bytes: int = 0,
    ) -> None:
        self.problem = problem
        self.file = file
        self.detail = detail
        self.needed_bytes = needed_bytes
        self.free_bytes = free_bytes
        super().__init__(" ".join(part for part in (problem.value, file.path if file else "", detail) if part))


class Stage(Enum):
    """What is being done with a file."""

    PRESENT = "present"
    DOWNLOADING = "downloading"
    CHECKING = "checking"
    DONE = "done"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as the hub describes it, pinned to one commit."""

    file: PublishedFile
    url: str
    etag: str
    size_bytes: int

    @property
    def partial_name(self) -> str:
        """The name its bytes have until it is whole: other content never continues it."""
        return f"{hashlib.sha256(self.file.local.encode()).hexdigest()[:12]}.{self.etag[:40]}.part"


class ProgressBar(Protocol):
    """What is told how many more bytes are there (tqdm's `update`); fewer when a server makes a file start again."""

    def update(self, n: int) -> object: ...


OnStage = Callable[[PublishedFile, Stage, int], None]
"""Hears of a file, what is done with it, and its size in bytes."""
MakeBar = Callable[[PublishedFile, int, int], AbstractContextManager[ProgressBar]]
"""Makes a bar for a file of so many bytes, of which so many are there."""


def download(
    folder: Path,
    *,
    files: Sequence[PublishedFile] = PUBLISHED_FILES,
    endpoint: str | None = None,
    token: str | None = None,
    on_stage: OnStage | None = None,
    make_bar: MakeBar | None = None,
) -> None:
    """Bring every missing file into `folder`; a second call continues where the first one ended.

    Everything is asked for first: a licence not accepted or a full disk is told before the first byte. A file that is
    there with the hub's size is left alone. Without `endpoint` the hub client's own setting (HF_ENDPOINT) holds; a
    token is taken from the argument only, never from a file of the hub's. Blocks; raises `HubError`.
    """
    on_stage = on_stage or _ignore_stage
    try:
        with _workplace(folder):
            remotes = _ask(files, endpoint=endpoint, token=token, on_stage=on_stage)
            wanted = [remote for remote in remotes if not _is_present(folder, remote, on_stage)]
            _check_space(folder, wanted)
            for remote in wanted:
                _bring(folder, remote, token=token, on_stage=on_stage, make_bar=make_bar or _no_bar)
    except Timeout as error:
        raise HubError(HubProblem.BUSY, detail=str(folder)) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise HubError(HubProblem.DISK_FULL, free_bytes=_free_bytes(folder)) from error
        raise HubError(HubProblem.NOT_WRITABLE, detail=f"{error.strerror or error}: {folder}") from error


@contextmanager
def _workplace(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; in the end only unfinished files stay, and no empty folder that was not there before."""
    partials, was_there = folder / PARTIAL_FOLDER, folder.exists()
    partials.mkdir(parents=True, exist_ok=True)
    with FileLock(partials / "lock", timeout=0):
        try:
            yield
        finally:
            if not any(partials.glob("*.part")):
                shutil.rmtree(partials, ignore_errors=True)
            if not was_there and not any(folder.iterdir()):
                folder.rmdir()


def _ask(
    files: Iterable[PublishedFile], *, endpoint: str | None, token: str | None, on_stage: OnStage
) -> list[RemoteFile]:
    remotes: list[RemoteFile] = []
    for file in files:
        try:
            remotes.append(_describe(file, endpoint=endpoint, token=token))
        except HubError as error:
            if file.required or error.problem not in (HubProblem.FILE_MISSING, HubProblem.REPO_MISSING):
                raise
            on_stage(file, Stage.LEFT_OUT, 0)
    return remotes


def _describe(file: PublishedFile, *, endpoint: str | None, token: str | None) -> RemoteFile:
    url = hf_hub_url(file.repo, file.path, endpoint=endpoint)
    try:
        metadata = get_hf_file_metadata(url, token=token or False, endpoint=endpoint)
    except Exception as error:
        raise _translated(error, file) from error
    if metadata.commit_hash is None or metadata.etag is None or metadata.size is None:
        raise HubError(HubProblem.NOT_A_HUB, file, detail=url)
    pinned = hf_hub_url(file.repo, file.path, revision=metadata.commit_hash, endpoint=endpoint)
    return RemoteFile(file, pinned, metadata.etag, metadata.size)


def _is_present(folder: Path, remote: RemoteFile, on_stage: OnStage) -> bool:
    local = folder / remote.file.local
    present = local.is_file() and local.stat().st_size == remote.size_bytes
    if present:
        on_stage(remote.file, Stage.PRESENT, remote.size_bytes)
    return present


def _check_space(folder: Path, wanted: Iterable[RemoteFile]) -> None:
    needed = sum(remote.size_bytes - _size(_partial(folder, remote)) for remote in wanted)
    free = _free_bytes(folder)
    if needed and needed + _SPARE_BYTES > free:
        raise HubError(HubProblem.DISK_FULL, needed_bytes=needed + _SPARE_BYTES, free_bytes=free)


def _bring(folder: Path, remote: RemoteFile, *, token: str | None, on_stage: OnStage, make_bar: MakeBar) -> None:
    """Download one file beside its place, check it, and only then give it its name."""
    partial, local = _partial(folder, remote), folder / remote.file.local
    on_stage(remote.file, Stage.DOWNLOADING, remote.size_bytes)
    if _size(partial) > remote.size_bytes:
        partial.unlink()
    _fetch(remote, partial, token=token, make_bar=make_bar)
    on_stage(remote.file, Stage.CHECKING, remote.size_bytes)
    if not _has_hash(partial, remote.etag):
        partial.unlink()
        raise HubError(HubProblem.DAMAGED, remote.file)
    local.parent.mkdir(parents=True, exist_ok=True)
    partial.replace(local)
    on_stage(remote.file, Stage.DONE, remote.size_bytes)


def _fetch(remote: RemoteFile, partial: Path, *, token: str | None, make_bar: MakeBar) -> None:
    """Append to the partial file until it is complete; gives up after attempts that brought nothing."""
    idle = 0
    with partial.open("ab") as file, make_bar(remote.file, remote.size_bytes, file.tell()) as bar:
        while (before := file.tell()) < remote.size_bytes:
            try:
                _receive(remote, file, bar, token=token)
            except HfHubHTTPError as error:
                raise _translated(error, remote.file) from error
            except httpx2.TransportError as error:
                idle = 0 if file.tell() > before else idle + 1
                if idle >= _ATTEMPTS_WITHOUT_PROGRESS:
                    raise HubError(HubProblem.UNREACHABLE, remote.file, detail=_first_line(error)) from error
        file.flush()
        os.fsync(file.fileno())


def _receive(remote: RemoteFile, file: BinaryIO, bar: ProgressBar, *, token: str | None) -> None:
    """One attempt from where the file ends; every piece is written as it comes, so that none is lost in a break."""
    # The pinned hub address, not the storage address it leads to: that one expires within the hour.
    headers = {"Accept-Encoding": "identity"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if start := file.tell():
        headers["Range"] = f"bytes={start}-"
    with get_session().stream("GET", remote.url, headers=headers, timeout=_TIMEOUT_S, follow_redirects=True) as answer:
        hf_raise_for_status(answer)
        if start and answer.status_code != httpx2.codes.PARTIAL_CONTENT:
            file.truncate(0)
            file.seek(0)
            bar.update(-start)
        for piece in answer.iter_bytes():
            if file.tell() + len(piece) > remote.size_bytes:
                raise HubError(HubProblem.DAMAGED, remote.file, detail="longer than announced")
            file.write(piece)
            bar.update(len(piece))


def _translated(error: Exception, file: PublishedFile) -> HubError:
    """Say what the hub client's error means; errors it has no name for are raised as they are."""
    match error:
        case GatedRepoError():
            problem = HubProblem.GATED
        case EntryNotFoundError():
            problem = HubProblem.FILE_MISSING
        case HfHubHTTPError():
            problem = _status_problem(error, file)
        case OfflineModeIsEnabled() | httpx2.TransportError():
            problem = HubProblem.UNREACHABLE
        case httpx2.InvalidURL() | httpx2.TooManyRedirects() | ValueError():
            problem = HubProblem.NOT_A_HUB
        case _:
            raise error
    return HubError(problem, file, detail=_first_line(error))


def _status_problem(error: HfHubHTTPError, file: PublishedFile) -> HubProblem:
    status = error.response.status_code
    if status == 401 and "Invalid credentials" in error.response.headers.get("X-Error-Message", ""):
        return HubProblem.TOKEN_REFUSED
    if file.gated and status in (401, 403):
        return HubProblem.GATED
    if isinstance(error, RepositoryNotFoundError) or status == 404:
        return HubProblem.REPO_MISSING
    return HubProblem.TOKEN_REFUSED if status in (401, 403) else HubProblem.UNREACHABLE


def _has_hash(path: Path, etag: str) -> bool:
    """Whether the content is what the hub's ETag says: a sha256 for large files, git's blob hash for small ones."""
    if _SHA256.fullmatch(etag):
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == etag
    if _GIT_SHA1.fullmatch(etag):
        data = path.read_bytes()
        return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() == etag
    return True


class _NoBar:
    def update(self, n: int) -> None:
        """Show nothing."""


def _no_bar(*_: object) -> AbstractContextManager[ProgressBar]:
    return nullcontext(_NoBar())


def _ignore_stage(*_: object) -> None:
    """Tell nobody."""


def _partial(folder: Path, remote: RemoteFile) -> Path:
    return folder / PARTIAL_FOLDER / remote.partial_name


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _free_bytes(folder: Path) -> int:
    existing = next(place for place in (folder, *folder.resolve().parents) if place.exists())
    return shutil.disk_usage(existing).free


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
