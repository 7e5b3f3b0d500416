"""The commands of the history screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.ui.commands.command import Command

if TYPE_CHECKING:
    from mfa_tui.core.history.entry import Entry


class HistorySituation(NamedTuple):
    """What the commands of the history screen depend on."""

    entry: Entry | None = None
    """The entry under the cursor; None if there is none."""
    any: bool = False
    """Whether there are entries at all."""
    running: bool = False
    """Whether something is running."""


def _selected(now: HistorySituation) -> str:
    return "" if now.entry is not None else "there is no entry here"


def _refused(now: HistorySituation) -> str:
    if now.running:
        return "something is running"
    return _selected(now) or ("" if now.entry is not None and now.entry.denied else "AWS has not refused this")


def _any(now: HistorySituation) -> str:
    return "" if now.any else "there are no entries"


HISTORY_COMMANDS: tuple[Command[HistorySituation], ...] = (
    Command(
        "history-ticket", "Copy for a ticket", "Copy all that is known of the entry for a support ticket.", _selected
    ),
    Command(
        "history-administrator",
        "Copy for an administrator",
        "Copy a text that asks an administrator to allow what AWS refused: who you are, and the exact call.",
        _refused,
    ),
    Command("history-failed", "Failures only", "Show only what AWS refused or what failed, or everything again.", _any),
    Command("history-filter", "Filter", "Show only the entries in which the words occur: request IDs, too.", _any),
    Command("history-reload", "Reload", "Read the history again.", in_footer=False, repaints=True),
    Command("history-help", "Help", "All keys, and why some do nothing now."),
    Command("history-back", "Back", "Clear the filter; without one, go back to the profiles."),
)

SPARE = ("history-failed", "history-filter", "history-administrator", "history-ticket")
"""What the bottom line leaves out where there is little room, in this order."""
