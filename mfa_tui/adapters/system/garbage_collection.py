"""Python's garbage collection in commands that keep all that they make until they end."""

from __future__ import annotations

import gc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType


class NoCollections:
    """A context manager around a command that is the last thing its process does.

    With ten thousand profiles each collection would visit them all, and find nothing; the one at the end, too.
    """

    __slots__ = ("_before",)

    def __enter__(self) -> None:
        self._before = gc.isenabled()
        gc.disable()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        gc.freeze()
        if self._before:
            gc.enable()
