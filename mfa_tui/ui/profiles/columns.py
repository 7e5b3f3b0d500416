"""The columns of the list of profiles: their widths, and the text in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.aws.mfa_serial import FIDO, HARDWARE, MfaSerial
from mfa_tui.core.keys.key_age import age_in_days
from mfa_tui.core.keys.known_user import KnownUser
from mfa_tui.core.profiles.kind import ROLES, Kind
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.core.settings.account_label import sign_of
from mfa_tui.services.progress import Awaits
from mfa_tui.services.sessions.lookup import SIGNS, SessionState, State
from mfa_tui.ui.text.accounts import account_span, tone_of
from mfa_tui.ui.text.cells import GUTTER
from mfa_tui.ui.text.spans import Span, Tone, format_seconds

if TYPE_CHECKING:
    from mfa_tui.core.settings.values import AccountSettings
    from mfa_tui.services.listing.overview import ProfileRow
    from mfa_tui.ui.state.action_log import Entry

GAP = 2
"""Cells between columns."""
ACCOUNT = 14
"""Cells of an account's ID; names may need more."""
_MOST_ACCOUNT = 24
_SIGN = 2
"""Cells of the sign of an account's color, with a space."""
_MFA, _LEAST_MFA = 26, 10
_SESSION = 14
_KEY, _REGION, _ROLE, _USED = 7, 14, 16, 9
_PHASES = {
    "discovering": "looking up",
    "keyring": "reading",
    "touch": "touch key",
    "asking": "asking AWS",
    "writing": "writing",
}
_AWAITED = {Awaits.CODE: "needs a code", Awaits.CONSENT: "asks you"}
PROCESS = "⇄"
"""The mark of a session that renews on demand: its target runs mfa-tui as its credential_process."""
KEPT = "↻"
"""The mark of a session that is kept alive."""


class Cells(NamedTuple):
    """What the columns show of a profile, besides its name."""

    account: Span
    """Its account."""
    mfa: Span
    """Its MFA device and where codes come from, or why there is no session."""
    session: Span
    """Its session. If it is empty, the cell before takes its room."""
    key: Span = Span("")
    """The age of its long-term key."""
    region: Span = Span("")
    """Its region."""
    role: Span = Span("")
    """The role that it is."""
    used: Span = Span("")
    """How long ago it was last used."""
    sign: Span = Span("")
    """The sign of its account's color, for the name where there is no column for accounts; the name has its tone."""


class Columns(NamedTuple):
    """The widths of the columns, in cells; 0 where there is no room."""

    name: int
    """Of the profile's name."""
    account: int
    """Of the account."""
    mfa: int
    """Of the MFA device, and where its codes come from."""
    session: int
    """Of the session."""
    key: int = 0
    """Of the age of the long-term key."""
    region: int = 0
    """Of the region."""
    role: int = 0
    """Of the role's name."""
    used: int = 0
    """Of how long ago it was last used."""

    @property
    def reason(self) -> int:
        """The width of what replaces the columns of device and session where a profile cannot log in."""
        return self.mfa + GAP + self.session


def columns(
    width: int,
    longest: int,
    *,
    with_account: bool,
    account: int = ACCOUNT,
    unknown: frozenset[str] = frozenset(),
    signs: bool = False,
) -> Columns:
    """The columns of a list that is *width* cells wide, and whose longest name has *longest* characters.

    *account* are the cells of the longest text for an account, and *unknown* the columns of which nothing is known.
    *signs*: without a column for accounts, the signs of their colors stand after names.
    """
    account = min(account, _MOST_ACCOUNT) if with_account and "account" not in unknown else 0
    longest += _SIGN if signs and not account else 0
    fixed = GUTTER + _SESSION + 2 * GAP + (account + GAP if account else 0)
    free = max(8 + _LEAST_MFA, width - fixed)
    name = min(max(longest, 12), free - _LEAST_MFA)
    mfa = min(_MFA, free - name)
    more, left = [], free - name - mfa
    for name_of, column in (("key", _KEY), ("region", _REGION), ("role", _ROLE), ("used", _USED)):
        more.append(column if left >= column + GAP and with_account and name_of not in unknown else 0)
        left -= column + GAP if name_of not in unknown else 0
    return Columns(name, account, mfa, _SESSION, *more)


def cells(
    row: ProfileRow,
    entry: Entry,
    *,
    now: float,
    monotonic: float,
    kept: bool = False,
    key_created: int | None = None,
    key_age_days: int = 90,
    last_used: float | None = None,
    label: AccountSettings | None = None,
    known: KnownUser | None = None,
) -> Cells:
    """The cells of a row. If the profile cannot log in, the session is empty and the MFA cell says why.

    *label* is what the user calls its account, *known* what AWS has said of it.
    """
    profile = row.profile
    known = known or KnownUser(profile.account)
    number, sign = account_span(label, known), Span("" if label is None else sign_of(label), tone_of(label))
    key = Span("") if key_created is None else key_cell(age_in_days(key_created, now), key_age_days)
    region = Span(profile.region, Tone.DIM)
    role = Span(profile.roles[-1].name if profile.roles else "", Tone.DIM)
    used = Span("" if last_used is None else ago(now - last_used), Tone.DIM)
    if not profile.can_log_in:
        return Cells(number, reason(row), Span(""), key, region, role, used, sign)
    session = session_cell(row.session, now, marks=PROCESS * row.process + KEPT * kept)
    failed = entry.problem if not entry.automatic and not entry.running else None
    if failed is not None:
        left = session if row.session.at(now) != State.NONE else Span("")
        return Cells(number, Span(f"✗ {failed.what}", Tone.BAD), left, key, region, role, used, sign)
    return Cells(
        number, mfa_cell(row, known), activity_cell(entry, monotonic) or session, key, region, role, used, sign
    )


def ago(seconds: float) -> str:
    """How long ago something was, in its largest unit: ``now``, ``5 m ago``, ``3 h ago``, ``12 d ago``."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit} ago"
    return "now"


def key_cell(days: int, old: int) -> Span:
    """The age of a long-term key in days, marked if it is old."""
    return Span(f"! {days} d", Tone.WARN) if days >= old else Span(f"  {days} d", Tone.DIM)


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


def mfa_cell(row: ProfileRow, known: KnownUser) -> Span:
    """Where the codes come from, and the device; for a role, the profiles that it is assumed through."""
    if row.profile.kind in ROLES:
        return Span("".join(f"← {name} " for name in row.profile.chain[1:]).rstrip() or "its own keys")
    serial = row.profile.serial
    if serial is None and known.fido_only:
        return Span("✗ FIDO key, no codes", Tone.BAD)
    if serial is None and known.serial:
        return Span(f"found   {MfaSerial(known.serial).name}", Tone.DIM)
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
    if state == State.NONE:
        return Span("none", Tone.DIM)
    words = {State.LIVE: left, State.ENDING: f"{left} left", State.ENDED: "expired"}.get(state, left or "unknown")
    return Span(f"{SIGNS[state]} {words}", Tone.GOOD if state == State.LIVE else Tone.WARN)


def activity_cell(entry: Entry, monotonic: float) -> Span | None:
    """What is running; None if nothing is."""
    if entry.running:
        step = entry.progress
        if step is not None and step.until is not None:
            return Span(f"◌ code in {format_seconds(step.until - monotonic)}", Tone.BUSY)
        doing = _AWAITED.get(entry.awaits) or _PHASES.get(step.phase if step is not None else "", "working")
        return Span(f"◌ {doing}", Tone.BUSY)
    return None
