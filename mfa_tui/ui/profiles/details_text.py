"""The text of the details of a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.keys.key_age import age_in_days, age_words
from mfa_tui.core.profiles.profile import Kind
from mfa_tui.core.seeds.totp import PERIOD
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.core.text.display import shortened_key
from mfa_tui.services.sessions.lookup import State
from mfa_tui.ui.profiles import role_text
from mfa_tui.ui.profiles.columns import KEPT, PROCESS
from mfa_tui.ui.text.spans import (
    EMPTY,
    HIDDEN_CODE,
    Line,
    Span,
    Tone,
    format_account,
    format_seconds,
    format_time,
    justified,
    line,
    progress_bar,
    spaced_code,
    wrapped,
)
from mfa_tui.ui.text.status_lines import key_hints, notice_lines, problem_lines, progress_lines, troubleshooting_hint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.listing.overview import ProfileRow
    from mfa_tui.services.seeds.current_code import Code
    from mfa_tui.ui.state.action_log import Entry

NO_DEVICE = "no-device"
"""Slug of the problem that enrolling a first device solves."""
_COMMANDS = {
    "mfa-tui device enroll": ("devices", "enroll one here"),
    "mfa-tui device import": ("import", "do that here"),
    "mfa-tui device forget": ("forget", "do that here"),
}
"""Command lines that remedies name: for each, the id of this screen's command that does the same, and what it does."""
_BAR = 15


class ProfileDetails(NamedTuple):
    """All that the details of a profile show."""

    row: ProfileRow
    """The profile with its session."""
    entry: Entry
    """What is running for the profile, or how the last action went."""
    problem: MfaTuiError | None
    """Why the profile cannot log in."""
    code: Code | None
    """The current code of its stored secret; None while the secret has not been read, or if there is none."""
    code_problem: MfaTuiError | None
    """Why the stored secret could not be read."""
    now: float
    """AWS's time, in seconds since the epoch."""
    monotonic: float
    """The clock that waits depend on, in seconds."""
    keys: Mapping[str, str]
    """The keys of the commands as they are shown, by the commands' ids."""
    masked: bool = False
    """Whether codes are hidden, as a picture is being taken."""
    in_shell: bool = False
    """Whether the shell uses the profile."""
    overriding: tuple[str, ...] = ()
    """The variables of the environment that override every profile."""
    kept: bool = False
    """Whether its session is kept alive."""
    source_expiry: float | None = None
    """When the live session expires that a role is assumed with, in AWS's time; None if there is none."""
    key_created: int | None = None
    """When its long-term key was created, in seconds since the epoch; None if that is not known."""
    key_age_days: int = 90
    """Days after which a key is old."""


def lines(details: ProfileDetails, width: int, *, wide: bool) -> list[Line]:
    """The details in lines of *width* cells; *wide*: with headings and space between the parts."""
    if details.problem is not None:
        parts = [("", _problem(details, details.problem, width))]
    else:
        session = ("Session", _session(details, width, wide=wide) + _limited(details, width))
        code = ("Code", _code(details, width, wide=wide))
        role = ("Role", _role(details, width, wide=wide))
        # Where there is little room, what happened comes first, so that it can be seen.
        parts = (
            [session, role, code, _activity(details, width)]
            if wide
            else [session, _activity(details, width), role, code]
        )
    if details.entry.hint and details.problem is None:
        parts.append(("", wrapped(details.entry.hint, width, Tone.DIM, first=Span("– ", Tone.WARN))))
    head = _head(details, width, wide=wide)
    if not wide:
        return head + [part for _, body in parts for part in body]
    result = [*head]
    for heading, body in parts:
        if body:
            result += [EMPTY, *([line(Span(heading.upper(), Tone.DIM))] if heading else []), *body]
    return result


