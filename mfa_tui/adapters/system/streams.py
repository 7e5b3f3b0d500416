"""The standard streams, where what they led to is gone."""

from __future__ import annotations

import contextlib
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def discard(stream: TextIO | None) -> None:
    """Discard what is still buffered for *stream*, and what is written later.

    Python would write it at exit, fail again, and exit with 120. None: there is no such stream.
    """
    if stream is None:
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):
        os.dup2(nothing, stream.fileno())
    os.close(nothing)
