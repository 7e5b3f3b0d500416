"""Who is an administrator: action ``*`` on resource ``*``, or ``iam:*`` on any user, directly or by a group.

Whoever may do everything in IAM can give themselves the rest. Conditions and Deny statements are not considered, nor
permissions boundaries: the question is whose password opens the account, not under what circumstances.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

_BY_NAME = ("AdministratorAccess", "IAMFullAccess")
"""AWS's own policies that make administrators (AWS Managed Policy Reference Guide)."""
_ANY_USER = "arn:aws:iam::123456789012:user/any-user"
_ALL_OF_IAM = re.compile(r"(\*+|\*+:\*+|iam:\*+)\Z", re.IGNORECASE)
_ALL = re.compile(r"(\*+|\*+:\*+)\Z")


class Holder(NamedTuple):
    """A user or a group, with its policies."""

    name: str
    """Its name."""
    inline: str = ""
    """The name of an inline policy that makes administrators; empty if there is none."""
    attached: tuple[tuple[str, str], ...] = ()
    """Name and ARN of each managed policy."""
    groups: tuple[str, ...] = ()
    """The names of the user's groups."""


def administrator_by(user: Holder, groups: Mapping[str, Holder], policies: Mapping[str, bool]) -> str:
    """By what *user* is an administrator, in words; empty if it is none.

    *policies* says of managed policies, by ARN, whether they make administrators.
    """
    if found := _by_own_policies(user, policies):
        return found
    for name in user.groups:
        if name in groups and (found := _by_own_policies(groups[name], policies)):
            return f"group {name} with {found}"
    return ""


def _by_own_policies(holder: Holder, policies: Mapping[str, bool]) -> str:
    if holder.inline:
        return f"inline policy {holder.inline}"
    for name, arn in holder.attached:
        if policies.get(arn, _is_known(arn)):
            return f"policy {name}"
    return ""


def _is_known(arn: str) -> bool:
    """Whether it is one of AWS's own policies that make administrators, in any partition."""
    account, _, name = arn.partition(":iam::")[2].partition(":policy/")
    return account == "aws" and name in _BY_NAME


def makes_administrators(document: object) -> bool:
    """Whether an identity policy allows everything, or everything in IAM, on any user. A malformed one does not."""
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    return any(_is_administrators(statement) for statement in as_list(statements))


def _is_administrators(statement: object) -> bool:
    if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow":
        return False
    resources = texts(statement.get("Resource"))
    if "NotAction" in statement:
        # All but some services' actions, and those of IAM are none of them.
        return "*" in resources and not any(_names_iam(action) for action in texts(statement["NotAction"]))
    actions = texts(statement.get("Action"))
    if any(_ALL.match(action) for action in actions) and "*" in resources:
        return True
    return any(_ALL_OF_IAM.match(action) for action in actions) and any(map(_covers_users, resources))


def _names_iam(action: str) -> bool:
    return action.lower().startswith("iam:") or "*" in action.partition(":")[0]


def _covers_users(resource: str) -> bool:
    """Whether a resource pattern covers any user. ``user/${aws:username}`` covers only the caller."""
    return resource == "*" or fnmatchcase(_ANY_USER, re.sub(r"^(arn:[^:]*:iam::)\d{12}:", r"\1*:", resource))


def as_list(value: Any) -> list[Any]:
    """What may be one thing or a list of them, as a list; empty for None."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def texts(value: Any) -> list[str]:
    """The texts of what may be one text or a list of them."""
    return [item for item in as_list(value) if isinstance(item, str)]


def first_administrators(documents: Iterable[tuple[str, object]]) -> str:
    """The name of the first policy of *documents* (names and documents) that makes administrators; empty if none."""
    return next((name for name, document in documents if makes_administrators(document)), "")
