"""``--scope`` on exec, env and credential-process: what is handed on, what is cached, and that it is never wider."""

import json
import re
import sys

import pytest

from mfa_tui.core.scopes.presets import scope_list
from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR, trust
from mfa_tui.demo.aws.faults import altered, throttled
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.project.test_imports import AWS_SDK, KEYRING, loaded
from tests.support.awsfiles.saved_sessions import age
from tests.support.awsfiles.settled_files import let_files_settle
from tests.support.clocks.moved_time import MovedTime
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long

pytestmark = pytest.mark.both_ways

MAKE_USER = "import boto3; boto3.client('iam').create_user(UserName='x')"
LIST = "import boto3; print(boto3.client('iam').list_users()['ResponseMetadata']['HTTPStatusCode'])"
KEY = "import boto3; print(boto3.Session().get_credentials().access_key)"


@pytest.fixture(autouse=True)
def _dev(device: Device, home: Home) -> None:
    assert device.seed
    age(home)


def process(home: Home, *words: str) -> dict[str, str]:
    result = home.run("credential-process", *words)
    assert (result.returncode, result.stderr) == (0, "")
    found: dict[str, str] = json.loads(result.stdout)
    return found


def key(home: Home, *words: str) -> str:
    """The access key ID that a command gets."""
    result = home.run("exec", *words, "--", sys.executable, "-c", KEY)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout.strip()


def test_all_of_them_hand_on_the_same_limited_session(home: Home, aws: StrictAws) -> None:
    whole = process(home, "dev")["AccessKeyId"]
    limited = process(home, "dev", "--scope", "read-only")["AccessKeyId"]
    assert limited != whole
    assert process(home, "--scope", "read-only", "dev")["AccessKeyId"] == limited
    assert process(home, "--scope=read-only", "dev")["AccessKeyId"] == limited
    assert key(home, "--scope", "read-only", "dev") == limited
    assert key(home, "dev", "--scope=read-only") == limited
    for words in (("dev", "--scope", "read-only"), ("--scope=read-only", "dev")):
        assert limited in home.run("env", *words).stdout
    assert process(home, "dev")["AccessKeyId"] == whole
    assert [each.action for each in aws.requests] == ["GetSessionToken", "GetScopedCredentials"]


@long
def test_renew_serves_only_the_limited_session(home: Home, aws: StrictAws) -> None:
    limited = key(home, "--scope", "read-only", "dev")
    assert key(home, "--renew", "--scope", "read-only", "dev") == limited
    assert home.run("login", "dev", "--scope", "read-only").returncode == 0
    # The name of its target is enough.
    assert key(home, "--renew", "dev-read-only") == limited
    denied = home.run("exec", "--renew", "dev-read-only", "--", sys.executable, "-c", MAKE_USER)
    assert "no session policy allows the iam:CreateUser action" in denied.stderr
    assert aws.count("GetScopedCredentials") == 1


@pytest.mark.parametrize("command", ["credential-process", "env", "exec", "login", "use"])
def test_a_scope_that_does_not_exist_is_never_no_scope(home: Home, aws: StrictAws, command: str) -> None:
    words = ("--", "sh", "-c", "echo ran") if command == "exec" else ()
    for option in (("--scope", "nope"), ("--scope=nope",)):
        result = home.run(command, *option, "dev", *words)
        assert (result.returncode, result.stdout) == (2, "")
        assert "There is no scope 'nope'" in result.stderr
    assert aws.count() == 0


@long
def test_a_role_s_session_is_limited(home: Home, aws: StrictAws, user: User) -> None:
    role = aws.add_role(f"r-{user.name}", trust(user.arn, mfa=True), policy=ADMINISTRATOR)
    with home.config.open("a") as file:
        file.write(f"[profile r]\nrole_arn = {role}\nsource_profile = dev\nregion = eu-west-1\n")
    for scope, status, error in (((), 0, ""), (("--scope", "read-only"), 1, "no session policy allows")):
        result = home.run("exec", *scope, "r", "--", sys.executable, "-c", MAKE_USER.replace("'x'", f"'x-{user.name}'"))
        assert result.returncode == status
        assert error in result.stderr
    listed = home.run("exec", "--scope", "read-only", "r", "--", sys.executable, "-c", LIST)
    assert listed.stdout == "200\n"
    assert [each.action for each in aws.requests if each.action[:3] in ("Get", "Ass")] == [
        "GetSessionToken", "AssumeRole", "GetScopedCredentials",
    ]  # fmt: skip


