"""When long-term keys were created, as AWS said, so that their age can be shown without asking it again.

``key-dates.json`` in the data directory, 0600, without secrets: ``{"version": 1, "created": {"AKIA…": 1764000000}}``.
"""

from __future__ import annotations

import contextlib
import os

from mfa_tui.adapters.filesystem.records import DamagedRecord, JsonRecord
from mfa_tui.errors import WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from mfa_tui.adapters.filesystem.paths import Paths


class KeyDates:
    """The dates that are known to one user of this machine."""

    def __init__(self, paths: Paths) -> None:
        path = os.path.join(paths.data, "key-dates.json")
        self._record = JsonRecord(path, "the dates of access keys", "Updating the dates of access keys")

    def read(self) -> dict[str, int]:
        """When each key was created, in seconds since the epoch, by access key ID. What cannot be read is unknown."""
        try:
            return self._record.load(_dates) or {}
        except (OSError, DamagedRecord):
            return {}

    def remember(self, created: Mapping[str, int]) -> None:
        """Add dates. Nothing is written that is known already, and a failure to write is no error."""
        if created.items() <= self.read().items():
            return
        with contextlib.suppress(WriteProblem):
            self._record.change(lambda: {"version": 1, "created": {**self.read(), **created}})

    def forget(self, access_key_id: str) -> None:
        """Remove the date of a key that was deleted."""
        if access_key_id not in self.read():
            return
        with contextlib.suppress(WriteProblem):
            # Read again under the lock: another process may have added a date meanwhile.
            self._record.change(lambda: {"version": 1, "created": self._without(access_key_id)})

    def _without(self, access_key_id: str) -> dict[str, int]:
        return {key: at for key, at in self.read().items() if key != access_key_id}


def _dates(document: Any) -> dict[str, int]:
    """The dates in the file. Raises what a value of another form raises."""
    return {str(key): int(at) for key, at in document["created"].items()}
