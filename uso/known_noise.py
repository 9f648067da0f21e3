"""Keeps out of the logs what libraries warn of at import although it concerns nothing of ours (no torch here).

transformers and diffusers import torchao whenever it is installed, quantizing or not. torchao 0.18.0 then tells of
kernels it cannot load and of a call that torch 2.13 deprecates, and diffusers 0.42.1 of tensor classes that torchao
0.18 no longer has. None of it hurts: our profiles multiply with torch's own kernels, and quantized weights are never
read from a file. Other messages of the same loggers stay. To be revisited when one of the three is updated;
`tests/unit/test_known_noise.py` fails when something new is said.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

_HARMLESS: Final[Mapping[str, str]] = {
    # Kernels for sparse and for MX formats, built for CUDA and other Pythons.
    "torchao": "Failed to load ",
    # torchao registers its enums as constants of torch.compile; torch 2.13 knows enums by itself.
    "torch.utils._pytree": "%s is an Enum subclass and is now natively supported",
    # Classes that torch.load would have to trust in a quantized checkpoint pickled by an older torchao.
    "diffusers.quantizers.torchao.torchao_quantizer": "Unable to import `torchao` Tensor objects",
}


class _Harmless(logging.Filter):
    """Drops the records whose unformatted message begins in one way."""

    def __init__(self, beginning: str) -> None:
        super().__init__()
        self._beginning = beginning

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith(self._beginning)


def silence_known_noise() -> None:
    """Do so for this process; to be called once, before transformers or diffusers are imported."""
    for name, beginning in _HARMLESS.items():
        logging.getLogger(name).addFilter(_Harmless(beginning))
