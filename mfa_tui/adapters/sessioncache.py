"""The sessions that we hold: one private file for each access key, serial and role.

A file has three lines: when the session ends (seconds since the epoch), the JSON that a credential process prints,
ready-made, and what we know beside it, as JSON.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os

from mfa_tui.adapters import private
from mfa_tui.adapters.oserrors import as_write_problem
from mfa_tui.core.expiry import format_utc
from mfa_tui.models import Secret, Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.adapters.clock import Clock
    from mfa_tui.adapters.paths import Paths


class SessionCache:
    """Sessions on disk, 0600 in a 0700 directory. Expired and unreadable ones are deleted when seen."""

    def __init__(self, paths: Paths, clock: Clock) -> None:
        self._directory = os.path.join(paths.cache, "sessions")
        self._clock = clock

    def find(self, source_key_id: str, serial: str = "") -> Session | None:
        """The session made with that access key (and that MFA serial, if given) that ends last; None if none lives."""
        if serial:
            return self._read(self._path(source_key_id, serial))
        found = [session for session in self.all() if session.source_key_id == source_key_id]
        return max(found, key=lambda session: session.expires_at, default=None)

    def all(self) -> list[Session]:
        """Every session that has not ended."""
        try:
            names = os.listdir(self._directory)
        except OSError:
            return []
        paths = [os.path.join(self._directory, name) for name in names if not private.is_temporary(name)]
        return [session for path in paths if (session := self._read(path))]

    def store(self, session: Session) -> None:
        """Keep *session*, in place of an older one of the same access key and serial. Raises OSError."""
        process = {
            "Version": 1,
            "AccessKeyId": session.access_key_id,
            "SecretAccessKey": session.secret_access_key.reveal(),
            "SessionToken": session.session_token.reveal(),
            "Expiration": format_utc(session.expires_at),
        }
        about = {
            "duration": session.duration,
            "source_key_id": session.source_key_id,
            "serial": session.serial,
        }
        private.write(
            self._path(session.source_key_id, session.serial),
            f"{session.expires_at}\n{json.dumps(process)}\n{json.dumps(about)}\n",
        )

    def forget(self, source_key_id: str) -> int:
        """Delete every session made with that access key; returns how many. Raises WriteProblem."""
        count = 0
        for session in self.all():
            if session.source_key_id == source_key_id:
                path = self._path(session.source_key_id, session.serial)
                with as_write_problem(f"The cached session {path} was not removed."):
                    private.remove(path)
                count += 1
        return count

    def _path(self, source_key_id: str, serial: str) -> str:
        name = hashlib.sha256(f"{source_key_id}\n{serial}".encode()).hexdigest()[:32]
        return os.path.join(self._directory, name)

    def _read(self, path: str) -> Session | None:
        text = private.read(path)
        session = _parsed(text) if text is not None else None
        if session is None or session.expires_at <= self._clock.aws_now():
            with contextlib.suppress(OSError):
                private.remove(path)
            return None
        return session


def _parsed(text: str) -> Session | None:
    try:
        expires_at, process, about = text.splitlines()
        keys, facts = json.loads(process), json.loads(about)
        return Session(
            access_key_id=_text(keys["AccessKeyId"]),
            secret_access_key=Secret(_text(keys["SecretAccessKey"])),
            session_token=Secret(_text(keys["SessionToken"])),
            expires_at=int(expires_at),
            duration=int(facts["duration"]),
            source_key_id=_text(facts["source_key_id"]),
            serial=_text(facts["serial"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
