"""Policies of scopes: built or checked, and written in as few characters as possible.

The limits are those of GetScopedCredentials (STS API reference, botocore 1.44.8) and of IAM's policy grammar:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
import re

from mfa_tui.core.scopes.presets import (
    NO_IAM_EXCEPT,
    READ_ONLY_SERVICES,
    read_actions,
    secret_actions,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CHARACTERS = 2048
"""The most characters of a policy."""
_VERSIONS = ("2012-10-17", "2008-10-17")
_KEYS = frozenset({"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"})
_ACTION = r"\*|[a-z0-9][a-z0-9-]*:[A-Za-z0-9*?]+"
_TEXT = r"[\t\n\r\u0020-\u00ff]+"
"""The characters that GetScopedCredentials takes."""


class PolicyTooLong(ValueError):
    """The policy has too many characters; the text says how many."""


def read_only_policy() -> str:
    """The policy of the preset ``read-only``."""
    actions = [f"{service}:{action}" for service, names in READ_ONLY_SERVICES.items() for action in names]
    return _compact([{"Effect": "Allow", "Action": actions, "Resource": "*"}])


def no_iam_policy() -> str:
    """The policy of the preset ``no-iam``."""
    return _compact([{"Effect": "Allow", "NotAction": list(NO_IAM_EXCEPT), "Resource": "*"}])


def limiting_policy(services: Sequence[str], regions: Sequence[str], *, read_only: bool) -> str:
    """The policy that allows only *services* (all, if there are none) in *regions* (anywhere, if there are none).

    *read_only* allows only to read, and no secrets. Roles can be assumed only if ``sts`` is among the services: their
    sessions are not limited. Raises PolicyTooLong.
    """
    statements: list[dict[str, object]] = []
    allow: dict[str, object] = {"Effect": "Allow"}
    if services and read_only:
        allow["Action"] = [action for service in services for action in read_actions(service)]
        if denied := [action for service in services for action in secret_actions(service)]:
            statements.append({"Effect": "Deny", "Action": denied, "Resource": "*"})
    elif services:
        allow["Action"] = [f"{service}:*" for service in services]
    elif read_only:
        allow["Action"] = [f"{service}:{action}" for service, names in READ_ONLY_SERVICES.items() for action in names]
    else:
        allow["NotAction"] = "sts:*"
    allow["Resource"] = "*"
    if regions:
        allow["Condition"] = {"StringEquals": {"aws:RequestedRegion": list(regions)}}
    return _compact([allow, *statements])


def checked_policy(text: str) -> str:
    """A policy that the user wrote, in as few characters as possible.

    Raises ValueError, which says what is wrong with it, and PolicyTooLong.
    """
    try:
        document = json.loads(text, object_pairs_hook=_without_duplicates)
    except RecursionError:
        raise ValueError("It is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"It is not JSON: {error.msg} in line {error.lineno}.") from None
    if not isinstance(document, dict):
        raise ValueError("It is not a JSON object.")  # noqa: TRY004 - one kind of error for all that users write
    if unknown := set(document) - {"Version", "Id", "Statement"}:
        raise ValueError(f"A policy has no {min(unknown)!r}.")
    if document.get("Version", _VERSIONS[0]) not in _VERSIONS:
        raise ValueError(f"Its Version is not {_VERSIONS[0]}.")
    statements = document.get("Statement")
    statements = [statements] if isinstance(statements, dict) else statements
    if not isinstance(statements, list) or not statements:
        raise ValueError("It has no Statement.")
    checked = [_checked_statement(number, each) for number, each in enumerate(statements, start=1)]
    if all(each["Effect"] == "Deny" for each in checked):
        raise ValueError("It allows nothing: a scope needs a statement with Effect Allow.")
    return _compact(checked, str(document.get("Version", "")))


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"It has {twice!r} twice in one object.")
    return found


def _checked_statement(number: int, statement: object) -> dict[str, object]:
    where = f"Statement {number}"
    if not isinstance(statement, dict):
        raise ValueError(f"{where} is not a JSON object.")  # noqa: TRY004 - as above
    if unknown := set(statement) - _KEYS:
        raise ValueError(f"{where} cannot have {min(unknown)!r}.")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise ValueError(f"{where} needs Effect Allow or Deny.")
    for one, other in (("Action", "NotAction"), ("Resource", "NotResource")):
        if (one in statement) == (other in statement):
            raise ValueError(f"{where} needs either {one} or {other}.")
        for value in _texts(where, one, statement.get(one, statement.get(other))):
            if one == "Action" and re.fullmatch(_ACTION, value) is None:
                raise ValueError(f"{where} has an action {value[:60]!r}; they are written service:Action.")
    if not isinstance(statement.get("Condition", {}), dict):
        raise ValueError(f"{where} has a Condition that is not a JSON object.")  # noqa: TRY004 - as above
    return {key: value for key, value in statement.items() if key != "Sid"}


def _texts(where: str, key: str, value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(each, str) and each for each in values):
        raise ValueError(f"{where} needs texts in {key}.")
    return list(values)


def _compact(statements: list[dict[str, object]], version: str = _VERSIONS[0]) -> str:
    """The policy without spaces. Raises PolicyTooLong, ValueError."""
    short = [{key: _one(value) for key, value in each.items()} for each in statements]
    # Without a Version, IAM takes an older one, in which variables mean nothing.
    document = {**({"Version": version} if version else {}), "Statement": _one(short)}
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    if re.fullmatch(_TEXT, text) is None:
        text = json.dumps(document, separators=(",", ":"))
    if len(text) > MOST_CHARACTERS:
        raise PolicyTooLong(f"The policy has {len(text):,} characters; AWS takes at most {MOST_CHARACTERS:,}.")
    return text


def _one(value: object) -> object:
    """A list of one as the value itself, which IAM reads in the same way."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value
