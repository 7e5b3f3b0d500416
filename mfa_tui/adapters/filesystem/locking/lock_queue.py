"""The queue for a lock, in the lock file: who holds it, and who waits for it in which order.

The first line is the holder's: ``PID on HOST TOKEN``. A process that waits adds ``wait PID on HOST TOKEN``, and
``left TOKEN`` if it gives up. A process that takes the lock writes its own line first and drops the finished ones.

The order is only advice: the lock alone keeps others out. A line that is lost in a race is written again, processes
that are gone are skipped, and where the file cannot be read (Windows, while it is locked) there is no order.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time

from mfa_tui.adapters.filesystem.ownership import NO_LINK, WITHOUT_WAITING
from mfa_tui.adapters.filesystem.system_calls import keep_owner, write_all
from mfa_tui.adapters.filesystem.temporary_files import is_process_gone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ASLEEP = 1.0
"""After so many seconds without a new holder, processes further back check whether the lock is free but not taken."""
_WAIT = "wait"
_LEFT = "left"
_MOST = 64 * 1024
"""How many bytes of a lock file are read: some thousand lines."""
_WITHOUT_TRAPS = WITHOUT_WAITING | NO_LINK
"""Do not block on a FIFO, and do not follow a link."""


class QueuePlace:
    """A place in the queue for the lock file *path*."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._me = f"{os.getpid()} on {_host()} {os.urandom(4).hex()}"
        self._listed = self._joined = self._offered = False
        self._holder = ""
        self.ahead = 0
        """How many live processes wait before us."""
        self.since = time.monotonic()
        """When the holder last changed, on the monotonic clock."""

    def take_turn(self, take: Callable[[], bool], release: Callable[[], None]) -> bool:
        """Take the lock by *take* if it is our turn; returns whether it is ours. *release* releases it. Raises OSError.

        A process before us that does not take a free lock within a second is asleep, and loses its turn.
        """
        self._refresh()
        if not self.ahead:
            return take()
        if time.monotonic() - self.since < _ASLEEP:
            return False
        offered, self._offered = self._offered, take()
        if self._offered and not offered:
            release()
        return self._offered and offered

    def _refresh(self) -> None:
        lines = _lines(self._path)
        if lines is None:
            # The queue cannot be read.
            self._listed, self.ahead = True, 0
            return
        holder, waiters = _parsed(lines)
        self._listed = self._me in waiters
        self.ahead = sum(map(_is_alive, waiters[: waiters.index(self._me)] if self._listed else waiters))
        if holder != self._holder:
            self._holder, self.since, self._offered = holder, time.monotonic(), False

    def join(self) -> None:
        """Join the queue at its end, unless we are in it."""
        if not self._listed:
            self._joined = True
            self._append(f"{_WAIT} {self._me}")

    def leave(self) -> None:
        """Leave the queue, if we are in it."""
        if self._joined:
            self._append(f"{_LEFT} {self._me.rpartition(' ')[2]}")

    def write_holder(self, handle: int | None) -> None:
        """Record us as the holder of the lock, and drop us and all before us from the queue.

        *handle* is the lock file, open for writing; None if the lock is another file.
        """
        # The record only helps. If the disk is full, the next write reports that.
        with contextlib.suppress(OSError):
            mine = handle is None
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | _WITHOUT_TRAPS, 0o600) if handle is None else handle
            try:
                if not _is_lock_file(os.fstat(file)):
                    return
                waiters = _parsed(_lines(self._path) or [])[1]
                behind = waiters[waiters.index(self._me) + 1 :] if self._me in waiters else waiters
                lines = [self._me, *(f"{_WAIT} {waiter}" for waiter in behind if _is_alive(waiter))]
                # Under sudo the lock must stay usable for the home's owner.
                keep_owner(file, os.path.dirname(self._path))
                data = "".join(f"{line}\n" for line in lines).encode()
                os.lseek(file, 0, os.SEEK_SET)
                write_all(file, data)
                os.ftruncate(file, len(data))
                self._joined = False
            finally:
                if mine:
                    os.close(file)

    def _append(self, line: str) -> None:
        with contextlib.suppress(OSError):
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | _WITHOUT_TRAPS)
            try:
                if not _is_lock_file(os.fstat(handle)):
                    return
                # It starts on a new line, whatever a race has left in the file.
                write_all(handle, f"\n{line}\n".encode())
            finally:
                os.close(handle)


def _is_lock_file(info: os.stat_result) -> bool:
    """Whether it can be a lock file, and not another file that somebody linked there to have it overwritten."""
    return stat.S_ISREG(info.st_mode) and info.st_nlink == 1


def holder(path: str) -> str:
    """Who holds the lock, as ``PID on HOST``; read from our line, or from filelock's marker file (PID, HOST, …)."""
    for name in (path, path + ".held"):
        lines = [line for line in _lines(name) or [] if not line.startswith((_WAIT, _LEFT))]
        words = [word for line in lines for word in line.split() if word != "on" and word.isprintable()]
        if words:
            return " on ".join(words[:2])
    return "unknown"


def _parsed(lines: Sequence[str]) -> tuple[str, list[str]]:
    """The holder's line, and those of the waiters that have not left, without their first word."""
    first = ""
    waiters: list[str] = []
    left: set[str] = set()
    for number, line in enumerate(lines):
        word, _, rest = line.partition(" ")
        if word == _WAIT:
            waiters.append(rest)
        elif word == _LEFT:
            left.add(rest)
        elif not number:
            first = line
    # A process that missed its line while the file was being written has added it again.
    return first, [waiter for waiter in dict.fromkeys(waiters) if waiter.rpartition(" ")[2] not in left]


def _lines(path: str) -> list[str] | None:
    """The lines that are not blank; None if the file cannot be read."""
    try:
        handle = os.open(path, os.O_RDONLY | _WITHOUT_TRAPS)
    except FileNotFoundError:
        return []
    except OSError:
        return None
    try:
        text = os.read(handle, _MOST).decode(errors="replace")
    except OSError:
        return None
    finally:
        os.close(handle)
    return [line for line in text.splitlines() if line.strip()]


def _is_alive(waiter: str) -> bool:
    """Whether the process of a waiter's line may be alive: it is not known to be gone."""
    pid, _, rest = waiter.partition(" on ")
    if os.name != "posix" or rest.rpartition(" ")[0] != _host():
        return bool(rest)
    return not is_process_gone(pid)


def _host() -> str:
    if os.name == "posix":
        return os.uname().nodename
    import socket

    return socket.gethostname()
