"""What users can do once the policy that enforces MFA is attached."""

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR, trust
from mfa_tui.demo.aws.server import StrictAws, User
from tests.support.aws.clients import Keys, client, refusal
from tests.support.aws.enforcement import Account
from tests.support.homes.home import Home


@pytest.fixture
def account(aws: StrictAws, home: Home, monkeypatch: pytest.MonkeyPatch) -> Account:
    for name, value in home.env.items():
        monkeypatch.setenv(name, value)
    return Account(aws, home)


def test_without_mfa_everything_is_denied_but_enrolling_and_logging_in(account: Account, home: Home) -> None:
    """The policy engine of the embedded AWS decides, as AWS documents it."""
    aws, ana = account.aws, account.add("ana")
    account.group(ana)
    role = aws.add_role("admin", trust(f"arn:aws:iam::{account.id}:root"), account=account.id, policy=ADMINISTRATOR)
    home.add_profile("dev", ana)
    account.apply()

    def assume(keys: User | Keys) -> str:
        return refusal(client(aws, "sts", keys).assume_role, RoleArn=role, RoleSessionName="me")[1]

    # Neither with the keys alone, nor with a session made without MFA.
    denied = refusal(client(aws, "iam", ana).list_users)
    assert denied[1] == "AccessDenied"
    assert denied[2].endswith("with an explicit deny in an identity-based policy")
    assert assume(ana) == "AccessDenied"
    assert assume(Keys.of(client(aws, "sts", ana).get_session_token())) == "AccessDenied"
    # Nor can anything be done about another user's device.
    assert refusal(client(aws, "iam", ana).deactivate_mfa_device, UserName="boss", SerialNumber="arn:aws:iam::1:mfa/b")[
        1
    ] == ("AccessDenied")

    # Ana enrolls a device with those keys, and logs in with it.
    result = home.run("device", "enroll", "dev", "--yes")
    assert result.returncode == 0, result.stderr
    (serial,) = ana.devices()
    assert serial == f"arn:aws:iam::{account.id}:mfa/ana"

    # With MFA nothing is denied; without it everything still is.
    session = home.run("env", "dev", "--shell", "json")
    assert session.returncode == 0, session.stderr
    listed = home.run("exec", "dev", "--", "python3", "-c", "import os; print(os.environ['AWS_ACCESS_KEY_ID'])")
    assert listed.stdout.startswith("ASIA")
    assert assume(ana) == "AccessDenied"
    # Further devices need the session, which mfa-tui gets; and can be removed with it.
    second = home.run("device", "enroll", "dev", "--yes", "--name", "ana-backup")
    assert second.returncode == 0, second.stderr
    removed = home.run("device", "remove", "dev", "--serial", "ana-backup", "--yes")
    assert removed.returncode == 0, removed.stderr
    assert ana.devices() == [serial]


def test_an_orphan_can_be_deleted_without_mfa(account: Account) -> None:
    ana = account.add("ana")
    account.group(ana)
    account.apply()
    iam = client(account.aws, "iam", ana)
    orphan = iam.create_virtual_mfa_device(VirtualMFADeviceName="ana")["VirtualMFADevice"]["SerialNumber"]
    iam.delete_virtual_mfa_device(SerialNumber=orphan)
    device = ana.add_device("ana")
    # But none that is enabled, and no device of others.
    assert refusal(iam.delete_virtual_mfa_device, SerialNumber=device.serial)[1] == "DeleteConflict"
    assert refusal(iam.deactivate_mfa_device, SerialNumber=device.serial)[1] == "AccessDenied"
