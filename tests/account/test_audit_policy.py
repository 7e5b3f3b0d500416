"""``mfa-tui audit --policy`` and ``--apply GROUP``."""

import json
import secrets

import pytest

from mfa_tui.cli.commands import audit
from mfa_tui.core.account.enforce_policy import NAME, enforce_policy
from mfa_tui.demo.aws.account_setup import AccountSetup
from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR
from mfa_tui.demo.aws.server import StrictAws
from mfa_tui.errors import UsageError
from tests.support.homes.home import Home
from tests.support.processes.consent import check_said_first, refused_plan
from tests.support.processes.terminals import terminal

GROUP = "developers"


@pytest.fixture
def account(aws: StrictAws, home: Home) -> AccountSetup:
    """An account of its own: ``boss`` administers it; of the group, ``bare`` has no MFA and ``phone`` has."""
    number = f"{secrets.randbelow(10**12):012d}"
    boss = aws.add_user("boss", account=number, policy=ADMINISTRATOR)
    device = boss.add_device("boss")
    home.add_profile("boss", boss, device)
    home.store_seed(device)
    account = aws.account(number)
    for name in ("bare", "phone"):
        account.add_user(name)
    account.add_device("phone")
    account.add_group(GROUP, ["bare", "phone"])
    return account


@pytest.mark.parametrize(
    ("settings", "partition"),
    [
        ("region = eu-central-1", "aws"),
        ("region = cn-north-1", "aws-cn"),
        ("region = us-gov-west-1", "aws-us-gov"),
        ("region = eusc-de-east-1", "aws-eusc"),
        ("region = eu-central-1\nmfa_serial = arn:aws-cn:iam::111122223333:mfa/ana", "aws-cn"),
    ],
)
def test_the_policy_is_printed_for_the_partition(home: Home, aws: StrictAws, settings: str, partition: str) -> None:
    aws.reset()
    home.config.write_text(f"[profile dev]\n{settings}\n")
    printed = home.run("audit", "dev", "--policy")
    assert printed.returncode == 0, printed.stderr
    assert json.loads(printed.stdout) == enforce_policy(partition)
    assert aws.requests == []


def test_without_any_profile_it_is_for_the_usual_partition(home: Home) -> None:
    printed = home.run("audit", "--policy")
    assert json.loads(printed.stdout) == enforce_policy("aws")
    assert home.run("audit", "nobody", "--policy").returncode == 2


def test_who_is_affected_is_shown_before_anything_changes(home: Home, account: AccountSetup) -> None:
    with terminal(home, f"mfa-tui audit boss --apply {GROUP}") as tty:
        tty.wait_for(r"Without MFA now \(1\): bare\..*Enforce MFA for the group developers\? \[y/N\] ")
        tty.type("n\r")
        assert tty.status() == 0
    assert "Nothing was changed." in tty.screen
    assert account.attached_policies(GROUP) == {}
    with terminal(home, f"mfa-tui audit boss --apply {GROUP}") as tty:
        tty.wait_for(r"Enforce MFA for the group developers\? \[y/N\] ")
        tty.type("y\r")
        assert tty.status() == 0
    assert account.attached_policies(GROUP) == {NAME: enforce_policy("aws")}
    assert "iam:AttachGroupPolicy GroupName=developers" in tty.screen


def test_in_a_script(home: Home, account: AccountSetup) -> None:
    asked = home.run("audit", "boss", "--apply", GROUP)
    plan = refused_plan(asked, "Use --yes to do it. Nothing was changed.")
    assert account.attached_policies(GROUP) == {}
    done = home.run("audit", "boss", "--apply", GROUP, "--yes", "--json")
    check_said_first(done, plan)
    told = json.loads(done.stdout)
    assert (told["group"], told["created"], told["attached"], told["without_mfa"]) == (GROUP, True, True, ["bare"])
    assert [call["action"] for call in told["calls"]][-2:] == ["CreatePolicy", "AttachGroupPolicy"]
    assert all(call["request_id"] for call in told["calls"])
    assert account.attached_policies(GROUP) == {NAME: enforce_policy("aws")}
    # Again: nothing to ask, nothing to do.
    again = home.run("audit", "boss", "--apply", GROUP)
    assert again.returncode == 0, again.stderr
    assert "There is nothing to do." in again.stderr
    assert again.stdout.endswith(": already attached to the group developers\n")


def test_another_policy_of_that_name(home: Home, account: AccountSetup) -> None:
    other = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}
    account.attach(GROUP, NAME, other, group=True)
    refused = home.run("audit", "boss", "--apply", GROUP, "--yes")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "exists with another text" in refused.stderr
    assert account.attached_policies(GROUP) == {NAME: other}
    replaced = home.run("audit", "boss", "--apply", GROUP, "--yes", "--replace-policy")
    assert replaced.returncode == 0, replaced.stderr
    assert account.attached_policies(GROUP) == {NAME: enforce_policy("aws")}
    named = home.run("audit", "boss", "--apply", GROUP, "--yes", "--policy-name", "Mine")
    assert named.returncode == 0, named.stderr
    assert set(account.attached_policies(GROUP)) == {NAME, "Mine"}


@pytest.mark.usefixtures("account")
def test_bad_usage(home: Home) -> None:
    unknown = home.run("audit", "boss", "--apply", "nobody", "--yes")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "has no IAM group nobody." in unknown.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--json", "--csv"), "--csv and --json exclude each other."),
        (("--fail-on", "high", "--markdown", "--html"), "--html and --markdown exclude each other."),
        (("--policy", "--apply", GROUP), "--policy and --apply exclude each other."),
        (("--policy", "--html"), "--policy and --html exclude each other."),
        (("--policy", "--fail-on", "high"), "--policy and --fail-on exclude each other."),
        (("--policy", "--no-sign-ins"), "--policy and --no-sign-ins exclude each other."),
        (("--apply", GROUP, "--yes", "--csv"), "--apply and --csv exclude each other."),
        (("--apply", GROUP, "--yes", "--fail-on", "high"), "--apply and --fail-on exclude each other."),
        (("--replace-policy",), "--replace-policy needs --apply."),
        (("--policy-name", "Mine"), "--policy-name needs --apply."),
        (("--yes",), "--yes needs --apply."),
        (("--fail-on", "severe"), "Argument --fail-on: invalid choice: 'severe'"),
    ],
)
def test_options_that_contradict_each_other_or_would_be_ignored(options: tuple[str, ...], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        audit.run(["boss", *options])
    assert caught.value.what.startswith(words)
    assert "\n" not in caught.value.what + caught.value.remedy
