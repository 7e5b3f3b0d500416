"""The history's database: a small sqlite file in a directory of our own, which several processes write at once.

It must never get in the way: to add an entry raises nothing and waits a fifth of a second at most. An entry that
cannot be added at once, as the database is locked, is put beside it in a file of its own, which the next process adds.
A damaged database is set aside, and a new one begun. Writes are not synced to the disk: a power cut may damage the
database, which is no loss of anybody's credentials, while syncing takes longer than all the rest.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from typing import TYPE_CHECKING

from mfa_tui.adapters.filesystem import private_files
from mfa_tui.adapters.filesystem.os_errors import reason
from mfa_tui.adapters.filesystem.ownership import NO_LINK, UntrustedPath, check_owner, check_path, read_trusted
from mfa_tui.core.history.entry import Entry, as_document, parse_entry
from mfa_tui.errors import WriteProblem

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from mfa_tui.adapters.filesystem.paths import Paths

MOST = 20_000
"""Entries that are kept at most."""
_BUSY = 0.2
"""Seconds that an entry waits for another process."""
_READ_BUSY = 3.0
"""Seconds that a reader waits for another process."""
_DAY = 86_400
_VERSION = 1
_COLUMNS = (
    "uid TEXT PRIMARY KEY, at INTEGER NOT NULL, profile TEXT NOT NULL, action TEXT NOT NULL, result TEXT NOT NULL, "
    "request_id TEXT NOT NULL, document TEXT NOT NULL"
)
_SCHEMA = (
    f"CREATE TABLE IF NOT EXISTS entries ({_COLUMNS})",
    "CREATE INDEX IF NOT EXISTS by_time ON entries (at)",
    f"PRAGMA user_version = {_VERSION}",
)
_PRIMARY = 0xFF
"""The part of sqlite's error codes that names the kind; the rest names details."""
_WAITING = ".json"
_threads = threading.Lock()
"""sqlite's locks are those of a process: threads wait for each other here."""


class _Damaged(Exception):
    """The file is no database, or not ours."""


