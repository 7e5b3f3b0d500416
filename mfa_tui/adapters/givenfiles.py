"""Files that the user names: read whole, up to a limit; and new ones, for nobody else to read."""

from __future__ import annotations

import contextlib
import os
import shlex
import stat

from mfa_tui.adapters.oserrors import reason
from mfa_tui.adapters.private import keep_owner, sync, sync_directory, write_all
from mfa_tui.errors import FileProblem


def read_given(path: str, limit: int) -> bytes:
    """The content of a regular file of at most *limit* bytes.

    Raises FileProblem: ``given-missing``, ``given-unreadable``, ``given-kind``, ``given-large``.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            content = file.read(limit + 1) if regular else b""
    except FileNotFoundError:
        raise _unread("given-missing", path, "There is no such file.", "Check the name.") from None
    except IsADirectoryError:
        regular, content = False, b""
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "No file has such a name"
        raise _unread("given-unreadable", path, f"{why}.", "Mend that, or give another file.") from None
    if not regular:
        raise _unread(
            "given-kind", path, "It is a directory, a pipe or a device.", "Give a regular file, or standard input."
        )
    if len(content) > limit:
        raise _unread("given-large", path, f"It has more than {limit:,} bytes.", "Give the right file.")
    return content


def _without_waiting(path: str, flags: int) -> int:
    """Opening a pipe must not wait for its writer, nor a terminal become ours."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))


def check_new(path: str) -> None:
    """Before anything is asked for the sake of a new file: whether it could be made.

    Raises FileProblem: ``given-exists``, ``given-unwritable``.
    """
    if os.path.lexists(path):
        raise _exists(path)
    directory = os.path.dirname(path) or "."
    if not os.path.isdir(directory) or not os.access(directory, os.W_OK):
        raise _unwritten(path, f"{directory} is no directory that you can write to.")


def write_new(path: str, content: bytes) -> None:
    """Make the file, readable by its owner only, and on the disk. What is there already stays as it is.

    Raises FileProblem: ``given-exists``, ``given-unwritable``.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags, 0o600)
    except FileExistsError:
        raise _exists(path) from None
    except ValueError:
        raise _unwritten(path, "No file can have such a name.") from None
    except OSError as error:
        raise _unwritten(path, f"{reason(error)}.") from None
    try:
        try:
            keep_owner(handle, os.path.dirname(path))
            write_all(handle, content)
            # A backup may be all that is left of its secrets, and go off with its stick at once.
            sync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise _unwritten(path, f"{reason(error)}.") from None
    sync_directory(os.path.dirname(path))


def _unread(slug: str, path: str, why: str, remedy: str) -> FileProblem:
    return FileProblem(slug, f"{path} cannot be read.", why, remedy)


def _exists(path: str) -> FileProblem:
    return FileProblem(
        "given-exists",
        f"{path} is there already; it is not overwritten.",
        "",
        f"Choose another name, or remove it: rm {shlex.quote(path)}",
    )


def _unwritten(path: str, why: str) -> FileProblem:
    return FileProblem("given-unwritable", f"{path} was not written.", why, "Mend that, then try again.")
