"""What is going on with each profile: what runs, how it ended, and what there is to say until the next action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.system.cancellation import Control

if TYPE_CHECKING:
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.progress import Progress


class Entry:
    """One profile's entry. ``control`` is there while something runs.

    ``problem`` and ``notices`` stay until the next action on the profile; ``unsaved_serial`` is a discovered MFA
    serial that has worked but is not in the files; ``hint`` says why the last key did nothing. ``aside``: nobody has
    asked for what happened, so the details tell it, and the list goes on telling of the session.
    """

    def __init__(self) -> None:
        self.control: Control | None = None
        self.progress: Progress | None = None
        self.problem: MfaTuiError | None = None
        self.notices: tuple[str, ...] = ()
        self.unsaved_serial = ""
        self.hint = ""
        self.aside = False

    @property
    def running(self) -> bool:
        """Whether something runs."""
        return self.control is not None


class Journal:
    """The entries of all profiles; one that nothing was done with has an empty one."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def of(self, name: str) -> Entry:
        """The entry of a profile."""
        return self._entries.get(name) or Entry()

    def begin(self, name: str) -> Control:
        """An action on the profile begins: what was said before goes. Returns what cancels it."""
        entry = self._entries[name] = Entry()
        entry.control = Control()
        return entry.control

    def step(self, name: str, progress: Progress | None) -> None:
        """What the running action is doing now."""
        entry = self._entries.get(name)
        if entry is not None and entry.running:
            entry.progress = progress

    def hint(self, name: str, text: str) -> None:
        """Say why a key did nothing; what was said before stays beside it. Empty: say no more."""
        if text or name in self._entries:
            self._entries.setdefault(name, Entry()).hint = text

    def drop_hints(self) -> None:
        """Another profile is looked at."""
        for entry in self._entries.values():
            entry.hint = ""

    def end(
        self,
        name: str,
        *,
        problem: MfaTuiError | None = None,
        notices: tuple[str, ...] = (),
        unsaved_serial: str = "",
        aside: bool = False,
    ) -> None:
        """The action has ended."""
        entry = self._entries[name] = Entry()
        entry.problem, entry.notices, entry.unsaved_serial = problem, notices, unsaved_serial
        entry.aside = aside

    def running(self) -> list[Control]:
        """What cancels each running action."""
        return [entry.control for entry in self._entries.values() if entry.control is not None]