def _head(details: ProfileDetails, width: int, *, wide: bool) -> list[Line]:
    profile = details.row.profile
    facts = [
        profile.serial.name if profile.serial else "",
        format_account(profile.account),
        profile.region,
    ]
    about = " · ".join(fact for fact in facts if fact)
    if wide:
        named = line(Span(profile.name, Tone.STRONG))
        known = [line(Span(about or profile.kind.replace("-", " "), Tone.DIM)), *_access_key(details)]
        return [named, *known, *_shell(details, width)]
    room = max(0, width - len(profile.name) - 2)
    about = about if len(about) <= room else about[: max(0, room - 1)] + "…" * bool(room)
    # Where there is little room, the key is mentioned only if it is old.
    old = _access_key(details) if _key_is_old(details) else []
    return [line(Span(profile.name, Tone.STRONG), "  ", Span(about, Tone.DIM)), *old]


def _key_is_old(details: ProfileDetails) -> bool:
    """Whether the profile's own long-term key is old, as far as is known."""
    created = details.key_created
    return created is not None and age_in_days(created, details.now) >= details.key_age_days


def _access_key(details: ProfileDetails) -> list[Line]:
    """The profile's own long-term key, if it is stored or its age is known."""
    profile = details.row.profile
    stored = profile.kind == Kind.STORED_KEYS
    if not stored and (details.key_created is None or profile.kind != Kind.ACCESS_KEYS):
        return []
    about = f"key {shortened_key(profile.access_key_id)}{', not in the AWS files' if stored else ''}"
    if details.key_created is None:
        return [line(Span(about, Tone.DIM))]
    age = age_words(details.key_created, details.now)
    if not _key_is_old(details):
        return [line(Span(f"{about}, {age}", Tone.DIM))]
    return [line(Span(f"{about}, ", Tone.DIM), Span(f"! {age}", Tone.WARN))]


def _shell(details: ProfileDetails, width: int) -> list[Line]:
    """Whether this shell uses the profile. The list's mark and the top line show it, too."""
    if not details.in_shell:
        return []
    if details.overriding:
        text = f"this shell names it, but {details.overriding[0]} overrides it: unset {' '.join(details.overriding)}"
        return wrapped(text, width, Tone.WARN, first=Span("○ ", Tone.KEY))
    return [line(Span("● ", Tone.KEY), Span("this shell uses it", Tone.DIM))]


def _session(details: ProfileDetails, width: int, *, wide: bool) -> list[Line]:
    session, target = details.row.session, details.row.target
    state = session.at(details.now)
    left = format_duration(session.expires_at - details.now) if session.expires_at is not None else ""
    until = f"until {format_time(session.expires_at, details.now)}" if session.expires_at is not None else ""
    expired = f"at {format_time(session.expires_at, details.now)}" if session.expires_at is not None else ""
    words = {
        State.LIVE: (Span(f"✓ {left} left", Tone.GOOD), until),
        State.ENDING: (Span(f"! {left} left", Tone.WARN), f"{until}; press {_key(details, 'renew')} to renew"),
        State.ENDED: (Span("! expired", Tone.WARN), expired),
        State.UNVERIFIED: (
            Span(f"? {left or 'unknown'}", Tone.WARN),
            "made with other access keys, or by another program",
        ),
    }
    shape, more = words.get(state, (Span("– no session yet", Tone.DIM), f"saves as {target}"))
    export = f"export AWS_PROFILE={target}"
    usable = state != State.NONE or details.row.process
    if wide:
        last = [justified(export, _key(details, "export"), width, right_tone=Tone.KEY)] if usable else []
        if len(shape.text) + 2 + len(more) <= width:
            return [line(shape, Span(f"  {more}", Tone.DIM)), *_renewal(details), *last]
        return [line(shape), *wrapped(more, width, Tone.DIM), *_renewal(details), *last]
    first = line(shape, Span(f"  {more}", Tone.DIM))
    how = [line(export, Span(f"  {_key(details, 'export')}", Tone.KEY))] if usable else []
    return [*_together([first, *how], "    ", width), *_together(_renewal(details), "   ", width)]


