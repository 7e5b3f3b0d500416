"""The shell's variables, and the session as the tools that people use read it."""

import subprocess
import sys
from pathlib import Path

import pytest

from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.homes.home import Home
from tests.support.runner.timeouts import scaled


@pytest.mark.parametrize(
    ("env", "arguments"),
    [
        ({"AWS_PROFILE": "dev"}, []),
        ({"AWS_DEFAULT_PROFILE": "dev"}, []),
        ({"AWS_PROFILE": "dev-mfa"}, []),
        ({"AWS_DEFAULT_PROFILE": "dev-mfa"}, []),
        ({"AWS_PROFILE": "dev-mfa", "AWS_DEFAULT_PROFILE": "dev-mfa"}, ["dev"]),
        ({}, ["dev-mfa"]),
        ({"AWS_PROFILE": "nobody"}, ["dev"]),
    ],
)
def test_a_target_means_its_source_before_and_after_it_exists(
    home: Home, aws: StrictAws, device: Device, env: dict[str, str], arguments: list[str]
) -> None:
    made = home.run("login", *arguments, "--code", device.code(), env=env)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith("dev: saved as dev-mfa, valid until ")
    kept = home.run("login", *arguments, env=env)
    assert (kept.returncode, kept.stderr, aws.count()) == (0, "", 1)
    assert kept.stdout.startswith("dev: already saved as dev-mfa, valid until ")


def test_a_target_that_does_not_exist_yet_while_the_device_is_discovered(
    home: Home, aws: StrictAws, user: User
) -> None:
    device = user.add_device(user.name)
    home.add_profile("dev", user)
    code = device.code()
    result = home.run("login", "--code", code, "--save-serial", env={"AWS_PROFILE": "dev-mfa"})
    assert (result.returncode, result.stderr, aws.count("ListMFADevices")) == (0, "", 1)
    assert f"mfa_serial = {device.serial}\n" in home.config.read_text()


def test_keys_in_the_environment_are_not_used_but_mentioned(home: Home, device: Device) -> None:
    env = {"AWS_ACCESS_KEY_ID": "AKIAOTHER", "AWS_SECRET_ACCESS_KEY": "other", "AWS_SESSION_TOKEN": "other"}
    result = home.run("login", "dev", "--code", device.code(), env=env)
    said = "mfa-tui: AWS_ACCESS_KEY_ID is set in this shell and takes precedence over AWS_PROFILE: unset it.\n"
    assert (result.returncode, result.stderr) == (0, said)


def test_files_elsewhere(home: Home, device: Device, tmp_path: Path) -> None:
    config, credentials = tmp_path / "c", tmp_path / "k"
    config.write_bytes(home.config.read_bytes())
    credentials.write_bytes(home.credentials.read_bytes())
    credentials.chmod(0o600)
    before = (home.config.read_bytes(), home.credentials.read_bytes())
    env = {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(credentials)}
    assert home.run("login", "dev", "--code", device.code(), env=env).returncode == 0
    assert (home.config.read_bytes(), home.credentials.read_bytes()) == before
    assert "[profile dev-mfa]" in config.read_text()
    assert "[dev-mfa]" in credentials.read_text()


def test_without_a_config_file_and_a_region(home: Home, user: User, device: Device) -> None:
    home.config.unlink()
    result = home.run("login", "dev", "--code", device.code(), "--serial", device.serial)
    assert (result.returncode, result.stderr) == (0, "")
    assert not home.config.exists()
    assert user.access_key_id in home.credentials.read_text()


def test_a_profiles_own_endpoint(home: Home, user: User, aws: StrictAws) -> None:
    device = user.add_device(user.name)
    home.add_profile("dev", user, device, endpoint_url=aws.url)
    home.env["AWS_ENDPOINT_URL_STS"] = ""
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
    assert aws.count("GetSessionToken") == 1


BOTO3 = "import boto3; print(boto3.Session(profile_name='dev-mfa').client('sts').get_caller_identity()['Arn'])"
BOTOCORE = (
    "import botocore.session as b; s = b.Session(profile='dev-mfa'); print(s.get_config_variable('region'));"
    "c = s.get_credentials(); print(c.method); print(s.create_client('sts').get_caller_identity()['Arn'])"
)


def test_the_session_is_used_by_aws_boto3_and_botocore(home: Home, user: User, device: Device) -> None:
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
    command = [
        str(Path(sys.executable).with_name("aws")),
        "sts", "get-caller-identity", "--profile", "dev-mfa", "--query", "Arn", "--output", "text",
    ]  # fmt: skip
    said = subprocess.run(command, env=home.env, capture_output=True, text=True, check=False, timeout=scaled(60))
    assert (said.stdout, said.stderr) == (user.arn + "\n", "")
    # In one process: loading the SDK takes longer than all else here.
    both = home.run_python("-c", f"{BOTO3}\n{BOTOCORE}")
    assert both.stdout == f"{user.arn}\neu-central-1\nshared-credentials-file\n{user.arn}\n"
    named = home.run_python("-c", BOTO3.replace("profile_name='dev-mfa'", ""), env={"AWS_PROFILE": "dev-mfa"})
    assert named.stdout == user.arn + "\n"


def test_login_then_logout_restores_every_byte(home: Home, device: Device) -> None:
    before = (home.config.read_bytes(), home.credentials.read_bytes())
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
    result = home.run("logout", "dev-mfa")
    assert result.stdout == "dev-mfa: removed dev-mfa\n"
    assert result.stderr.startswith("Copies of the session keep working at AWS until ")
    assert (home.config.read_bytes(), home.credentials.read_bytes()) == before
    assert list((home.path / ".cache/mfa-tui/sessions").iterdir()) == []
