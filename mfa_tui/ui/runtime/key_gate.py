"""Keys that are typed for what is not there: they go nowhere, where they would be commands to what lies below.

Two cases, for all screens: before the first picture stands, and while what a dialog was answered is being checked. That
dialog has gone or the next one has not come; who types on, a passphrase say, means those and not the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from textual import events

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.worker import Worker

_TYPING = frozenset({"enter", "tab", "space", "backspace", "delete"})
"""Keys besides characters with which something is typed. Escape, arrows and what has ctrl in it always pass."""


class KeyGate:
    """Whether a key or a pasted text is to be dropped. ``stand`` is told when the first picture is drawn."""

    def __init__(self) -> None:
        self._stands_since: float | None = None
        self._held_by: Worker[object] | None = None
        self._over: Screen[object] | None = None
        self._told = False

    def stand(self) -> None:
        """The first picture is drawn: what is typed from now on is meant for it."""
        if self._stands_since is None:
            self._stands_since = events.Idle().time

    def hold(self, worker: Worker[object], over: Screen[object]) -> None:
        """A dialog over the screen *over* was answered, and *worker* goes on with the answer."""
        self._held_by, self._over, self._told = worker, over, False

    def release(self) -> None:
        """Keys are meant for the screen again: it waits for one, or what runs may take long, and says so."""
        self._held_by = None

    def drops(self, event: events.Event, screen: Screen[object]) -> bool:
        """Whether *event* goes nowhere; *screen* is on top."""
        if not _is_typing(event):
            return False
        if self._stands_since is None or event.time < self._stands_since:
            return True
        held = self._held_by is not None and not self._held_by.is_finished and screen is self._over
        if not held:
            self._held_by = None
        return held

    def first_dropped(self) -> bool:
        """Whether to say why a key was dropped: once for each answer."""
        first, self._told = self._held_by is not None and not self._told, True
        return first


class HasKeyGate(Protocol):
    """The program, as far as its screens and dialogs need it here."""

    keys: KeyGate


def _is_typing(event: events.Event) -> bool:
    if isinstance(event, events.Paste):
        return True
    return isinstance(event, events.Key) and (event.is_printable or event.key in _TYPING)
