"""Files that the user names: existing ones, read up to a limit, and new ones, which only the user can read."""

from __future__ import annotations

import contextlib
import os
import stat

from mfa_tui.adapters.filesystem.os_errors import reason
from mfa_tui.adapters.filesystem.ownership import WITHOUT_WAITING
from mfa_tui.adapters.filesystem.system_calls import (
    keep_owner,
    open_new,
    rename_if_free,
    sync,
    sync_directory,
    write_all,
)
from mfa_tui.adapters.filesystem.temporary_files import SIBLING_MARK, clear_leftovers, remove_temporary, temporary_name
from mfa_tui.errors import FileProblem


def read_user_file(path: str, limit: int) -> bytes:
    """Read a regular file of at most *limit* bytes.

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
        raise _unread("given-unreadable", path, f"{why}.", "Fix that, or use another file.") from None
    if not regular:
        raise _unread(
            "given-kind", path, "It is a directory, a pipe or a device.", "Use a regular file, or standard input."
        )
    if len(content) > limit:
        raise _unread("given-large", path, f"It has more than {limit:,} bytes.", "Use the right file.")
    return content


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | WITHOUT_WAITING)


def check_new_file(path: str) -> None:
    """Check that a new file can be created, before the user is asked for anything.

    Raises FileProblem: ``given-exists``, ``given-unwritable``.
    """
    if os.path.lexists(path):
        raise _exists(path)
    directory = os.path.dirname(path) or "."
    if not os.path.isdir(directory) or not os.access(directory, os.W_OK):
        raise _unwritten(path, f"{directory} is not a directory that you can write to.")


def write_new_file(path: str, content: bytes) -> None:
    """Create the file, readable only by its owner, and force it to the disk. An existing file is not overwritten.

    It gets its name when it is complete: a killed process leaves no part of it under that name. Temporary files that
    such a process left are deleted. Raises FileProblem: ``given-exists``, ``given-unwritable``.
    """
    directory = os.path.dirname(path)
    try:
        # Raises ValueError for a NUL in the name, at which later calls would cut it short.
        os.lstat(path)
    except FileNotFoundError:
        pass
    except ValueError:
        raise _unwritten(path, "No file can have such a name.") from None
    except OSError as error:
        raise _unwritten(path, f"{reason(error)}.") from None
    else:
        raise _exists(path)
    # The temporary name is short even if that of *path* is long: no file system refuses it.
    temporary = temporary_name(os.path.join(directory, SIBLING_MARK.rstrip(".")))
    try:
        clear_leftovers(directory or ".", containing=SIBLING_MARK)
        _write_durably(temporary, content)
        _give_free_name(temporary, path)
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise _unwritten(path, f"{reason(error)}.") from None
    finally:
        remove_temporary(temporary)
    sync_directory(directory)


def _write_durably(path: str, content: bytes) -> None:
    """Create the file and force it to the disk. Raises OSError."""
    handle = open_new(path)
    try:
        keep_owner(handle, os.path.dirname(path))
        write_all(handle, content)
        # A backup may be the only copy of its secrets, on a stick that is pulled out at once.
        sync(handle)
    finally:
        os.close(handle)


def _give_free_name(temporary: str, path: str) -> None:
    """Rename *temporary* to *path*, which must not exist. Raises OSError: FileExistsError if it does.

    The old name may remain beside the new one.
    """
    if rename_if_free(temporary, path):
        return
    if os.name != "posix":
        # On Windows this never replaces anything.
        os.rename(temporary, path)
        return
    try:
        os.link(temporary, path, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        # The file system has no hard links. Create the name first, and then replace our own file.
        os.close(open_new(path))
        try:
            os.replace(temporary, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(path)
            raise


def _unread(slug: str, path: str, why: str, remedy: str) -> FileProblem:
    return FileProblem(slug, f"{path} cannot be read.", why, remedy)


def _exists(path: str) -> FileProblem:
    return FileProblem(
        "given-exists",
        f"{path} already exists; it was not overwritten.",
        "",
        "Choose another name.",
    )


def _unwritten(path: str, why: str) -> FileProblem:
    return FileProblem("given-unwritable", f"{path} was not written.", why, "Fix that, then try again.")
