"""Responses of STS and IAM, told apart from those of login portals, proxies and caches.

A response in AWS's query protocol has a request ID in its XML, and its root element is named after the call
(``DeactivateMFADeviceResponse``); for an error it is ``ErrorResponse``. See "Common errors" and the sample responses in
the STS and IAM API references. botocore checks neither: for a call that returns nothing it takes any XML for success.
The header x-amzn-RequestId alone is enough only for an error, since AWS's front ends word some differently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from botocore.parsers import ResponseParserFactory

from mfa_tui.core.aws.sts_answer import REFUSED_FROM, checked_request_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import Shape
    from botocore.parsers import ResponseParser

_SENT_AGAIN = (500, 502, 503, 504)
"""HTTP statuses after which botocore repeats a call that may be repeated."""


class NotAwsResponse(Exception):
    """The answer does not come from AWS. ``status`` is its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class ResponseParsers(ResponseParserFactory):
    """Makes botocore's parsers; those of STS and IAM raise NotAwsResponse, and nothing else."""

    def create_parser(self, protocol_name: str) -> ResponseParser:
        """A parser for one response."""
        parser: Any = super().create_parser(protocol_name)
        return _QueryParser(parser) if protocol_name == "query" else parser  # type: ignore[return-value]


class _QueryParser:
    """botocore's parser, preceded by a check that the response comes from AWS."""

    def __init__(self, parser: ResponseParser) -> None:
        self._parser = parser

    def parse(self, response: Mapping[str, Any], shape: Shape | None) -> dict[str, Any]:
        status: int = response["status_code"]
        request_id = _request_id(response)
        if not request_id:
            if status not in _SENT_AGAIN:
                raise NotAwsResponse(status)
            # Without a request ID, which tells callers that it is not AWS's.
            return {"Error": {"Code": str(status), "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}
        try:
            parsed: dict[str, Any] = self._parser.parse(response, shape)  # type: ignore[arg-type]
        except Exception:  # noqa: BLE001 - botocore raises KeyError, ValueError, AttributeError, …
            raise NotAwsResponse(status) from None
        if "ResponseMetadata" in parsed:
            parsed["ResponseMetadata"]["RequestId"] = request_id
        return parsed


def _request_id(response: Mapping[str, Any]) -> str:
    """The request ID of a response to the call that was made; empty if it does not come from AWS."""
    body: bytes = response["body"] or b""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        # A web page, or XML that may expand.
        return ""
    try:
        # As botocore reads it: UTF-8, whatever it declares.
        root = ET.fromstring(body, ET.XMLParser(encoding="utf-8"))  # noqa: S314 - no entities, 1 MB
    except ET.ParseError:
        return ""
    inside = {_name(node): node for node in root}
    inside |= {_name(node): node for node in inside.get("ResponseMetadata", ())}
    found = inside.get("RequestId", inside.get("RequestID"))
    request_id = (found.text if found is not None else "") or ""
    if response["status_code"] < REFUSED_FROM:
        if _name(root) != f"{response['context']['operation_name']}Response":
            return ""
    elif _name(root) == "html":
        return ""
    elif not request_id:
        request_id = str(response["headers"].get("x-amzn-RequestId", ""))
    return checked_request_id(request_id)


def _name(node: ET.Element) -> str:
    """The node's name without its namespace."""
    return node.tag.rpartition("}")[2]
