"""The journal of key rotations: what AWS is about to be asked, for the next run after a crash; and what was retired.

``key-rotations.json`` in the data directory, 0600, without secrets: the new key is in its store, or in a section of its
own of the credentials file. A damaged journal is never overwritten.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.filesystem import private_files
from mfa_tui.adapters.filesystem.locking.lock_queue import holder
from mfa_tui.adapters.filesystem.locks import hold_lock
from mfa_tui.adapters.filesystem.os_errors import as_write_problem, reason, remedy
from mfa_tui.adapters.filesystem.records import DamagedRecord, JsonRecord
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.errors import FileProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from mfa_tui.adapters.filesystem.paths import Paths

_PATIENCE = 2.0
"""Seconds to wait for another rotation of the same key. One that is only being planned is ready by then."""


class Phase:
    """How far a rotation has come, as far as is known."""

    CREATING = "creating"
    """AWS was asked to create a key. It may exist, and if it is not stored, nobody has its secret."""
    STORED = "stored"
    """The new key exists and is stored. The profiles still use the old one."""
    PROVEN = "proven"
    """AWS accepts the new key. Profiles may use either."""
    RETIRING = "retiring"
    """All profiles use the new key. AWS was asked to deactivate the old one."""
    RETIRED = "retired"
    """The old key is inactive; it can be deleted."""


class Rotation(NamedTuple):
    """One rotation. The names of the fields are those in the file."""

    account: str
    """The id of the account."""
    user: str
    """The name of the IAM user."""
    phase: str
    """How far it has come: a value of :class:`Phase`."""
    old_key_id: str
    """The key that is replaced."""
    new_key_id: str
    """The key that replaces it; empty as long as it is not known."""
    place: str
    """Where the new key is stored until the profiles use it: ``keyring``, ``vault``, or ``credentials``."""
    before: tuple[str, ...]
    """The keys that the user had before."""
    since: int
    """When this phase began, in seconds since the epoch, by AWS's clock."""

    @property
    def unfinished(self) -> bool:
        """Whether there is something left to do."""
        return self.phase != Phase.RETIRED


class RotationJournal:
    """The journal of one user of this machine. An IAM user has one entry at most."""

    def __init__(self, paths: Paths) -> None:
        self.path = os.path.join(paths.data, "key-rotations.json")
        """The path of the journal."""
        self._record = JsonRecord(
            self.path, "the journal of key rotations", "Updating the journal of key rotations", durable=True
        )

    @contextlib.contextmanager
    def hold(self, account: str, user: str, *, cancelled: Callable[[], bool]) -> Iterator[None]:
        """Hold the lock on rotations of an IAM user. Raises WriteProblem (``lock-timeout``, ``lock-failed``)."""
        path = self._lock_path(account, user)
        with as_write_problem("Rotating the key is not possible."):
            private_files.make_own_directory(os.path.dirname(path), durable=True)
        with hold_lock(path, "Rotating the key", seconds=_PATIENCE, cancelled=cancelled):
            yield

    def holder(self, account: str, user: str) -> str:
        """The process that holds the lock on rotations of an IAM user, as ``PID on HOST``."""
        return holder(self._lock_path(account, user))

    def entries(self) -> tuple[Rotation, ...]:
        """The entries of all users. Raises FileProblem (``rotations-damaged``)."""
        try:
            return self._record.load(_entries) or ()
        except OSError as error:
            why, then = f"{reason(error)}.", remedy(error)
        except DamagedRecord:
            why = "It contains something that mfa-tui does not write. An interrupted rotation may be in it."
            then = "See which keys there are, with mfa-tui keys list PROFILE; then move the file away."
        raise problem("rotations-damaged", path=self.path, why=why, then=then).as_error(FileProblem)

    def entry_of(self, account: str, user: str) -> Rotation | None:
        """The entry of an IAM user. Raises FileProblem (``rotations-damaged``)."""
        return next((entry for entry in self.entries() if (entry.account, entry.user) == (account, user)), None)

    def put(self, entry: Rotation) -> None:
        """Set the entry of a user; on the disk when this returns. Raises WriteProblem, FileProblem."""
        self._change(lambda entries: [*_of_others(entries, entry.account, entry.user), entry])

    def drop(self, account: str, user: str) -> None:
        """Remove the entry of a user. Raises WriteProblem, FileProblem."""
        self._change(lambda entries: _of_others(entries, account, user))

    def _lock_path(self, account: str, user: str) -> str:
        return os.path.join(os.path.dirname(self.path), f"key-rotation-{account}-{user}.lock")

    def _change(self, change: Callable[[tuple[Rotation, ...]], list[Rotation]]) -> None:
        self._record.change(lambda: {"version": 1, "rotations": [entry._asdict() for entry in change(self.entries())]})


def _of_others(entries: tuple[Rotation, ...], account: str, user: str) -> list[Rotation]:
    return [entry for entry in entries if (entry.account, entry.user) != (account, user)]


def _entries(document: Any) -> tuple[Rotation, ...]:
    """The entries in the file. Raises what a value of another form raises."""
    return tuple(
        Rotation(
            account=str(values["account"]),
            user=str(values["user"]),
            phase=str(values["phase"]),
            old_key_id=str(values["old_key_id"]),
            new_key_id=str(values["new_key_id"]),
            place=str(values["place"]),
            before=tuple(map(str, values["before"])),
            since=int(values["since"]),
        )
        for values in document["rotations"]
    )
