"""Position ids of every token, as (axis 0, row, column) for FLUX's rotary embedding."""

from __future__ import annotations

import torch
from torch import Tensor


def grid_ids(rows: int, columns: int, *, row_offset: int = 0, column_offset: int = 0) -> Tensor:
    """Number a grid of packed tokens, shape (rows * columns, 3); axis 0 stays 0 (FLUX Kontext sets it to 1)."""
    ids = torch.zeros(rows, columns, 3)
    ids[..., 1] = torch.arange(rows)[:, None] + row_offset
    ids[..., 2] = torch.arange(columns)[None, :] + column_offset
    return ids.reshape(rows * columns, 3)


def content_ids(rows: int, columns: int, *, target_rows: int, target_columns: int) -> Tensor:
    """Number the content picture's tokens beyond the target's on both axes (published `pe="d"`, the diagonal)."""
    return grid_ids(rows, columns, row_offset=target_rows, column_offset=target_columns)


def text_ids(tokens: int) -> Tensor:
    """Number the text-side tokens, styles included: all sit at position zero, shape (tokens, 3)."""
    return torch.zeros(tokens, 3)
