"""The columns of the list of profiles: their widths, and the text in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.aws.mfa_serial import FIDO, HARDWARE
from mfa_tui.core.profiles.profile import ROLES, Kind
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.services.sessions.lookup import SessionState, State
from mfa_tui.ui.text.cells import GUTTER
from mfa_tui.ui.text.spans import Span, Tone, format_account, format_seconds

if TYPE_CHECKING:
    from mfa_tui.services.listing.overview import ProfileRow
    from mfa_tui.ui.state.action_log import Entry

_GAP = 2
_ACCOUNT = 14
_MFA, _LEAST_MFA = 26, 10
_SESSION = 14
PROCESS = "⇄"
"""The mark of a session that renews on demand: its target runs mfa-tui as its credential_process."""
KEPT = "↻"
"""The mark of a session that is kept alive."""


Cells = tuple[Span, Span, Span]
"""Account, MFA and session of a profile. If the session is empty, the MFA cell takes its room."""


class Columns(NamedTuple):
    """The widths of the columns, in cells."""

    name: int
    """Of the profile's name."""
    account: int
    """Of the account; 0 where there is no room for it."""
    mfa: int
    """Of the MFA device, and where its codes come from."""
    session: int
    """Of the session."""

    @property
    def reason(self) -> int:
        """The width of what replaces the last two columns where a profile cannot log in."""
        return self.mfa + _GAP + self.session


def columns(width: int, longest: int, *, with_account: bool) -> Columns:
    """The columns of a list that is *width* cells wide, and whose longest name has *longest* characters."""
    fixed = GUTTER + 1 + _SESSION + 2 * _GAP + (_ACCOUNT + _GAP if with_account else 0)
    free = max(8 + _LEAST_MFA, width - fixed)
    name = min(max(longest, 12), free - _LEAST_MFA)
    return Columns(name, _ACCOUNT if with_account else 0, min(_MFA, free - name), _SESSION)


def cells(row: ProfileRow, entry: Entry, *, now: float, monotonic: float, kept: bool = False) -> Cells:
    """The cells of a row. If the profile cannot log in, the session is empty and the MFA cell says why."""
    profile = row.profile
    number = Span(format_account(profile.account), Tone.DIM)
    if not profile.can_log_in:
        return number, reason(row), Span("")
    marks = PROCESS * row.process + KEPT * kept
    return number, mfa_cell(row), activity_cell(entry, monotonic) or session_cell(row.session, now, marks=marks)


def reason(row: ProfileRow) -> Span:
    """Why a profile cannot log in, in a few words; the details have the whole sentence."""
    profile = row.profile
    if profile.kind == Kind.BROKEN:
        return Span(f"✗ {profile.problem}", Tone.BAD)
    words = {
        Kind.SSO: "– signs in with aws sso login",
        Kind.CREDENTIAL_PROCESS: "– uses a credential process",
        Kind.WEB_IDENTITY: "– uses a web identity",
        Kind.AWS_LOGIN: "– signs in with aws login",
        Kind.NO_CREDENTIALS: "– has no access keys",
        Kind.SESSION: "– holds temporary credentials",
        Kind.AWS_CLI_SESSION: "– is a session of the AWS CLI",
    }
    return Span(words.get(profile.kind, f"– {profile.problem}"), Tone.DIM)


def mfa_cell(row: ProfileRow) -> Span:
    """Where the codes come from, and the device; for a role, the profiles that it is assumed through."""
    if row.profile.kind in ROLES:
        return Span("".join(f"← {name} " for name in row.profile.chain[1:]).rstrip() or "its own keys")
    serial = row.profile.serial
    if serial is None:
        return Span("looked up at login", Tone.DIM)
    if not serial.usable:
        return Span(f"✗ {'FIDO key' if serial.kind == FIDO else 'SMS'}, no codes", Tone.BAD)
    source = "secret" if row.has_seed else "token" if serial.kind == HARDWARE else "phone"
    return Span(f"{source:<6}  {serial.name}")


def session_cell(session: SessionState, now: float, *, marks: str = "") -> Span:
    """The session's state by shape and word, and the time left; then *marks* of what renews it."""
    span = _state(session, now)
    return Span(f"{span.text} {marks}", span.tone) if marks else span


def _state(session: SessionState, now: float) -> Span:
    state = session.at(now)
    left = format_duration(session.expires_at - now) if session.expires_at is not None else ""
    if state == State.LIVE:
        return Span(f"✓ {left}", Tone.GOOD)
    if state == State.ENDING:
        return Span(f"! {left} left", Tone.WARN)
    if state == State.ENDED:
        return Span("! expired", Tone.WARN)
    if state == State.UNVERIFIED:
        return Span(f"? {left or 'unknown'}", Tone.WARN)
    return Span("–", Tone.DIM)


def activity_cell(entry: Entry, monotonic: float) -> Span | None:
    """What is running, or that the last action failed; None if neither."""
    if entry.running:
        step = entry.progress
        if step is not None and step.until is not None:
            return Span(f"◌ code in {format_seconds(step.until - monotonic)}", Tone.BUSY)
        words = {
            "discovering": "finding",
            "keyring": "keyring",
            "touch": "touch key",
            "asking": "asking AWS",
            "writing": "writing",
        }
        return Span(f"◌ {words.get(step.phase if step else '', 'needs a code')}", Tone.BUSY)
    return Span("✗ failed", Tone.BAD) if entry.problem and not entry.automatic else None
