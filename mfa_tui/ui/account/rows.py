"""The rows of the account screen: users, root, the password policy, roles, and checks that are not complete."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.account.audit import State
from mfa_tui.core.account.findings import CRITICAL, HIGH, LOW, MEDIUM, SEVERITIES, rank
from mfa_tui.core.account.rules import DAY
from mfa_tui.core.account.statistics import AgeClass, Protection, key_ages, protection
from mfa_tui.core.account.summary_text import facts_in_words, unchecked
from mfa_tui.core.aws.mfa_serial import FIDO, HARDWARE, SMS, VIRTUAL
from mfa_tui.ui.text.spans import Span, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.account.account import User
    from mfa_tui.core.account.audit import Audit
    from mfa_tui.core.account.findings import Finding
    from mfa_tui.core.account.rules import Thresholds

MARKS = {
    CRITICAL: Span("■", Tone.BAD),
    HIGH: Span("▲", Tone.WARN),
    MEDIUM: Span("◆", Tone.BUSY),
    LOW: Span("○", Tone.DIM),
}
"""The shape and the color of each severity."""
_NOT_CHECKED, _FINE = len(SEVERITIES), len(SEVERITIES) + 1
"""The ranks of rows without findings."""
_NEVER = 10.0**12
_cell = lru_cache(maxsize=5_000)(Span)
"""Many rows have the same cells: each is made once."""
_NOTHING = _cell("–", Tone.DIM)
_KINDS = {VIRTUAL: "app", HARDWARE: "token", FIDO: "FIDO", SMS: "SMS"}


class Kind:
    """What a row is about."""

    USER = "user"
    ROOT = "root"
    POLICY = "policy"
    ROLE = "role"
    CHECK = "check"


class AccountRow(NamedTuple):
    """One row of the table."""

    key: str
    """What it is about: an ARN, the account's id, or the id of a check. No two rows have the same."""
    kind: str
    """One of :class:`Kind`."""
    name: str
    """Its name."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with it, the most severe first."""
    user: User | None = None
    """The user, if it is one that the credential report has."""
    note: str = ""
    """A sentence about it, if it is no user."""
    cells: tuple[Span, ...] = ()
    """The cells after the name: console, administrator, MFA, keys, last use, findings."""
    ranks: tuple[float, ...] = ()
    """What the row is sorted by in each of those columns; the name comes first, as ``sort_name``."""

    @property
    def sort_name(self) -> str:
        """What the row is sorted by in the column of names, and where others are equal."""
        return self.name.casefold()

    @property
    def searched(self) -> str:
        """The text that the filter looks in."""
        words = [self.name, *(cell.text for cell in self.cells), *(one.id for one in self.findings)]
        return " ".join([*words, *(self.user.groups or () if self.user else ())]).casefold()


class AuditView(NamedTuple):
    """An audit with its rows, prepared outside of the interface's thread."""

    audit: Audit
    """The audit."""
    rows: tuple[AccountRow, ...]
    """The rows, by their names."""
    texts: tuple[str, ...]
    """The text that the filter looks in, for each row."""
    protection: Protection
    """How many of the users are protected."""
    key_ages: tuple[AgeClass, ...]
    """How old active keys are."""
    counts: Mapping[str, int]
    """How many findings there are of each severity, the most severe first."""
    widest: tuple[int, ...]
    """The length of the longest name, and of the longest of each of a row's cells."""


def audit_view(audit: Audit, thresholds: Thresholds) -> AuditView:
    """The view of an audit. It takes some tenths of a second for 5,000 users: make it in a thread."""
    rows, users = sorted(_rows(audit, thresholds), key=lambda row: row.sort_name), audit.facts.users or ()
    return AuditView(
        audit,
        tuple(rows),
        tuple(row.searched for row in rows),
        protection(users),
        key_ages(users, audit.made_at, thresholds),
        audit.counts(),
        tuple(max(map(len, texts)) for texts in zip(*map(_texts, rows), strict=True)),
    )


def _texts(row: AccountRow) -> list[str]:
    """The name, and the texts of the cells."""
    return [row.name, *(cell.text for cell in row.cells)]