class HistoryLog:
    """The database. Entries are added and read; none is ever changed."""

    def __init__(self, paths: Paths) -> None:
        self.directory = os.path.join(paths.state, "history")
        """Where it is kept."""
        self.path = os.path.join(self.directory, "history.sqlite3")
        """The database."""
        self.damaged_path = self.path + ".damaged"
        """Where a damaged one is set aside."""

    def add(self, entry: Entry, days: int, now: float) -> None:
        """Add *entry*, and remove those older than *days*; 0 removes all, and adds nothing. Raises nothing.

        *now* is in seconds since the epoch.
        """
        # Whatever goes wrong here is no reason to fail: the entry is about something that was done.
        with contextlib.suppress(Exception), _threads:
            if days <= 0:
                self._remove_all()
                return
            entry = entry._replace(uid=entry.uid or f"{entry.at}-{os.getpid()}-{os.urandom(4).hex()}")
            if not self._try_to_add([entry], days, now):
                private_files.write(os.path.join(self.directory, entry.uid + _WAITING), _json(entry))

    def entries(
        self, days: int, now: float, *, profile: str | None = None, since: float = 0.0, limit: int | None = None
    ) -> list[Entry]:
        """The entries of the last *days*, the latest first. There are none in a damaged database, which is set aside.

        Those of *profile*, if it is not None; since the time *since*, in seconds since the epoch; at most *limit*.
        Raises WriteProblem (``history-unreadable``).
        """
        if days <= 0:
            return []
        with _threads:
            self._try_to_add([], days, now)
            oldest, inode = max(since, now - days * _DAY), self._inode()
            try:
                return self._read(oldest, profile, -1 if limit is None else limit)
            except OSError as error:
                raise self._unreadable(f"{reason(error)}.", getattr(error, "remedy", "")) from None
            except _Damaged:
                self._set_aside(inode)
                return []

    def was_damaged(self) -> bool:
        """Whether a damaged database was set aside, and is still there."""
        return os.path.exists(self.damaged_path)

    def problem(self) -> WriteProblem | None:
        """What keeps it from being used; None if nothing does, or there is none yet."""
        if not os.path.lexists(self.path):
            return None
        with _threads:
            try:
                with self._connection(_READ_BUSY, make=False) as database:
                    database.execute("BEGIN IMMEDIATE")
                    sound = database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
                    if _has_schema(database):
                        database.execute("SELECT uid, document FROM entries LIMIT 1").fetchone()
                    database.execute("ROLLBACK")
                return None if sound else self._unreadable("It is damaged.")
            except OSError as error:
                return self._unreadable(f"{reason(error)}.", getattr(error, "remedy", ""))
            except _Damaged:
                return self._unreadable("It is damaged.")

    def _unreadable(self, why: str, remedy: str = "") -> WriteProblem:
        from mfa_tui.core.problems.catalogue import problem

        remedy = remedy or "Fix that, or remove the file"
        return problem("history-unreadable", path=self.path, why=why, remedy=remedy).as_error(WriteProblem)

    def _try_to_add(self, new: list[Entry], days: int, now: float) -> bool:
        """Add *new*, and what waits beside the database; False if another process holds it.

        What cannot be written at all is dropped. A damaged database is set aside first.
        """
        if not new and not self._waiting():
            return True
        for may_repair in (True, False):
            inode = self._inode()
            try:
                return self._add(new, days, now)
            except _Damaged:
                if not may_repair or not self._set_aside(inode):
                    return False
            except OSError as error:
                return not isinstance(error, BlockingIOError)
        return False

    def _add(self, new: list[Entry], days: int, now: float) -> bool:
        with self._connection(_BUSY, make=True) as database:
            database.execute("BEGIN IMMEDIATE")
            waiting = self._waiting()
            entries = [*new, *(found for name in waiting if (found := self._load_waiting(name)))]
            database.executemany(
                "INSERT OR IGNORE INTO entries (uid, at, profile, action, result, request_id, document) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    tuple(
                        _utf8(value)
                        for value in (
                            entry.uid, entry.at, entry.profile, entry.action, entry.result, entry.request_id,
                            _json(entry),
                        )
                    )
                    for entry in entries
                ],
            )  # fmt: skip
            database.execute("DELETE FROM entries WHERE at < ?", (int(now) - days * _DAY,))
            database.execute("DELETE FROM entries WHERE rowid <= (SELECT max(rowid) FROM entries) - ?", (MOST,))
            database.execute("COMMIT")
        for name in waiting:
            with contextlib.suppress(OSError):
                os.unlink(os.path.join(self.directory, name))
        return True

    def _read(self, oldest: float, profile: str | None, limit: int) -> list[Entry]:
        if not os.path.lexists(self.path):
            return []
        condition, values = "at >= ?", [int(oldest)] if profile is None else [int(oldest), _utf8(profile)]
        if profile is not None:
            condition += " AND profile = ?"
        with self._connection(_READ_BUSY, make=False) as database:
            if not _has_schema(database):
                return []
            rows = database.execute(
                f"SELECT uid, document FROM entries WHERE {condition} ORDER BY at DESC, rowid DESC LIMIT ?",  # noqa: S608
                (*values, limit),
            ).fetchall()
        return [entry for uid, document in rows if (entry := _parse(document, uid)) is not None]

    @contextlib.contextmanager
    def _connection(self, seconds: float, *, make: bool) -> Iterator[sqlite3.Connection]:
        """The database, open; it is created if *make*. Waits so many *seconds* for another process.

        Raises OSError, UntrustedPath, _Damaged. BlockingIOError: another process holds it.
        """
        self._check_file(make=make)
        try:
            import sqlite3
        except ImportError as error:
            raise OSError(f"Python here has no sqlite ({error})") from None
        from urllib.parse import quote

        try:
            database = sqlite3.connect(
                f"file:{quote(self.path)}?mode=rw", uri=True, timeout=seconds, isolation_level=None
            )
            with contextlib.closing(database):
                database.execute("PRAGMA synchronous = OFF")
                if make and not _has_schema(database):
                    database.execute("BEGIN IMMEDIATE")
                    for statement in _SCHEMA:
                        database.execute(statement)
                    database.execute("COMMIT")
                yield database
        except sqlite3.Error as error:
            raise _as_os_error(error) from None

    def _check_file(self, *, make: bool) -> None:
        """Make sure that the file is ours alone, and create it if *make*. Raises OSError, UntrustedPath.

        It is looked at without being opened: to close it would end sqlite's locks on it in this process.
        """
        if make:
            private_files.make_own_directory(self.directory)
            with contextlib.suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR | NO_LINK, 0o600))
        info = os.lstat(self.path)
        if not stat.S_ISREG(info.st_mode):
            raise UntrustedPath(self.path, "is not a regular file", "Remove it.")
        if os.name != "posix":
            return
        if info.st_uid == os.geteuid() and info.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            with contextlib.suppress(OSError):
                os.chmod(self.path, 0o600, follow_symlinks=False)
                info = os.lstat(self.path)
        check_owner(self.path, info)
        check_path(self.directory)

    def _set_aside(self, damaged: int) -> bool:
        """Rename the database with the inode *damaged*, unless another process has done so; False if that failed."""
        from mfa_tui.adapters.filesystem.locks import hold_lock

        try:
            with hold_lock(self.path + ".lock", "Setting aside a damaged history", seconds=_BUSY):
                if self._inode() == damaged:
                    os.replace(self.path, self.damaged_path)
                    # A journal would be played back into the new database.
                    private_files.remove(self.path + "-journal")
        except (OSError, WriteProblem):
            return False
        return True

    def _inode(self) -> int:
        """What identifies the file; 0 if there is none."""
        try:
            return os.lstat(self.path).st_ino
        except OSError:
            return 0

    def _waiting(self) -> list[str]:
        """The files of entries that could not be added at once."""
        try:
            return sorted(name for name in os.listdir(self.directory) if name.endswith(_WAITING))
        except OSError:
            return []

    def _load_waiting(self, name: str) -> Entry | None:
        try:
            text = read_trusted(os.path.join(self.directory, name)).decode()
        except (OSError, ValueError):
            return None
        return _parse(text, name.removesuffix(_WAITING))

    def _remove_all(self) -> None:
        """Delete what is kept: the user wants no history."""
        if not os.path.isdir(self.directory):
            return
        check_path(self.directory)
        for name in (*self._waiting(), *map(os.path.basename, (self.path, self.damaged_path))):
            private_files.remove(os.path.join(self.directory, name))


