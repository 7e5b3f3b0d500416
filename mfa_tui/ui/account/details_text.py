"""The text about one row of the account screen: what is wrong, what to do, and what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.account.audit import FIRST_TABLE, State
from mfa_tui.core.account.rules import DAY, day_of
from mfa_tui.core.account.summary_text import report_age
from mfa_tui.core.text.display import format_account, in_words
from mfa_tui.ui.account.rows import MARKS, Kind, device_kinds
from mfa_tui.ui.account.user_flows import day, key_words
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, top_line, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.account.account import User
    from mfa_tui.core.account.audit import Audit
    from mfa_tui.ui.account.rows import AccountRow
    from mfa_tui.ui.account.user_flows import LoadedUser

_LABEL = 11
_LEAST_GAP = 2
_BEGIN = "logs in, and examines the account. Nothing in it is changed."
_STATES = {
    State.WAITING: Span("◌ ", Tone.BUSY),
    State.DONE: Span("✓ ", Tone.GOOD),
    State.DENIED: Span("? ", Tone.WARN),
    State.FAILED: Span("✗ ", Tone.BAD),
}


def title(profile: str, audit: Audit | None, width: int, name: str = "") -> Line:
    """The top line: the account, and how old the credential report is."""
    if audit is None or not audit.facts.account:
        return top_line(f"Account of {profile}", [], "", width)
    what, of = f"Account {format_account(audit.facts.account)}", [*([name] if name else []), f"as {profile}"]
    right = report_age(audit).partition(";")[0].removeprefix("The ").rstrip(".") if audit.has_first_table else ""
    if len(what) + sum(len(f"  {each}") for each in of) + _LEAST_GAP + len(right) > width:
        # The account matters more.
        right = ""
    return top_line(what, of, right, width)


def no_match(wanted: str, count: int, width: int) -> list[Line]:
    """What is shown in place of the table if none of its *count* rows matches the filter."""
    return [
        *wrapped(f'No row matches "{wanted.strip()}"', width, Tone.STRONG),
        EMPTY,
        *wrapped("The filter searches all columns, the ids of findings, and the users' groups.", width, Tone.DIM),
        line(Span("esc", Tone.KEY), Span(f" shows all {count:,}", Tone.DIM)),
    ]


def progress_of(audit: Audit | None, width: int, *, running: bool, key: str) -> list[Line]:
    """The checks that come before the first table, and how far they are; *key* begins again if nothing is *running*."""
    if not running:
        return wrapped(_BEGIN, width, first=Span(f"{key} ", Tone.KEY))
    lines = wrapped("Examining the account. Nothing in it is changed.", width, Tone.STRONG)
    lines.append(EMPTY)
    for check in audit.checks if audit is not None else ():
        mark = _STATES.get(check.state, Span("– ", Tone.DIM))
        words = f"{check.title}: {check.action} was denied" if check.state == State.DENIED else check.title
        lines += wrapped(words, width, Tone.DIM if check.state == State.WAITING else Tone.PLAIN, first=mark)
        if check.id == FIRST_TABLE:
            break
    return lines


def about_row(row: AccountRow, audit: Audit, width: int) -> list[Line]:
    """What is wrong, what to do, and what is known."""
    lines: list[Line] = []
    for one in row.findings:
        mark = MARKS[one.severity]
        lines += wrapped(one.what, width, first=Span(f"{mark.text} {one.severity:<8} ", mark.tone))
        lines += wrapped(one.remedy, width, Tone.DIM, first=Span("           → ", Tone.KEY))
    if row.kind == Kind.CHECK:
        lines += wrapped(row.note, width, first=Span("? ", Tone.WARN))
        return [*lines, *wrapped("The rest of the account was examined anyway.", width, Tone.DIM)]
    if not row.findings:
        lines.append(line(Span("✓ ", Tone.GOOD), "nothing is wrong in what was checked"))
    if row.note:
        lines += _fact({Kind.ROOT: "root user", Kind.POLICY: "passwords"}.get(row.kind, ""), row.note, width)
    if row.user is not None:
        lines += _about_user(row.user, audit.made_at, width)
    elif row.kind == Kind.USER:
        lines += wrapped(
            "The credential report does not have this user: it was deleted or made since.", width, Tone.DIM
        )
    return lines


def _fact(label: str, words: str, width: int) -> list[Line]:
    return wrapped(words, width, first=Span(f"{label:<{_LABEL}}", Tone.DIM))


def _about_user(user: User, now: float, width: int) -> list[Line]:
    by = {None: "not known whether it is an administrator", "": ""}
    who = by.get(user.administrator, f"administrator by {user.administrator}")
    signs_in = "console password" if user.has_password else "no console password"
    if user.has_password:
        signs_in += f", last used {day_of(user.signed_in_at)}" if user.signed_in_at else ", never used"
    lines = _fact("access", ", ".join(filter(None, (signs_in, who))), width)
    if user.has_mfa:
        lines += _fact("MFA", device_kinds(user) or "yes; the kind is not known", width)
    for key in user.keys:
        age = f"{int((now - key.created_at) // DAY)} days old" if key.created_at is not None else "age not known"
        where = f" ({key.used_for})" if key.used_for else ""
        used = f"last used {day_of(key.used_at)}{where}" if key.used_at else "never used"
        lines += _fact(f"key {key.slot}", f"{'active' if key.active else 'disabled'}, {age}, {used}", width)
    if user.groups:
        lines += _fact("groups", in_words(list(user.groups)), width)
    elif user.groups is not None:
        lines += _fact("groups", "none", width)
    return lines


def about_loaded(loaded: LoadedUser, keys: Mapping[str, str], width: int) -> list[Line]:
    """The user's devices and keys as AWS lists them now."""
    user = loaded.user
    lines = [EMPTY, line(Span("MFA devices", Tone.STRONG), Span("  at AWS, now", Tone.DIM))]
    if user.devices is None:
        lines += _denied("iam:ListMFADevices", width)
    elif not user.devices:
        text = f"none. Press {keys['account-enroll']} to enroll one."
        lines += wrapped(text, width, first=Span("  "))
    for device in user.devices or ():
        words = f"{device.serial.name}  {device.serial.kind_words} · since {day(device.enabled_at)}"
        lines += wrapped(words, width, first=Span("  "))
        if device.serial.text != device.serial.name:
            lines += wrapped(device.serial.text, width, Tone.DIM, first=Span("    "))
    lines += [EMPTY, line(Span("Long-term keys", Tone.STRONG), Span("  at AWS, now", Tone.DIM))]
    if loaded.keys is None:
        lines += _denied("iam:ListAccessKeys", width)
    elif not loaded.keys:
        lines.append(line("  none"))
    for key in loaded.keys or ():
        tone = Tone.PLAIN if key.active else Tone.DIM
        lines += wrapped(f"{key.access_key_id}  {key_words(key)}", width, tone, first=Span("  "))
    return lines


def _denied(action: str, width: int) -> list[Line]:
    return wrapped(f"AWS does not let you list them: {action} was denied.", width, first=Span("? ", Tone.WARN))
