"""The list of stored seeds: which MFA serials have one, and where. It holds no secret.

``seeds.json`` in the data directory: ``{"version": 1, "seeds": {"SERIAL": {"label": …, "created": …, "store": …}}}``,
and ``also`` while a copy may be at another place (see ``transfer``).
The keyring cannot list its entries, so only this list says what it holds: a damaged list is never overwritten.
"""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem.os_errors import reason, remedy
from mfa_tui.adapters.filesystem.records import DamagedRecord, JsonRecord
from mfa_tui.errors import KeyringProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from mfa_tui.adapters.filesystem.paths import Paths

ALSO = "also"
"""The key in an entry for the place of a copy that is still to be removed."""


class SeedIndex:
    """The list of one user."""

    def __init__(self, paths: Paths) -> None:
        self._path = os.path.join(paths.data, "seeds.json")
        self._record = JsonRecord(
            self._path, "the list of stored secrets", "Updating the list of secrets", durable=True
        )

    def read(self) -> dict[str, dict[str, str]]:
        """The entries by serial. Raises KeyringProblem (``seeds-index``)."""
        try:
            return self._record.load(_entries) or {}
        except OSError as error:
            raise KeyringProblem(
                "seeds-index",
                f"{self._path}, the list of stored secrets, cannot be read.",
                f"{reason(error)}.",
                remedy(error),
            ) from None
        except DamagedRecord:
            raise KeyringProblem(
                "seeds-index",
                f"{self._path}, the list of stored secrets, is damaged.",
                "The secrets may still be stored, but cannot be found; nothing is overwritten.",
                "Restore it from a copy; or move it away, then restore a backup or import the secrets again.",
            ) from None

    def update(self, serial: str, about: dict[str, str] | None) -> None:
        """Set the entry of *serial*, or remove it (None). Raises WriteProblem, KeyringProblem (``seeds-index``)."""
        self.update_all({serial: about})

    def update_all(self, abouts: Mapping[str, dict[str, str] | None]) -> None:
        """The same for several serials at once; on the disk when this returns."""
        if not abouts:
            return
        self._record.change(lambda: {"version": 1, "seeds": self._updated(abouts)})

    def _updated(self, abouts: Mapping[str, dict[str, str] | None]) -> dict[str, dict[str, str]]:
        seeds = {serial: about for serial, about in self.read().items() if serial not in abouts}
        return seeds | {serial: about for serial, about in abouts.items() if about is not None}


def _entries(document: Any) -> dict[str, dict[str, str]]:
    """The entries in the file. Raises what a value of another form raises."""
    return {serial: about if isinstance(about, dict) else {} for serial, about in document["seeds"].items()}
