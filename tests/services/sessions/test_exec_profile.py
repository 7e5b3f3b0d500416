"""An environment in which the keys of ``[default]`` do not get in the way of a command's own credentials."""

import os
from pathlib import Path

import pytest

from mfa_tui.services.sessions.exec_profile import hide_default_credentials
from tests.support.homes.bench import DEV, Bench


def test_nothing_is_needed_without_default_credentials(bench: Bench) -> None:
    bench.write("[default]\nregion = eu-west-1\n")
    with hide_default_credentials(bench.context, "dev") as env:
        assert env == {}


@pytest.mark.parametrize("default", [DEV.replace("[dev]", "[default]"), "[default]\ncredential_process = true\n"])
def test_a_profile_without_credentials_is_named(bench: Bench, default: str) -> None:
    bench.write(default if "process" in default else "", DEV + (default if "process" not in default else ""))
    before = bench.config.read_bytes(), bench.credentials.read_bytes()
    with hide_default_credentials(bench.context, "dev") as env:
        copy = Path(env["AWS_CONFIG_FILE"])
        assert f"[profile {env['AWS_PROFILE']}]" in copy.read_text()
        assert "region = eu-west-1" in copy.read_text()
        assert "aws_secret_access_key" not in copy.read_text()
        assert (copy.stat().st_mode & 0o777, env["AWS_SDK_LOAD_CONFIG"]) == (0o600, "1")
    assert not os.path.lexists(copy.parent)
    assert (bench.config.read_bytes(), bench.credentials.read_bytes()) == before
