"""The twin of the storage in memory: the same rules and transactions, nothing on disk."""

from storage.memory.images import MemoryImageStore
from storage.memory.storage import MemoryStorage

__all__ = ["MemoryImageStore", "MemoryStorage"]
