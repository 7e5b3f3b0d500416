"""What the interface remembers from one run to the next: the choices that were made, and the profiles last used."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from mfa_tui.adapters.filesystem import private_files
from mfa_tui.adapters.filesystem.records import DamagedRecord, JsonRecord
from mfa_tui.core.listing.habits import Uses, weights, with_use
from mfa_tui.errors import WriteProblem
from mfa_tui.hot_commands import uses_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mfa_tui.adapters.filesystem.paths import Paths

_RECENT = 100
"""How many of the profiles last used are kept."""
_MANY, _LATE = 1e9, 1e12
"""No profile is used so often, and no use is so late (in seconds since the epoch): the file is damaged."""
_TIMEOUT = 2.0
"""Seconds to wait for another copy of the interface, which writes for milliseconds."""


class Preferences(NamedTuple):
    """What is remembered. None of it is secret, and all of it may be empty."""

    theme: str = ""
    """The name of the interface's theme."""
    order: str = ""
    """The order of the list (see ``listing.order``)."""
    recent: tuple[str, ...] = ()
    """The profiles last used, the last one first."""
    pinned: tuple[str, ...] = ()
    """The profiles at the top of the list."""
    kept: tuple[str, ...] = ()
    """The profiles whose sessions the interface keeps alive."""
    closed: tuple[str, ...] = ()
    """The groups of the list whose profiles are hidden, by their titles."""
    uses: tuple[Uses, ...] = ()
    """How often profiles were used, and when last. Earlier versions, which have ``recent``, did not count."""

    @property
    def last(self) -> str:
        """The profile last used; empty if none is known."""
        return self.recent[0] if self.recent else ""

    def habits(self, now: float) -> Mapping[str, float]:
        """How much each profile is used, from 0 to 1, at *now*, in seconds since the epoch; pinned ones count, too."""
        return weights(self.uses, self.recent, self.pinned, now)

    def with_last_used(self, name: str, now: float) -> Preferences:
        """With *name* as the profile last used, at *now*, in seconds since the epoch."""
        recent = (name, *(other for other in self.recent if other != name))[:_RECENT]
        return self._replace(recent=recent, uses=with_use(self.uses, name, now))

    def with_pinned(self, name: str, *, pinned: bool) -> Preferences:
        """With *name* pinned, or not."""
        return self._replace(pinned=_with(self.pinned, name, there=pinned))

    def with_closed(self, group: str, *, closed: bool) -> Preferences:
        """With a group of the list closed, or open."""
        return self._replace(closed=_with(self.closed, group, there=closed))

    def with_kept_alive(self, name: str, *, kept: bool) -> Preferences:
        """With *name* kept alive, or not."""
        return self._replace(kept=_with(self.kept, name, there=kept))


def load_preferences(paths: Paths) -> Preferences:
    """What is remembered; nothing if the file is missing, damaged, or cannot be read."""
    try:
        found = _record(paths).load(_preferences) or Preferences()
    except (OSError, DamagedRecord):
        found = Preferences()
    for name, at in _added_uses(paths):
        found = found.with_last_used(name, at)
    return found


def _added_uses(paths: Paths) -> Iterator[tuple[str, float]]:
    """The profiles whose uses were added and not counted yet (see ``mfa_tui.hot_commands``), and when each was used."""
    for path in _uses_to_count(paths):
        for line in (private_files.read(path) or "").splitlines():
            at, _, name = line.partition(" ")
            with contextlib.suppress(ValueError):
                yield name, _uses(name, 1, float(at)).at


def _uses_to_count(paths: Paths) -> tuple[str, str]:
    """The files of added uses: those that are being counted, and those that are not yet."""
    path = uses_path(paths)
    return f"{path}.counted", path


def update_preferences(paths: Paths, change: Callable[[Preferences], Preferences]) -> Preferences:
    """Apply *change* to what is remembered now, and return the result.

    No other copy of the interface loses what it has written. Where the file cannot be written, the result is returned
    all the same: that must not stop anyone from working.
    """
    results: list[Preferences] = []

    counted, added = _uses_to_count(paths)

    def changed() -> dict[str, object] | None:
        # What is added from now on goes to a new file. What a killed process has left is counted first.
        if not os.path.exists(counted):
            with contextlib.suppress(OSError):
                os.rename(added, counted)
        now = load_preferences(paths)
        results.append(change(now))
        if results[0] == now and not os.path.exists(counted):
            return None
        with contextlib.suppress(OSError):
            private_files.remove(counted)
        return results[0]._asdict()

    with contextlib.suppress(WriteProblem):
        _record(paths).change(changed, seconds=_TIMEOUT)
    return results[0] if results else change(load_preferences(paths))


def count_use(paths: Paths, name: str, now: float) -> None:
    """Remember that the profile *name* was used *now*, in seconds since the epoch, as far as that can be written."""
    update_preferences(paths, lambda before: before.with_last_used(name, now))


def _record(paths: Paths) -> JsonRecord:
    path = os.path.join(paths.state, "interface.json")
    return JsonRecord(path, "what the interface remembers", "Saving what the interface remembers")


def _preferences(values: Any) -> Preferences:
    """The preferences in the file. Raises what a value of another form raises."""
    return Preferences(
        _text(values.get("theme", "")),
        _text(values.get("order", "")),
        _names(values.get("recent", [])),
        _names(values.get("pinned", [])),
        _names(values.get("kept", [])),
        _names(values.get("closed", [])),
        tuple(_uses(*use) for use in values.get("uses", [])),
    )


def _uses(name: object, count: object, at: object) -> Uses:
    if not isinstance(count, (int, float)) or not isinstance(at, (int, float)):
        raise TypeError(name)
    # Not infinite, and not NaN, which json reads, too.
    if not (0 <= count < _MANY and 0 <= at < _LATE):
        raise ValueError(name)
    return Uses(_text(name), float(count), float(at))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(_text(name) for name in value)


def _with(names: tuple[str, ...], name: str, *, there: bool) -> tuple[str, ...]:
    others = tuple(other for other in names if other != name)
    return (*others, name) if there else others
