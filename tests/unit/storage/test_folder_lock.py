"""The lock that processes share: one holder at a time, and none that is dead."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from storage.folder_lock import FolderLock

_HOLD = """
import asyncio, sys
from pathlib import Path
from storage.folder_lock import FolderLock

async def hold():
    async with FolderLock(Path(sys.argv[1])):
        print("held", flush=True)
        await asyncio.Event().wait()

asyncio.run(hold())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "pictures.lock"


async def test_one_at_a_time_whichever_lock_they_hold(path: Path) -> None:
    locks = [FolderLock(path), FolderLock(path)]
    inside = most = entered = 0

    async def enter(lock: FolderLock) -> None:
        nonlocal inside, most, entered
        async with lock:
            inside, entered = inside + 1, entered + 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(enter(locks[number % 2]) for number in range(20)))
    assert (entered, most) == (20, 1)


async def test_who_gives_up_waiting_leaves_the_lock_to_others(path: Path) -> None:
    holder, waiter = FolderLock(path), FolderLock(path)
    async with holder:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(waiter.__aenter__(), 0.1)
    async with asyncio.timeout(5), waiter:
        pass


async def test_a_failure_inside_lets_go(path: Path) -> None:
    lock = FolderLock(path)
    with pytest.raises(ZeroDivisionError):
        async with lock:
            raise ZeroDivisionError
    async with asyncio.timeout(5), FolderLock(path):
        pass


async def test_another_process_waits_no_longer_than_the_holder_lives(path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _HOLD, str(path)),
        cwd=Path(__file__).parents[3],
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"held\n"
        lock = FolderLock(path)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(lock.__aenter__(), 0.1)
    finally:
        process.kill()
        await process.wait()
    async with asyncio.timeout(5), lock:
        pass
