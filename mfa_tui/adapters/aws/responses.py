"""What is an answer of STS and IAM: the one place that tells AWS's from those of portals, proxies and caches.

Each answer of AWS's query protocol has a request id in its XML, and its root is named after the call
(``DeactivateMFADeviceResponse``); of a refusal it is ``ErrorResponse``. See «Common errors» and the sample responses of
the STS and IAM API references. botocore looks for neither: of a call that returns nothing it takes any XML for success.
The header x-amzn-RequestId alone is enough for a refusal only: AWS's front ends word some in other ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from botocore.parsers import ResponseParserFactory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import Shape
    from botocore.parsers import ResponseParser

_REFUSED_FROM = 301
"""Where botocore begins to read an answer as a refusal."""
_SENT_AGAIN = (500, 502, 503, 504)
"""Statuses after which botocore repeats a call that may be repeated, whoever answered."""
_LONGEST_ID = 128


class NotAwsResponse(Exception):
    """Something answered that is not AWS. ``status`` is its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class ResponseParsers(ResponseParserFactory):
    """Makes botocore's parsers; those of STS and IAM raise NotAws, and nothing else."""

    def create_parser(self, protocol_name: str) -> ResponseParser:
        """A parser for one answer."""
        parser: Any = super().create_parser(protocol_name)
        return _QueryAnswers(parser) if protocol_name == "query" else parser  # type: ignore[return-value]


class _QueryAnswers:
    """A parser of botocore, behind the question whether it is AWS that answered."""

    def __init__(self, parser: ResponseParser) -> None:
        self._parser = parser

    def parse(self, response: Mapping[str, Any], shape: Shape | None) -> dict[str, Any]:
        status: int = response["status_code"]
        request_id = _request_id(response)
        if not request_id:
            if status not in _SENT_AGAIN:
                raise NotAwsResponse(status)
            # Without a request id, which says whose it is.
            return {"Error": {"Code": str(status), "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}
        try:
            parsed: dict[str, Any] = self._parser.parse(response, shape)  # type: ignore[arg-type]
        except Exception:  # noqa: BLE001 - botocore has no one exception for it: KeyError, ValueError, AttributeError…
            raise NotAwsResponse(status) from None
        if "ResponseMetadata" in parsed:
            parsed["ResponseMetadata"]["RequestId"] = request_id
        return parsed


def _request_id(response: Mapping[str, Any]) -> str:
    """The request id of an answer to the call that was made; empty if it is none of AWS's."""
    body: bytes = response["body"] or b""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        # A page, or XML that would grow.
        return ""
    try:
        # As botocore reads it: UTF-8, whatever it says itself.
        root = ET.fromstring(body, ET.XMLParser(encoding="utf-8"))  # noqa: S314 - no entities, 1 MB
    except ET.ParseError:
        return ""
    inside = {_name(node): node for node in root}
    inside |= {_name(node): node for node in inside.get("ResponseMetadata", ())}
    found = inside.get("RequestId", inside.get("RequestID"))
    request_id = (found.text if found is not None else "") or ""
    if response["status_code"] < _REFUSED_FROM:
        if _name(root) != f"{response['context']['operation_name']}Response":
            return ""
    elif _name(root) == "html":
        return ""
    elif not request_id:
        request_id = str(response["headers"].get("x-amzn-RequestId", ""))
    request_id = request_id.strip()
    return request_id if request_id.isascii() and request_id.isprintable() and len(request_id) <= _LONGEST_ID else ""


def _name(node: ET.Element) -> str:
    """The node's name without its namespace."""
    return node.tag.rpartition("}")[2]
