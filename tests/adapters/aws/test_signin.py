"""Answers of the federation endpoint: a token, a refusal with its reason, or something that is not AWS's."""

from typing import TYPE_CHECKING, cast
from urllib.parse import quote

import pytest

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.aws.signin import get_signin_token
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.aws.api_call import ApiCall
from mfa_tui.models import Secret, Session

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.sts import Aws

SECRET = "secret+access/key" + "x" * 20
SESSION = Session(
    access_key_id="ASIAIOSFODNN7EXAMPLE",
    secret_access_key=Secret(SECRET),
    session_token=Secret("token/" + "y" * 40),
    expires_at=0,
    duration=0,
    source_key_id="",
    serial="",
)


class Endpoint:
    """In the place of AWS: it answers as it was told."""

    def __init__(self, status: int, body: str) -> None:
        self._answer = status, body, "id-of-request"
        self.fields: dict[str, str] = {}
        self.recorded = ""

    def post_form(self, _profile: str, _url: str, fields: dict[str, str], _cancel: CancelScope) -> tuple[int, str, str]:
        self.fields = fields
        return self._answer

    def record(self, _caller: Caller, call: ApiCall) -> None:
        self.recorded = repr(call)


def ask(status: int, body: str, duration: int = 0) -> tuple[Secret, dict[str, str]]:
    endpoint = Endpoint(status, body)
    aws = cast("Aws", endpoint)
    try:
        token = get_signin_token(aws, "dev", "https://in.example/federation", SESSION, CancelScope(), duration=duration)
    finally:
        assert "id-of-request" in endpoint.recorded
        for secret in (SESSION.secret_access_key, SESSION.session_token):
            assert not any(form in endpoint.recorded for form in (secret.reveal(), quote(secret.reveal(), safe="")))
    return token, endpoint.fields


def test_a_token() -> None:
    token, fields = ask(200, '{"SigninToken": "abc_DEF-0123456789"}')
    assert token.reveal() == "abc_DEF-0123456789"
    assert sorted(fields) == ["Action", "Session"]
    assert ask(200, '{"SigninToken": "abc_DEF-0123456789"}', 7200)[1]["SessionDuration"] == "7200"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            "<html><head><style>p {}</style></head><body><h1>400</h1> <p>Invalid  credentials</p></body>",
            "400 Invalid credentials",
        ),
        ("", ""),
        (f"<p>bad request: {SECRET}</p>", ""),
        (f"<p>bad request: {quote(SECRET, safe='')}</p>", ""),
        ("x" * 1000, "x" * 200),
    ],
)
def test_a_refusal_has_a_reason_without_secrets(body: str, reason: str) -> None:
    with pytest.raises(AwsError) as caught:
        ask(400, body)
    assert (caught.value.message, caught.value.status) == (reason, 400)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, "<html>Log in to this network</html>", "portal"),
        (200, "[]", "portal"),
        (200, '{"Token": "x"}', "portal"),
        (302, "", "portal"),
        (503, "", "gateway"),
        (200, '{"SigninToken": "short"}', "not-aws"),
        (200, '{"SigninToken": ["x"]}', "not-aws"),
        (200, '{"SigninToken": "with a space and more"}', "not-aws"),
    ],
)
def test_what_is_not_an_answer_of_aws(status: int, body: str, kind: str) -> None:
    with pytest.raises(AwsUnreachable) as caught:
        ask(status, body)
    assert caught.value.kind == kind


def test_an_answer_nested_too_deep_is_no_token() -> None:
    with pytest.raises(AwsUnreachable):
        ask(200, "[" * 100_000)
