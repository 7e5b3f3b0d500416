"""Our own small files: directories 0700, files 0600, written whole, owned by whose home it is."""

from __future__ import annotations

import os


def make_directory(path: str) -> None:
    """Make *path* and its parents, 0700, as far as they are missing."""
    if os.path.isdir(path):
        return
    parent = os.path.dirname(path)
    if parent and parent != path:
        make_directory(parent)
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        return
    keep_owner(path, parent)


def keep_owner(path: str | int, parent: str) -> None:
    """Under sudo: give what root made to the owner of the directory it lies in."""
    if os.name != "posix" or os.geteuid() != 0:
        return
    owner = os.stat(parent or ".")
    if owner.st_uid != 0:
        os.chown(path, owner.st_uid, owner.st_gid)


def read(path: str) -> str | None:
    """The file's text; None if there is none, or none that can be read."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None


def write(path: str, text: str) -> None:
    """Put *text* in place of the file, whole or not at all. Raises OSError."""
    directory = os.path.dirname(path)
    make_directory(directory)
    temporary = f"{path}.{os.getpid()}.tmp"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        try:
            keep_owner(handle, directory)
            write_all(handle, text.encode())
        finally:
            os.close(handle)
        os.replace(temporary, path)
    except BaseException:
        remove(temporary)
        raise


def remove(path: str) -> None:
    """Delete the file if it is there."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def write_all(handle: int, data: bytes) -> None:
    """Write all of *data*, however many calls it takes. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
