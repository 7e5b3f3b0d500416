"""Just enough of IAM's policy language: identity policies and trust policies, evaluated as AWS documents it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
An explicit Deny wins, then an Allow, else it is an implicit deny. Conditions beyond those here raise
NotImplementedError: better a broken test than a policy that silently means something else.
"""

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
        # "If you do not include a Version element", variables are not replaced: it defaults to 2008-10-17.
        fill = _filler(context) if document.get("Version") == "2012-10-17" else _literal
        for statement in _as_list(document.get("Statement", [])):
            if not _applies(statement, action, context, resource, names, fill=fill):
                continue
            if statement["Effect"] == "Deny":
                return DENIED
            decision = ALLOWED
    return decision


def _applies(
    statement: Statement,
    action: str,
    context: Context,
    resource: str | None,
    principals: list[str],
    *,
    fill: Callable[[str], str | None],
) -> bool:
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
    elif "Resource" in statement:
        if not _any_like(_as_list(statement["Resource"]), resource, fill):
            return False
    else:
        excepted = _as_list(statement["NotResource"])
        if _any_like(excepted, resource, fill) or any(fill(pattern) is None for pattern in excepted):
            return False
    return _conditions_hold(statement.get("Condition", {}), context, fill)


def _conditions_hold(
    conditions: Mapping[str, Mapping[str, Any]], context: Context, fill: Callable[[str], str | None]
) -> bool:
    return all(
        _holds(operator, context.get(key.lower()), [fill(str(value)) for value in _as_list(wanted)])
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


_MARKS = {"*": "\ue000", "?": "\ue001", "$": "$"}
"""What ``${*}`` and the like stand for: the character itself, no wildcard."""


def _is_like(text: str, pattern: str) -> bool:
    """Whether *text* matches: ``*`` is any characters, ``?`` one, and nothing else is special."""
    regex = "".join({"*": ".*", "?": "."}.get(character) or re.escape(character) for character in pattern)
    for character, mark in _MARKS.items():
        regex = regex.replace(re.escape(mark), re.escape(character)) if mark != character else regex
    return re.fullmatch(regex, text, re.DOTALL) is not None


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "Bool": lambda have, want: have.lower() == want.lower(),
    "StringEquals": lambda have, want: have == want,
    "StringEqualsIgnoreCase": lambda have, want: have.lower() == want.lower(),
    "StringLike": _is_like,
    "ArnEquals": _is_like,
    "ArnLike": _is_like,
    "NumericEquals": lambda have, want: float(have) == float(want),
    "NumericLessThan": lambda have, want: float(have) < float(want),
    "NumericLessThanEquals": lambda have, want: float(have) <= float(want),
    "NumericGreaterThan": lambda have, want: float(have) > float(want),
    "NumericGreaterThanEquals": lambda have, want: float(have) >= float(want),
}


_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
}
"""Operators that hold if their opposite does for none of the values, a missing key included."""


def _holds(operator: str, have: str | None, wanted: list[str | None]) -> bool:
    values = [value for value in wanted if value is not None]
    if len(values) < len(wanted):
        return False
    if operator == "Null":
        return (have is None) == (values[0].lower() == "true")
    name = operator.removesuffix("IfExists")
    positive = _NEGATED.get(name, name)
    if positive not in _OPERATORS:
        raise NotImplementedError(f"policy condition operator {operator}")
    if have is None:
        return name != operator or positive != name
    return any(_OPERATORS[positive](have, value) for value in values) == (positive == name)


def _any_like(patterns: list[str], text: str, prepare: Callable[[str], str | None]) -> bool:
    return any(_is_like(text, prepared) for pattern in patterns if (prepared := prepare(pattern)) is not None)


def _filler(context: Context) -> Callable[[str], str | None]:
    """Replaces policy variables such as ``${aws:username}``, and ``${aws:username, 'nobody'}`` with its default.

    None: the request has no such key, so that the statement does not apply
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
    """

    def value(found: re.Match[str]) -> str:
        if found[1] in _MARKS:
            return _MARKS[found[1]]
        name, _, default = found[1].partition(",")
        known = context.get(name.strip().lower())
        if known is None and not default:
            raise KeyError(name)
        return known if known is not None else default.strip().strip("'")

    def fill(pattern: str) -> str | None:
        try:
            return re.sub(r"\$\{([^}]+)\}", value, pattern)
        except KeyError:
            return None

    return fill


def _literal(pattern: str) -> str:
    return pattern


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
