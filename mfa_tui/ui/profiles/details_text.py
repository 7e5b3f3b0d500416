"""The text of the details of a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.aws.mfa_serial import FIDO, HARDWARE, MfaSerial
from mfa_tui.core.keys.key_age import age_in_days, age_words
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.text.display import format_account, shortened_key
from mfa_tui.services.sessions.lookup import State
from mfa_tui.ui.profiles import code_text, session_text
from mfa_tui.ui.text import role_text
from mfa_tui.ui.text.accounts import account_span
from mfa_tui.ui.text.spans import EMPTY, LABEL, Line, Span, Tone, labeled, line, with_key, wrapped
from mfa_tui.ui.text.status_lines import key_hints, notice_lines, problem_lines, progress_lines, troubleshooting_hint

if TYPE_CHECKING:
    from mfa_tui.core.keys.known_user import KnownUser
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.ui.profiles.details import ProfileDetails

_COMMANDS = {
    "mfa-tui device enroll": ("devices", "enroll a device"),
    "mfa-tui device import": ("import", "import the secret"),
    "mfa-tui device forget": ("forget", "remove the stored secret"),
    "mfa-tui keys import": ("login", "import the key and log in"),
}
"""Command lines that remedies name: for each, the id of this screen's command that does the same, and what it does."""
SECRET_PLACES = {
    "keyring": "secret in the keyring",
    "vault": "secret in the vault",
    "command": "secret from your command",
    "code-command": "codes from your command",
    "yubikey": "codes from your YubiKey",
}
"""Where codes come from, by where the secret is."""


def lines(details: ProfileDetails, width: int, *, wide: bool) -> list[Line]:
    """The details in lines of *width* cells; *wide*: with labels, big digits and space between the parts."""
    return _wide(details, width) if wide else _narrow(details, width)


def is_more(details: ProfileDetails) -> bool:
    """Whether there is more to read than usual: an error, what is running, or why a key did nothing."""
    entry = details.entry
    return bool(
        details.problem or entry.problem or entry.running or entry.notices or entry.unsaved_serial or entry.hint
    )


def _narrow(details: ProfileDetails, width: int) -> list[Line]:
    """What happened comes first, so that it can be seen; then what is needed most often."""
    head = _short_head(details, width)
    if details.problem is not None:
        return head + _problem(details, details.problem, width)
    # Below an error, its room is needed for what to do.
    says_nothing = details.entry.problem is not None and details.row.session.at(details.now) == State.NONE
    return [
        *head,
        *([] if says_nothing else session_text.short_lines(details, width)),
        *_activity(details, width),
        *_hint(details, width),
        *code_text.lines(details, width, big=False),
        *_role(details, width, wide=False),
    ]


def _wide(details: ProfileDetails, width: int) -> list[Line]:
    if details.problem is not None:
        return [*_head(details, width), EMPTY, *_problem(details, details.problem, width)]
    big = code_text.is_big(details, width)
    inner = width - LABEL
    code = code_text.lines(details, width if big else inner, big=big)
    session = [
        *labeled("Session", session_text.lines(details, inner)),
        *labeled("Use", session_text.export(details, inner)),
    ]
    about = [
        *labeled("Role", _role(details, inner, wide=True)),
        *labeled("Code", [] if big else code),
        *labeled("Device", _device(details, inner)),
        *labeled("Key", _access_key(details, inner)),
    ]
    more = labeled("More", _more_keys(details, inner))
    parts = [code if big else [], session, about, _activity(details, width), _hint(details, width), more]
    return [*_head(details, width), *(each for part in parts if part for each in (EMPTY, *part))]


def _head(details: ProfileDetails, width: int) -> list[Line]:
    named = line(*_name(details))
    about = _facts(details) or details.row.profile.kind.replace("-", " ")
    return [named, *wrapped(about, width, Tone.DIM), *_shell(details, width)]


def _short_head(details: ProfileDetails, width: int) -> list[Line]:
    about = _facts(details)
    named = _name(details)
    room = max(0, width - sum(len(span.text) for span in named) - 2)
    if len(about) > room and details.label is not None and details.label.name:
        # Its account has a name there.
        about = _facts(details, number=False)
    about = about if len(about) <= room else about[: max(0, room - 1)] + "…" * bool(room)
    # Where there is little room, the key is mentioned only if it is old.
    old = [line(Span("key ", Tone.DIM), *_key_words(details))] if _key_is_old(details) else []
    return [line(*named, "  ", Span(about, Tone.DIM)), *old]


def _name(details: ProfileDetails) -> tuple[Span, ...]:
    """The profile's name, and its account if that has a label."""
    name = Span(details.row.profile.name, Tone.STRONG)
    if details.label is None:
        return (name,)
    return name, Span("  "), account_span(details.label, _known(details))


def _facts(details: ProfileDetails, *, number: bool = True) -> str:
    profile = details.row.profile
    known, serial = _known(details), _serial(details)
    alias = known.alias if details.label is not None and details.label.name else ""
    account = format_account(known.account) if number else ""
    facts = [serial.name if serial else "", account, alias, profile.region]
    return " · ".join(fact for fact in facts if fact)


