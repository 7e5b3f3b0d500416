"""Answers in JSON 1.1, the protocol of CloudTrail and Secrets Manager, and requests in it."""

import json
from collections.abc import Mapping

from mfa_tui.demo.aws.protocol.aws_errors import Refusal
from mfa_tui.demo.aws.protocol.xml_responses import Result

CONTENT_TYPE = "application/x-amz-json-1.1"
SERVICES = ("cloudtrail",)
"""The services that speak it."""
_CODES = {
    "AccessDenied": "AccessDeniedException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "Throttling": "ThrottlingException",
}
"""Codes that differ from those of the query protocol."""


def parameters_in(headers: Mapping[str, str], body: bytes) -> dict[str, str] | None:
    """The action of a request in JSON, and its body as text; None if it is in another protocol."""
    target = headers.get("x-amz-target")
    if target is None:
        return None
    return {"Action": target.rpartition(".")[2], "Body": body.decode("utf-8", "replace")}


def success(result: Result) -> bytes:
    """The result as it is."""
    return json.dumps(result).encode()


def error(refusal: Refusal) -> bytes:
    """The error's code and message."""
    return json.dumps({"__type": _CODES.get(refusal.code, refusal.code), "message": refusal.message}).encode()