@long
def test_a_narrower_definition_counts_at_once(home: Home) -> None:
    policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}}
    file = home.settings
    home.write_settings('[scopes.mine]\nservices = ["iam"]\n\n[scopes.filed]\npolicy = "mine.json"\n')
    (file.parent / "mine.json").write_text(json.dumps(policy))
    first = {scope: process(home, "dev", "--scope", scope)["AccessKeyId"] for scope in ("mine", "filed")}
    assert {scope: process(home, "dev", "--scope", scope)["AccessKeyId"] for scope in first} == first
    home.write_settings(file.read_text().replace('"iam"', '"s3"'))
    policy["Statement"] |= {"Action": "s3:*"}  # type: ignore[operator]
    (file.parent / "mine.json").write_text(json.dumps(policy))
    for scope, before in first.items():
        assert process(home, "dev", "--scope", scope)["AccessKeyId"] != before
        denied = home.run("exec", "--scope", scope, "dev", "--", sys.executable, "-c", LIST)
        assert "no session policy allows the iam:ListUsers action" in denied.stderr


def test_its_own_duration_and_renewal(home: Home, aws: StrictAws) -> None:
    moved_time = MovedTime(home, aws)
    home.write_settings('[scopes.short]\nservices = ["iam"]\nduration = "30m"\n')
    first = process(home, "dev", "--scope", "short")
    assert process(home, "dev", "--scope", "short") == first
    moved_time.move(20 * 60)
    second = process(home, "dev", "--scope", "short")
    assert second["AccessKeyId"] != first["AccessKeyId"]
    assert [each.action for each in aws.requests] == ["GetSessionToken", "GetScopedCredentials", "GetScopedCredentials"]
    # It is still valid when AWS does not answer in time for the next one.
    moved_time.move(20 * 60)
    aws.fault(throttled(), action="GetScopedCredentials", times=2)
    assert process(home, "dev", "--scope", "short") == second
    # It ends with its parent, which is renewed with the secret.
    moved_time.move(12 * 3600)
    assert process(home, "dev", "--scope", "short")["AccessKeyId"] != second["AccessKeyId"]
    assert aws.count("GetSessionToken") == 2


def test_near_the_end_of_the_parent_no_longer_session_is_asked_for(home: Home, aws: StrictAws) -> None:
    home.write_settings('[scopes.long]\nduration = "2h"\n')
    assert home.run("login", "dev", "--duration", "1h").returncode == 0
    parent, limited = process(home, "dev"), process(home, "dev", "--scope", "long")
    assert limited["Expiration"] <= parent["Expiration"]
    assert aws.count("GetScopedCredentials") == 1


@pytest.mark.parametrize(
    ("pattern", "replacement", "says"),
    [
        (rb"<Expiration>\d{4}", b"<Expiration>2099", "expir"),
        (rb"<ScopedPoliciesCount>1", b"<ScopedPoliciesCount>0", "no policy limits the session"),
        (rb"<SessionToken>", b"<Nothing>", "could not be read|missing|Something other than AWS"),
    ],
)
def test_an_answer_that_may_be_wider_is_refused(
    home: Home, aws: StrictAws, pattern: bytes, replacement: bytes, says: str
) -> None:
    aws.fault(altered(lambda body: re.sub(pattern, replacement, body)), action="GetScopedCredentials", times=2)
    result = home.run("exec", "--scope", "read-only", "dev", "--", "sh", "-c", "echo ran")
    assert (result.returncode, result.stdout) == (1, "")
    assert re.search(says, result.stderr), result.stderr


def test_a_live_limited_session_is_quick(home: Home) -> None:
    let_files_settle(home)
    process(home, "dev", "--scope", "read-only")
    for command in (("credential-process", "dev", "--scope", "read-only"), ("env", "dev", "--scope", "read-only")):
        status, modules = loaded(home, *command)
        assert status == 0
        assert not {name.partition(".")[0] for name in modules} & (AWS_SDK | KEYRING | {"argparse", "tomllib"})
        assert not [name for name in modules if name.startswith(("mfa_tui.services", "mfa_tui.core.scopes"))]


def test_sessions_in_the_keyring(home: Home, aws: StrictAws) -> None:
    home.write_settings('session_store = "keyring"\n')
    first = process(home, "dev", "--scope", "read-only")
    assert process(home, "dev", "--scope", "read-only") == first
    assert aws.count("GetScopedCredentials") == 1
    for path in home.path.glob(".cache/mfa-tui/sessions/*"):
        assert first["SessionToken"] not in path.read_text()


def test_the_help_has_the_list_of_read_only(home: Home) -> None:
    shown = home.run("exec", "--help", env={"COLUMNS": "4000"}).stdout
    assert scope_list() in shown
