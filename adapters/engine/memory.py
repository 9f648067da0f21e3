"""What the engine process takes of its device's memory."""

from __future__ import annotations

import psutil
import torch

from adapters.engine import wire


def memory_on(device: torch.device) -> wire.Memory:
    """The memory of this process on `device` at this moment; on a CPU, its resident size and the machine's memory."""
    if device.type == "cuda":
        return wire.Memory(
            used_bytes=torch.cuda.memory_allocated(device),
            reserved_bytes=torch.cuda.memory_reserved(device),
            total_bytes=torch.cuda.get_device_properties(device).total_memory,
        )
    resident_bytes = psutil.Process().memory_info().rss
    return wire.Memory(resident_bytes, resident_bytes, psutil.virtual_memory().total)
