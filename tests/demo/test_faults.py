"""Injected faults, each met by a real client."""

import http.client
import socket
import threading
import time
import urllib.parse

import pytest
from botocore.exceptions import ConnectionClosedError
from botocore.parsers import ResponseParserError

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.aws.clients import client, refusal


@pytest.fixture
def user(aws: StrictAws) -> User:
    return aws.add_user()


@pytest.fixture
def device(user: User) -> Device:
    return user.add_device(user.name)


def test_a_dropped_connection(aws: StrictAws, user: User) -> None:
    aws.fault(faults.dropped())
    sts = client(aws, "sts", user)
    with pytest.raises(ConnectionClosedError):
        sts.get_caller_identity()
    assert sts.get_caller_identity()["Arn"] == user.arn
    assert [request.status for request in aws.requests] == [None, 200]


@pytest.mark.parametrize(
    ("status", "code"),
    [(500, "InternalFailure"), (503, "ServiceUnavailable")],
)
@pytest.mark.parametrize("after", [False, True])
def test_a_server_error_before_or_after_the_code_is_spent(
    aws: StrictAws, user: User, device: Device, status: int, code: str, *, after: bool
) -> None:
    aws.fault(faults.server_error(status, after=after))
    ask = client(aws, "sts", user).get_session_token
    assert refusal(ask, SerialNumber=device.serial, TokenCode=device.code())[:2] == (status, code)
    assert len(aws.steps(device.serial).accepted) == after


def test_an_answer_that_is_lost(aws: StrictAws, user: User, device: Device) -> None:
    aws.fault(faults.dropped(after=True))
    with pytest.raises(ConnectionClosedError):
        client(aws, "sts", user).get_session_token(SerialNumber=device.serial, TokenCode=device.code())
    assert len(aws.steps(device.serial).accepted) == 1


def test_throttling(aws: StrictAws, user: User) -> None:
    aws.fault(faults.throttled(), times=2)
    sts = client(aws, "sts", user)
    assert refusal(sts.get_caller_identity) == (400, "Throttling", "Rate exceeded")
    assert refusal(sts.get_caller_identity) == (400, "Throttling", "Rate exceeded")
    assert sts.get_caller_identity()["Arn"] == user.arn


def test_a_captive_portal_makes_no_sense_to_a_client(aws: StrictAws, user: User) -> None:
    aws.fault(faults.captive_portal())
    aws.fault(faults.captive_portal(page=faults.XHTML_PAGE))
    sts = client(aws, "sts", user)
    with pytest.raises(ResponseParserError):
        sts.get_caller_identity()
    with pytest.raises(KeyError):  # botocore's own surprise
        sts.get_caller_identity()


@pytest.mark.parametrize("status", [200, 302, 511])
def test_a_captive_portal_answers_with_a_page(aws: StrictAws, status: int) -> None:
    aws.fault(faults.captive_portal(status))
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(aws.url).netloc, timeout=10)
    connection.request("POST", "/", "Action=GetCallerIdentity")
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    assert (answer.status, answer.headers["Content-Type"]) == (status, "text/html")
    assert page == faults.LOOSE_PAGE
    assert (answer.headers["Location"] is not None) == (status == 302)


def test_a_late_answer_is_still_right(aws: StrictAws, user: User) -> None:
    aws.fault(faults.delay(0.05))
    assert client(aws, "sts", user).get_caller_identity()["Arn"] == user.arn


def test_a_server_that_hangs_holds_nobody_else_up(aws: StrictAws, user: User) -> None:
    aws.fault(faults.delay(3600), action="GetSessionToken")
    with socket.create_connection(("127.0.0.1", urllib.parse.urlsplit(aws.url).port or 0), timeout=10) as hanging:
        body = b"Action=GetSessionToken"
        hanging.sendall(b"POST / HTTP/1.1\r\nHost: aws\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        while not aws.count("GetSessionToken"):
            time.sleep(0.01)
        assert client(aws, "sts", user).get_caller_identity()["Arn"] == user.arn
        assert [request.status for request in aws.requests] == [None, 200]
        aws.reset()
        assert hanging.recv(1) == b"", "it is dropped"


def test_faults_keep_to_their_action_and_key(aws: StrictAws, user: User) -> None:
    other = aws.add_user()
    aws.fault(faults.throttled(), action="GetSessionToken", access_key_id=user.access_key_id)
    assert client(aws, "sts", user).get_caller_identity()["Arn"] == user.arn
    client(aws, "sts", other).get_session_token()
    assert refusal(client(aws, "sts", user).get_session_token)[1] == "Throttling"


def test_many_at_once(aws: StrictAws, user: User, device: Device) -> None:
    """Of twenty requests with one code, one gets a session."""
    code = device.code()
    statuses = []
    sts = client(aws, "sts", user)

    def ask() -> None:
        try:
            sts.get_session_token(SerialNumber=device.serial, TokenCode=code)
            statuses.append(200)
        except sts.exceptions.ClientError as error:
            statuses.append(error.response["ResponseMetadata"]["HTTPStatusCode"])

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [403] * 19
    assert len(aws.steps(device.serial).accepted) == 1
    assert len(aws.steps(device.serial).attempted) == aws.count("GetSessionToken", user=user.name) == 20
