"""Notes of enrolments that are under way: what was asked of AWS, so that whoever comes after a crash can go on.

``enrolments.json`` in the data directory, 0600, without secrets: the seed lies where seeds lie.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters import private
from mfa_tui.adapters.locks import locked
from mfa_tui.adapters.oserrors import as_write_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.paths import Paths


class Phase:
    """How far an enrolment has come, as far as is known."""

    MAKING = "making"
    """AWS was asked for a device. Whether there is one is not known, and nobody has its seed."""
    MADE = "made"
    """The device is there, and whoever shall keep its seed has it; it may have been enabled already."""
    ENABLED = "enabled"
    """The device is the user's; no login has proved it yet."""
    PROVED = "proved"
    """A login has proved it; the device that it replaces is still there."""


class Note(NamedTuple):
    """One enrolment. ``keep``: where its seed is to be kept; ``replaces``: the serial that goes for it, or empty."""

    serial: str
    account: str
    user: str
    keep: str
    phase: str
    replaces: str = ""


class Enrolments:
    """The notes of one home."""

    def __init__(self, paths: Paths) -> None:
        self._path = os.path.join(paths.data, "enrolments.json")

    def of(self, account: str, user: str) -> tuple[Note, ...]:
        """The notes about a user, the oldest first."""
        return tuple(note for note in self._read() if (note.account, note.user) == (account, user))

    def all(self) -> tuple[Note, ...]:
        """The notes about all users, the oldest first."""
        return tuple(self._read())

    def put(self, note: Note) -> None:
        """Keep *note*, in the place of an older one about the same device. Raises WriteProblem."""
        self._change(lambda notes: [*(other for other in notes if other.serial != note.serial), note])

    def drop(self, serial: str) -> None:
        """Forget the note about a device. Raises WriteProblem."""
        if any(note.serial == serial for note in self._read()):
            self._change(lambda notes: [note for note in notes if note.serial != serial])

    def _read(self) -> list[Note]:
        try:
            return [Note(**values) for values in json.loads(private.read(self._path) or "{}").get("enrolments", [])]
        except (ValueError, TypeError, AttributeError):
            return []

    def _change(self, change: Callable[[list[Note]], list[Note]]) -> None:
        with as_write_problem(f"{self._path}, the record of unfinished enrolments, was not written."):
            private.make_own_directory(os.path.dirname(self._path))
            with locked(self._path + ".lock", "Noting the enrolment"):
                notes = [note._asdict() for note in change(self._read())]
                private.write(self._path, json.dumps({"version": 1, "enrolments": notes}, indent=1) + "\n")
