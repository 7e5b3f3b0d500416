"""Single flight: whoever makes a session makes it alone, and the others that want the same one wait for it.

One lock for each session (see ``models.session_name``), across processes and threads. The system frees it when its
holder dies, however that happens. It may be held while a person is asked: that is what keeps ten processes from asking
ten times. Nothing else waits for it: sessions that are made from something else go on at the same time.
"""

from __future__ import annotations

import contextlib
import os
from _thread import get_ident

from mfa_tui.adapters.filesystem import private_files
from mfa_tui.errors import WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mfa_tui.adapters.filesystem.paths import Paths

PATIENCE = 24 * 3600.0
"""Seconds to wait for another process; callers that may not wait so long give up through *cancelled*."""


class SingleFlight:
    """The locks of one user's sessions."""

    def __init__(self, paths: Paths) -> None:
        self._directory = os.path.join(paths.cache, "flights")
        self._held: set[tuple[str, int]] = set()

    @contextlib.contextmanager
    def hold(
        self,
        name: str,
        *,
        seconds: float = PATIENCE,
        cancelled: Callable[[], bool] | None = None,
        waiting: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Hold the lock of the session *name*; at once where this thread holds it already.

        *waiting* is told who holds it, once that has lasted for half a second. Where no lock can be had (a read-only
        home, or not within *seconds*), it goes on without: a second session does less harm than none. Raises Cancelled.

        Who holds one and takes another takes that of the source first, so that two never wait for each other.
        """
        key = (name, get_ident())
        if key in self._held:
            yield
            return
        from mfa_tui.adapters.filesystem.locks import hold_lock

        with contextlib.ExitStack() as stack:
            with contextlib.suppress(WriteProblem, OSError):
                private_files.make_own_directory(self._directory)
                path = os.path.join(self._directory, f"{name}.lock")
                stack.enter_context(
                    hold_lock(path, "Making a session", seconds=seconds, cancelled=cancelled, waiting=waiting)
                )
            self._held.add(key)
            try:
                yield
            finally:
                self._held.discard(key)
