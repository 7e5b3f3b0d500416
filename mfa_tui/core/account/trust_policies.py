"""Which IAM users a role's trust policy lets in without MFA.

The policy is asked as AWS would be, for a user in two situations: with long-term keys, where the keys about MFA are
missing from the request, and with a session that was made without a code, where aws:MultiFactorAuthPresent is false
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html). Conditions on anything else
are taken to hold where they allow, and not where they deny: nobody knows the request. Services, federations and roles
are no users.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from mfa_tui.core.account.administrators import as_list, texts

_PRESENT = "aws:multifactorauthpresent"
_AGE = "aws:multifactorauthage"
_SITUATIONS: tuple[Mapping[str, str], ...] = ({}, {_PRESENT: "false"})
"""What a request says about MFA: with long-term keys, and with a session made without MFA."""
_USER = re.compile(r"arn:[^:]*:iam::\d{12}:(root|user/.+)\Z")
_NOT_A_USER = re.compile(r":(role|assumed-role|federated-user)/")
_ACCOUNT = re.compile(r"arn:[^:]*:iam::(\d{12}):")
ANYONE = "*"
"""The principal that stands for every user of every account."""


def open_principals(document: object) -> tuple[str, ...]:
    """The principals of a trust policy whose users can assume the role without MFA: account ids, user ARNs, ``*``."""
    found = document.get("Statement") if isinstance(document, Mapping) else None
    statements = [item for item in as_list(found) if isinstance(item, Mapping) and _is_about_assuming(item)]
    allows = [item for item in statements if item.get("Effect") == "Allow"]
    denies = [item for item in statements if item.get("Effect") == "Deny"]
    principals = {name: None for item in allows for name in _users(item)}
    return tuple(name for name in principals if _gets_in(name, allows, denies))


def _gets_in(name: str, allows: list[Mapping[str, Any]], denies: list[Mapping[str, Any]]) -> bool:
    return any(
        any(name in _users(item) and _may_hold(item, situation, name, unknown=True) for item in allows)
        and not any(_covers(item, name) and _may_hold(item, situation, name, unknown=False) for item in denies)
        for situation in _SITUATIONS
    )


def _is_about_assuming(statement: Mapping[str, Any]) -> bool:
    if "NotAction" in statement:
        return not any(_matches_assume(action) for action in texts(statement["NotAction"]))
    return any(_matches_assume(action) for action in texts(statement.get("Action")))


def _matches_assume(action: str) -> bool:
    return fnmatchcase("sts:assumerole", action.lower())


def _users(statement: Mapping[str, Any]) -> list[str]:
    """The users and accounts that a statement names, roots as their account's id."""
    if "NotPrincipal" in statement:
        return [ANYONE]
    return [name for text in _named(statement.get("Principal")) if (name := _as_user(text))]


def _named(principal: object) -> list[str]:
    return texts(principal.get("AWS")) if isinstance(principal, Mapping) else texts(principal)


def _as_user(text: str) -> str:
    """The principal that *text* names, if users may be behind it: account id, user ARN or ``*``; else empty."""
    if text == ANYONE or re.fullmatch(r"\d{12}", text):
        return text
    if not _USER.match(text):
        return ""
    return text.split(":")[4] if text.endswith(":root") else text


def _covers(statement: Mapping[str, Any], name: str) -> bool:
    """Whether a Deny statement is about the principal *name*: itself, its account, or everybody."""
    account = found[1] if (found := _ACCOUNT.match(name)) else name
    if "NotPrincipal" in statement:
        spared = {_as_user(text) for text in _named(statement["NotPrincipal"])}
        return spared.isdisjoint({ANYONE, account, name})
    return bool({ANYONE, account, name}.intersection(_users(statement)))


def _may_hold(statement: Mapping[str, Any], situation: Mapping[str, str], name: str, *, unknown: bool) -> bool:
    """Whether the statement's conditions hold; *unknown* is the answer for conditions on what nobody knows."""
    conditions = statement.get("Condition") or {}
    if not isinstance(conditions, Mapping):
        return unknown
    return all(
        _holds(str(operator), str(key).lower(), as_list(wanted), situation, name, unknown=unknown)
        for operator, keys in conditions.items()
        if isinstance(keys, Mapping)
        for key, wanted in keys.items()
    )


def _holds(
    operator: str, key: str, wanted: list[Any], situation: Mapping[str, str], name: str, *, unknown: bool
) -> bool:
    if key == "aws:principalarn":
        return _may_be_user(operator, wanted, name) and unknown
    if key not in (_PRESENT, _AGE):
        return unknown
    operator = operator.lower()
    for_all, operator = operator.startswith("forallvalues:"), operator.rpartition(":")[2]
    have = situation.get(key)
    values = [str(value).lower() for value in wanted]
    if operator == "null":
        return (have is None) == ("true" in values)
    if have is None:
        # A negated operator holds if the key is missing, and so do IfExists and ForAllValues.
        return operator.endswith("ifexists") or for_all or "not" in operator
    test = _TESTS.get(operator.removesuffix("ifexists"))
    return test(have, values) if test else unknown


_TESTS: dict[str, Callable[[str, list[str]], bool]] = {
    "bool": lambda have, values: have in values,
    "stringequals": lambda have, values: have in values,
    "stringequalsignorecase": lambda have, values: have in values,
    "stringlike": lambda have, values: any(fnmatchcase(have, value) for value in values),
    "stringnotequals": lambda have, values: have not in values,
    "stringnotequalsignorecase": lambda have, values: have not in values,
    "stringnotlike": lambda have, values: not any(fnmatchcase(have, value) for value in values),
}
"""Operators that can be asked of aws:MultiFactorAuthPresent. Its age is in none of the situations."""


def _may_be_user(operator: str, wanted: list[Any], name: str) -> bool:
    """Whether a condition on aws:PrincipalArn can hold for a user behind the principal *name*."""
    if "not" in operator.lower():
        return True
    if name.startswith("arn:"):
        return any(fnmatchcase(name, pattern) for pattern in texts(wanted))
    return any(not _NOT_A_USER.search(pattern) for pattern in texts(wanted))
