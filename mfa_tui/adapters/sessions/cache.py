"""The cache of sessions: one private file for each access key, MFA serial, chain of roles and scope.

A file has three lines: when the session expires (seconds since the epoch), the JSON that a credential process prints,
and what else we know, as JSON. If the settings say so, the second line is the word ``keyring``, and the JSON is in the
keyring: service ``mfa-tui session``, user name the file's name.
"""

from __future__ import annotations

import contextlib
import os
from _thread import allocate_lock

from mfa_tui.adapters.filesystem import private_files
from mfa_tui.adapters.filesystem.os_errors import as_write_problem
from mfa_tui.adapters.filesystem.temporary_files import is_temporary
from mfa_tui.core.sessions.credential_process import process_output
from mfa_tui.core.sessions.expiry import is_valid
from mfa_tui.errors import WriteProblem
from mfa_tui.models import Secret, Session, session_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.adapters.secretstores.keyring import KeyringStore
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.adapters.system.clock import Clock

SERVICE = "mfa-tui session"
_IN_KEYRING = "keyring"
_LINES = 3
_TICK = 0.1
"""Seconds; a file system's clock is finer than this."""
_TOO_OFTEN = 60.0
"""Seconds before expired sessions are looked for again."""


class SessionCache:
    """Sessions on disk, 0600 in a 0700 directory. Expired and unreadable ones are deleted when they are read."""

    def __init__(self, paths: Paths, clock: Clock, keyring: KeyringStore, *, in_keyring: bool = False) -> None:
        """With *in_keyring* the secrets of new sessions go to *keyring*, and only the rest to the disk."""
        self._directory = os.path.join(paths.cache, "sessions")
        self._clock = clock
        self._keyring = keyring
        self._in_keyring = in_keyring
        self._index: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
        self._seen: tuple[int, int] | None = None
        self._ours: tuple[int, int] | None = None
        self._expired_deleted_at = -_TOO_OFTEN
        # Several threads may get sessions: each adds to what the others know, so that none has to read them all again.
        self._indexing = allocate_lock()

    def find(
        self, source_key_id: str, serial: str | None = None, roles: tuple[str, ...] = (), scope: str = ""
    ) -> Session | None:
        """The valid session made with that access key that expires last; None if there is none.

        *serial* is that of the MFA device it was made with, empty for none, None if that is not known. *roles* are the
        identities of the roles that were assumed with it. *scope* is what it is limited to, empty for none. Its secrets
        may still be in the keyring: :meth:`load_secrets` gets them.
        """
        if serial is not None:
            return self._read(self._path(session_name(source_key_id, serial, roles, scope)))
        with self._indexing:
            names = self._names(source_key_id, roles, scope)
        found = [session for name in names if (session := self._read(self._path(name)))]
        return max(found, key=lambda session: session.expires_at, default=None)

    def _names(self, source_key_id: str, roles: tuple[str, ...], scope: str) -> list[str]:
        """The names of these sessions; all are read again only if the directory has changed."""
        stamp = self._stamp()
        if stamp is None or stamp != self._seen:
            self._index.clear()
            for session in self.valid_sessions():
                self._index.setdefault(_made_from(session), []).append(session.name)
            # What another process has just changed may change again within a tick of the file system's clock.
            settled = stamp is not None and (stamp == self._ours or self._clock.now() - stamp[0] / 1e9 > _TICK)
            self._seen = stamp if settled and stamp == self._stamp() else None
        return list(self._index.get((source_key_id, roles, scope), []))

    def _stamp(self) -> tuple[int, int] | None:
        try:
            info = os.stat(self._directory)
        except OSError:
            return None
        return info.st_mtime_ns, info.st_ino

    def load_secrets(self, session: Session, cancel: CancelScope) -> Session | None:
        """Return *session* with its secrets; None if the keyring has lost them. Raises KeyringProblem, Cancelled."""
        if session.session_token:
            return session
        path = self._path(session.name)
        process = self._keyring.get(SERVICE, os.path.basename(path), cancel)
        text = private_files.read(path)
        lines = (text or "").splitlines()
        if process is None or len(lines) != _LINES:
            return None
        return _parsed(f"{lines[0]}\n{process.reveal()}\n{lines[2]}")

    def valid_sessions(self) -> list[Session]:
        """Every session that has not expired."""
        return [session for path in self._files() if (session := self._read(path))]

    def find_possibly_live(self, source_key_id: str) -> Session | None:
        """As :meth:`find`, among the sessions that have expired only if the clock is right."""
        found = [session for path in self._files() if (session := _parsed(private_files.read(path) or ""))]
        now, earliest = self._clock.aws_now(), self._clock.earliest_aws_time()
        found = [s for s in found if is_valid(s.expires_at, earliest) and not is_valid(s.expires_at, now)]
        found = [s for s in found if s.source_key_id == source_key_id and not s.scope]
        return max(found, key=lambda session: session.expires_at, default=None)

    def _files(self) -> list[str]:
        try:
            names = os.listdir(self._directory)
        except OSError:
            return []
        return [os.path.join(self._directory, name) for name in names if not is_temporary(name)]

    def store(self, session: Session, cancel: CancelScope) -> None:
        """Store *session*, replacing an older one of the same key, serial and roles. Raises OSError, KeyringProblem."""
        process = process_output(session)
        about = {
            "access_key_id": session.access_key_id,
            "duration": session.duration,
            "source_key_id": session.source_key_id,
            "serial": session.serial,
            "roles": session.roles,
            "scope": session.scope,
        }
        path = self._path(session.name)
        if self._in_keyring:
            self._delete_expired(cancel)
            self._keyring.put(SERVICE, os.path.basename(path), Secret(process), cancel)
            process = _IN_KEYRING
        import json

        text = f"{session.expires_at}\n{process}\n{json.dumps(about)}\n"
        with self._indexing:
            known = self._seen is not None and self._seen == self._stamp()
            private_files.write(path, text)
            self._ours = self._stamp()
            if known:
                names = self._index.setdefault(_made_from(session), [])
                if session.name not in names:
                    names.append(session.name)
                self._seen = self._ours

    def _delete_expired(self, cancel: CancelScope) -> None:
        """Now and then, delete expired sessions whose secrets are in the keyring. Raises KeyringProblem, Cancelled."""
        now = self._clock.monotonic()
        if now - self._expired_deleted_at < _TOO_OFTEN:
            return
        self._expired_deleted_at = now
        for path in self._files():
            session = _parsed(private_files.read(path) or "")
            if session is None or session.session_token:
                continue
            if not is_valid(session.expires_at, self._clock.earliest_aws_time()):
                with contextlib.suppress(WriteProblem):
                    self.forget(session, cancel)

    def forget(self, session: Session, cancel: CancelScope) -> None:
        """Delete *session*, wherever its secrets are. Raises WriteProblem, KeyringProblem, Cancelled."""
        path = self._path(session.name)
        if not session.session_token:
            name = os.path.basename(path)
            if self._keyring.get(SERVICE, name, cancel) is not None:
                self._keyring.delete(SERVICE, name, cancel)
        with as_write_problem(f"The cached session {path} was not removed."):
            private_files.remove(path)

    def _path(self, name: str) -> str:
        return os.path.join(self._directory, name)

    def _read(self, path: str) -> Session | None:
        text = private_files.read(path)
        if text is None:
            return None
        session = _parsed(text)
        if session is not None and session.name != os.path.basename(path):
            # Someone has put it there under another session's name.
            session = None
        if session is not None and is_valid(session.expires_at, self._clock.aws_now()):
            return session
        if session is not None and not session.session_token:
            # The next store deletes it with its secrets: reading must not ask the keyring.
            return None
        if session is not None and is_valid(session.expires_at, self._clock.earliest_aws_time()):
            # It has expired only if the clock is right.
            return None
        with contextlib.suppress(OSError):
            # Unless another process has just stored a new one.
            if private_files.read(path) == text:
                private_files.remove(path)
        return None


def _made_from(session: Session) -> tuple[str, tuple[str, ...], str]:
    return session.source_key_id, session.roles, session.scope


def _parsed(text: str) -> Session | None:
    import json

    try:
        expires_at, process, about = text.splitlines()
        facts = json.loads(about)
        if process == _IN_KEYRING:
            keys = {"AccessKeyId": facts["access_key_id"], "SecretAccessKey": "", "SessionToken": ""}
        else:
            keys = json.loads(process)
        return Session(
            access_key_id=_text(keys["AccessKeyId"]),
            secret_access_key=Secret(_text(keys["SecretAccessKey"])),
            session_token=Secret(_text(keys["SessionToken"])),
            expires_at=int(expires_at),
            duration=int(facts["duration"]),
            source_key_id=_text(facts["source_key_id"]),
            serial=_text(facts["serial"]),
            roles=tuple(_text(role) for role in facts.get("roles", ())),
            scope=_text(facts.get("scope", "")),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
