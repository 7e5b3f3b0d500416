"""Answers in the XML of AWS's query protocol."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any

from mfa_tui.demo.aws.protocol.aws_errors import Refusal

Result = Mapping[str, Any]
"""What an action answers: text, mappings and lists of them, as AWS's API reference names them."""


class Entries(list[Result]):
    """The pairs of a map, each with ``key`` and ``value``."""


NAMESPACES = {
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
    "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
}


def success(service: str, action: str, result: Result, request_id: str) -> bytes:
    """``<ActionResponse><ActionResult>…``."""
    root = ET.Element(f"{action}Response", xmlns=NAMESPACES[service])
    _fill(ET.SubElement(root, f"{action}Result"), result)
    _fill(root, {"ResponseMetadata": {"RequestId": request_id}})
    return _bytes(root)


def error(service: str, refusal: Refusal, request_id: str) -> bytes:
    """``<ErrorResponse><Error>…``."""
    root = ET.Element("ErrorResponse", xmlns=NAMESPACES.get(service, NAMESPACES["sts"]))
    kind = "Sender" if refusal.status < 500 else "Receiver"  # noqa: PLR2004 - an HTTP status
    _fill(root, {"Error": {"Type": kind, "Code": refusal.code, "Message": refusal.message}, "RequestId": request_id})
    return _bytes(root)


def _bytes(root: ET.Element) -> bytes:
    text: bytes = ET.tostring(root, encoding="utf-8")
    return text


def _fill(parent: ET.Element, value: Any) -> None:
    if isinstance(value, list):
        tag = "entry" if isinstance(value, Entries) else "member"
        for item in value:
            _fill(ET.SubElement(parent, tag), item)
    elif isinstance(value, str):
        parent.text = value
    else:
        for name, part in value.items():
            _fill(ET.SubElement(parent, name), part)
