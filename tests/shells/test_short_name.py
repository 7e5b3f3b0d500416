"""``mfa-tui shell-init --name mt``: the function under a short name."""

from typing import TYPE_CHECKING

import pytest

from tests.support.processes import shells
from tests.support.runner.thoroughness import long, quick_cases

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import Device
    from tests.support.homes.home import Home

ALIASED = {"bash": "shopt -s expand_aliases; alias mt=false\n", "zsh": "setopt aliases; alias mt=false\n", "fish": ""}
SAVE_STATUS = {"fish": "$status"}
SCRIPT = """\
mt use -
echo "status {status}"
mt use dev
echo "now $AWS_PROFILE"
echo 12345 | mt login dev --code -
echo "status {status}"
mt use dev --export
mt doctor
mt exec dev -- env
mfa-tui use --unset
"""


def loaded(shell: str, mfa_tui: str) -> str:
    """What loads the functions."""
    load = f"{mfa_tui} shell-init {shell} --name mt"
    return ALIASED[shell] + (f"{load} | source\n" if shell == "fish" else f'eval "$({load})"\n')


@quick_cases(1)
@pytest.mark.parametrize("shell", shells.SWITCHING)
@long
def test_it_does_the_same_and_messages_have_the_short_name(
    shell: str, home: "Home", device: "Device", mfa_tui: str
) -> None:
    assert device.seed
    script = SCRIPT.format(status=SAVE_STATUS.get(shell, "$?")) + "env"
    result = shells.run(shell, loaded(shell, mfa_tui) + script, env=home.env, directory=home.path)
    assert "mt use has not switched from one profile to another in this shell yet.\n" in result.stderr
    assert "Name one: mt use PROFILE\n" in result.stderr
    assert result.stdout.startswith("status 2\nnow dev-mfa\nstatus 2\n")
    assert "six digits" in result.stderr
    # What doctor says of exported keys.
    assert "from mt use --export" in " ".join(result.stdout.split())
    assert "MFA_TUI_FUNCTION" not in result.stdout
    assert "MFA_TUI_PREVIOUS=dev" in result.stdout


@quick_cases(1)
@pytest.mark.parametrize("shell", shells.SWITCHING)
def test_options_that_users_set_do_no_harm(shell: str, home: "Home", device: "Device", mfa_tui: str) -> None:
    from tests.shells.test_shell_init import STRICT

    assert device.seed
    script = f'{STRICT[shell]}\n{loaded(shell, mfa_tui)}{loaded(shell, mfa_tui)}mt use dev; echo "now $AWS_PROFILE"'
    result = shells.run(shell, script, env=home.env, directory=home.path)
    assert result.stdout == "now dev-mfa\n"


@pytest.mark.parametrize("name", ["if", "2m", "a;touch x", ""])
def test_what_no_function_can_be_called_is_refused(home: "Home", name: str) -> None:
    result = home.run("shell-init", "bash", "--name", name)
    assert (result.returncode, result.stdout) == (2, "")
    assert "--name" in result.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_programs_own_name_changes_nothing(home: "Home", shell: str) -> None:
    assert home.run("shell-init", shell, "--name", "mfa-tui").stdout == home.run("shell-init", shell).stdout


def test_powershell_gets_the_function_and_a_completer_for_both(home: "Home") -> None:
    script = home.run("shell-init", "powershell", "--name", "mt").stdout
    assert "\nfunction mt {\n" in script
    assert "-CommandName mfa-tui, mt " in script
    # The text that is replaced.
    assert "-CommandName mfa-tui " in home.run("completion", "powershell").stdout
