"""What widgets know of the terminal's characters."""

from __future__ import annotations

from typing import Protocol

BLOCKS_KEPT = "blocks-kept"
"""In the ``meta`` of a style: what has it consists of block characters, as a QR code does, which stay as they are."""


class HasGlyphs(Protocol):
    """An app that knows which characters its terminal has."""

    ascii_only: bool
    """Whether only ASCII is drawn."""
    has_blocks: bool
    """Whether its encoding has block characters."""
