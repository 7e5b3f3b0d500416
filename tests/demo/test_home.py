"""The homes that tests live in."""

import json
import os
from collections.abc import Callable

import pytest

from mfa_tui.demo.aws.server import StrictAws
from tests.support.homes.home import Home


def test_a_home_sees_nothing_of_the_developers(home: Home, aws: StrictAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    result = home.run_python("-c", "import json, os; print(json.dumps(dict(os.environ)))")
    seen = json.loads(result.stdout)
    assert {name: value for name, value in seen.items() if name.startswith("AWS_")} == {
        "AWS_ENDPOINT_URL_STS": aws.url,
        "AWS_ENDPOINT_URL_IAM": aws.url,
        "AWS_ENDPOINT_URL_CLOUDTRAIL": aws.url,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    assert "HTTPS_PROXY" not in seen
    assert seen["HOME"] == str(home.path)


def test_there_is_no_terminal_in_a_home(home: Home) -> None:
    result = home.run_python("-c", "open('/dev/tty')")
    assert "OSError" in result.stderr


def test_a_profile_and_its_seed(home: Home, aws: StrictAws) -> None:
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device, output="json")
    home.add_profile("default", user)
    home.store_seed(device, "phone")
    script = (
        "import boto3, json, keyring\n"
        "profiles = boto3.Session()._session.full_config['profiles']\n"
        "value = keyring.get_password('mfa-tui', profiles['dev']['mfa_serial'])\n"
        "arn = boto3.Session(profile_name='dev').client('sts').get_caller_identity()['Arn']\n"
        "print(json.dumps([profiles, json.loads(value), arn]))"
    )
    profiles, value, arn = json.loads(home.run_python("-c", script).stdout)
    assert profiles["dev"]["output"] == "json"
    assert profiles["default"]["region"] == "eu-central-1"
    assert (value["seed"], value["digits"], value["period"]) == (device.seed, 6, 30)
    assert arn == user.arn
    assert os.environ["PYTHON_KEYRING_BACKEND"] == "keyring.backends.fail.Keyring"


def test_homes_are_apart(new_home: Callable[[], Home]) -> None:
    assert new_home().path != new_home().path
