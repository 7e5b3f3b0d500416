"""Just enough of IAM's policy language: identity policies and trust policies, evaluated as AWS documents it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
An explicit Deny wins, then an Allow, else it is an implicit deny. Conditions beyond those here raise
NotImplementedError: better a broken test than a policy that silently means something else.
"""

import fnmatch
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Context = Mapping[str, str]
"""Condition keys of a request, names in lower case, values as text."""
Statement = Mapping[str, Any]

ALLOWED = "allowed"
DENIED = "explicit deny"
UNDECIDED = "implicit deny"


def decide(
    documents: Iterable[Mapping[str, Any]],
    action: str,
    context: Context,
    *,
    resource: str | None = None,
    principals: Iterable[str] = (),
) -> str:
    """ALLOWED, DENIED or UNDECIDED.

    ``action`` as ``sts:AssumeRole``. An identity policy is asked with ``resource``; a trust policy with
    ``principals``, the caller's names: its ARN and its account's.
    """
    decision = UNDECIDED
    names = list(principals)
    for document in documents:
        for statement in _as_list(document["Statement"]):
            if not _applies(statement, action, context, resource, names):
                continue
            if statement["Effect"] == "Deny":
                return DENIED
            decision = ALLOWED
    return decision


def _applies(statement: Statement, action: str, context: Context, resource: str | None, principals: list[str]) -> bool:
    if "Action" in statement:
        if not _any_like(_as_list(statement["Action"]), action.lower(), str.lower):
            return False
    elif _any_like(_as_list(statement["NotAction"]), action.lower(), str.lower):
        return False
    if resource is None:
        trusted = statement["Principal"]
        trusted = ["*"] if trusted == "*" else _as_list(trusted.get("AWS", []))
        if not any(name == "*" or name in principals for name in trusted):
            return False
    else:
        fill = _filler(context)
        if "Resource" in statement:
            if not _any_like(_as_list(statement["Resource"]), resource, fill):
                return False
        elif _any_like(_as_list(statement["NotResource"]), resource, fill):
            return False
    return _conditions_hold(statement.get("Condition", {}), context)


def _conditions_hold(conditions: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    return all(
        _holds(operator, context.get(key.lower()), [str(value) for value in _as_list(wanted)])
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "Bool": lambda have, want: have.lower() == want.lower(),
    "StringEquals": lambda have, want: have == want,
    "StringLike": fnmatch.fnmatchcase,
    "ArnEquals": fnmatch.fnmatchcase,
    "ArnLike": fnmatch.fnmatchcase,
    "NumericEquals": lambda have, want: float(have) == float(want),
    "NumericLessThan": lambda have, want: float(have) < float(want),
    "NumericLessThanEquals": lambda have, want: float(have) <= float(want),
    "NumericGreaterThan": lambda have, want: float(have) > float(want),
    "NumericGreaterThanEquals": lambda have, want: float(have) >= float(want),
}


def _holds(operator: str, have: str | None, wanted: list[str]) -> bool:
    if operator == "Null":
        return (have is None) == (wanted[0].lower() == "true")
    name = operator.removesuffix("IfExists")
    if name not in _OPERATORS:
        raise NotImplementedError(f"policy condition operator {operator}")
    if have is None:
        return name != operator
    return any(_OPERATORS[name](have, want) for want in wanted)


def _any_like(patterns: list[str], text: str, prepare: Callable[[str], str]) -> bool:
    return any(fnmatch.fnmatchcase(text, prepare(pattern)) for pattern in patterns)


def _filler(context: Context) -> Callable[[str], str]:
    """Fills in policy variables such as ``${aws:username}``."""
    return lambda pattern: re.sub(r"\$\{([^}]+)\}", lambda name: context.get(name[1].lower(), name[0]), pattern)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
