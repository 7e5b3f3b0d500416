"""Single flight: one process gets a session, and others that need the same one wait for it.

There is one lock for each session (see ``models.session_name``), across processes and threads. The system releases it
if its holder dies. It may be held while the user is asked for a code, so that ten processes do not ask ten times.
Nothing else waits for it: other sessions are made at the same time.
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

TIMEOUT = 24 * 3600.0
"""Seconds to wait for another process; callers who cannot wait so long use *cancelled*."""


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
        seconds: float = TIMEOUT,
        cancelled: Callable[[], bool] | None = None,
        waiting: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Hold the lock of the session *name*; at once if this thread holds it already.

        After half a second *waiting* is called with its holder. If the lock is not available (a read-only home, or not
        within *seconds*), it continues without: a second session does less harm than none. Raises Cancelled.

        To hold two, take the lock of the source session first, so that two processes never wait for each other.
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
