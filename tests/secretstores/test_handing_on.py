"""Sessions that lie in the keyring are handed on as those in files are; a keyring that fails is named."""

import json

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.homes.home import Home

FAILING = "keyring.backends.fail.Keyring"


@pytest.fixture
def user(aws: StrictAws) -> User:
    """A user of this test's own."""
    return aws.add_user()


@pytest.fixture
def phone(home: Home, aws: StrictAws, user: User) -> Device:
    """The device of ``dev``, which has a role ``r``; the settings put sessions into the keyring."""
    phone = user.add_device(user.name)
    home.add_profile("dev", user, phone)
    with home.config.open("a") as file:
        role = aws.add_role(f"r-{user.name}", trust(user.arn, mfa=True))
        file.write(f"[profile r]\nrole_arn = {role}\nsource_profile = dev\n")
    (home.path / ".config/mfa-tui").mkdir(parents=True)
    (home.path / ".config/mfa-tui/config.toml").write_text('session_store = "keyring"\n')
    return phone


def test_each_command_hands_it_on(home: Home, aws: StrictAws, phone: Device) -> None:
    assert home.run("login", "r", "--process", "--code", phone.code()).returncode == 0
    result = home.run("credential-process", "r")
    assert (result.returncode, result.stderr) == (0, "")
    keys = json.loads(result.stdout)
    assert home.run("credential-process", "r").stdout == result.stdout
    assert f"AWS_SESSION_TOKEN={keys['SessionToken']}" in home.run("env", "r").stdout.replace("'", "")
    assert f"AWS_SESSION_TOKEN={keys['SessionToken']}\n" in home.run("exec", "r", "--", "env").stdout
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 1)
    for path in (home.path / ".cache").rglob("*"):
        assert path.is_dir() or keys["SessionToken"] not in path.read_text()


def test_a_keyring_that_fails_is_named(home: Home, aws: StrictAws, phone: Device) -> None:
    """The session is there, but it cannot be had."""
    assert home.run("login", "r", "--process", "--code", phone.code()).returncode == 0
    before = aws.count()
    result = home.run("credential-process", "r", env={"PYTHON_KEYRING_BACKEND": FAILING})
    assert (result.returncode, result.stdout) == (3, "")
    assert "keyring" in result.stderr
    assert "run mfa-tui login r" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    result = home.run("env", "r", env={"PYTHON_KEYRING_BACKEND": FAILING})
    assert (result.returncode, result.stdout) == (3, "")
    assert "keyring" in result.stderr
    assert aws.count() == before