def _has_schema(database: sqlite3.Connection) -> bool:
    """Whether our tables are in it; not if a process was killed before it made them."""
    return bool(database.execute("PRAGMA user_version").fetchone()[0] >= _VERSION)


def _json(entry: Entry) -> str:
    import json

    return json.dumps(as_document(entry), separators=(",", ":"))


def _parse(document: object, uid: str) -> Entry | None:
    """The entry of a JSON document; None if it is none."""
    import json

    try:
        return parse_entry(json.loads(str(document)), uid)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _utf8(value: str | int) -> str | int:
    """*value* without lone surrogates, which sqlite does not take: bytes of a file that are not UTF-8."""
    return value.encode(errors="backslashreplace").decode() if isinstance(value, str) else value


def _as_os_error(error: sqlite3.Error) -> Exception:
    """*error* of sqlite as what our callers know; see "Result and Error Codes" in sqlite's documentation."""
    code = getattr(error, "sqlite_errorcode", 1) & _PRIMARY
    if code in (5, 6):
        # SQLITE_BUSY, SQLITE_LOCKED
        return BlockingIOError(0, "Another process is using it")
    if code in (1, 11, 26):
        # SQLITE_ERROR (no such table or column), SQLITE_CORRUPT, SQLITE_NOTADB
        return _Damaged()
    words = {8: "It cannot be written", 13: "The disk is full", 14: "It cannot be opened"}
    return OSError(0, words.get(code, f"sqlite says: {error}"))
