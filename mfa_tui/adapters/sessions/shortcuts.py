"""Shortcuts to sessions: which cached session belongs to a profile, so that commands that `aws` waits for are fast.

One small file for each profile that was used. It holds no secret, only the name of a session in the cache, and is valid
as long as the AWS files and the settings have not changed since. Reading and evaluating the AWS files takes several
times as long as starting Python; this only looks up the metadata of three files.
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
"""The most bytes of a profile's name; a file name holds two hexadecimal digits for each."""
_FACTS = 7


class SessionShortcut:
    """A profile's cached session, with what commands need to know of the profile."""

    __slots__ = ("expires_at", "margin", "process", "profile", "renew_below", "scope", "variables")

    def __init__(
        self,
        *,
        expires_at: int,
        process: str,
        renew_below: int,
        margin: int,
        profile: str,
        scope: str,
        variables: dict[str, str],
    ) -> None:
        self.expires_at = expires_at
        """When the session expires, in seconds since the epoch."""
        self.process = process
        """The JSON that a credential process prints for it."""
        self.renew_below = renew_below
        """With fewer seconds left, a credential process renews it."""
        self.margin = margin
        """With fewer seconds left, other commands renew it."""
        self.profile = profile
        """The name of its profile."""
        self.scope = scope
        """The name of the scope that the session is limited to; empty for none."""
        self.variables = variables
        """The environment variables that carry the profile's settings, such as the region."""

    def is_live(self, now: float) -> bool:
        """Whether a login would keep the session at *now*; as ``core.sessions.expiry.is_live``, without its import."""
        return self.expires_at - now > self.margin

    def is_due(self, now: float) -> bool:
        """Whether a credential process should renew it at *now*; as ``core.sessions.expiry.is_due``."""
        return self.expires_at - now < self.renew_below

    def field(self, name: str) -> str:
        """A field of the JSON. Raises ValueError if it is missing, or needs unescaping.

        AWS's values need none. The json module loads regular expressions, which take half as long as starting Python.
        """
        _, found, rest = self.process.partition(f'"{name}": "')
        value, end, _ = rest.partition('"')
        if not found or not end or "\\" in value:
            raise ValueError(name)
        return value


def load_shortcut(paths: Paths, name: str, scope: str = "") -> SessionShortcut | None:
    """Load the shortcut of the profile *name*, limited to *scope*; None if there is no valid one.

    Its session may have expired.
    """
    text = private_files.read(_path(paths, name, scope)) if _has_room(name + scope) else None
    lines = (text or "").splitlines()
    if len(lines) < _FACTS or lines[0] != fingerprint(paths, *filter(None, lines[6:7])):
        return None
    if scope not in ("", lines[5]):
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
            scope=lines[5],
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
    option: str = "",
    scope: str = "",
    policy_file: str = "",
) -> None:
    """Save the shortcut of the profile *name* to the session named *session*.

    *files* is the :func:`fingerprint` of the files that it was found by, and of *policy_file* if there is one, from
    which the policy of *scope* is. *option* is the scope that was given beside *name*. For the others see
    SessionShortcut. A failure to write is ignored: the next command finds the session itself.
    """
    settings = [f"{key}={value}" for key, value in variables.items()]
    facts = [files, session, str(renew_below), str(margin), profile, scope, policy_file, *settings]
    text = "\n".join(facts) + "\n"
    path = _path(paths, name, option)
    if len(text.splitlines()) != len(facts) or not _has_room(name + option) or private_files.read(path) == text:
        return
    try:
        private_files.write(path, text)
    except (OSError, UnicodeEncodeError):
        # A path may hold bytes that are not text.
        return


def _has_room(name: str) -> bool:
    return len(name.encode(errors="surrogateescape")) <= _LONGEST


def _path(paths: Paths, name: str, scope: str) -> str:
    parts = (part.encode(errors="surrogateescape").hex() for part in (name, scope))
    return os.path.join(paths.cache, "ready", "-".join(parts).removesuffix("-") or "-")
