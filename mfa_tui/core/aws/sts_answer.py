"""Answers of STS in AWS's query protocol, told apart from those of login portals, proxies and caches.

An answer of AWS has a request ID in its XML, and its root element is named after the call (``AssumeRoleResponse``); for
an error it is ``ErrorResponse``. See "Common errors" and the sample responses in the STS API reference. What is read
here is read as botocore reads it (``parsers.QueryParser``, 1.44); tests compare the two.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mfa_tui.core.aws.xml_reader import XmlError, read_xml
from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.aws.xml_reader import Element

REFUSED_FROM = 301
"""The lowest HTTP status that is read as an error."""
_LONGEST_ID = 128
"""Characters of a request ID."""
_SIZES = ("SessionTokenSize", "SessionTokenUtilization")
_NUMBERS = {
    "GetSessionToken": _SIZES,
    "AssumeRole": (*_SIZES, "PackedPolicySize"),
    "GetScopedCredentials": (*_SIZES, "ScopedPoliciesCount"),
}
"""The numbers beside the credentials, by the calls that give some."""
_SECRETS = ("SecretAccessKey", "SessionToken")
_DATE = r"(?a:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)"
"""How AWS writes an expiry (STS API reference, sample responses)."""


class StsAnswer(NamedTuple):
    """What AWS answered."""

    request_id: str
    """The id of the request; never empty."""
    fields: dict[str, object]
    """What it gave, by the names of the API reference; ``Credentials`` has fields of its own. Secrets are Secret, the
    expiry is in seconds since the epoch, or the text as it is if it is not written as AWS writes it."""
    refusal: tuple[str, str] | None
    """AWS's error code and its words, if it refused; None if it did what was asked."""


def read_answer(action: str, status: int, header_id: str, body: bytes) -> StsAnswer | None:
    """The answer to *action* in *body*; None if it does not come from AWS.

    *status* is the HTTP status, *header_id* the header ``x-amzn-RequestId``, which is enough only for an error: AWS's
    front ends word some differently.
    """
    answer = answer_of_aws(action, status, header_id, body)
    if answer is None:
        return None
    request_id, root = answer
    if status >= REFUSED_FROM:
        return StsAnswer(request_id, {}, _refusal(root))
    result = root.first(f"{action}Result")
    if result is None:
        return None
    try:
        return StsAnswer(request_id, _fields(action, result), None)
    except ValueError:
        # A number that is none.
        return None


def answer_of_aws(action: str, status: int, header_id: str, body: bytes) -> tuple[str, Element] | None:
    """The id of the request that was answered with *body*, and its root element; None if it does not come from AWS.

    *action* may be one of IAM too. See :func:`read_answer`.
    """
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        # A web page, or XML that may expand.
        return None
    try:
        root = read_xml(body)
    except XmlError:
        return None
    refused = status >= REFUSED_FROM
    if root.name == "html" if refused else root.name != f"{action}Response":
        return None
    request_id = checked_request_id(_id_in(root) or (header_id if refused else ""))
    return (request_id, root) if request_id else None


def checked_request_id(text: str) -> str:
    """A request ID as AWS sends it; empty if it cannot be one."""
    request_id = text.strip()
    return request_id if request_id.isascii() and request_id.isprintable() and len(request_id) <= _LONGEST_ID else ""


def _id_in(root: Element) -> str:
    """The request's id; empty if there is none, or several."""
    places = [root, *root.named("ResponseMetadata")]
    found = [node for place in places for name in ("RequestId", "RequestID") for node in place.named(name)]
    return found[0].text if len(found) == 1 else ""


def _refusal(root: Element) -> tuple[str, str]:
    """The error code and the message; both may be anything."""
    error = (root.first("Errors") or root).first("Error")
    return (_text_of_only(error, "Code"), _text_of_only(error, "Message")) if error is not None else ("", "")


def _text_of_only(parent: Element, name: str) -> str:
    """The text of the child of that name; empty if there are several, which say nothing then."""
    nodes = parent.named(name)
    return nodes[0].text if len(nodes) == 1 and not nodes[0].children else ""


def _fields(action: str, result: Element) -> dict[str, object]:
    """Raises ValueError if a number or a date is none."""
    found: dict[str, object] = {}
    if action not in _NUMBERS:
        return {"Arn": _text(result, "Arn")} if result.first("Arn") is not None else {}
    for name in _NUMBERS[action]:
        if result.first(name) is not None:
            found[name] = int(_text(result, name) or "none")
    credentials = result.first("Credentials")
    if credentials is not None:
        found["Credentials"] = _credentials(credentials)
    return found


def _credentials(node: Element) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in ("AccessKeyId", *_SECRETS):
        if node.first(name) is not None:
            text = _text(node, name)
            found[name] = Secret(text) if text is not None and name in _SECRETS else text
    if node.first("Expiration") is not None:
        text = _text(node, "Expiration")
        if text is None:
            raise ValueError("several dates")
        found["Expiration"] = _moment(text)
    return found


def _text(parent: Element, name: str) -> str | None:
    """The text of the child of that name; None if there are several, which no check accepts."""
    nodes = parent.named(name)
    return nodes[0].text if len(nodes) == 1 else None


def _moment(text: str) -> int | str:
    """Seconds since the epoch, if *text* is a date as AWS writes it; else *text* itself. Raises ValueError."""
    if not re.fullmatch(_DATE, text):
        return text
    from datetime import datetime

    return int(datetime.fromisoformat(text).timestamp())
