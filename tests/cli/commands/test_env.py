"""``mfa-tui env``: the session as variables, in each format."""

import json
from pathlib import Path

import pytest

from mfa_tui.core.shells.shell_code import SHELLS
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal

IDENTITY = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
KEYS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION"]


@pytest.fixture(autouse=True)
def _stored(home: Home, device: Device) -> None:
    home.store_seed(device)


def test_sdks_take_the_variables(home: Home, user: User, aws: StrictAws) -> None:
    files = (home.config.read_bytes(), home.credentials.read_bytes())
    result = home.run("env", "dev", "--shell", "json")
    variables = json.loads(result.stdout)
    assert list(variables) == [*KEYS, "AWS_REGION", "AWS_DEFAULT_REGION"]
    assert variables["AWS_CREDENTIAL_EXPIRATION"].endswith("Z")
    assert home.run_python("-c", IDENTITY, env=variables).stdout.strip().endswith(f":user/{user.name}")
    assert (home.config.read_bytes(), home.credentials.read_bytes()) == files
    assert home.run("env", "dev", "--shell", "json").stdout == result.stdout
    assert aws.count("GetSessionToken", user=user.name) == 1


@pytest.mark.parametrize("shell", SHELLS)
def test_each_format_holds_each_variable(home: Home, shell: str) -> None:
    result = home.run("env", "dev", f"--shell={shell}")
    assert (result.returncode, result.stderr) == (0, "")
    assert [name for name in [*KEYS, "AWS_REGION", "AWS_DEFAULT_REGION"] if name not in result.stdout] == []
    assert ("AWS_DEFAULT_PROFILE" in result.stdout) == (shell not in ("dotenv", "json"))


@pytest.mark.parametrize("shell", ["sh", "fish", "powershell", "cmd"])
def test_unset_removes_what_env_sets_and_needs_no_profile(home: Home, shell: str) -> None:
    region = {"AWS_REGION": "eu-central-1"}
    result = home.run("env", "--unset", "--shell", shell, env={**region, "MFA_TUI_EXPORTED": "AWS_REGION"})
    assert (result.returncode, result.stderr) == (0, "")
    assert [name for name in [*KEYS, "AWS_REGION"] if name not in result.stdout] == []
    # A region that is the user's own is not.
    others = home.run("env", "dev", "--unset", "--shell", shell, env=region).stdout
    assert "AWS_ACCESS_KEY_ID" in others
    assert "AWS_REGION" not in others


@pytest.mark.parametrize("shell", ["dotenv", "json"])
def test_a_file_cannot_remove_variables(home: Home, shell: str) -> None:
    result = home.run("env", "--unset", "--shell", shell)
    assert (result.returncode, result.stdout) == (2, "")
    assert f"{shell} cannot remove variables" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["dev", "--shell", "tcsh"], "invalid choice: 'tcsh'"),
        (["dev", "--shell"], "expected one argument"),
        (["dev", "two"], "Unrecognized arguments: two"),
        (["dev", "--loud"], "Unrecognized arguments: --loud"),
        (["nobody"], "There is no profile 'nobody'"),
    ],
)
def test_mistakes(home: Home, arguments: list[str], said: str) -> None:
    result = home.run("env", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr


def test_help_says_how_to_use_it(home: Home) -> None:
    result = home.run("env", "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert 'eval "$(mfa-tui env dev)"' in " ".join(result.stdout.split())


def test_the_profile_of_the_shell_is_meant_without_a_name(home: Home) -> None:
    named = home.run("env", "dev").stdout
    assert home.run("env", env={"AWS_PROFILE": "dev-mfa"}).stdout == named


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("dev", 'eval "$(mfa-tui env dev)"'),
        ("dev --shell fish", "mfa-tui env dev --shell fish | source"),
        ("--unset", 'eval "$(mfa-tui env --unset)"'),
        ("--shell fish -- -x", "mfa-tui env --shell fish -- -x | source"),
    ],
)
def test_a_person_sees_how_to_use_it(home: Home, arguments: str, line: str) -> None:
    if "-x" in arguments:
        for path in (home.config, home.credentials):
            path.write_text(path.read_text().replace("dev", "-x"))
    with terminal(home, f"mfa-tui env {arguments}") as tty:
        assert tty.status() == 0
    assert f"Let your shell run this: {line}" in tty.screen


def test_a_value_that_the_format_cannot_hold_is_refused(home: Home, tmp_path: Path) -> None:
    home.run("login", "dev")
    bundle = tmp_path / "100%.pem"
    bundle.touch()
    home.config.write_text(home.config.read_text().replace("[profile dev]\n", f"[profile dev]\nca_bundle = {bundle}\n"))
    assert f"AWS_CA_BUNDLE='{bundle}'" in home.run("env", "dev", "--shell", "sh").stdout
    refused = home.run("env", "dev", "--shell", "cmd")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "The value of AWS_CA_BUNDLE cannot be written for cmd." in refused.stderr
