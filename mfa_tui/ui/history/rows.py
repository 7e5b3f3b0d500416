"""The entries of the history as the screen shows them: filtered, and what is said about one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from mfa_tui.core.aws.api_call import NO_ANSWER, call_words
from mfa_tui.core.history.entry import Result, action_words
from mfa_tui.core.text.display import format_account
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.core.history.entry import Entry

MARKS = {
    Result.DONE: Span("✓", Tone.GOOD),
    Result.REFUSED: Span("✗", Tone.BAD),
    Result.FAILED: Span("✗", Tone.BAD),
    Result.CANCELLED: Span("–", Tone.DIM),
}
"""The shape and the color of each result."""
UNKNOWN = Span("?", Tone.WARN)
"""The mark of a result that this version does not know."""
_LABEL = 9


def action_cell(entry: Entry) -> str:
    """What was done, in a few words, and for whom."""
    return action_words(entry.action) + (f" for {entry.user}" if entry.user else "")


def when(entry: Entry, *, weekday: bool = True) -> str:
    """``Tue 24 Nov 11:55``, in this machine's time zone; without *weekday* only ``24 Nov 11:55``."""
    then = datetime.fromtimestamp(entry.at).astimezone()
    return then.strftime("%a %d %b %H:%M" if weekday else "%d %b %H:%M")


class EntryList:
    """The entries, and which of them are shown."""

    def __init__(self) -> None:
        self.entries: Sequence[Entry] = ()
        """All entries, the latest first."""
        self.wanted = ""
        """The text of the filter."""
        self.only_failures = False
        """Whether only what was not done is shown."""
        self.shown: list[Entry] = []
        """The entries that are shown."""
        self.widest = (0, 0)
        """The length of the longest profile, and of the longest action."""
        self._texts: list[str] = []

    def use(self, entries: Sequence[Entry]) -> None:
        """Show other entries."""
        self.entries = entries
        self._texts = [_searched(entry) for entry in entries]
        self.widest = (
            max((len(entry.profile) for entry in entries), default=0),
            max((len(action_cell(entry)) for entry in entries), default=0),
        )
        self._choose()

    def filter(self, wanted: str) -> None:
        """Show the entries in which every word of *wanted* occurs, in upper or lower case."""
        self.wanted = wanted
        self._choose()

    def toggle_failures(self) -> None:
        """Show only what was not done, or everything again."""
        self.only_failures = not self.only_failures
        self._choose()

    def index_of(self, entry: Entry | None, before: int) -> int:
        """The index of an entry among those that are shown; near *before* if it is not there."""
        found = (index for index, each in enumerate(self.shown) if entry is not None and each.uid == entry.uid)
        return next(found, min(before, max(0, len(self.shown) - 1)))

    def _choose(self) -> None:
        words = self.wanted.casefold().split()
        self.shown = [
            entry
            for entry, text in zip(self.entries, self._texts, strict=True)
            if all(word in text for word in words)
            and not (self.only_failures and entry.result in (Result.DONE, Result.CANCELLED))
        ]


def _searched(entry: Entry) -> str:
    words = [entry.profile, action_cell(entry), entry.result, entry.text, entry.arn, when(entry)]
    words += [f"{call.service}:{call.action} {call.request_id} {call.error}" for call in entry.calls]
    return " ".join(words).casefold()


def about_entry(entry: Entry, width: int) -> list[Line]:
    """All that is known of an entry."""
    mark = MARKS.get(entry.result, UNKNOWN)
    lines = wrapped(entry.text or entry.result, width, first=Span(f"{mark.text} ", mark.tone))
    if entry.why:
        lines += wrapped(entry.why, width, Tone.DIM, first=Span("  "))
    # Above what the list shows as well: AWS's support asks for the request ID, and there may be few lines.
    for call in entry.calls:
        bad = bool(call.error)
        sign = "?" if call.error == NO_ANSWER else "✗" if bad else "✓"
        first = Span(f"{sign} ", Tone.BAD if bad else Tone.GOOD)
        about = wrapped(call_words(call), width - _LABEL, first=first)
        if call.message:
            about += wrapped(call.message, width - _LABEL, Tone.DIM, first=Span("  "))
        heading = Span(f"{'AWS':<{_LABEL}}", Tone.DIM)
        lines += [line(heading, *about[0]), *(line(" " * _LABEL, *more) for more in about[1:])]
    moment = datetime.fromtimestamp(entry.at).astimezone().strftime("%A, %d %B %Y, %H:%M:%S")
    facts = [
        ("when", moment),
        ("result", entry.result + (f" ({entry.error})" if entry.error else "")),
        ("account", format_account(entry.account) if entry.account else ""),
        ("who", entry.arn or (f"the access key {entry.signer}" if entry.signer else "")),
    ]
    for label, words in facts:
        if words:
            lines += wrapped(words, width, first=Span(f"{label:<{_LABEL}}", Tone.DIM))
    return lines


def nothing(entries: EntryList, width: int, *, days: int, loaded: bool) -> list[Line]:
    """What is shown in place of the list; no lines if there are entries to show."""
    if entries.shown or not loaded:
        return []
    if not days:
        lines = wrapped("No history is kept", width, Tone.STRONG)
        return [*lines, EMPTY, *wrapped("history_days is 0 in the settings, or wrong.", width, Tone.DIM)]
    if not entries.entries:
        lines = wrapped("Nothing was done yet", width, Tone.STRONG)
        text = (
            "Logins, logouts, changes of devices and keys, and sign-ins to the console appear here, with AWS's request "
            f"IDs. Entries are kept for {days} {'day' if days == 1 else 'days'}."
        )
        return [*lines, EMPTY, *wrapped(text, width, Tone.DIM)]
    what = f'No entry matches "{entries.wanted.strip()}"' if entries.wanted.strip() else "Nothing failed"
    return [
        *wrapped(what, width, Tone.STRONG),
        EMPTY,
        line(Span("esc", Tone.KEY), Span(f" shows all {len(entries.entries):,}", Tone.DIM)),
    ]
