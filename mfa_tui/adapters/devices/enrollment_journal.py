"""The journal of enrolments and removals under way: what AWS is about to be asked, for the next run after a crash.

``enrolments.json`` in the data directory, 0600, without secrets: the seed lies where seeds lie. One that is damaged is
never overwritten: a copy of it stays beside the new one, and whoever goes by it is told
(:meth:`EnrollmentJournal.problem`).
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
    """How far an enrolment, or a removal, has come, as far as is known."""

    MAKING = "making"
    """AWS was asked for a device. Whether there is one is not known, and nobody has its seed."""
    MADE = "made"
    """The device is there, and whoever shall keep its seed has it; it may have been enabled already."""
    ENABLED = "enabled"
    """The device is the user's; no login has proved it yet."""
    PROVED = "proved"
    """A login has proved it; the device that it replaces is still there."""
    REMOVING = "removing"
    """AWS was asked to deactivate the device. It may be gone, and what belongs to it may not."""


class JournalEntry(NamedTuple):
    """One enrolment or removal.

    ``keep``: where the seed of a new device is to be kept; ``replaces``: the serial that goes for it, or empty.
    """

    serial: str
    account: str
    user: str
    keep: str
    phase: str
    replaces: str = ""


class EnrollmentJournal:
    """The notes of one home."""

    def __init__(self, paths: Paths) -> None:
        self._path = os.path.join(paths.data, "enrolments.json")
        self._record = JsonRecord(
            self._path,
            "the journal of unfinished enrollments and removals",
            "Updating the journal of enrollments",
            durable=True,
        )

    def entries_of(self, account: str, user: str) -> tuple[JournalEntry, ...]:
        """The notes about a user, the oldest first."""
        return tuple(note for note in self._read() if (note.account, note.user) == (account, user))

    def entries(self) -> tuple[JournalEntry, ...]:
        """The notes about all users, the oldest first."""
        return tuple(self._read())

    def put(self, note: JournalEntry) -> None:
        """Keep *note*, in the place of an older one about the same device. Raises WriteProblem."""
        self._change(lambda notes: [*(other for other in notes if other.serial != note.serial), note])

    def drop(self, serial: str) -> None:
        """Forget the note about a device. Raises WriteProblem."""
        if any(note.serial == serial for note in self._read()):
            self._change(lambda notes: [note for note in notes if note.serial != serial])

    def problem(self) -> FileProblem | None:
        """What is wrong with the file, of which nothing can be read then; None if nothing is."""
        then = "See which devices there are, with mfa-tui device list PROFILE; then move the file away."
        try:
            self._load()
        except OSError as error:
            why, then = f"{reason(error)}.", remedy(error)
        except DamagedRecord:
            why = "It holds something else than what mfa-tui writes there."
        else:
            return None
        return FileProblem(
            "enrolments-damaged",
            f"{self._path}, the journal of unfinished enrollments and removals, cannot be read.",
            f"{why} What was not finished is no longer known; the next one to begin keeps a copy of the file.",
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
        """Give the damaged file another name, which no other has."""
        names = (f"{self._path}.damaged{f'-{number}' if number > 1 else ''}" for number in itertools.count(1))
        os.rename(self._path, next(name for name in names if not os.path.lexists(name)))


def _entries(document: Any) -> list[JournalEntry]:
    """The entries in the file. Raises what a value of another form raises."""
    entries = [JournalEntry(**values) for values in document["enrolments"]]
    if not all(isinstance(value, str) for entry in entries for value in entry):
        raise TypeError
    return entries
