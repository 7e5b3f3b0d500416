"""``mfa-tui use``: what it prints for the shell, whom it asks, and what it refuses."""

import sys

import pytest

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.demo.aws.server import Device
from mfa_tui.services.listing.preferences import load_preferences
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal
from tests.support.runner.thoroughness import long, quick_cases

REMOVED = (
    "unset -v AWS_DEFAULT_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN "
    "AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION MFA_TUI_EXPORTED\n"
)
USES_DEV = f"{REMOVED}export AWS_PROFILE='dev-mfa'\n"

PICKING = """
import sys
from mfa_tui.cli.main import run
def pick(context, profile):
    sys.stderr.write(f"picking {{context.env['HOME']}} {{profile!r}}\\n")
    return {picked!r}
sys.exit(run(["use"], None, pick))
"""


@pytest.fixture
def stored(home: Home, device: Device) -> Device:
    """The device of ``dev``, with a stored seed."""
    home.store_seed(device)
    return device


def test_it_prints_what_switches(home: Home, stored: Device) -> None:
    assert stored.seed
    result = home.run("use", "dev")
    assert (result.returncode, result.stdout, result.stderr) == (0, USES_DEV, "")
    assert home.run("use", "dev-mfa").stdout == USES_DEV
    assert "set -gx AWS_PROFILE 'dev-mfa'\n" in home.run("use", "dev", "--shell", "fish").stdout
    assert "$env:AWS_PROFILE = 'dev-mfa'\n" in home.run("use", "dev", "--shell", "powershell").stdout


def test_uses_are_counted_for_the_picker(home: Home, stored: Device) -> None:
    assert stored.seed
    for arguments in (["dev"], ["dev-mfa", "--export"], ["nobody"]):
        home.run("use", *arguments)
    assert [(one.name, round(one.score)) for one in load_preferences(Paths(home.env)).uses] == [("dev", 2)]


def test_keys_in_the_environment_are_no_obstacle(home: Home, stored: Device) -> None:
    assert stored.seed
    result = home.run("use", "dev", env={"AWS_ACCESS_KEY_ID": "AKIAOLD", "AWS_SECRET_ACCESS_KEY": "old"})
    assert (result.returncode, result.stdout, result.stderr) == (0, USES_DEV, "")


def test_an_endpoint_that_was_exported_for_another_profile_does_not_count(home: Home, stored: Device) -> None:
    assert stored.seed
    nowhere = {"AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "ASIAOLD"}
    works = home.env.pop("AWS_ENDPOINT_URL_STS")
    home.config.write_text(
        home.config.read_text().replace("[profile dev]\n", f"[profile dev]\nendpoint_url = {works}\n")
    )
    refused = home.run("use", "dev", env=nowhere)
    assert refused.returncode == 1
    result = home.run("use", "dev", env={**nowhere, "MFA_TUI_EXPORTED": "AWS_ENDPOINT_URL_STS other"})
    assert result.returncode == 0
    assert "unset -v AWS_DEFAULT_PROFILE" in result.stdout
    renewed = home.run(
        "login", "dev", "--force", "--code", stored.code(1),
        env={**nowhere, "MFA_TUI_EXPORTED": "AWS_ENDPOINT_URL_STS other"},
    )  # fmt: skip
    assert renewed.returncode == 0
    assert "AWS_ENDPOINT_URL_STS" in result.stdout
    assert "MFA_TUI_PREVIOUS='other'" in result.stdout


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("sso_account_id = 111122223333\nsso_role_name = x\nsso_session = s", "aws sso login --profile other"),
        ("role_arn = arn:aws:iam::111122223333:role/x\ncredential_source = Environment", "come from Environment"),
        ("credential_process = /bin/true", "its own credential process"),
        ("web_identity_token_file = /x\nrole_arn = arn:aws:iam::111122223333:role/x", "web identity token"),
        ("aws_access_key_id = ASIA1\naws_secret_access_key = s\naws_session_token = t", "temporary credentials"),
    ],
)
def test_profiles_of_the_sdks_own_are_used_as_they_are(home: Home, settings: str, said: str) -> None:
    home.config.write_text(f"[profile other]\n{settings}\n")
    result = home.run("use", "other")
    assert (result.returncode, result.stdout) == (0, f"{REMOVED}export AWS_PROFILE='other'\n")
    assert result.stderr.startswith("other: used without a login: ")
    assert said in result.stderr
    exported = home.run("use", "other", "--export")
    assert (exported.returncode, exported.stdout) == (2, "")


