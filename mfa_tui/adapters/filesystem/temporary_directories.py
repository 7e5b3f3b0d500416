"""Directories for one command, where the system keeps temporary files; those of killed processes are removed."""

from __future__ import annotations

import os
from contextlib import contextmanager

from mfa_tui.adapters.filesystem.temporary_files import is_process_gone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "mfa-tui-"
"""Their names go on with the number of the process that they belong to."""


@contextmanager
def temporary_directory() -> Iterator[str]:
    """A directory for this process and user alone, which is removed when the context ends. Raises OSError."""
    from tempfile import TemporaryDirectory

    prefix = f"{_PREFIX}{os.getpid()}-"
    with TemporaryDirectory(prefix=prefix, dir=_parent(), ignore_cleanup_errors=True) as directory:
        yield directory


def clear_left_directories() -> None:
    """Remove this user's directories of processes that are gone. It raises nothing."""
    try:
        with os.scandir(_parent()) as entries:
            left = [entry for entry in entries if entry.name.startswith(_PREFIX) and _is_left(entry)]
    except OSError:
        return
    if left:
        import shutil

        for entry in left:
            shutil.rmtree(entry.path, ignore_errors=True)


def _parent() -> str:
    """Where temporary files go. ``tempfile.gettempdir`` writes there to find out, which is too slow for each login."""
    named = next(filter(None, map(os.environ.get, ("TMPDIR", "TEMP", "TMP"))), "")
    if os.name == "posix":
        return named if os.path.isdir(named) else "/tmp"  # noqa: S108 - the directories in it are new and private
    return named or os.getcwd()


def _is_left(entry: os.DirEntry[str]) -> bool:
    process, dash, _ = entry.name.removeprefix(_PREFIX).partition("-")
    if not (dash and process.isdecimal() and entry.is_dir(follow_symlinks=False)):
        return False
    return is_process_gone(process) and entry.stat(follow_symlinks=False).st_uid == os.geteuid()
