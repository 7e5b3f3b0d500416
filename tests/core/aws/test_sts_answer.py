"""Answers of STS, real and broken, as botocore reads them."""

from typing import Any

import botocore.session
import pytest
from botocore.parsers import ResponseParserError, create_parser
from botocore.utils import parse_timestamp
from hypothesis import example, given, settings

from mfa_tui.adapters.aws.responses import NotAwsResponse, ResponseParsers
from mfa_tui.core.aws.sts_answer import REFUSED_FROM, StsAnswer, read_answer
from mfa_tui.core.aws.xml_reader import XmlError, read_xml
from mfa_tui.models import Secret
from tests.support.aws.generated_answers import ISSUED, NAMESPACE, answers
from tests.support.runner.thoroughness import examples

MODEL = botocore.session.Session().get_service_model("sts")


def refusal_of_botocore(action: str, status: int, body: bytes) -> tuple[str, str] | None:
    """Error code and message that botocore reads; empty what is no text. None if it fails, as it may at odd ones."""
    response: Any = {"status_code": status, "body": body, "headers": {}}
    shape: Any = MODEL.operation_model(action).output_shape
    try:
        error = create_parser("query").parse(response, shape).get("Error")
    except (ResponseParserError, TypeError, ValueError):
        return None
    code, message = (error.get(name) if isinstance(error, dict) else "" for name in ("Code", "Message"))
    return code if isinstance(code, str) else "", message if isinstance(message, str) else ""


def of_botocore(action: str, status: int, body: bytes) -> object:
    """What comes of an answer that botocore reads."""
    response: Any = {"status_code": status, "body": body, "headers": {}, "context": {"operation_name": action}}
    try:
        parsed = ResponseParsers().create_parser("query").parse(response, MODEL.operation_model(action).output_shape)  # type: ignore[arg-type]
    except NotAwsResponse:
        return "not AWS"
    credentials = parsed.get("Credentials")
    found: dict[str, object] = {name: _plain(parsed[name]) for name in ("Arn", "ScopedPoliciesCount") if name in parsed}
    if credentials is not None:
        found["Credentials"] = {name: _plain(value) for name, value in credentials.items()}
    return parsed["ResponseMetadata"]["RequestId"], found


def _plain(value: Any) -> object:
    """A text as it is, a date in seconds; None for what was said several times."""
    if isinstance(value, str | int):
        return value
    return None if isinstance(value, list) else int(value.timestamp())


def of_ours(read: StsAnswer | None) -> object:
    """What comes of the same answer here."""
    if read is None:
        return "not AWS"
    found: dict[str, object] = {
        name: read.fields[name] for name in ("Arn", "ScopedPoliciesCount") if name in read.fields
    }
    credentials = read.fields.get("Credentials")
    if isinstance(credentials, dict):
        plain = {name: value.reveal() if isinstance(value, Secret) else value for name, value in credentials.items()}
        if isinstance(expiry := plain.get("Expiration"), str):
            try:
                plain["Expiration"] = int(parse_timestamp(expiry).timestamp())
            except (ValueError, OverflowError):
                return "not AWS"
        found["Credentials"] = plain
    return read.request_id, found


@given(answers())
@settings(max_examples=examples(5000, short=120))
@example(("GetCallerIdentity", 200, "", b""))
@example(
    (
        "GetCallerIdentity",
        400,
        "0",
        b"<ErrorResponse><Error><Code>A</Code><Code>B</Code><Message>c</Message><Message>d</Message></Error></ErrorResponse>",
    )
)
@example(
    (
        "AssumeRole",
        400,
        "0",
        b"<Response><Errors><Error><Code>Odd</Code><Message>m</Message></Error></Errors></Response>",
    )
)
@example(("GetCallerIdentity", 403, "0f1e", b"<ErrorResponse/>"))
@example(("GetCallerIdentity", 500, "0f1e", b"<html><body>Bad</body></html>"))
@example(("GetCallerIdentity", 200, "", f"\ufeff<GetCallerIdentityResponse{NAMESPACE}/>".encode()))
def test_answers_are_read_as_botocore_reads_them(answer: tuple[str, int, str, bytes]) -> None:
    action, status, _, body = answer
    read = read_answer(*answer)
    if status < REFUSED_FROM:
        assert of_ours(read) == of_botocore(action, status, body)
    elif read is not None and (theirs := refusal_of_botocore(action, status, body)) is not None:
        assert read.refusal == theirs


def test_what_aws_sends() -> None:
    body = (
        f"<GetSessionTokenResponse{NAMESPACE}><GetSessionTokenResult>{ISSUED}</GetSessionTokenResult>"
        "<ResponseMetadata><RequestId>0f1e</RequestId></ResponseMetadata></GetSessionTokenResponse>"
    )
    read = read_answer("GetSessionToken", 200, "", body.encode())
    assert read is not None
    credentials = read.fields["Credentials"]
    assert isinstance(credentials, dict)
    assert (read.request_id, read.refusal, credentials["Expiration"]) == ("0f1e", None, 1795953600)
    assert "ssss" not in repr(read)
    assert "tttt" not in repr(read)


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" * 21 + b"</a>" * 21,
        b"<a>" + b"<b/>" * 200_000 + b"</a>",
        b"<a>&undefined;</a>",
        b"<a/><b/>",
        b"",
        b"<a>\xff</a>",
    ],
)
def test_documents_that_are_refused(body: bytes) -> None:
    with pytest.raises(XmlError):
        read_xml(body)


def test_no_text_of_an_element_shows() -> None:
    assert "canary" not in repr(read_xml(b"<a>canary</a>"))
