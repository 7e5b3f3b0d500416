"""SigV4: only requests signed with the right secret, now, over just what arrived, get through."""

import http.client
import re
import urllib.parse
from http.client import HTTPMessage

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from mfa_tui.demo.aws.server import StrictAws, User
from tests.support.aws.clients import Keys, client, refusal

BODY = "Action=GetCallerIdentity&Version=2011-06-15"


@pytest.fixture
def user(aws: StrictAws) -> User:
    return aws.add_user()


def signed(aws: StrictAws, user: User, body: str = BODY) -> dict[str, str]:
    """The headers of a signed request."""
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    request = AWSRequest("POST", aws.url + "/", headers=headers, data=body)
    credentials = Credentials(user.access_key_id, user.secret_access_key)
    SigV4Auth(credentials, "sts", "us-east-1").add_auth(request)
    return dict(request.headers.items())


def send(aws: StrictAws, headers: dict[str, str], body: str = BODY) -> tuple[int, str]:
    """Status and error code of a request sent as it is."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(aws.url).netloc, timeout=10)
    try:
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        code = re.search(r"<Code>(\w+)</Code>", answer.read().decode())
        return answer.status, code[1] if code else ""
    finally:
        connection.close()


def test_a_right_signature(aws: StrictAws, user: User) -> None:
    assert send(aws, signed(aws, user)) == (200, "")


def test_a_wrong_secret(aws: StrictAws, user: User) -> None:
    keys = Keys(user.access_key_id, user.secret_access_key[:-1])
    message = (
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details."
    )
    assert refusal(client(aws, "sts", keys).get_caller_identity) == (403, "SignatureDoesNotMatch", message)


def test_what_was_signed_is_what_arrives(aws: StrictAws, user: User) -> None:
    headers = signed(aws, user)
    assert send(aws, headers, BODY.replace("GetCallerIdentity", "GetSessionToken")) == (403, "SignatureDoesNotMatch")
    assert send(aws, headers | {"Content-Type": "text/plain"}) == (403, "SignatureDoesNotMatch")
    assert send(aws, headers | {"Host": "sts.amazonaws.com"}) == (403, "SignatureDoesNotMatch")
    moved = headers["Authorization"].replace("us-east-1", "eu-west-1")
    assert send(aws, headers | {"Authorization": moved}) == (403, "SignatureDoesNotMatch")


def test_the_host_must_be_signed(aws: StrictAws, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    all_of_them = SigV4Auth.headers_to_sign

    def all_but_the_host(auth: SigV4Auth, request: AWSRequest) -> HTTPMessage:
        headers = all_of_them(auth, request)
        del headers["host"]
        return headers

    monkeypatch.setattr(SigV4Auth, "headers_to_sign", all_but_the_host)
    assert send(aws, signed(aws, user)) == (403, "SignatureDoesNotMatch")


def test_no_signature_or_half_of_one(aws: StrictAws, user: User) -> None:
    assert send(aws, {}) == (403, "MissingAuthenticationToken")
    headers = signed(aws, user)
    half = headers["Authorization"].partition(", Signature")[0]
    assert send(aws, headers | {"Authorization": half}) == (400, "IncompleteSignature")
    assert send(aws, headers | {"X-Amz-Date": "yesterday"}) == (400, "IncompleteSignature")


@pytest.mark.parametrize("offset", [-290, 290])
def test_five_minutes_off_is_still_fine(aws: StrictAws, user: User, offset: int) -> None:
    aws.clock.offset = offset
    assert client(aws, "sts", user).get_caller_identity()["Arn"] == user.arn


def test_a_signature_too_old_for_the_servers_clock(aws: StrictAws, user: User) -> None:
    aws.clock.offset = 600
    status, code, message = refusal(client(aws, "sts", user).get_caller_identity)
    assert (status, code) == (403, "SignatureDoesNotMatch")
    assert re.fullmatch(r"Signature expired: (\S{16}) is now earlier than (\S{16}) \((\S{16}) - 5 min\.\)", message)


def test_a_signature_too_new_for_the_servers_clock(aws: StrictAws, user: User) -> None:
    aws.clock.offset = -600
    status, code, message = refusal(client(aws, "sts", user).get_caller_identity)
    assert (status, code) == (403, "SignatureDoesNotMatch")
    pattern = r"Signature not yet current: (\S{16}) is still later than (\S{16}) \((\S{16}) \+ 5 min\.\)"
    assert re.fullmatch(pattern, message)


def test_an_action_that_is_not_there(aws: StrictAws, user: User) -> None:
    body = "Action=GetCoffee&Version=2011-06-15"
    assert send(aws, signed(aws, user, body), body) == (400, "InvalidAction")