def _rows(audit: Audit, thresholds: Thresholds) -> list[AccountRow]:
    facts = audit.facts
    by_resource: dict[str, list[Finding]] = {}
    for one in audit.findings:
        by_resource.setdefault(one.resource, []).append(one)
    words = dict(facts_in_words(audit))
    rows = []
    for user in facts.users or ():
        row = AccountRow(user.arn, Kind.USER, user.name, tuple(by_resource.pop(user.arn, ())), user)
        rows.append(_with_user_cells(row, user, audit.made_at, thresholds))
    if facts.root is not None:
        found = tuple(by_resource.pop(facts.root_arn, ()))
        rows.append(_with_cells(AccountRow(facts.root_arn, Kind.ROOT, "root user", found, note=words["Root user"])))
    if facts.password_policy is not None:
        found = tuple(by_resource.pop(facts.account, ()))
        note = words["Passwords"]
        rows.append(_with_cells(AccountRow(facts.account, Kind.POLICY, "password policy", found, note=note)))
    for resource, those in by_resource.items():
        kind = Kind.ROLE if ":role/" in resource else Kind.USER
        name = f"role {those[0].name}" if kind == Kind.ROLE else those[0].name
        rows.append(_with_cells(AccountRow(resource, kind, name, tuple(those))))
    for check, why in unchecked(audit):
        if check.state != State.WAITING:
            rows.append(_with_cells(AccountRow(check.id, Kind.CHECK, check.title, note=why), check.state))
    return rows


def _with_user_cells(row: AccountRow, user: User, now: float, thresholds: Thresholds) -> AccountRow:
    created = [key.created_at for key in user.active_keys if key.created_at is not None]
    used = last_use(user)
    cells = (
        _cell("yes") if user.has_password else _NOTHING,
        _cell("admin", Tone.STRONG)
        if user.administrator
        else _cell("?", Tone.DIM)
        if user.administrator is None
        else _NOTHING,
        _mfa_cell(user),
        _keys_cell(user, now, thresholds),
        _cell(_ago(now - used)) if used is not None else _cell("never", Tone.DIM),
        findings_cell(row.findings),
    )
    ranks = (
        0.0 if user.has_password else 1.0,
        0.0 if user.administrator else 1.0,
        float(len(user.devices or ())) if user.devices is not None else float(user.has_mfa) + (not user.can_log_in) * 9,
        float(min(created, default=_NEVER)),
        float(used if used is not None else 0),
        _severity_rank(row.findings),
    )
    return row._replace(cells=cells, ranks=ranks)


def _with_cells(row: AccountRow, state: str = State.DONE) -> AccountRow:
    checked = state == State.DONE
    words = "denied" if state == State.DENIED else "incomplete"
    last = findings_cell(row.findings) if checked else _cell(f"? {words}", Tone.WARN)
    rank_of_row = _severity_rank(row.findings) if checked else float(_NOT_CHECKED)
    blank = _cell("", Tone.DIM)
    return row._replace(cells=(blank,) * 5 + (last,), ranks=(2.0, 2.0, _NEVER, _NEVER + 1, _NEVER, rank_of_row))


def _severity_rank(findings: tuple[Finding, ...]) -> float:
    """The worst severity first, and more findings before fewer."""
    if not findings:
        return float(_FINE)
    return rank(findings[0].severity) + 1 / (1 + len(findings))


def findings_cell(findings: tuple[Finding, ...]) -> Span:
    """The worst severity by shape and word, and how many findings there are in all."""
    if not findings:
        return _cell("✓", Tone.GOOD)
    worst = findings[0].severity
    return _cell(f"{MARKS[worst].text} {worst} {len(findings)}", MARKS[worst].tone)


def _mfa_cell(user: User) -> Span:
    if not user.has_mfa:
        return _cell("✗ none", Tone.BAD) if user.can_log_in else _NOTHING
    return _cell(f"✓ {device_kinds(user)}".rstrip(), Tone.GOOD)


def device_kinds(user: User) -> str:
    """The kinds of a user's devices in words, such as ``2 apps``; empty if they are not known."""
    kinds = [_KINDS.get(kind, kind) for kind in user.devices or ()]
    counts = {kind: kinds.count(kind) for kind in kinds}
    plural = {"app": "apps", "token": "tokens"}
    return ", ".join(kind if count == 1 else f"{count} {plural.get(kind, kind)}" for kind, count in counts.items())


def _keys_cell(user: User, now: float, thresholds: Thresholds) -> Span:
    ages = sorted((now - key.created_at for key in user.active_keys if key.created_at is not None), reverse=True)
    if not ages:
        return _cell("off", Tone.DIM) if user.keys else _NOTHING
    old = ages[0] > thresholds.old * DAY
    days = ", ".join(str(int(age // DAY)) for age in ages)
    return _cell(f"{'! ' if old else ''}{days} d", Tone.WARN if old else Tone.PLAIN)


def last_use(user: User) -> int | None:
    """When the user's password or a key was last used, in seconds since the epoch; None: never, as far as is known."""
    moments = [user.signed_in_at, *(key.used_at for key in user.keys)]
    return max((moment for moment in moments if moment is not None), default=None)


def _ago(seconds: float) -> str:
    days = int(max(0.0, seconds) // DAY)
    return "today" if days == 0 else f"{days} d"
