"""Small private files of our own: mode 0600, written whole, and trusted only where no other user can write."""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem.ownership import read_trusted

_ATTEMPTS = 6
"""How often a write is tried: another computer or container that shares the directory cannot see that our process is
alive, and may clear its temporary file away."""


def read(path: str) -> str | None:
    """The text of a file in a directory of ours; None if there is no such file, or it cannot be read or trusted."""
    try:
        # Bytes that are not UTF-8 are damage, which the caller notices.
        return read_trusted(path).decode(errors="replace")
    except (OSError, ValueError):
        return None


def make_own_directory(path: str, *, durable: bool = False) -> None:
    """Make the directory *path* of ours, or make sure that only we can write to it. Raises OSError, UntrustedPath."""
    from mfa_tui.adapters.filesystem.own_directories import open_own_directory

    handle = open_own_directory(path, make=True, durable=durable)
    if handle is not None:
        os.close(handle)


def write(path: str, text: str, *, durable: bool = False) -> None:
    """Replace the file's content by *text*, all of it or nothing. Raises OSError, UntrustedPath.

    With *durable* the text is on the disk when this returns: for what a power cut must not lose.
    Temporary files that killed processes left in the directory are deleted, since they may hold secrets.
    """
    from mfa_tui.adapters.filesystem.own_directories import open_own_directory
    from mfa_tui.adapters.filesystem.system_calls import sync_directory
    from mfa_tui.adapters.filesystem.temporary_files import clear_now_and_then

    directory = os.path.dirname(path)
    place = open_own_directory(directory, make=True, durable=durable)
    try:
        for attempts_left in range(_ATTEMPTS - 1, -1, -1):
            try:
                _replace_in(place, path, text.encode(), durable=durable)
            except FileNotFoundError:
                if not attempts_left or not os.path.isdir(directory):
                    raise
            else:
                break
        if durable:
            sync_directory(directory)
        clear_now_and_then(directory, place)
    finally:
        if place is not None:
            os.close(place)


def remove(path: str) -> None:
    """Delete the file if it exists. Raises OSError."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def _replace_in(place: int | None, path: str, data: bytes, *, durable: bool) -> None:
    """Try once to replace the file's content; *place* is its directory, open, or None on Windows."""
    from mfa_tui.adapters.filesystem.system_calls import open_new, replace, sync, write_all
    from mfa_tui.adapters.filesystem.temporary_files import remove_temporary, temporary_name

    temporary = temporary_name(path)
    try:
        handle = open_new(temporary, place)
        try:
            write_all(handle, data)
            if durable:
                sync(handle)
        finally:
            os.close(handle)
        replace(temporary, path, place)
    finally:
        remove_temporary(temporary, place)
