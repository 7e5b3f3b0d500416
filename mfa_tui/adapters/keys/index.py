"""The list of stored long-term keys: where each one is, and how it was taken out of the AWS files. It holds no secret.

``keys.json`` in the data directory, 0600: ``{"version": 1, "keys": {"AKIA…": {"store": …, "phase": …, "stored": …,
"profiles": {"NAME": …}, "also": …}}}``. The keyring cannot list its entries, so only this list says what it holds: a
damaged list is never overwritten. It is a journal as well: the phase says what an interrupted run was doing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.filesystem.os_errors import reason, remedy
from mfa_tui.adapters.filesystem.records import DamagedRecord, JsonRecord
from mfa_tui.core.keys.removed_lines import OfProfile, profile_from_json, profile_to_json
from mfa_tui.errors import KeyringProblem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from mfa_tui.adapters.filesystem.paths import Paths


class Phase:
    """How far a key has come, as far as is known."""

    STORING = "storing"
    """It is on its way out of the files: it may still be in them and in our backups of them."""
    STORED = "stored"
    """It is in its store only."""
    RESTORING = "restoring"
    """It is on its way back into the files: it may be in its store as well."""


class StoredKey(NamedTuple):
    """What the list says of one key. The names of the fields are those in the file."""

    store: str
    """Where it is: ``keyring`` or ``vault``."""
    phase: str
    """How far it has come: a value of :class:`Phase`."""
    stored: str
    """When it was stored, in UTC."""
    profiles: Mapping[str, OfProfile]
    """The profiles that had the key, and what of it was taken out of their sections."""
    also: str = ""
    """The other store, while the key is moved from it: it may have the key still, or alone."""


class KeyIndex:
    """The list of one user."""

    def __init__(self, paths: Paths) -> None:
        self.path = os.path.join(paths.data, "keys.json")
        """The path of the list."""
        self._record = JsonRecord(self.path, "the list of stored keys", "Updating the list of keys", durable=True)

    def read(self) -> dict[str, StoredKey]:
        """The entries by access key ID. Raises KeyringProblem (``keys-index``)."""
        try:
            return self._record.load(_entries) or {}
        except OSError as error:
            raise KeyringProblem(
                "keys-index",
                f"{self.path}, the list of stored keys, cannot be read.",
                f"{reason(error)}.",
                remedy(error),
            ) from None
        except DamagedRecord:
            raise KeyringProblem(
                "keys-index",
                f"{self.path}, the list of stored keys, is damaged.",
                "The keys are still stored; nothing is overwritten.",
                "Restore it from a copy, or move it away: keys are then found by their ids, in the keyring first.",
            ) from None

    def update(self, access_key_id: str, entry: StoredKey | None) -> None:
        """Set the entry of a key, or remove it (None); on the disk when this returns.

        Raises WriteProblem, KeyringProblem (``keys-index``).
        """

        def value() -> object:
            entries = {**self.read(), access_key_id: entry}
            return {"version": 1, "keys": {key: _to_json(each) for key, each in entries.items() if each is not None}}

        self._record.change(value)


def _entries(document: Any) -> dict[str, StoredKey]:
    """The entries in the file. Raises what a value of another form raises."""
    return {
        str(key): StoredKey(
            str(entry["store"]),
            str(entry["phase"]),
            str(entry["stored"]),
            {str(name): profile_from_json(about) for name, about in entry["profiles"].items()},
            str(entry.get("also", "")),
        )
        for key, entry in document["keys"].items()
    }


def _to_json(entry: StoredKey) -> dict[str, object]:
    profiles = {name: profile_to_json(about) for name, about in entry.profiles.items()}
    about: dict[str, object] = {"store": entry.store, "phase": entry.phase, "stored": entry.stored}
    return {**about, "profiles": profiles, **({"also": entry.also} if entry.also else {})}
