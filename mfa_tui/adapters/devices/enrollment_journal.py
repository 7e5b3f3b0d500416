"""The journal of unfinished enrollments and removals: what AWS is about to be asked, for the next run after a crash.

``enrolments.json`` in the data directory, 0600, without secrets: seeds are in the store of secrets. A damaged journal
is never overwritten but renamed, and :meth:`EnrollmentJournal.problem` reports it.
"""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.filesystem.os_errors import reason, remedy
from mfa_tui.adapters.filesystem.records import DamagedRecord, JsonRecord
from mfa_tui.errors import FileProblem

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from mfa_tui.adapters.filesystem.paths import Paths


class Phase:
    """How far an enrollment or a removal has come, as far as is known."""

    CREATING = "making"
    """AWS was asked to create a device. It may exist, but nobody has its secret."""
    CREATED = "made"
    """The device exists and its secret is stored or shown; it may have been enabled already."""
    ENABLED = "enabled"
    """The device is enabled for the user; no login has verified it yet."""
    VERIFIED = "proved"
    """A login has verified it; the device that it replaces still exists."""
    REMOVING = "removing"
    """AWS was asked to deactivate the device. It may be gone; what we store for it may not be."""


class JournalEntry(NamedTuple):
    """One enrollment or removal. The names of the fields are those in the file."""

    serial: str
    """The serial of the device."""
    account: str
    """The id of the account."""
    user: str
    """The name of the IAM user."""
    keep: str
    """Where the secret of a new device is to be kept."""
    phase: str
    """How far it has come: a value of :class:`Phase`."""
    replaces: str = ""
    """The serial of the device that a new one replaces; empty if none."""


class EnrollmentJournal:
    """The journal of one user of this machine."""

    def __init__(self, paths: Paths) -> None:
        self._path = os.path.join(paths.data, "enrolments.json")
        self._record = JsonRecord(
            self._path,
            "the journal of unfinished enrollments and removals",
            "Updating the journal of enrollments",
            durable=True,
        )

    def entries_of(self, account: str, user: str) -> tuple[JournalEntry, ...]:
        """The entries for an IAM user, the oldest first."""
        return tuple(entry for entry in self._read() if (entry.account, entry.user) == (account, user))

    def entries(self) -> tuple[JournalEntry, ...]:
        """The entries for all users, the oldest first."""
        return tuple(self._read())

    def put(self, entry: JournalEntry) -> None:
        """Add *entry*, replacing an older one for the same device. Raises WriteProblem."""
        self._change(lambda entries: [*(other for other in entries if other.serial != entry.serial), entry])

    def drop(self, serial: str) -> None:
        """Remove the entry for a device. Raises WriteProblem."""
        if any(entry.serial == serial for entry in self._read()):
            self._change(lambda entries: [entry for entry in entries if entry.serial != serial])

    def problem(self) -> FileProblem | None:
        """What is wrong with the file, which cannot be read then; None if nothing is."""
        then = "See which devices there are, with mfa-tui device list PROFILE; then move the file away."
        try:
            self._load()
        except OSError as error:
            why, then = f"{reason(error)}.", remedy(error)
        except DamagedRecord:
            why = "It contains something that mfa-tui does not write."
        else:
            return None
        return FileProblem(
            "enrolments-damaged",
            f"{self._path}, the journal of unfinished enrollments and removals, cannot be read.",
            f"{why} What was unfinished is no longer known. The next enrollment or removal keeps a copy of the file.",
            then,
        )

    def _read(self) -> list[JournalEntry]:
        try:
            return self._load()
        except (OSError, DamagedRecord):
            return []

    def _load(self) -> list[JournalEntry]:
        return self._record.load(_entries) or []

    def _change(self, change: Callable[[list[JournalEntry]], list[JournalEntry]]) -> None:
        def changed() -> object:
            if self.problem() is not None:
                self._set_aside()
            return {"version": 1, "enrolments": [entry._asdict() for entry in change(self._read())]}

        self._record.change(changed)

    def _set_aside(self) -> None:
        """Rename the damaged file to an unused name."""
        names = (f"{self._path}.damaged{f'-{number}' if number > 1 else ''}" for number in itertools.count(1))
        os.rename(self._path, next(name for name in names if not os.path.lexists(name)))


def _entries(document: Any) -> list[JournalEntry]:
    """The entries in the file. Raises what a value of another form raises."""
    entries = [JournalEntry(**values) for values in document["enrolments"]]
    if not all(isinstance(value, str) for entry in entries for value in entry):
        raise TypeError
    return entries
