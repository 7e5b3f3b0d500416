"""How to keep other users from reading a file: ``chmod``, where that helps."""

from __future__ import annotations

import contextlib
import os
from shlex import quote

from mfa_tui.adapters.awsfiles.write_checks import immutable_attributes
from mfa_tui.adapters.filesystem.mounts import mounts

_WITHOUT_MODES = frozenset({"vfat", "msdos", "exfat", "ntfs", "ntfs3", "fuseblk", "cifs", "smb3", "9p", "drvfs"})
"""File systems that usually store no permissions."""


def permissions_remedy(path: str, variable: str) -> str:
    """The remedy for a file *path* that others can read; *variable* is the variable that can name another place."""
    real = os.path.realpath(path)
    elsewhere = f"Move it to one that has them, and name it in {variable}."
    if _is_read_only(real):
        return f"It is on a read-only file system: move it to another, and name it in {variable}."
    kind = _file_system(real)
    if kind in _WITHOUT_MODES:
        return f"Its file system ({kind}) has no permissions of its own. {elsewhere}"
    steps = []
    with contextlib.suppress(OSError):
        if command := immutable_attributes(real)[1]:
            steps.append(f"{command} {quote(real)}")
        if os.stat(real).st_uid != os.geteuid() != 0:
            steps.append(f'sudo chown "$USER" {quote(real)}')
    return " && ".join([*steps, f"chmod 600 {quote(path)}"])


def _is_read_only(path: str) -> bool:
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except (OSError, AttributeError):
        return False


def _file_system(path: str) -> str:
    """The type of the file system that *path* is on; empty except on Linux."""
    best, kind = "", ""
    for _, point, name in mounts():
        where = point.rstrip("/")
        if len(where) >= len(best) and (path == where or path.startswith(where + "/")):
            best, kind = where, name
    return kind
