"""Completes the path of a file as shells do."""

from __future__ import annotations

import os


def complete_path(typed: str) -> str:
    """*typed* with as much more as all files have in common whose paths begin so; a directory ends with a slash.

    ``~`` stays as it is. Hidden files are offered only if the name begins with a dot. Without a match, or where the
    directory cannot be read, nothing is added.
    """
    directory, begin = os.path.split(os.path.expanduser(typed))
    try:
        with os.scandir(directory or ".") as entries:
            found = [
                entry.name + ("/" if entry.is_dir() else "")
                for entry in entries
                if entry.name.startswith(begin) and (begin.startswith(".") or not entry.name.startswith("."))
            ]
    except OSError:
        return typed
    common = os.path.commonprefix(found)  # noqa: RUF071 - characters are meant, not components
    return typed + common[len(begin) :]