def _known(details: ProfileDetails) -> KnownUser:
    """What is known of its account and device; what the files say if AWS has said nothing."""
    return details.known if details.known.account else details.known.changed(account=details.row.profile.account)


def _serial(details: ProfileDetails) -> MfaSerial | None:
    """The MFA device, which the profile names, or which an earlier login found."""
    return details.row.profile.serial or (MfaSerial(details.known.serial) if details.known.serial else None)


def _key_is_old(details: ProfileDetails) -> bool:
    """Whether the profile's own long-term key is old, as far as is known."""
    created = details.key_created
    return created is not None and age_in_days(created, details.now) >= details.key_age_days


def _key_words(details: ProfileDetails) -> tuple[Span, ...]:
    """The profile's own long-term key, if it is stored or its age is known; else nothing."""
    profile = details.row.profile
    stored = profile.kind == Kind.STORED_KEYS
    if not stored and (details.key_created is None or profile.kind != Kind.ACCESS_KEYS):
        return ()
    about = f"{shortened_key(profile.access_key_id)}{', stored' if stored else ''}"
    if details.key_created is None:
        return (Span(about, Tone.DIM),)
    age = age_words(details.key_created, details.now)
    if not _key_is_old(details):
        return (Span(f"{about}, {age}", Tone.DIM),)
    return Span(f"{about}, ", Tone.DIM), Span(f"! {age}", Tone.WARN)


def _access_key(details: ProfileDetails, width: int) -> list[Line]:
    words = _key_words(details)
    return [with_key(line(*words), _key(details, "keys"), width)] if words else []


def _device(details: ProfileDetails, width: int) -> list[Line]:
    """The MFA device, and where its codes come from."""
    serial = _serial(details)
    if details.row.profile.roles:
        return []
    if serial is None:
        only = "FIDO keys or passkeys only, which generate no codes"
        return wrapped(only, width, Tone.BAD, first=Span("✗ ", Tone.BAD)) if details.known.fido_only else []
    if details.row.profile.serial is None:
        source = "found at a login; the profile does not name it"
    elif not serial.usable:
        source = "FIDO key, generates no codes" if serial.kind == FIDO else "text messages, not for AWS tools"
    elif details.row.has_seed:
        source = SECRET_PLACES.get(details.row.secret_place, "secret stored")
    else:
        source = "hardware token" if serial.kind == HARDWARE else "codes from your phone"
    room = width - len(_key(details, "devices")) - 2
    first, *more = wrapped(f"{serial.name} · {source}", room, Tone.DIM)
    return [with_key(first, _key(details, "devices"), width), *more]


def _more_keys(details: ProfileDetails, width: int) -> list[Line]:
    """What else can be done with the profile, and the keys that do it."""
    serial = details.row.profile.serial
    importable = not details.row.has_seed and not details.row.profile.roles and (serial is None or serial.usable)
    offers = [
        ("console", "open the AWS console"),
        ("process", "store keys in the file" if details.row.process else "let AWS tools renew it"),
        *([("import", "store the secret here")] if importable else []),
    ]
    shown = [(_key(details, command), does) for command, does in offers]
    return [with_key(line(Span(does, Tone.DIM)), key, width) for key, does in shown if key]


def _shell(details: ProfileDetails, width: int) -> list[Line]:
    """Whether this shell uses the profile. The list's mark and the top line show it, too."""
    if not details.in_shell:
        return []
    if details.overriding:
        text = f"this shell names it, but {details.overriding[0]} overrides it: unset {' '.join(details.overriding)}"
        return wrapped(text, width, Tone.WARN, first=Span("○ ", Tone.KEY))
    return [line(Span("● ", Tone.KEY), Span("this shell uses it", Tone.DIM))]


def _role(details: ProfileDetails, width: int, *, wide: bool) -> list[Line]:
    """For a role, how it is assumed and why."""
    profile = details.row.profile
    if not profile.roles:
        return []
    chain, how = role_text.chain(profile), role_text.assumed(profile)
    if not wide and len(f"{chain}  {how}") <= width:
        return [line(chain, Span(f"  {how}", Tone.DIM))]
    return [*wrapped(chain, width), *wrapped(how, width, Tone.DIM)]


def _activity(details: ProfileDetails, width: int) -> list[Line]:
    """What is running for the profile, or how the last action went."""
    entry = details.entry
    if entry.running:
        return progress_lines(entry.progress, width, details.monotonic, awaits=entry.awaits)
    if entry.problem is not None:
        return _problem(details, entry.problem, width)
    body = notice_lines(entry.notices, width)
    if entry.unsaved_serial and (key := _key(details, "remember")):
        body += wrapped(
            f"Login found the MFA device; press {key} to save it in the profile.",
            width,
            first=Span("→ ", Tone.KEY),
        )
    return body


def _hint(details: ProfileDetails, width: int) -> list[Line]:
    """Why the last key did nothing."""
    if not details.entry.hint or details.problem is not None:
        return []
    return wrapped(details.entry.hint, width, Tone.DIM, first=Span("– ", Tone.WARN))


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
