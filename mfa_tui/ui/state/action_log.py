"""What is going on with each profile: what is running, how it went, and what to show until the next action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.services.progress import Awaits

if TYPE_CHECKING:
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.progress import Progress


class Entry:
    """The running action of one profile, or the last one. The results stay until the next action on the profile."""

    def __init__(self) -> None:
        self.before: Entry | None = None
        """What a running action replaced: how the action before it went, which comes back if this one is cancelled."""
        self.scope: CancelScope | None = None
        """What cancels the action; None if nothing is running."""
        self.progress: Progress | None = None
        """What the running action is doing; None while it waits for the user, and where it has not said yet."""
        self.awaits = Awaits.NOTHING
        """What the running action waits for, one of :class:`Awaits`."""
        self.problem: MfaTuiError | None = None
        """Why the last action failed."""
        self.notices: tuple[str, ...] = ()
        """What the last action has to say, a sentence each."""
        self.unsaved_serial = ""
        """The MFA device that login found and used; empty if the profile names it already."""
        self.hint = ""
        """Why the last key did nothing."""
        self.automatic = False
        """Whether nobody asked for the action: then the details show how it went, and the list goes on showing the
        session."""

    @property
    def running(self) -> bool:
        """Whether an action is running."""
        return self.scope is not None


class ActionLog:
    """The entries of all profiles. A profile that nothing was done with has an empty one."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def entry(self, name: str) -> Entry:
        """The entry of a profile."""
        return self._entries.get(name) or Entry()

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def begin(self, name: str, scope: CancelScope | None = None) -> CancelScope:
        """Begin an action on a profile, with a new entry. Returns what cancels the action: *scope*, if it is given."""
        before = self._entries.get(name)
        entry = self._entries[name] = Entry()
        entry.before = before.before if before is not None and before.running else before
        entry.scope = scope or CancelScope()
        return entry.scope

    def cancel(self, name: str) -> None:
        """End the action on a profile that was cancelled: how the one before it went is shown again."""
        self._entries[name] = self.entry(name).before or Entry()

    def set_progress(self, name: str, progress: Progress | None, *, awaits: str = Awaits.NOTHING) -> None:
        """Set what the running action is doing; None if it waits for the user: *awaits* is for what."""
        entry = self._entries.get(name)
        if entry is not None and entry.running:
            entry.progress, entry.awaits = progress, awaits

    def add_notice(self, name: str, text: str) -> None:
        """Add a notice to what is said of a profile, once."""
        entry = self._entries.setdefault(name, Entry())
        if text not in entry.notices:
            entry.notices += (text,)

    def set_hint(self, name: str, text: str) -> None:
        """Set why a key did nothing, and keep the rest of the entry. An empty text removes the hint."""
        if text or name in self._entries:
            self._entries.setdefault(name, Entry()).hint = text

    def clear_hints(self) -> None:
        """Remove all hints, as the cursor has moved."""
        for entry in self._entries.values():
            entry.hint = ""

    def end(
        self,
        name: str,
        *,
        problem: MfaTuiError | None = None,
        notices: tuple[str, ...] = (),
        unsaved_serial: str = "",
        automatic: bool = False,
    ) -> None:
        """End the action on a profile; see :class:`Entry` for what is kept of it, with the notices of its course."""
        before = self.entry(name)
        entry = self._entries[name] = Entry()
        entry.problem, entry.unsaved_serial = problem, unsaved_serial
        entry.notices = tuple(dict.fromkeys((*(before.notices if before.running else ()), *notices)))
        entry.automatic = automatic

    def running(self) -> list[CancelScope]:
        """What cancels each running action."""
        # Another thread may ask.
        return [entry.scope for entry in [*self._entries.values()] if entry.scope is not None]
