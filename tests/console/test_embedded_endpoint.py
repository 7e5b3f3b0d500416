"""The embedded federation endpoint refuses what AWS's refuses."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import trust
from tests.support.aws.clients import Keys, client

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws

DESTINATION = "https://eu-central-1.console.aws.amazon.com/console/home"


def ask(aws: "StrictAws", fields: Mapping[str, str], *, in_address: bool = False) -> tuple[int, str]:
    """Status and text of the federation endpoint's answer, after all redirects."""
    form = urllib.parse.urlencode(fields)
    url = f"{aws.url}/federation" + (f"?{form}" if in_address else "")
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    try:
        with opener.open(url, None if in_address else form.encode(), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


def session_field(keys: Keys, **changes: str) -> str:
    parts = {"sessionId": keys.access_key_id, "sessionKey": keys.secret_access_key, "sessionToken": keys.session_token}
    return json.dumps(parts | changes)


def prepare(aws: "StrictAws", keys: Keys, **more: str) -> tuple[int, str]:
    return ask(aws, {"Action": "getSigninToken", "Session": session_field(keys), **more})


def log_in(aws: "StrictAws", token: str, destination: str = DESTINATION) -> tuple[int, str]:
    fields = {"Action": "login", "Issuer": "", "Destination": destination, "SigninToken": token}
    return ask(aws, fields, in_address=True)


@pytest.fixture
def direct(aws: "StrictAws") -> Keys:
    """A role's session that long-term keys have assumed."""
    user = aws.add_user()
    return Keys.of(client(aws, "sts", user).assume_role(RoleArn=role_of(aws, user.arn), RoleSessionName="ana"))


@pytest.fixture
def chained(aws: "StrictAws") -> Keys:
    """A role's session that a session has assumed."""
    user = aws.add_user()
    session = Keys.of(client(aws, "sts", user).get_session_token())
    return Keys.of(client(aws, "sts", session).assume_role(RoleArn=role_of(aws, user.arn), RoleSessionName="ana"))


def role_of(aws: "StrictAws", arn: str) -> str:
    return aws.add_role(f"role-{arn.rsplit('/', 1)[-1]}", trust(arn))


@pytest.mark.parametrize("in_address", [True, False])
def test_a_role_arrives(aws: "StrictAws", chained: Keys, in_address: bool) -> None:
    fields = {"Action": "getSigninToken", "Session": session_field(chained)}
    status, body = ask(aws, fields, in_address=in_address)
    assert status == HTTPStatus.OK
    status, page = log_in(aws, json.loads(body)["SigninToken"])
    assert (status, DESTINATION in page) == (200, True)
    sign_in = aws.sign_ins[-1]
    assert sign_in.arn in page
    assert (sign_in.destination, sign_in.in_address) == (DESTINATION, in_address)


def test_a_duration_is_for_roles_that_long_term_keys_have_assumed(
    aws: "StrictAws", direct: Keys, chained: Keys
) -> None:
    assert prepare(aws, direct, SessionDuration="43200")[0] == HTTPStatus.OK
    assert aws.sign_ins[-1].session_duration == 43_200
    for seconds in ("899", "43201", "1h", "-900", ""):
        assert prepare(aws, direct, SessionDuration=seconds)[0] == HTTPStatus.BAD_REQUEST
    status, page = prepare(aws, chained, SessionDuration="3600")
    assert (status, "Invalid credentials parameter" in page) == (400, True)


def test_credentials_of_users_are_refused(aws: "StrictAws") -> None:
    user = aws.add_user()
    session = Keys.of(client(aws, "sts", user).get_session_token())
    long_term = Keys(user.access_key_id, user.secret_access_key, "")
    for keys in (session, long_term):
        status, page = prepare(aws, keys)
        assert (status, "Only federation tokens or assume role tokens" in page) == (400, True)


def test_wrong_and_expired_credentials_are_refused(aws: "StrictAws", direct: Keys) -> None:
    for changes in ({"sessionKey": "wrong"}, {"sessionToken": "wrong"}, {"sessionId": "ASIAWRONG"}):
        fields = {"Action": "getSigninToken", "Session": session_field(direct, **changes)}
        assert ask(aws, fields)[0] == HTTPStatus.BAD_REQUEST
    for text in ("", "{}", "[]", "no json"):
        assert ask(aws, {"Action": "getSigninToken", "Session": text})[0] == HTTPStatus.BAD_REQUEST
    aws.end_session(direct.access_key_id)
    assert prepare(aws, direct)[0] == HTTPStatus.BAD_REQUEST


def test_a_link_is_valid_for_fifteen_minutes(aws: "StrictAws", direct: Keys) -> None:
    token = json.loads(prepare(aws, direct)[1])["SigninToken"]
    aws.clock.offset = 899
    assert log_in(aws, token)[0] == HTTPStatus.OK
    aws.clock.offset = 901
    assert log_in(aws, token)[0] == HTTPStatus.BAD_REQUEST
    assert log_in(aws, "")[0] == HTTPStatus.BAD_REQUEST


def test_it_leads_to_consoles_only(aws: "StrictAws", direct: Keys) -> None:
    token = json.loads(prepare(aws, direct)[1])["SigninToken"]
    for destination in ("https://evil.example/", "http://console.aws.amazon.com/", ""):
        assert log_in(aws, token, destination)[0] == HTTPStatus.BAD_REQUEST


def test_the_alias_of_an_account(aws: "StrictAws") -> None:
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    user = aws.add_user(account="999900001111", policy=everything)
    iam = client(aws, "iam", user)
    assert iam.list_account_aliases()["AccountAliases"] == []
    aws.set_alias("acme", "999900001111")
    assert iam.list_account_aliases()["AccountAliases"] == ["acme"]
