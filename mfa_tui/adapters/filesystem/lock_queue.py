"""Who holds a lock and who waits for it, in order, as the lock file itself says.

The first line is the holder's: ``PID on HOST TOKEN``. Those who wait add a line ``wait PID on HOST TOKEN``, and one
``left TOKEN`` if they give up. Whoever takes the lock puts its own line first and drops all that are done with.

The order is advice: only the lock keeps others out. A line that is lost in a race is written again, those of processes
that are gone are passed over, and where the file cannot be read (Windows, while it is locked) nobody has a place.
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
"""Seconds without another holder after which somebody behind sees whether the lock is free, and not taken."""
_WAIT = "wait"
_LEFT = "left"
_MOST = 64 * 1024
"""So much of a lock file is read, in bytes: some thousand lines."""
_WITHOUT_TRAPS = WITHOUT_WAITING | NO_LINK
"""A FIFO does not hold us up, and a link leads nowhere."""


class QueuePlace:
    """One attempt to take the lock of the file *path*.

    ``ahead`` are the live waiters that came before; ``since`` is when the holder last changed, on the monotonic clock.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._me = f"{os.getpid()} on {_host()} {os.urandom(4).hex()}"
        self._listed = self._joined = self._offered = False
        self._holder = ""
        self.ahead = 0
        self.since = time.monotonic()

    def take_turn(self, take: Callable[[], bool], release: Callable[[], None]) -> bool:
        """Whether the lock is ours now: it was our turn, and *take* got it; *release* gives it back. Raises OSError.

        Whoever is before us and does not take a lock that is free, though left alone with it, is asleep: no turn is
        kept for it.
        """
        self._look()
        if not self.ahead:
            return take()
        if time.monotonic() - self.since < _ASLEEP:
            return False
        offered, self._offered = self._offered, take()
        if self._offered and not offered:
            release()
        return self._offered and offered

    def _look(self) -> None:
        lines = _lines(self._path)
        if lines is None:
            # There is no queue to be had.
            self._listed, self.ahead = True, 0
            return
        holder, waiters = _parsed(lines)
        self._listed = self._me in waiters
        self.ahead = sum(map(_is_alive, waiters[: waiters.index(self._me)] if self._listed else waiters))
        if holder != self._holder:
            self._holder, self.since, self._offered = holder, time.monotonic(), False

    def keep(self) -> None:
        """Go to the end of the queue, unless we have a place in it."""
        if not self._listed:
            self._joined = True
            self._append(f"{_WAIT} {self._me}")

    def leave(self) -> None:
        """Give the place up, if there is one."""
        if self._joined:
            self._append(f"{_LEFT} {self._me.rpartition(' ')[2]}")

    def sign(self, handle: int | None) -> None:
        """Having the lock: note us as its holder, and drop us and whoever was before us from the queue.

        *handle* is the lock file, open for writing; None where the lock is another file.
        """
        # It only helps. A disk too full for it will be told of by what is written next.
        with contextlib.suppress(OSError):
            mine = handle is None
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | _WITHOUT_TRAPS, 0o600) if handle is None else handle
            try:
                if not _is_lock_file(os.fstat(file)):
                    return
                waiters = _parsed(_lines(self._path) or [])[1]
                behind = waiters[waiters.index(self._me) + 1 :] if self._me in waiters else waiters
                lines = [self._me, *(f"{_WAIT} {waiter}" for waiter in behind if _is_alive(waiter))]
                # Under sudo the lock must stay usable for the owner of the home.
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
                # Begun on a line of its own, whatever a race has left behind.
                write_all(handle, f"\n{line}\n".encode())
            finally:
                os.close(handle)


def _is_lock_file(info: os.stat_result) -> bool:
    """Whether it may be one: it is no other file that somebody has given its name, to have it overwritten."""
    return stat.S_ISREG(info.st_mode) and info.st_nlink == 1


def holder(path: str) -> str:
    """Who holds the lock: «PID on HOST», as we write it, or as filelock writes its marker files (PID, HOST, …)."""
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
    # One that did not find its line while the file was being written has added it again.
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
    """Whether the process of a waiter's line may still be there: it is not known to be gone."""
    pid, _, rest = waiter.partition(" on ")
    if os.name != "posix" or rest.rpartition(" ")[0] != _host():
        return bool(rest)
    return not is_process_gone(pid)


def _host() -> str:
    if os.name == "posix":
        return os.uname().nodename
    import socket

    return socket.gethostname()
