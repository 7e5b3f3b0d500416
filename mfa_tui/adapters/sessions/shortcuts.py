"""Ready answers: which cached session a profile means, so that what `aws` waits for need not work it out.

One small file for each profile that was asked for. It holds no secret, only the name of a session in the cache, and
counts as long as the AWS files and the settings are the ones that it was worked out from. Reading both files and what
they mean costs several times what starting Python does; this costs three looks at files.
"""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem import private_files
from mfa_tui.adapters.filesystem.fingerprint import fingerprint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.adapters.filesystem.paths import Paths

_LONGEST = 100
"""Bytes of a profile's name that a file name has room for, as two hexadecimal digits each."""
_FACTS = 5


class SessionShortcut:
    """A session as it lies in the cache: ``expires_at`` in seconds since the epoch, and a credential process's JSON.

    ``renew_below`` and ``margin``: with fewer seconds left, a credential process or a login would renew it.
    ``profile`` is the one that it is of; ``variables`` are those of the environment that stand for its settings.
    """

    __slots__ = ("expires_at", "margin", "process", "profile", "renew_below", "variables")

    def __init__(
        self, *, expires_at: int, process: str, renew_below: int, margin: int, profile: str, variables: dict[str, str]
    ) -> None:
        self.expires_at = expires_at
        self.process = process
        self.renew_below = renew_below
        self.margin = margin
        self.profile = profile
        self.variables = variables

    def field(self, name: str) -> str:
        """A field of the JSON. Raises ValueError if it is not there, or not plain.

        Looked up by hand, as AWS's values have nothing to unescape: the json module brings patterns along, which cost
        half of what starting Python does.
        """
        _, found, rest = self.process.partition(f'"{name}": "')
        value, end, _ = rest.partition('"')
        if not found or not end or "\\" in value:
            raise ValueError(name)
        return value


def load_shortcut(paths: Paths, name: str) -> SessionShortcut | None:
    """The session that *name* is known to mean; None if it must be worked out. Whether it is live is not looked at."""
    text = private_files.read(_path(paths, name)) if _has_room(name) else None
    lines = (text or "").splitlines()
    if len(lines) < _FACTS or lines[0] != fingerprint(paths):
        return None
    try:
        expires_at, process, _ = (
            private_files.read(os.path.join(paths.cache, "sessions", lines[1])) or ""
        ).splitlines()
        if not process.startswith("{"):
            return None
        return SessionShortcut(
            expires_at=int(expires_at),
            process=process,
            renew_below=int(lines[2]),
            margin=int(lines[3]),
            profile=lines[4],
            variables=dict([line.split("=", 1) for line in lines[_FACTS:]]),
        )
    except ValueError:
        return None


def save_shortcut(
    paths: Paths,
    name: str,
    *,
    files: str,
    session: str,
    renew_below: int,
    margin: int,
    profile: str,
    variables: Mapping[str, str],
) -> None:
    """Note what *name* means. *files* is the :func:`fingerprint` of what it was worked out from; *session* its name.

    What cannot be noted is worked out again the next time.
    """
    settings = [f"{key}={value}" for key, value in variables.items()]
    facts = [files, session, str(renew_below), str(margin), profile, *settings]
    text = "\n".join(facts) + "\n"
    path = _path(paths, name)
    if len(text.splitlines()) != len(facts) or not _has_room(name) or private_files.read(path) == text:
        return
    try:
        private_files.write(path, text)
    except (OSError, UnicodeEncodeError):
        # A path of the files may have bytes in it that are no text.
        return


def _has_room(name: str) -> bool:
    return len(name.encode(errors="surrogateescape")) <= _LONGEST


def _path(paths: Paths, name: str) -> str:
    return os.path.join(paths.cache, "ready", name.encode(errors="surrogateescape").hex() or "-")
