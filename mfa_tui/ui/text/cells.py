"""Cells of a terminal in tables: the gutter, and text of an exact width."""

from __future__ import annotations

from mfa_tui.core.text.display import with_placeholders

GUTTER = 4
"""Cells at the start of a row: the pin, the cursor, the mark of what is in use, a space."""


def fitted(text: str, width: int) -> str:
    """*text* in exactly *width* cells, cut with an ellipsis; nothing in it can control the terminal."""
    from rich.cells import cell_len, set_cell_size

    text = with_placeholders(text)
    if len(text) <= width and text.isascii():
        return text.ljust(width)
    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"
