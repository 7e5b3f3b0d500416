"""Responses of STS and IAM, told apart from those of login portals, proxies and caches.

A response in AWS's query protocol has a request ID in its XML, and its root element is named after the call
(``DeactivateMFADeviceResponse``); for an error it is ``ErrorResponse``. See "Common errors" and the sample responses in
the STS and IAM API references. botocore checks neither: for a call that returns nothing it takes any XML for success.
The header x-amzn-RequestId alone is enough only for an error, since AWS's front ends word some differently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.parsers import ResponseParserFactory

from mfa_tui.core.aws.sts_answer import REFUSED_FROM, answer_of_aws, read_answer
from mfa_tui.core.aws.sts_retry import SENT_AGAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import Shape
    from botocore.parsers import ResponseParser


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
        if status >= REFUSED_FROM:
            return _refusal(response)
        answer = answer_of_aws(response["context"]["operation_name"], status, "", response["body"] or b"")
        if answer is None:
            raise NotAwsResponse(status)
        try:
            parsed: dict[str, Any] = self._parser.parse(response, shape)  # type: ignore[arg-type]
        except Exception:  # noqa: BLE001 - botocore raises KeyError, ValueError, AttributeError, …
            raise NotAwsResponse(status) from None
        if "ResponseMetadata" in parsed:
            parsed["ResponseMetadata"]["RequestId"] = answer[0]
        return parsed


def _refusal(response: Mapping[str, Any]) -> dict[str, Any]:
    """A refusal, read as in calls without botocore, which itself fails later at one that has not AWS's form."""
    status, headers = response["status_code"], response["headers"]
    header_id = str(headers.get("x-amzn-RequestId", ""))
    read = read_answer(response["context"]["operation_name"], status, header_id, response["body"] or b"")
    metadata: dict[str, Any] = {"HTTPStatusCode": status}
    if read is not None:
        metadata |= {"RequestId": read.request_id, "HTTPHeaders": {name.lower(): headers[name] for name in headers}}
    elif status not in SENT_AGAIN:
        raise NotAwsResponse(status)
    # Without a request ID, which tells callers that it is not AWS's.
    code, message = (read and read.refusal) or (str(status), "")
    return {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}
