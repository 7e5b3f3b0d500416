"""Whether another program has a file open for writing: on Linux, by read leases (fcntl(2))."""

from __future__ import annotations

import contextlib
import errno
import os
import sys

from mfa_tui.adapters.filesystem.ownership import WITHOUT_WAITING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

FREE = "free"
"""No program has the file open for writing."""
BUSY = "busy"
"""A program has it open for writing, or is waiting to."""
UNKNOWN = "unknown"
"""The system does not say."""

_WITHOUT_MEANING = ("nfs", "cifs", "smb")
"""File systems that refuse a lease, as if the file were open, unless the server has delegated it (EAGAIN)."""
_HERE_ONLY = ("fuse", "virtiofs", "9p", "vboxsf", "prl_fs", "fakeowner")
"""File systems that grant one without asking where the file is kept: on a server, or the host of a virtual machine."""
_CHUNK = 1 << 20


class OpenFile:
    """A file opened for reading, which remains the same file when another takes its name. Raises OSError.

    While we hold a lease on it, programs that open it for writing wait, for at most 45 seconds (lease-break-time). The
    kernel announces them by SIGURG, which is ignored unless a program handles it; SIGIO would end the process.
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
        """Close it and release the lease."""
        if self._handle >= 0:
            self.drop_lease()
            handle, self._handle = self._handle, -1
            with contextlib.suppress(OSError):
                os.close(handle)

    def info(self) -> os.stat_result:
        """Its metadata. Raises OSError."""
        return os.fstat(self._handle)

    def is_at(self, path: str) -> bool:
        """Whether *path* is still a name of this file."""
        try:
            found = os.stat(path)
        except OSError:
            return False
        return os.path.samestat(found, self.info())

    def read(self) -> bytes:
        """Its whole content. Raises OSError."""
        os.lseek(self._handle, 0, os.SEEK_SET)
        # At once, as a rule: parts of a large file would be copied to be joined.
        most = max(_CHUNK, os.fstat(self._handle).st_size + 1)
        parts = []
        while part := os.read(self._handle, most):
            parts.append(part)
        return b"".join(parts)

    def take_lease(self) -> str:
        """Make programs that open it for writing wait: FREE; or BUSY or UNKNOWN if that is not possible."""
        if sys.platform != "linux":
            return UNKNOWN
        import fcntl

        # What signal is built on; that makes enums of all of them, which takes longer than reading both files.
        from _signal import SIGURG  # type: ignore[import-not-found]  # typeshed leaves it out

        try:
            # The signal first: a program that opens the file a moment later causes it.
            fcntl.fcntl(self._handle, fcntl.F_SETSIG, SIGURG)
            fcntl.fcntl(self._handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError as error:
            kind = _file_system(self.info().st_dev)
            return BUSY if error.errno == errno.EAGAIN and not kind.startswith(_WITHOUT_MEANING) else UNKNOWN
        self._leased = True
        device = self.info().st_dev
        # What has a disk of its own is on this machine.
        if not os.major(device) and _file_system(device).startswith(_HERE_ONLY):
            self.drop_lease()
            return UNKNOWN
        return FREE

    def has_waiting_writer(self) -> bool:
        """Whether a program waits to open it for writing; known only while we hold the lease."""
        if sys.platform != "linux" or not self._leased:
            return False
        import fcntl

        return fcntl.fcntl(self._handle, fcntl.F_GETLEASE) != fcntl.F_RDLCK

    def drop_lease(self) -> None:
        """Release the lease, so that writers continue."""
        if sys.platform == "linux" and self._leased:
            import fcntl

            self._leased = False
            with contextlib.suppress(OSError):
                # A child that was just started may share the lease: closing the file would not release it.
                fcntl.fcntl(self._handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)


def writer_of(path: str) -> str:
    """The program that has the file open for writing, as ``process PID (NAME)``; empty if that is not known."""
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
    """Whether a process has *path* open for writing; False also if we may not see that."""
    try:
        for number in os.listdir(f"/proc/{pid}/fd"):
            if os.readlink(f"/proc/{pid}/fd/{number}") == path:
                with open(f"/proc/{pid}/fdinfo/{number}", encoding="ascii") as file:
                    flags = next(int(line.split()[1], 8) for line in file if line.startswith("flags:"))
                if flags & (os.O_WRONLY | os.O_RDWR):
                    return True
    except (OSError, ValueError, StopIteration, IndexError):
        # It has just ended, or closed the file.
        return False
    return False


def _file_system(device: int) -> str:
    """The type of the file system *device* (``st_dev``); empty if that is not known."""
    from mfa_tui.adapters.filesystem.mounts import mounts

    wanted = f"{os.major(device)}:{os.minor(device)}"
    return next((kind for number, _, kind in mounts() if number == wanted), "")
