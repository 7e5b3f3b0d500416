"""Drops keys that were typed for a screen that is not there: they would be commands to the one below.

There are three cases on all screens: before the first frame is drawn, before the dialog opens that a key has asked for,
and while the answer to a dialog is being checked. That dialog has closed, or the next one has not opened: what is
typed, such as a passphrase, is not for the list.

The picker has no commands on letters. What is typed for its filter before the first frame, up to Enter, is kept for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeGuard

from textual import events

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.worker import Worker

_TYPING = frozenset({"enter", "tab", "space", "backspace", "delete"})
"""Keys besides characters that are for typing. Escape, arrows and keys with ctrl always pass."""
_ENTER = frozenset({"enter", "ctrl+j"})
"""Enter, also as a terminal sends it that is not in raw mode yet."""


class KeyGate:
    """Decides whether a key or a pasted text is dropped; closed until :meth:`open`."""

    def __init__(self, *, keeps_text: bool = False) -> None:
        """*keeps_text*: characters that are typed before the first frame are not dropped, up to the first Enter."""
        self._keeps_text = keeps_text
        self._early: list[events.Key] = []
        self._open_since: float | None = None
        self._held_by: Worker[object] | None = None
        self._over: Screen[object] | None = None
        self._explained = False
        self.reason = ""
        """Why keys are dropped, for the user."""

    def open(self) -> list[events.Key]:
        """Let keys pass from now on, as the first frame is drawn; returns those that were kept, once."""
        if self._open_since is None:
            self._open_since = events.Idle().time
        early, self._early = self._early, []
        return early

    def hold(self, worker: Worker[object], over: Screen[object], reason: str = "your answer is being checked") -> None:
        """Drop keys for the screen *over* while *worker* prepares a dialog above it, or handles the answer to one."""
        self._held_by, self._over, self._explained, self.reason = worker, over, False, reason

    def release(self) -> None:
        """Let keys pass again: the screen waits for one, or what is running may take long, and it shows that."""
        self._held_by = None

    def drops(self, event: events.Event, screen: Screen[object]) -> bool:
        """Whether to drop *event*; *screen* is the top one."""
        early = self._open_since is None or event.time < self._open_since
        if early and self._keeps_text and self._keeps(event):
            if self._open_since is None:
                self._early.append(event)
            return self._open_since is None
        if not _is_typing(event):
            return False
        if early:
            return True
        held = self._held_by is not None and not self._held_by.is_finished and screen is self._over
        if not held:
            self._held_by = None
        return held

    def _keeps(self, event: events.Event) -> TypeGuard[events.Key]:
        """Whether an early *event* is text for the filter. What follows Enter was meant for something else."""
        if isinstance(event, events.Key) and event.key in _ENTER:
            self._keeps_text = False
        return self._keeps_text and isinstance(event, events.Key) and event.is_printable

    def mark_explained(self) -> bool:
        """Remember that it was explained why a key was dropped; returns whether to do so now: once for each answer."""
        first, self._explained = self._held_by is not None and not self._explained, True
        return first


class HasKeyGate(Protocol):
    """The program, as far as its screens and dialogs need it here."""

    keys: KeyGate
    """The gate that all keys pass."""


def _is_typing(event: events.Event) -> bool:
    if isinstance(event, events.Paste):
        return True
    return isinstance(event, events.Key) and (event.is_printable or event.key in _TYPING)
