"""The top line: what the shell uses, the valid sessions, which expires first, and whether the clock is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.services.sessions.lookup import State
from mfa_tui.ui.profiles.columns import session_cell
from mfa_tui.ui.profiles.session_text import URGENT
from mfa_tui.ui.text.accounts import account_span, badge
from mfa_tui.ui.text.spans import Line, Span, Tone, line, span_at
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.ui.state.app_state import AppState
    from mfa_tui.ui.state.live_sessions import LiveSession

_BETWEEN = Span("   ")
_TOLERATED = 20.0
"""Seconds that the clock may be off before it is called wrong: AWS refuses codes from 30 to 60 s on."""


class Header(Lines):
    """The top line. A click on the profile that the shell uses, or on one that expires soon, moves the cursor there."""

    class Clicked(Lines.Clicked):
        """The top line was clicked."""


def named_at(app_state: AppState, sessions: Sequence[LiveSession], line: Line, cell: int) -> str:
    """The profile that the top *line* names at a *cell*; empty if none. *sessions* as for :func:`header`."""
    clicked = span_at(line, cell)
    if clicked < 0:
        return ""
    soon = next((bar.name for bar in sessions if bar.ending), "")
    if soon and f"{soon} expires" in line[clicked].text:
        return soon
    production = _red_sessions(app_state, sessions)
    if production and line[clicked].text.startswith(f"▲ {production[0].name} "):
        return production[0].name
    # Between what the shell uses and the rest.
    gap = next(at for at in reversed(range(len(line))) if not line[at].text.strip() and line[at] != _BETWEEN)
    return app_state.active if 1 < clicked < gap and line[clicked].text.strip() else ""


def header(app_state: AppState, sessions: Sequence[LiveSession], width: int) -> Line:
    """The top line, *width* cells long. *sessions* are the valid ones, that which expires first before the others."""
    shell = _shell(app_state)
    title = (Span("mfa-tui", Tone.STRONG), Span("  "))
    right = [*_sessions(app_state, sessions), *_clock(app_state.context.clock.offset)]
    # The account, and all but the number of sessions, matter more than the program's name.
    wanted = _length(shell) + sum(2 + _length(part) for part in right[1:])
    spans = (*(title if _length(title) + wanted <= width else (Span(""), Span(""))), *shell)
    # What matters most comes last; where there is no room, the first goes first.
    while right and _length(spans) + 2 + sum(map(_length, right)) + 3 * (len(right) - 1) > width:
        del right[0]
    end = tuple(span for at, part in enumerate(right) for span in (*([_BETWEEN] if at else []), *part))
    account = _account(app_state)
    if _length(spans) + _length(account) + 2 + _length(end) <= width:
        spans += account
    return (*spans, Span(" " * max(1, width - _length(spans) - _length(end))), *end)


def _length(of: Line) -> int:
    return sum(len(span.text) for span in of)


def _shell(app_state: AppState) -> tuple[Span, ...]:
    """What this shell uses, and for how long."""
    if app_state.overriding:
        return Span("shell ", Tone.DIM), Span("its own access keys", Tone.WARN)
    if not app_state.shell:
        return (Span("shell uses no profile", Tone.DIM),)
    named = Span(f"keys of {app_state.shell}" if app_state.exported else app_state.shell, Tone.KEY)
    row = app_state.row(app_state.active) if app_state.active else None
    if row is None:
        there = app_state.overview is None or app_state.shell in app_state.overview.aws
        return Span("shell ", Tone.DIM), named, Span("" if there else "  not in the AWS files", Tone.WARN)
    account = badge(app_state.accounts.label(row), app_state.accounts.known(row))
    if row.session.at(app_state.now()) == State.NONE:
        return Span("shell ", Tone.DIM), named, Span("  no session", Tone.DIM), *account
    return Span("shell ", Tone.DIM), named, Span(" "), session_cell(row.session, app_state.now()), *account


def _account(app_state: AppState) -> Line:
    """The account that the shell uses, unless its label is shown already; nothing if it is not known."""
    row = app_state.row(app_state.active) if app_state.active and not app_state.overriding else None
    if row is None or app_state.accounts.label(row) is not None:
        return ()
    account = account_span(None, app_state.accounts.known(row))
    return line("  ", account) if account.text else ()


def _sessions(app_state: AppState, sessions: Sequence[LiveSession]) -> list[Line]:
    """How many sessions are valid, those of red accounts, and the one that expires soon."""
    if not sessions:
        return []
    now = app_state.now()
    parts = [line(Span(f"{len(sessions)} live", Tone.DIM))]
    if production := _red_sessions(app_state, sessions):
        parts.append(line(_production(production, app_state)))
    soon = [bar for bar in sessions if bar.ending]
    if soon:
        first, left = soon[0], soon[0].expires - now
        more = f" and {len(soon) - 1} more" if len(soon) > 1 else ""
        words = f"! {first.name} expires in {format_duration(left)}{more}"
        parts.append(line(Span(words, Tone.BAD if left < URGENT else Tone.WARN)))
    return parts


def _red_sessions(app_state: AppState, sessions: Sequence[LiveSession]) -> list[LiveSession]:
    """The sessions of accounts whose color is red, but for that of the shell, whose account is shown anyway."""
    found = []
    for session in sessions:
        row = app_state.row(session.name)
        label = app_state.accounts.label(row) if row is not None and session.name != app_state.active else None
        if label is not None and label.color == "red":
            found.append(session)
    return found


def _production(sessions: Sequence[LiveSession], app_state: AppState) -> Span:
    """The first of *sessions*, which are of red accounts, and how many more there are."""
    left = format_duration(sessions[0].expires - app_state.now())
    more = f" and {len(sessions) - 1} more" if len(sessions) > 1 else ""
    return Span(f"▲ {sessions[0].name} {left}{more}", Tone.BAD)


def _clock(offset: float | None) -> list[Line]:
    """That this machine's clock is wrong, going by AWS's responses."""
    if offset is None or abs(offset) < _TOLERATED:
        return []
    from mfa_tui.services.sessions.refusals import clock_words

    return [line(Span(f"! clock {clock_words(offset)}", Tone.WARN))]
