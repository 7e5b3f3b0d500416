"""The credential report of an account: CSV with one row for each user, the root user first.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html. Columns are found by their names:
AWS may add some (the guide names ``additional_credentials_info``). Booleans come in either case. A report that leaves
anything open which a rule needs is none: what cannot be read would count as nothing wrong.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.account.account import Key, RootUser, User
from mfa_tui.core.aws.response_checks import ImplausibleResponse, parse_identity

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = "<root_account>"
"""The name of the root user's row."""
_NEEDED = (
    "user", "arn", "password_enabled", "password_last_used", "mfa_active",
    "access_key_1_active", "access_key_1_last_rotated", "access_key_1_last_used_date",
    "access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date",
)  # fmt: skip
_NO_TIME = ("N/A", "no_information", "not_supported")
_DAY = 86_400
"""Seconds by which a time may be later than the report: clocks differ."""


class MalformedReport(Exception):
    """The text is no credential report. The message says why, in half a sentence."""


class CredentialReport(NamedTuple):
    """The report, taken apart."""

    account: str
    """The account's id, from the ARNs."""
    partition: str
    """The partition of the ARNs."""
    users: tuple[User, ...]
    """All users but root."""
    root: RootUser
    """The root user, as far as the report knows."""


def parse_report(text: str, made_at: float, expected: str = "") -> CredentialReport:
    """The report in *text*, made at *made_at* (seconds since the epoch). Raises MalformedReport.

    *expected* is the id of the account that it must be of; empty if that is not known.
    """
    users: dict[str, User] = {}
    root: RootUser | None = None
    accounts: set[tuple[str, str]] = set()
    for line, row in _rows(text):
        accounts.add(_account(row, line))
        if row["user"] == ROOT:
            root = _root(row)
        elif row["user"] in users:
            raise MalformedReport(f"line {line} has a user for the second time")
        else:
            users[row["user"]] = _user(row, made_at, line)
    if root is None:
        raise MalformedReport("the root user is missing")
    if len(accounts) > 1:
        raise MalformedReport("there are users of several accounts")
    ((partition, account),) = accounts
    if expected not in ("", account):
        raise MalformedReport(f"there are users of account {account}")
    return CredentialReport(account, partition, tuple(users.values()), root)


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows, each with its line."""
    rows = csv.DictReader(text.splitlines())
    names = rows.fieldnames or ()
    for name in _NEEDED:
        if list(names).count(name) != 1:
            raise MalformedReport(f"the column {name} is {'there twice' if name in names else 'missing'}")
    try:
        for row in rows:
            if None in row or None in row.values():
                raise MalformedReport(f"line {rows.line_num} has another number of columns")
            yield rows.line_num, row
    except csv.Error as error:
        raise MalformedReport(str(error)) from None


def _account(row: dict[str, str], line: int) -> tuple[str, str]:
    """The partition and account of a row, whose name and ARN belong together."""
    try:
        partition, account, user = parse_identity(row["arn"])
    except ImplausibleResponse:
        raise MalformedReport(f"line {line} has no ARN of a user") from None
    if row["user"] != (user or ROOT):
        raise MalformedReport(f"line {line} has the ARN of another user")
    return partition, account


def _user(row: dict[str, str], made_at: float, line: int) -> User:
    def flag(column: str) -> bool:
        found = _flag(row[column])
        if found is None:
            raise MalformedReport(f"line {line} has neither true nor false as {column}")
        return found

    def time(column: str) -> int | None:
        text = row.get(column, "N/A").strip()
        at = _time(text)
        if (at is None and text not in _NO_TIME) or (at is not None and not 0 < at < made_at + _DAY):
            raise MalformedReport(f"line {line} has no time of the past as {column}")
        return at

    def key(slot: int) -> Key | None:
        """The key of a slot; None if there is none: an inactive one that was made leaves a date."""
        column = f"access_key_{slot}"
        active, created_at = flag(f"{column}_active"), time(f"{column}_last_rotated")
        if created_at is None:
            if active:
                raise MalformedReport(f"line {line} has an active key that was never made")
            return None
        words = [row.get(f"{column}_last_used_{part}", "") for part in ("service", "region")]
        used_for = " in ".join(word for word in words if word not in ("", "N/A"))
        return Key(slot, active, created_at, time(f"{column}_last_used_date"), used_for)

    return User(
        name=row["user"],
        arn=row["arn"],
        has_password=flag("password_enabled"),
        has_mfa=flag("mfa_active"),
        keys=tuple(found for slot in (1, 2) if (found := key(slot)) is not None),
        created_at=time("user_creation_time"),
        signed_in_at=time("password_last_used"),
    )


def _root(row: dict[str, str]) -> RootUser:
    # password_enabled of root says not_supported: the account summary knows it.
    keys = [_flag(row[f"access_key_{slot}_active"]) for slot in (1, 2)]
    has_keys = True if True in keys else None if None in keys else False
    return RootUser(_flag(row["password_enabled"]), _flag(row["mfa_active"]), has_keys)


def _flag(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.strip().lower())


def _time(text: str) -> int | None:
    """Seconds since the epoch of an ISO 8601 time; None for anything else."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
