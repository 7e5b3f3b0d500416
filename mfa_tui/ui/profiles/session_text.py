"""The session of a profile in its details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.core.shells.variables import export_command
from mfa_tui.services.sessions.lookup import SIGNS, State
from mfa_tui.ui.profiles.columns import KEPT, PROCESS
from mfa_tui.ui.text.spans import Line, Span, Tone, format_time, line, progress_bar, with_key, wrapped

if TYPE_CHECKING:
    from mfa_tui.ui.profiles.details import ProfileDetails

_LOGIN = (State.NONE, State.ENDED)
"""States in which logging in gets a session; in the others, only renewing gets a new one."""
URGENT = 60.0
"""Seconds before its end from which a session is shown in red."""


def lines(details: ProfileDetails, width: int) -> list[Line]:
    """The session in a few lines: time left, a bar of it, what renews it, and those that are limited to a scope."""
    shape, more = _state(details)
    key = details.keys.get("login" if details.row.session.at(details.now) in _LOGIN else "renew", "")
    fits = len(shape.text) + 2 + len(more) <= width - len(key) - 1
    first = line(shape, Span(f"  {more}", Tone.DIM)) if fits else line(shape)
    body = [with_key(first, key, width), *([] if fits else wrapped(more, width, Tone.DIM))]
    return [*body, *_bar(details, width), *renewal(details, width), *limited(details, width)]


def export(details: ProfileDetails, width: int) -> list[Line]:
    """What a shell exports to use the session; nothing without one."""
    if not is_usable(details):
        return []
    key = details.keys.get("export", "")
    command, room = export_command(details.row.target), width - len(key) - 1
    first, *more = wrapped(command if len(command) <= room else command.removeprefix("export "), room)
    return [with_key(first, key, width), *more]


def short_lines(details: ProfileDetails, width: int) -> list[Line]:
    """The same in as few lines as possible."""
    shape, more = _state(details)
    key = details.keys.get("export", "")
    how = [line(export_command(details.row.target), Span(f"  {key}", Tone.KEY))] if is_usable(details) else []
    first = line(shape, Span(f"  {more}", Tone.DIM))
    return [
        *_together([first, *how], "    ", width),
        *_together(renewal(details, width), "   ", width),
        *limited(details, width),
    ]


def is_usable(details: ProfileDetails) -> bool:
    """Whether SDKs get credentials by the profile that is exported."""
    return details.row.session.at(details.now) != State.NONE or details.row.process


def _state(details: ProfileDetails) -> tuple[Span, str]:
    """The state by shape and word, and what is to be said of it."""
    session, now = details.row.session, details.now
    if session.expires_at is None:
        left = until = expired = ""
    else:
        left = format_duration(session.expires_at - now)
        until = f"until {format_time(session.expires_at, now)}"
        expired = f"at {format_time(session.expires_at, now)}"
    urgent = session.expires_at is not None and session.expires_at - now < URGENT
    words = {
        State.LIVE: (Span(f"{SIGNS[State.LIVE]} {left} left", Tone.GOOD), until),
        State.ENDING: (Span(f"{SIGNS[State.ENDING]} {left} left", Tone.BAD if urgent else Tone.WARN), until),
        State.ENDED: (Span(f"{SIGNS[State.ENDED]} expired", Tone.WARN), expired),
        State.UNVERIFIED: (
            Span(f"{SIGNS[State.UNVERIFIED]} {left or 'unknown'}", Tone.WARN),
            "made with other access keys, or by another program",
        ),
    }
    return words.get(session.at(now), (Span("no session yet", Tone.DIM), f"saves as {details.row.target}"))


def _bar(details: ProfileDetails, width: int) -> list[Line]:
    """How much of a valid session is left."""
    session, state = details.row.session, details.row.session.at(details.now)
    if session.expires_at is None or session.duration is None or state not in (State.LIVE, State.ENDING):
        return []
    tone = Tone.GOOD if state == State.LIVE else Tone.WARN
    return [progress_bar(session.expires_at - details.now, session.duration, width, tone)]


def renewal(details: ProfileDetails, width: int) -> list[Line]:
    """What renews the session besides the user."""
    renewals = [(PROCESS, "renews on demand for AWS tools")] * details.row.process
    renewals += [(KEPT, "kept alive while mfa-tui runs")] * details.kept
    return [
        part for mark, words in renewals for part in wrapped(words, width, Tone.DIM, first=Span(f"{mark} ", Tone.GOOD))
    ]


def limited(details: ProfileDetails, width: int) -> list[Line]:
    """The sessions that are limited to a scope, a line each."""
    found: list[Line] = []
    for target in details.row.limited:
        until = "on demand"
        if target.expires_at is not None:
            expired = target.expires_at <= details.now
            until = f"{'expired' if expired else 'until'} {format_time(target.expires_at, details.now)}"
        found += wrapped(f"{target.name}: limited to {target.scope}, {until}", width, Tone.DIM)
    return found


def _together(parts: list[Line], gap: str, width: int) -> list[Line]:
    """*parts* in one line with *gap* between them, if that fits; else one below the other."""
    joined = tuple(span for part in parts for span in (Span(gap), *part))[1:]
    return [joined] if joined and sum(len(span.text) for span in joined) <= width else parts
