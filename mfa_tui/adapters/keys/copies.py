"""Copies of a secret access key that mfa-tui does not look after: files beside the AWS files, and the environment."""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from mfa_tui.models import AccessKeys

_LARGEST = 1 << 20
"""Bytes of the largest file that is read: copies of the AWS files are small."""
_VARIABLES = ("AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY")


def copies_beside(directories: Iterable[str], own: Collection[str], keys: AccessKeys) -> list[str]:
    """The files in *directories* that contain the secret of *keys* (``credentials.bak``, ``credentials~``).

    *own* are the AWS files themselves, and are left out. Directories in them are not searched.
    """
    found = []
    for directory in dict.fromkeys(directories):
        try:
            names = sorted(os.listdir(directory))
        except OSError:
            continue
        paths = [os.path.join(directory, name) for name in names]
        found += [path for path in paths if path not in own and keys.secret_access_key.reveal().encode() in _read(path)]
    return found


def variables_with(env: Mapping[str, str], keys: AccessKeys) -> list[str]:
    """The environment's variables that hold the secret of *keys*."""
    return [name for name in _VARIABLES if env.get(name) == keys.secret_access_key.reveal()]


def _read(path: str) -> bytes:
    """The content of a regular file of a usual size; empty for everything else."""
    try:
        info = os.stat(path)
        if not stat.S_ISREG(info.st_mode) or info.st_size > _LARGEST:
            return b""
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
