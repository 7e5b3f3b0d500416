"""Calls to STS in both ways: without botocore, and with it. Whoever answers, the outcome is to be the same."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.aws.sts import Aws
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.core.profiles.role import Role
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.errors import MfaTuiError
from mfa_tui.models import AccessKeys, Secret
from tests.support.aws.hostile import Handler, Hostile, answer

if TYPE_CHECKING:
    from mfa_tui.core.aws.api_call import ApiCall

FOR_BOTOCORE = {"AWS_DATA_PATH": "/nowhere"}
"""A setting that only botocore knows: with it, botocore makes every call."""
KEYS = AccessKeys("AKIAIOSFODNN7EXAMPLE", Secret("s" * 40))
SERIAL = "arn:aws:iam::111122223333:mfa/ana"
ROLE = Role("dev", "arn:aws:iam::111122223333:role/admin", external_id="x-1")
TOKEN = "t" * 40
AWS_HOST = "https://sts.eu-central-1.amazonaws.com"


def issued(action: str = "GetSessionToken", **fields: str) -> bytes:
    """AWS's answer with a session of an hour."""
    expiry = format_utc(int(Clock().now()) + 3600)
    texts = {"AccessKeyId": "ASIAIOSFODNN7EXAMPLE", "SecretAccessKey": "k" * 40, "SessionToken": TOKEN} | {
        "Expiration": expiry, **fields,
    }  # fmt: skip
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in texts.items())
    return (
        f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result><Credentials>{inside}'
        f"</Credentials></{action}Result><ResponseMetadata><RequestId>0f1e2d3c</RequestId></ResponseMetadata>"
        f"</{action}Response>"
    ).encode()


def refused(code: str, message: str = "No.", status: str = "403 Forbidden", *headers: str) -> bytes:
    """AWS's refusal."""
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    body = f"<ErrorResponse>{error}<RequestId>9</RequestId></ErrorResponse>"
    return answer(status, body.encode(), *headers)


def choose(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let calls of this process be made with ``botocore``, or ``direct``: without it."""
    for name, value in FOR_BOTOCORE.items():
        if way == "botocore":
            monkeypatch.setenv(name, value)
        else:
            monkeypatch.delenv(name, raising=False)


def outcome(action: str = "GetSessionToken", timeout: float = 20) -> tuple[object, ...]:
    """What comes of a call of *action*, and what is recorded of it."""
    recorded: list[ApiCall] = []
    aws = Aws(Clock(), Paths(os.environ), timeout=timeout, record=lambda _, call: recorded.append(call))
    caller = Caller("dev", KEYS, "eu-central-1", "aws")
    try:
        assert (aws._direct.route(caller) is None) == (os.environ.keys() >= FOR_BOTOCORE.keys())
        if action == "GetSessionToken":
            session = aws.get_session_token(caller, SERIAL, Secret("123456"), 3600, CancelScope())
        else:
            session = aws.assume_role(caller, ROLE, "ana", 3600, CancelScope())
    except AwsUnreachable as error:
        told: tuple[object, ...] = (error.kind, error.where, error.detail, error.proxy, error.connected)
    except AwsError as error:
        told = (error.code, error.message, error.status)
    except MfaTuiError as error:
        told = (error.slug, *error.lines())
    else:
        assert session.session_token.reveal() == TOKEN
        in_an_hour = abs(session.expires_at - Clock().now() - 3600) < 600
        told = (session.access_key_id, in_an_hour, session.duration, session.roles, session.serial)
    return (*told, *recorded)


def both(monkeypatch: pytest.MonkeyPatch, run: Callable[[], object]) -> object:
    """What *run* returns, in both ways."""
    found = []
    for way in ("direct", "botocore"):
        choose(way, monkeypatch)
        found.append(run())
    assert found[0] == found[1], found
    return found[0]


def asked(monkeypatch: pytest.MonkeyPatch, handler: Handler, action: str = "GetSessionToken") -> tuple[Any, ...]:
    """What comes of a call that *handler* answers; last, how many requests it saw."""

    def run() -> tuple[object, ...]:
        with Hostile(handler) as server:
            monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
            told = outcome(action)
            strangers = [head for head in server.requests if KEYS.access_key_id.encode() not in head]
            assert not strangers, "somebody else has sent these requests"
            return (*told, len(server.requests))

    told = both(monkeypatch, run)
    assert isinstance(told, tuple)
    return told
