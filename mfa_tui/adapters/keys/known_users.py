"""Whose long-term keys are, as AWS said, so that the list shows it without asking again.

``known-users.json`` in the data directory, 0600, without secrets: for each key its id and the fields of
:class:`KnownUser`, ``{"version": 1, "users": [["AKIA…", "111122223333", "", "arn:…", false]]}``. A key never changes
its user.
"""

from __future__ import annotations

import contextlib
import os

from mfa_tui.adapters.filesystem.records import DamagedRecord, JsonRecord
from mfa_tui.core.keys.known_user import KnownUser
from mfa_tui.errors import WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from mfa_tui.adapters.filesystem.paths import Paths

MOST = 1000
"""How many users are kept: those that AWS was asked about last."""
_TIMEOUT = 2.0
"""Seconds to wait for another process that writes the file."""


class KnownUsers:
    """The users whose keys one user of this machine has."""

    def __init__(self, paths: Paths) -> None:
        path = os.path.join(paths.data, "known-users.json")
        self._record = JsonRecord(path, "what is known of users", "Updating what is known of users")

    def read(self) -> dict[str, KnownUser]:
        """The users, by access key ID. What cannot be read is unknown."""
        try:
            return self._record.load(_users) or {}
        except (OSError, DamagedRecord):
            return {}

    def stamp(self) -> int:
        """What changes whenever they do."""
        try:
            return os.stat(self._record.path).st_mtime_ns
        except OSError:
            return 0

    def update(self, access_key_id: str, change: Callable[[KnownUser], KnownUser]) -> None:
        """Apply *change* to what is known of a key's user. A failure to write is no error."""
        known = self.read().get(access_key_id)
        if change(known or KnownUser()) != known:
            self._write(lambda users: {access_key_id: change(users.get(access_key_id, KnownUser()))}, access_key_id)

    def copy(self, access_key_id: str, new: str) -> None:
        """The key *new* belongs to the same user."""
        if (user := self.read().get(access_key_id)) is not None:
            self.update(new, lambda _: user)

    def forget(self, access_key_id: str) -> None:
        """Remove what is known of the user of a key that was deleted."""
        if access_key_id in self.read():
            self._write(lambda _: {}, access_key_id)

    def _write(self, newest: Callable[[dict[str, KnownUser]], dict[str, KnownUser]], without: str) -> None:
        """Write what is known *without* a key, then the *newest*."""

        def changed() -> dict[str, object]:
            users = self.read()
            others = {key: user for key, user in users.items() if key != without}
            kept = list((others | newest(users)).items())[-MOST:]
            return {"version": 1, "users": [[key, *user.fields] for key, user in kept]}

        with contextlib.suppress(WriteProblem):
            self._record.change(changed, seconds=_TIMEOUT)


def _users(document: Any) -> dict[str, KnownUser]:
    """The users in the file. Raises what a value of another form raises."""
    return {
        str(key): KnownUser(str(account), str(alias), str(serial), bool(fido_only))
        for key, account, alias, serial, fido_only in document["users"]
    }
