"""What the details say of the profile under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.seeds.totp import PERIOD
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.services.sessions.lookup import State
from mfa_tui.ui.profiles import role_text
from mfa_tui.ui.profiles.columns import KEPT, PROCESS
from mfa_tui.ui.text.spans import (
    EMPTY,
    HIDDEN_CODE,
    Line,
    Span,
    Tone,
    account,
    bar,
    ends,
    line,
    moment,
    seconds,
    spaced,
    wrapped,
)
from mfa_tui.ui.text.status_lines import doing, remarks, to_trouble, told, ways_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.listing.overview import Row
    from mfa_tui.services.seeds.current_code import Code
    from mfa_tui.ui.state.action_log import Entry

NO_DEVICE = "no-device"
"""Slug of the problem that a first device ends."""
_COMMANDS = {
    "mfa-tui device enroll": ("devices", "enrolls one here"),
    "mfa-tui device import": ("import", "does that here"),
    "mfa-tui device forget": ("forget", "does that here"),
}
"""What problems say to run and this screen does by a key."""
_BAR = 15


class ProfileDetails(NamedTuple):
    """All that the details are made of.

    ``problem`` is why the profile cannot log in; ``code`` and ``code_problem`` are of its stored seed, both None while
    the keyring has not been read. ``now`` is AWS's time, ``monotonic`` that of the waits. ``keys`` are the keys of the
    commands as they are shown; ``masked``: a picture is taken, so no code is shown. ``shell``: the shell uses the
    profile, unless there are ``shadows``, the variables that outrank it. ``kept``: its session is kept alive.
    ``source_ends`` is when the live session ends (AWS's time) that a role is assumed with; None if there is none.
    """

    row: Row
    entry: Entry
    problem: MfaTuiError | None
    code: Code | None
    code_problem: MfaTuiError | None
    now: float
    monotonic: float
    keys: Mapping[str, str]
    masked: bool = False
    shell: bool = False
    shadows: tuple[str, ...] = ()
    kept: bool = False
    source_ends: float | None = None


def lines(pane: ProfileDetails, width: int, *, wide: bool) -> list[Line]:
    """The details in lines of *width* cells; ``wide`` has room for headings and space between the parts."""
    if pane.problem is not None:
        parts = [("", _problem(pane, pane.problem, width))]
    else:
        session, code = ("Session", _session(pane, width, wide=wide)), ("Code", _code(pane, width, wide=wide))
        role = ("Role", _role(pane, width, wide=wide))
        # Where there is little room, what happened must be in sight.
        parts = [session, role, code, _activity(pane, width)] if wide else [session, _activity(pane, width), role, code]
    if pane.entry.hint and pane.problem is None:
        parts.append(("", wrapped(pane.entry.hint, width, Tone.DIM, first=Span("– ", Tone.WARN))))
    head = _head(pane, width, wide=wide)
    if not wide:
        return head + [part for _, body in parts for part in body]
    result = [*head]
    for heading, body in parts:
        if body:
            result += [EMPTY, *([line(Span(heading.upper(), Tone.DIM))] if heading else []), *body]
    return result


def _head(pane: ProfileDetails, width: int, *, wide: bool) -> list[Line]:
    profile = pane.row.profile
    facts = [
        profile.serial.name if profile.serial else "",
        account(profile.account),
        profile.region,
    ]
    about = " · ".join(fact for fact in facts if fact)
    if wide:
        named = line(Span(profile.name, Tone.STRONG))
        return [named, line(Span(about or profile.kind.replace("-", " "), Tone.DIM)), *_shell(pane, width)]
    room = max(0, width - len(profile.name) - 2)
    about = about if len(about) <= room else about[: max(0, room - 1)] + "…" * bool(room)
    return [line(Span(profile.name, Tone.STRONG), "  ", Span(about, Tone.DIM))]


def _shell(pane: ProfileDetails, width: int) -> list[Line]:
    """Whether this shell uses the profile. Where there is little room, the list's mark and the top line say it."""
    if not pane.shell:
        return []
    if pane.shadows:
        told = f"this shell names it, but {pane.shadows[0]} outranks it: unset {' '.join(pane.shadows)}"
        return wrapped(told, width, Tone.WARN, first=Span("○ ", Tone.KEY))
    return [line(Span("● ", Tone.KEY), Span("this shell uses it", Tone.DIM))]


def _session(pane: ProfileDetails, width: int, *, wide: bool) -> list[Line]:
    session, target = pane.row.session, pane.row.target
    state = session.at(pane.now)
    left = format_duration(session.expires_at - pane.now) if session.expires_at is not None else ""
    until = f"until {moment(session.expires_at, pane.now)}" if session.expires_at is not None else ""
    ended = f"since {moment(session.expires_at, pane.now)}" if session.expires_at is not None else ""
    words = {
        State.LIVE: (Span(f"✓ {left} left", Tone.GOOD), until),
        State.ENDING: (Span(f"! {left} left", Tone.WARN), f"{until}; {_key(pane, 'renew')} renews"),
        State.ENDED: (Span("! ended", Tone.WARN), ended),
        State.UNPROVED: (Span(f"? {left or 'unknown'}", Tone.WARN), "made with other keys, or by another program"),
    }
    shape, more = words.get(state, (Span("– no session yet", Tone.DIM), f"login writes [{target}]"))
    export = f"export AWS_PROFILE={target}"
    usable = state != State.NONE or pane.row.process
    if wide:
        last = [ends(export, _key(pane, "export"), width, right_tone=Tone.KEY)] if usable else []
        if len(shape.text) + 2 + len(more) <= width:
            return [line(shape, Span(f"  {more}", Tone.DIM)), *_renewal(pane), *last]
        return [line(shape), *wrapped(more, width, Tone.DIM), *_renewal(pane), *last]
    first = line(shape, Span(f"  {more}", Tone.DIM))
    how = [line(export, Span(f"  {_key(pane, 'export')}", Tone.KEY))] if usable else []
    return [*_together([first, *how], "    ", width), *_together(_renewal(pane), "   ", width)]


def _together(parts: list[Line], gap: str, width: int) -> list[Line]:
    """*parts* in one line with *gap* between them, if that fits; else one below the other."""
    joined = tuple(span for part in parts for span in (Span(gap), *part))[1:]
    return [joined] if joined and sum(len(span.text) for span in joined) <= width else parts


def _renewal(pane: ProfileDetails) -> list[Line]:
    """Who renews the session, if not only the user."""
    said = [(PROCESS, "renews when SDKs ask for it")] * pane.row.process
    said += [(KEPT, "kept alive while mfa-tui is open")] * pane.kept
    return [line(Span(f"{mark} ", Tone.GOOD), Span(words, Tone.DIM)) for mark, words in said]


def _role(pane: ProfileDetails, width: int, *, wide: bool) -> list[Line]:
    """For a role, which way login goes and why."""
    profile = pane.row.profile
    if not profile.roles:
        return []
    chain, way = role_text.chain(profile), role_text.way(profile)
    if not wide and len(f"{chain}  {way}") <= width:
        return [line(chain, Span(f"  {way}", Tone.DIM))]
    return [line(Span(chain)), *wrapped(way, width, Tone.DIM)]


def _code(pane: ProfileDetails, width: int, *, wide: bool) -> list[Line]:
    profile = pane.row.profile
    if profile.roles and (none := role_text.code(profile, pane.source_ends, pane.now)):
        return wrapped(none, width, Tone.DIM)
    if not pane.row.has_seed:
        serial = profile.serial
        if serial is None and pane.entry.problem is not None:
            # The problem may be that there is no device that gives codes.
            return []
        if serial is None:
            return [line(Span("device found at login; type the code's digits here", Tone.DIM))]
        if serial.usable:
            return [line(Span("type the digits that your device shows", Tone.DIM))]
        return []
    if pane.code_problem is not None:
        return [
            *wrapped(pane.code_problem.what, width, first=Span("✗ ", Tone.BAD)),
            *wrapped(pane.code_problem.why, width, Tone.DIM, first=Span("  ")),
        ]
    if pane.code is None:
        return [line(Span("secret stored", Tone.DIM))]
    shown = spaced(HIDDEN_CODE if pane.masked else pane.code.value.reveal())
    left = f"{seconds(pane.code.seconds_left):>4}"
    after = (Span(f"  {left}", Tone.DIM), Span("  used" if pane.code.used else "", Tone.WARN))
    key = _key(pane, "code")
    fixed = len(shown) + 3 + sum(len(span.text) for span in after) + 2 + len(key)
    cells = max(4, min(_BAR, width - fixed))
    gap = width - fixed - cells + 2 if wide else 2
    tone = Tone.DIM if pane.code.used else Tone.CODE
    countdown = bar(pane.code.seconds_left, PERIOD, cells)
    return [line(Span(shown, tone), "   ", *countdown, *after, " " * gap, Span(key, Tone.KEY))]


def _activity(pane: ProfileDetails, width: int) -> tuple[str, list[Line]]:
    entry = pane.entry
    if entry.running:
        return "Now", doing(entry.progress, width, pane.monotonic)
    if entry.problem is not None:
        return "Last action", _problem(pane, entry.problem, width)
    body = remarks(entry.notices, width)
    if entry.unsaved_serial and (key := _key(pane, "remember")):
        body += wrapped(
            f"AWS told which device it is; {key} saves it in the profile.",
            width,
            first=Span("→ ", Tone.KEY),
        )
    return "Last action", body


def _problem(pane: ProfileDetails, problem: MfaTuiError, width: int) -> list[Line]:
    """A problem, and the keys that lead on from it."""
    return [
        *told(problem, width),
        *ways_on(problem, _COMMANDS, pane.keys, width),
        *to_trouble(problem, _key(pane, "trouble"), width),
    ]


def _key(pane: ProfileDetails, command: str) -> str:
    """The key of a command; empty where the screen does not have it."""
    return pane.keys.get(command, "")
