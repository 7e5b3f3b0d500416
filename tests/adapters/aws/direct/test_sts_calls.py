"""Calls to STS with botocore and without: the same outcome of every answer."""

import os
import socket
from pathlib import Path

import pytest

from mfa_tui.adapters.aws.caller import Caller
from mfa_tui.adapters.aws.direct.http_answer import LARGEST
from mfa_tui.adapters.aws.sdk_checks import refusal
from mfa_tui.adapters.aws.sts import Aws
from mfa_tui.adapters.awsfiles.files import AwsFiles
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.core.aws.sts_route import _USUAL_KEYS
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.errors import ConfigError
from mfa_tui.models import Secret
from tests.support.aws.hostile import Hostile, answer, nobody, saying
from tests.support.aws.two_ways import KEYS, SERIAL, asked, both, issued, outcome, refused

pytestmark = pytest.mark.usefixtures("config")


def answers() -> dict[str, bytes]:
    """Answers of AWS and of others, by a name; made as a test asks, since their sessions last an hour from then."""
    return sessions() | REFUSALS | others()


def sessions() -> dict[str, bytes]:
    """Sessions, real and broken."""
    session, now = issued(), int(Clock().now())
    return {
        "session": answer("200 OK", session),
        "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"%x\r\n%s\r\n0\r\n\r\n" % (len(session), session),
        "until closed": b"HTTP/1.1 200 OK\r\n\r\n" + issued(),
        "another date": answer("200 OK", issued(Expiration=format_utc(now + 3600).replace("Z", "+00:00"))),
        "no date": answer("200 OK", issued(Expiration="tomorrow")),
        "an hour too long": answer("200 OK", issued(Expiration=format_utc(now + 7300))),
        "expired": answer("200 OK", issued(Expiration="2020-01-01T00:00:00Z")),
        "a line break in a key": answer("200 OK", issued(AccessKeyId="ASIA&#10;[default]")),
        "no token": answer("200 OK", issued().replace(b"SessionToken", b"Other")),
        "no credentials": answer("200 OK", issued().replace(b"Credentials", b"Other")),
        "the token twice": answer("200 OK", issued().replace(b"</SessionToken>", b"</SessionToken><SessionToken/>")),
        "no request ID": answer("200 OK", issued().replace(b"RequestId", b"Other")),
        "two request IDs": answer("200 OK", issued().replace(b"</RequestId>", b"</RequestId><RequestId>1</RequestId>")),
        "many elements": answer("200 OK", issued().replace(b"<Credentials>", b"<a/>" * 2000 + b"<Credentials>")),
        "of another call": answer("200 OK", issued("AssumeRole")),
        "status 206": answer("206 Partial Content", issued()),
        "status 300": answer("300 Multiple Choices", issued()),
        "entities": answer("200 OK", b'<!DOCTYPE x [<!ENTITY a "b">]>' + issued()),
    }  # fmt: skip


def others() -> dict[str, bytes]:
    """What no session and no refusal is in, or not in the form of HTTP that AWS uses."""
    return {
        "page": answer("200 OK", b"<html><body>Sign in</body></html>"),
        "page 403": answer("403 Forbidden", b"<html><body>Sign in</body></html>"),
        "redirect": answer("302 Found", b"", "Location: http://127.0.0.1:1/"),
        "511": answer("511 Network Authentication Required", b"x"),
        "gateway": answer("502 Bad Gateway", b"<html/>"),
        "204": answer("204 No Content"),
        "cut short": answer("200 OK", issued())[:-9],
        "two lengths": answer("200 OK", issued(), "Content-Length: 7"),
        "the same length twice": answer("200 OK", issued(), f"Content-Length: {len(issued())}"),
        "no length": answer("200 OK", issued()).replace(b"Content-Length: ", b"Content-Length: x"),
        "too long": answer("200 OK", issued() + b" " * LARGEST),
        "headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        "a long header": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
        "odd status": b"HTTP/1.1 abc OK\r\n\r\n",
        "nothing": b"",
        "a negative chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
        "informational": answer("199 OK", issued()),
        "an odd chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "continue": b"HTTP/1.1 100 Continue\r\n\r\n" + answer("200 OK", issued()),
        "gzip": answer("200 OK", issued(), "Content-Encoding: gzip"),
    }


REFUSALS = {
    "denied": refused("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. "),
    "code in words": refused("ValidationError", "Value '123456' at 'tokenCode' failed", "400 Bad Request"),
    "signature": refused("SignatureDoesNotMatch", "The string was canary"),
    "id in a header": answer("403 Forbidden", b"<a/>", "x-amzn-RequestId: 77"),
    "odd code": refused("A B", "&#27;[2J"),
    "an error without parts": answer("403 Forbidden", b"<a><Error>No.</Error><RequestId>9</RequestId></a>"),
    "an empty error": answer("403 Forbidden", b"<a><Error/><RequestId>9</RequestId></a>"),
    "two errors": answer("403 Forbidden", b"<a><Error/><Error/><RequestId>9</RequestId></a>"),
    "no errors": answer("403 Forbidden", b"<a><Errors/><RequestId>9</RequestId></a>"),
    "a code of parts": refused("<a/>", "<b>No.</b>"),
    "two codes": refused("A</Code><Code>B"),
    "internal": refused("InternalFailure", "", "500 Internal Server Error"),
    "throttled": refused("Throttling", "Rate exceeded", "400 Bad Request"),
    "429": refused("Odd", "Slow", "429 Too Many", "x-amz-retry-after: 3"),
}
ANSWERS = tuple(answers())


