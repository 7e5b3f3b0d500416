"""``mfa-tui device enroll``: from a user without MFA to a written session."""

import boto3
import pytest

from mfa_tui.demo.server import StrictAws, User
from tests.home import Home


@pytest.fixture
def user(aws: StrictAws, home: Home) -> User:
    """A user without any device, behind the profile ``dev``."""
    user = aws.add_user()
    home.add_profile("dev", user)
    return user


def orphans(aws: StrictAws, user: User) -> list[str]:
    return [serial for serial, owner in aws.virtual_devices() if owner is None and user.name in serial]


def assert_whole(home: Home, aws: StrictAws, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """One device, known to the profile, its secret in the keyring, and a session in the files that AWS takes."""
    (serial,) = user.devices()
    assert f"mfa_serial = {serial}\n" in home.config.read_text()
    assert aws.seed_of(serial) in (home.path / "keyring.json").read_text()
    assert orphans(aws, user) == []
    for name, value in home.env.items():
        monkeypatch.setenv(name, value)
    client = boto3.Session(profile_name="dev-mfa").client("sts")
    assert client.get_caller_identity()["Arn"] == user.arn


def test_one_command_leads_to_a_session(
    home: Home, aws: StrictAws, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = home.run("device", "enroll", "dev", "--yes")
    assert result.returncode == 0, result.stderr
    assert f"dev: enrolled {user.devices()[0]}; its secret is kept here\n" in result.stdout
    assert "dev: session in [dev-mfa], good until " in result.stdout
    assert_whole(home, aws, user, monkeypatch)


def test_a_further_device_leaves_the_profile_as_it_is(home: Home, user: User) -> None:
    assert home.run("device", "enroll", "dev", "--yes").returncode == 0
    before = home.config.read_bytes()
    result = home.run("device", "enroll", "dev", "--yes")
    assert (result.returncode, home.config.read_bytes()) == (0, before), result.stderr
    assert [serial.rsplit("/")[-1] for serial in user.devices()] == [user.name, f"{user.name}-backup"]


def test_without_a_keyring_nothing_is_made(home: Home, aws: StrictAws, user: User) -> None:
    home.env["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    result = home.run("device", "enroll", "dev", "--yes")
    assert (result.returncode, result.stdout) == (1, "")
    assert (aws.count("CreateVirtualMFADevice"), user.devices()) == (0, [])
