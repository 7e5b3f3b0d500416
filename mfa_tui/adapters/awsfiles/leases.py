"""Who else has a file open for writing, as far as the system tells: on Linux, by read leases (fcntl(2))."""

from __future__ import annotations

import contextlib
import errno
import os
import sys

from mfa_tui.adapters.filesystem.mounts import mounts
from mfa_tui.adapters.filesystem.ownership import WITHOUT_WAITING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

FREE = "free"
"""Nobody has the file open for writing."""
BUSY = "busy"
"""Somebody has it open for writing, or waits for that."""
UNKNOWN = "unknown"
"""The system does not tell."""

_WITHOUT_MEANING = ("nfs", "cifs", "smb")
"""File systems that refuse a lease as if the file was open whenever the server has not delegated it (EAGAIN)."""
_CHUNK = 1 << 20


class OpenFile:
    """A file opened for reading. It stays that file when another takes its name. Raises OSError.

    While a lease on it is held, whoever opens it for writing waits, for 45 seconds at most (lease-break-time). The
    signal that tells of them is SIGURG, which is ignored unless a program asks for it: SIGIO would end the process.
    """

    def __init__(self, path: str) -> None:
        self._handle = os.open(path, os.O_RDONLY | WITHOUT_WAITING)
        self._leased = False

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close it, and give up the lease."""
        if self._handle >= 0:
            self.drop_lease()
            handle, self._handle = self._handle, -1
            with contextlib.suppress(OSError):
                os.close(handle)

    def info(self) -> os.stat_result:
        """What the system says of it. Raises OSError."""
        return os.fstat(self._handle)

    def is_at(self, path: str) -> bool:
        """Whether *path* still is a name of this file."""
        try:
            found = os.stat(path)
        except OSError:
            return False
        return os.path.samestat(found, self.info())

    def read(self) -> bytes:
        """All that it holds. Raises OSError."""
        os.lseek(self._handle, 0, os.SEEK_SET)
        parts = []
        while part := os.read(self._handle, _CHUNK):
            parts.append(part)
        return b"".join(parts)

    def take_lease(self) -> str:
        """Let those wait who open it for writing; FREE, or BUSY or UNKNOWN if that is not possible."""
        if sys.platform != "linux":
            return UNKNOWN
        import fcntl
        import signal

        try:
            # First the signal: whoever opens the file a moment later causes it.
            fcntl.fcntl(self._handle, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(self._handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError as error:
            return BUSY if error.errno == errno.EAGAIN and _refusals_count(self.info().st_dev) else UNKNOWN
        self._leased = True
        return FREE

    def has_waiting_writer(self) -> bool:
        """Whether somebody waits to open it for writing; only while the lease is held."""
        if sys.platform != "linux" or not self._leased:
            return False
        import fcntl

        return fcntl.fcntl(self._handle, fcntl.F_GETLEASE) != fcntl.F_RDLCK

    def drop_lease(self) -> None:
        """Let writers go on."""
        if sys.platform == "linux" and self._leased:
            import fcntl

            self._leased = False
            with contextlib.suppress(OSError):
                # A child process that was just started may share the lease: closing would not end it.
                fcntl.fcntl(self._handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)


def writer_of(path: str) -> str:
    """Who has the file open for writing, ``process PID (NAME)``; empty if the system does not tell."""
    if sys.platform != "linux":
        return ""
    own = str(os.getpid())
    with contextlib.suppress(OSError):
        for pid in os.listdir("/proc"):
            if pid.isdigit() and pid != own and _writes(pid, path):
                with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
                    name = "".join(letter for letter in file.read() if letter.isprintable())
                return f"process {pid} ({name})"
    return ""


def _writes(pid: str, path: str) -> bool:
    """Whether a process has *path* open for writing; False too if it is not ours to look at."""
    try:
        for number in os.listdir(f"/proc/{pid}/fd"):
            if os.readlink(f"/proc/{pid}/fd/{number}") == path:
                with open(f"/proc/{pid}/fdinfo/{number}", encoding="ascii") as file:
                    flags = next(int(line.split()[1], 8) for line in file if line.startswith("flags:"))
                if flags & (os.O_WRONLY | os.O_RDWR):
                    return True
    except (OSError, ValueError, StopIteration, IndexError):
        # It has ended, or closed the file, just now.
        return False
    return False


def _refusals_count(device: int) -> bool:
    """Whether a lease that is refused on a file system (``st_dev``) means that the file is open."""
    wanted = f"{os.major(device)}:{os.minor(device)}"
    kind = next((kind for number, _, kind in mounts() if number == wanted), "")
    return not kind.startswith(_WITHOUT_MEANING)