@pytest.mark.parametrize("name", ANSWERS)
def test_what_comes_of_an_answer(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    told = asked(monkeypatch, saying(answers()[name]))
    assert told[-1] == 1, "a code is sent once"
    assert "canary" not in repr(told[3:])
    assert "123456" not in repr(told[3:])
    if name in ("session", "chunks", "until closed", "another date", "continue", "the same length twice"):
        assert told[0] == "ASIAIOSFODNN7EXAMPLE"


@pytest.mark.parametrize("name", ["internal", "throttled", "429", "gateway", "nothing", "cut short", "denied", "page"])
def test_a_role_is_asked_for_twice_where_that_may_help(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    times = 1 if name in ("denied", "page") else 2
    assert asked(monkeypatch, saying(answers()[name]), "AssumeRole")[-1] == times


def test_the_second_attempt_may_succeed(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[bytes] = []
    throttled = answers()["throttled"]

    def handle(connection: socket.socket, head: bytes) -> None:
        attempts.append(head)
        connection.sendall(throttled if len(attempts) % 2 else answer("200 OK", issued("AssumeRole")))

    told = asked(monkeypatch, handle, "AssumeRole")
    assert (told[0], told[-1]) == ("ASIAIOSFODNN7EXAMPLE", 2)


def test_a_connection_that_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    def reset(connection: socket.socket) -> None:
        connection.recv(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    def run() -> object:
        with Hostile(at_once=reset) as server:
            monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
            return outcome()[0]

    assert both(monkeypatch, run) == "dropped"


def test_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with nobody() as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", url)
        both(monkeypatch, outcome)
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "https://nobody.invalid")
    both(monkeypatch, outcome)


@pytest.mark.long
@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<"])
def test_who_does_not_go_on(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    def stop(connection: socket.socket, _: bytes) -> None:
        connection.sendall(sent)
        connection.recv(1)

    def run() -> object:
        with Hostile(stop) as server:
            monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
            return outcome(timeout=2)

    both(monkeypatch, run)


def test_the_users_own_models_are_for_botocore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    aws = Aws(Clock(), Paths(os.environ))
    assert aws._direct.route(Caller("dev", KEYS)) is not None
    (tmp_path / ".aws/models").mkdir(parents=True)
    assert aws._direct.route(Caller("dev", KEYS)) is None
    monkeypatch.setenv("HOME", str(tmp_path / "other"))
    assert aws._direct.route(Caller("nobody", KEYS)) is None
    assert aws._direct.route(Caller("dev", KEYS, only_region="eu-west-1")) is None


def test_files_that_cannot_be_read_are_for_botocore(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("[profile dev]\n[profile dev]\n")
    assert Aws(Clock(), Paths(os.environ))._direct.route(Caller("dev", KEYS)) is None
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
    with pytest.raises(ConfigError):
        Aws(Clock(), Paths(os.environ)).get_session_token(
            Caller("dev", KEYS), SERIAL, Secret("123456"), 3600, CancelScope()
        )


@pytest.mark.usefixtures("way")
def test_the_clock_is_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    for date, known in (("Sun, 29 Nov 2020 12:00:00 GMT", True), ("yesterday", False)):
        with Hostile(saying(refused("AccessDenied", "No.", "403 Forbidden", f"Date: {date}"))) as server:
            monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
            aws = Aws(Clock(), Paths(os.environ))
            aws.measure_clock(Caller("dev", KEYS, "eu-central-1"), CancelScope())
            assert (aws._clock.known_offset < -1e8) == known


def test_what_botocore_refuses_is_left_to_it(config: Path) -> None:
    """It makes a client for every profile for which calls go without it, whatever else is set there."""
    # What is wrong with ca_bundle is said before, in both ways.
    keys = sorted(_USUAL_KEYS - {"ca_bundle"} | {"sso_session", "cli_pager"})
    odd = [(key, value) for key in keys for value in ("", "junk", "\n  a = b")]
    profiles = {f"dev{at}": f"{key} ={value}" for at, (key, value) in enumerate(odd)}
    config.write_text("".join(f"[profile {name}]\n{line}\n" for name, line in profiles.items()))
    aws = Aws(Clock(), Paths(os.environ))
    files = AwsFiles(Paths(os.environ), Clock()).load()
    usual = [name for name in profiles if aws._direct.is_usual(name)]
    assert len(usual) > len(keys)
    assert not {profiles[name]: why for name in usual if (why := refusal(files, name, "sts", "eu-central-1"))}
