"""The credential report of an account: CSV with one row for each user, the root user first.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html. Columns are found by their names:
AWS may add some (the guide names ``additional_credentials_info``). Booleans come in either case.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from typing import NamedTuple

from mfa_tui.core.account.account import Key, RootUser, User

ROOT = "<root_account>"
"""The name of the root user's row."""
_NEEDED = ("user", "arn", "password_enabled", "mfa_active", "access_key_1_active", "access_key_2_active")


class MalformedReport(Exception):
    """The text is no credential report. The message says why, in half a sentence."""


class CredentialReport(NamedTuple):
    """The report, taken apart."""

    account: str
    """The account's id, from the first ARN; empty if there is none."""
    partition: str
    """The partition of that ARN."""
    users: tuple[User, ...]
    """All users but root."""
    root: RootUser | None
    """The root user, as far as the report knows; None if it has no row."""


def parse_report(text: str) -> CredentialReport:
    """The report in *text*. Raises MalformedReport."""
    rows = csv.DictReader(text.splitlines())
    missing = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise MalformedReport(f"the column {missing[0]} is missing")
    users: list[User] = []
    root: RootUser | None = None
    arn = ""
    try:
        for row in rows:
            if None in row or None in row.values():
                raise MalformedReport(f"line {rows.line_num} has another number of columns")
            arn = arn or row["arn"]
            if row["user"] == ROOT:
                root = _root(row)
            else:
                users.append(_user(row))
    except csv.Error as error:
        raise MalformedReport(str(error)) from None
    parts = [*arn.split(":"), "", "", "", "", ""]
    return CredentialReport(parts[4], parts[1], tuple(users), root)


def _user(row: dict[str, str]) -> User:
    return User(
        name=row["user"],
        arn=row["arn"],
        has_password=_flag(row["password_enabled"]) is True,
        has_mfa=_flag(row["mfa_active"]) is True,
        keys=tuple(key for slot in (1, 2) if (key := _key(row, slot)) is not None),
        created_at=_time(row.get("user_creation_time", "")),
        signed_in_at=_time(row.get("password_last_used", "")),
    )


def _root(row: dict[str, str]) -> RootUser:
    # password_enabled of root says not_supported: the account summary knows it.
    keys = [_flag(row[f"access_key_{slot}_active"]) for slot in (1, 2)]
    return RootUser(_flag(row["password_enabled"]), _flag(row["mfa_active"]), any(keys))


def _key(row: dict[str, str], slot: int) -> Key | None:
    """The key of a slot; None if there is none: an inactive one that was made leaves a date."""
    column = f"access_key_{slot}"
    active = _flag(row[f"{column}_active"]) is True
    created_at = _time(row.get(f"{column}_last_rotated", ""))
    if not active and created_at is None:
        return None
    words = [row.get(f"{column}_last_used_{part}", "") for part in ("service", "region")]
    used_for = " in ".join(word for word in words if word not in ("", "N/A"))
    return Key(slot, active, created_at, _time(row.get(f"{column}_last_used_date", "")), used_for)


def _flag(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.strip().lower())


def _time(text: str) -> int | None:
    """Seconds since the epoch of an ISO 8601 time; None for ``N/A``, ``no_information``, ``not_supported``."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
