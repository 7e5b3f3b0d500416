"""Requests to STS, compared with those that botocore makes: every byte of the form, every signature."""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import botocore.auth
import botocore.session
import pytest
from botocore.awsrequest import AWSRequest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.credentials import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_tui.core.aws.signature import authorization, timestamp
from mfa_tui.core.aws.sts_request import sign_request
from mfa_tui.models import AccessKeys, Secret, Session
from tests.support.runner.thoroughness import examples

MOMENTS = st.integers(0, 4_000_000_000)
ANYTHING = st.text(st.characters(codec="utf-8"), max_size=60)
PLAIN = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60)
SERIALS = st.from_regex(r"[A-Za-z0-9_+=/:,.@-]{9,256}", fullmatch=True)
ROLES = st.text(st.characters(codec="utf-8"), min_size=20, max_size=80)
NAMES = st.text(st.characters(codec="utf-8"), min_size=2, max_size=64)
CALLS: st.SearchStrategy[tuple[str, dict[str, Any]]] = st.one_of(
    st.fixed_dictionaries(
        {"DurationSeconds": st.integers(900, 129_600), "SerialNumber": SERIALS, "TokenCode": NAMES.map("12345".__add__)}
    ).map(lambda parameters: ("GetSessionToken", parameters)),
    st.fixed_dictionaries(
        {"RoleArn": ROLES, "RoleSessionName": NAMES, "DurationSeconds": st.integers(900, 43_200)},
        optional={"ExternalId": NAMES, "SerialNumber": SERIALS, "TokenCode": st.just("123456")},
    ).map(lambda parameters: ("AssumeRole", parameters)),
    st.fixed_dictionaries(
        {"ScopedSessionDescription": NAMES}, optional={"Policy": ROLES, "DurationSeconds": st.integers(1, 129_600)}
    ).map(lambda parameters: ("GetScopedCredentials", parameters)),
    st.just(("GetCallerIdentity", {})),
)


class Outgoing(Exception):
    """A request of botocore's that was about to be sent."""

    def __init__(self, request: Any) -> None:
        super().__init__()
        self.request = request


@pytest.fixture(scope="module")
def client() -> BaseClient:
    """Botocore's client for STS, whose requests are caught."""
    made = botocore.session.Session().create_client(
        "sts",
        region_name="eu-central-1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 1}),
    )

    def stop(request: Any, **_: Any) -> None:
        raise Outgoing(request)

    made.meta.events.register("before-send", stop)
    return made


class Signed(NamedTuple):
    """What is signed, and with what."""

    headers: dict[str, str]
    body: bytes
    key_id: str
    secret: str
    region: str
    host: str
    moment: int


@given(
    st.builds(
        Signed,
        headers=st.dictionaries(st.sampled_from(["content-type", "x-amz-security-token"]), ANYTHING),
        body=st.binary(max_size=300),
        key_id=ANYTHING,
        secret=ANYTHING,
        region=ANYTHING,
        host=st.from_regex(r"[a-z0-9.-]{1,40}(:[1-9][0-9]{0,3})?", fullmatch=True),
        moment=MOMENTS,
    )
)
@settings(max_examples=examples(5000, short=120))
def test_signatures_are_botocores(signed: Signed) -> None:
    request = AWSRequest("POST", f"http://{signed.host}/", data=signed.body)
    for name, value in signed.headers.items():
        request.headers[name] = value
    _sign_as_botocore(request, Credentials(signed.key_id, signed.secret), signed.region, signed.moment)
    moment = timestamp(signed.moment)
    headers = {**signed.headers, "host": _host_of(str(request.url)), "x-amz-date": moment}
    secret = Secret(signed.secret)
    ours = authorization(headers, signed.body, key_id=signed.key_id, secret=secret, region=signed.region, moment=moment)
    assert ours == request.headers["Authorization"]


def _host_of(url: str) -> str:
    """The host as the request says it: without the usual port."""
    return urlsplit(url).netloc.removesuffix(":80")


def _sign_as_botocore(request: AWSRequest, credentials: Credentials, region: str, moment: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.auth, "get_current_datetime", lambda: datetime.fromtimestamp(moment, UTC))
        botocore.auth.SigV4Auth(credentials, "sts", region).add_auth(request)


@given(call=CALLS, words=st.tuples(PLAIN, PLAIN, st.one_of(st.just(""), PLAIN)), moment=MOMENTS)
@settings(max_examples=examples(2000, short=60))
def test_requests_are_botocores(
    client: BaseClient, call: tuple[str, dict[str, Any]], words: tuple[str, str, str], moment: int
) -> None:
    (action, parameters), (key_id, secret, token) = call, words
    theirs = _of_botocore(client, action, parameters)
    keys = _keys(key_id, secret, token)
    ours = sign_request(
        action, parameters, keys, host="sts.example.com", region="eu-central-1", now=moment + 0.9, agent="mfa-tui/1"
    )
    head, _, body = ours.reveal().partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    sent = dict(line.split(": ", 1) for line in lines[1:])
    assert lines[0] == "POST / HTTP/1.1"
    assert urlsplit(theirs.url).path == "/"
    assert body == theirs.body.encode()
    assert sent["content-type"] == theirs.headers["Content-Type"].decode()
    assert sent["content-length"] == str(len(body))
    assert sent.get("x-amz-security-token", "") == token
    expected = AWSRequest("POST", "https://sts.example.com/", data=body, headers={"Content-Type": sent["content-type"]})
    _sign_as_botocore(expected, Credentials(key_id, secret, token or None), "eu-central-1", moment)
    assert sent["authorization"] == expected.headers["Authorization"]


def _of_botocore(client: BaseClient, action: str, parameters: dict[str, Any]) -> Any:
    method = {
        "GetSessionToken": "get_session_token", "AssumeRole": "assume_role",
        "GetScopedCredentials": "get_scoped_credentials", "GetCallerIdentity": "get_caller_identity",
    }[action]  # fmt: skip
    with pytest.raises(Outgoing) as caught:
        getattr(client, method)(**parameters)
    return caught.value.request


def _keys(key_id: str, secret: str, token: str) -> AccessKeys | Session:
    if not token:
        return AccessKeys(key_id, Secret(secret))
    return Session(
        access_key_id=key_id, secret_access_key=Secret(secret), session_token=Secret(token), expires_at=0, duration=0,
        source_key_id="", serial="",
    )  # fmt: skip


def test_nothing_of_a_request_shows() -> None:
    keys = _keys("ASIAEXAMPLE", "canary-secret", "canary-token")
    request = sign_request(
        "GetSessionToken", {"TokenCode": "canary"}, keys, host="h", region="r", now=0, agent="mfa-tui"
    )
    assert "canary" not in f"{request!r} {request} {request.reveal!r}"