@pytest.mark.parametrize(
    "settings",
    ["region = eu-central-1", "role_arn = arn:aws:iam::111122223333:role/x\nsource_profile = gone"],
    ids=["no credentials", "broken"],
)
def test_unusable_profiles_are_refused(home: Home, settings: str) -> None:
    home.config.write_text(f"[profile other]\n{settings}\n")
    result = home.run("use", "other")
    assert (result.returncode, result.stdout) == (2, "")
    assert "'other' cannot log in" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-"], "There is no previous profile to go back to."),
        (["dev", "--unset"], "--unset takes no profile and no --export."),
        (["--export", "--unset"], "--unset takes no profile and no --export."),
        (["dev", "--shell", "cmd"], "invalid choice"),
        (["nobody"], "There is no profile 'nobody'"),
    ],
)
def test_mistakes(home: Home, device: Device, arguments: list[str], said: str) -> None:
    assert device.serial
    result = home.run("use", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_name_that_the_locale_cannot_write_is_not_written_as_another(home: Home, stored: Device) -> None:
    assert stored.seed
    home.config.write_text("[profile grün]\ncredential_process = /bin/true\n", "utf-8")
    result = home.run("use", "grün", env={"PYTHONIOENCODING": "ascii"})
    assert (result.returncode, result.stdout) == (1, "")
    assert "characters that this locale cannot write" in result.stderr


@pytest.mark.parametrize(
    ("shell", "line"), [("bash", "~/.bashrc"), ("zsh", "~/.zshrc"), ("fish", "config.fish"), ("csh", "--help")]
)
def test_without_the_function_it_says_how_to_load_it(home: Home, shell: str, line: str) -> None:
    home.env["SHELL"] = f"/bin/{shell}"
    with terminal(home, "mfa-tui use dev") as tty:
        assert tty.status() == 2
    assert "mfa-tui use cannot change this shell: its shell function is not loaded." in tty.screen
    assert line in tty.screen
    assert len(tty.screen.strip().splitlines()) <= 4


def test_the_code_is_asked_for_on_the_terminal_while_the_shell_waits(home: Home, device: Device) -> None:
    script = 'eval "$(mfa-tui shell-init bash)"; mfa-tui use dev && echo "now $AWS_PROFILE"'
    with terminal(home, script) as tty:
        tty.wait_for("MFA code for dev")
        tty.type(f"{device.code()}\r")
        assert tty.status() == 0
    assert "AWS_PROFILE=dev-mfa, valid until " in tty.screen
    assert "now dev-mfa" in tty.screen


def test_without_a_name_or_a_terminal_nothing_can_be_picked(home: Home) -> None:
    result = home.run("use")
    assert (result.returncode, result.stdout) == (3, "")
    assert "needs a terminal" in result.stderr
    assert "mfa-tui use PROFILE" in result.stderr


@pytest.mark.parametrize(
    ("picked", "status", "printed"), [("dev", 0, USES_DEV), (None, 130, "")], ids=["picked", "left"]
)
def test_without_a_name_one_is_picked(
    home: Home, stored: Device, picked: str | None, status: int, printed: str
) -> None:
    assert stored.seed
    script = home.path / "picking.py"
    script.write_text(PICKING.format(picked=picked))
    with terminal(home, f"{sys.executable} picking.py >out") as tty:
        assert tty.status() == status
    assert f"picking {home.path} ''" in tty.screen
    assert (home.path / "out").read_text() == printed


@long
@quick_cases(1)
@pytest.mark.parametrize(("pressed", "now"), [("\r", "dev-mfa"), ("\x1b", "none")], ids=["enter", "escape"])
def test_the_interface_is_the_picker(home: Home, stored: Device, pressed: str, now: str) -> None:
    assert stored.seed
    script = 'eval "$(mfa-tui shell-init bash)"; mfa-tui use; echo "now ${AWS_PROFILE:-none}"'
    with terminal(home, script) as tty:
        tty.wait_for("dev")
        tty.type(pressed)
        tty.wait_for(f"now {now}")
        assert tty.status() == 0
