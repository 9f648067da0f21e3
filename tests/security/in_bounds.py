"""Lets every hostile picture in, in an address space bounded to what is used already and so many MiB more."""

from __future__ import annotations

import resource
import sys
import warnings

from bot.domain.errors import Rejected
from bot.domain.limits import Limits
from bot.services.admission import admit_picture
from bot.services.inspection import inspect_file
from tests.security.hostile_pictures import hostile_pictures

_PAGE_BYTES = resource.getpagesize()


def _used_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 -- not a file on a disk
        return int(file.read().split()[0]) * _PAGE_BYTES


def main(room_mib: int) -> None:
    """Print how many there were; MemoryError, or a crash in a decoder, ends with another exit status."""
    warnings.simplefilter("ignore")
    files = [one.data for one in hostile_pictures().values()]
    bound = _used_bytes() + room_mib * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    for data in files:
        for read in (admit_picture, inspect_file):
            try:
                read(data, Limits())
            except Rejected:
                continue
    _prove_the_bound(room_mib)
    sys.stdout.write(f"{len(files)} bounded\n")


def _prove_the_bound(room_mib: int) -> None:
    try:
        bytearray((room_mib + 1) * 2**20)
    except MemoryError:
        return
    raise SystemExit("the address space was not bounded")


if __name__ == "__main__":
    main(int(sys.argv[1]))
