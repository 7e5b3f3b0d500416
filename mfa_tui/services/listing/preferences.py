"""What the interface remembers from one run to the next: the choices that were made, and the profiles last used."""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.filesystem import private_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.filesystem.paths import Paths

_RECENT = 100
"""How many of the profiles last used are kept."""


class Remembered(NamedTuple):
    """None of it is secret, and all of it may be empty.

    ``order`` is that of the list (see ``listing.order``); ``recent`` are the profiles last used, the
    last first; ``pinned`` stand on top of the list; ``kept`` are those whose sessions the interface keeps alive.
    """

    theme: str = ""
    order: str = ""
    recent: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def last(self) -> str:
        """The profile last used; empty if none is known."""
        return self.recent[0] if self.recent else ""

    def having_used(self, name: str) -> Remembered:
        """With *name* as the profile last used."""
        return self._replace(recent=(name, *(other for other in self.recent if other != name))[:_RECENT])

    def having_pinned(self, name: str, *, pinned: bool) -> Remembered:
        """With *name* pinned, or not."""
        return self._replace(pinned=_with(self.pinned, name, there=pinned))

    def having_kept(self, name: str, *, kept: bool) -> Remembered:
        """With *name* kept alive, or not."""
        return self._replace(kept=_with(self.kept, name, there=kept))


def recall(paths: Paths) -> Remembered:
    """What is remembered; nothing if the file is missing or damaged."""
    try:
        values = json.loads(private_files.read(_path(paths)) or "{}")
        return Remembered(
            _text(values.get("theme", "")),
            _text(values.get("order", "")),
            *(_names(values.get(key, [])) for key in ("recent", "pinned", "kept")),
        )
    except (ValueError, TypeError, AttributeError):
        return Remembered()


def remember(paths: Paths, change: Callable[[Remembered], Remembered]) -> Remembered:
    """Apply *change* to what is remembered now, by whichever copy of the interface, and return what it is then.

    A state directory that cannot be written keeps nobody from working.
    """
    now = recall(paths)
    new = change(now)
    if new != now:
        with contextlib.suppress(OSError):
            private_files.write(_path(paths), json.dumps(new._asdict()) + "\n")
    return new


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


def _path(paths: Paths) -> str:
    return os.path.join(paths.state, "interface.json")