def _limited(details: ProfileDetails, width: int) -> list[Line]:
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


def _renewal(details: ProfileDetails) -> list[Line]:
    """What renews the session besides the user."""
    renewals = [(PROCESS, "renews on demand for AWS tools")] * details.row.process
    renewals += [(KEPT, "kept alive while mfa-tui is open")] * details.kept
    return [line(Span(f"{mark} ", Tone.GOOD), Span(words, Tone.DIM)) for mark, words in renewals]


def _role(details: ProfileDetails, width: int, *, wide: bool) -> list[Line]:
    """For a role, how it is assumed and why."""
    profile = details.row.profile
    if not profile.roles:
        return []
    chain, how = role_text.chain(profile), role_text.assumed(profile)
    if not wide and len(f"{chain}  {how}") <= width:
        return [line(chain, Span(f"  {how}", Tone.DIM))]
    return [line(Span(chain)), *wrapped(how, width, Tone.DIM)]


def _code(details: ProfileDetails, width: int, *, wide: bool) -> list[Line]:
    profile = details.row.profile
    if profile.roles and (no_code := role_text.no_code(profile, details.source_expiry, details.now)):
        return wrapped(no_code, width, Tone.DIM)
    if not details.row.has_seed:
        serial = profile.serial
        if serial is None and details.entry.problem is not None:
            # The problem may be that there is no device that generates codes.
            return []
        if serial is None:
            return [line(Span("device looked up at login; type your 6-digit code here", Tone.DIM))]
        if serial.usable:
            return [line(Span("type your 6-digit code", Tone.DIM))]
        return []
    if details.code_problem is not None:
        return [
            *wrapped(details.code_problem.what, width, first=Span("✗ ", Tone.BAD)),
            *wrapped(details.code_problem.why, width, Tone.DIM, first=Span("  ")),
        ]
    if details.code is None:
        return [line(Span("secret stored", Tone.DIM))]
    shown = spaced_code(HIDDEN_CODE if details.masked else details.code.value.reveal())
    left = f"{format_seconds(details.code.seconds_left):>4}"
    after = (Span(f"  {left}", Tone.DIM), Span("  used" if details.code.used else "", Tone.WARN))
    key = _key(details, "code")
    fixed = len(shown) + 3 + sum(len(span.text) for span in after) + 2 + len(key)
    cells = max(4, min(_BAR, width - fixed))
    gap = width - fixed - cells + 2 if wide else 2
    tone = Tone.DIM if details.code.used else Tone.CODE
    countdown = progress_bar(details.code.seconds_left, PERIOD, cells)
    return [line(Span(shown, tone), "   ", *countdown, *after, " " * gap, Span(key, Tone.KEY))]


def _activity(details: ProfileDetails, width: int) -> tuple[str, list[Line]]:
    entry = details.entry
    if entry.running:
        return "Now", progress_lines(entry.progress, width, details.monotonic)
    if entry.problem is not None:
        return "Last action", _problem(details, entry.problem, width)
    body = notice_lines(entry.notices, width)
    if entry.unsaved_serial and (key := _key(details, "remember")):
        body += wrapped(
            f"Login found the MFA device; press {key} to save it in the profile.",
            width,
            first=Span("→ ", Tone.KEY),
        )
    return "Last action", body


def _problem(details: ProfileDetails, problem: MfaTuiError, width: int) -> list[Line]:
    """A problem, and the keys that help with it."""
    return [
        *problem_lines(problem, width),
        *key_hints(problem, _COMMANDS, details.keys, width),
        *troubleshooting_hint(problem, _key(details, "trouble"), width),
    ]


def _key(details: ProfileDetails, command: str) -> str:
    """The key of a command; empty where the screen does not have it."""
    return details.keys.get(command, "")
