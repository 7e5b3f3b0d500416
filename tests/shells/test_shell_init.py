"""``mfa-tui shell-init`` in real shells: ``use`` changes the shell, all else goes to the program."""

import json
from typing import TYPE_CHECKING

import pytest

from mfa_tui.core.awsfiles.section_headers import config_header
from mfa_tui.core.shells.shell_code import quoted_command
from tests.support.processes import shells
from tests.support.runner.thoroughness import long, quick_cases

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping

    from mfa_tui.demo.aws.server import Device, User
    from tests.support.homes.home import Home

STRICT = {
    "bash": "set -euo pipefail; shopt -s nullglob extglob",
    "zsh": "setopt err_exit no_unset sh_word_split ksh_arrays no_global_export warn_create_global rc_quotes",
    "fish": "",
}
"""Shell options that users set, with which our code must work."""
WEIRD = "we ird$(touch x)'\""
HIDDEN = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"]


class Shell:
    """A shell with the function loaded, in a home."""

    def __init__(self, shell: str, home: "Home", mfa_tui: str) -> None:
        self.name = shell
        self.home = home
        self.load = (
            f"{mfa_tui} shell-init fish | source"
            if shell == "fish"
            else f'{STRICT[shell]}\neval "$({mfa_tui} shell-init {shell})"'
        )

    def run(self, script: str, env: "Mapping[str, str] | None" = None) -> "subprocess.CompletedProcess[str]":
        """Its output when it runs *script*, with the variables *env* in addition to the home's."""
        env = {**self.home.env, **(env or {})}
        return shells.run(self.name, f"{self.load}\n{script}", env=env, directory=self.home.path)

    def telling(self, command: str) -> str:
        """*command*, and what tells its exit status if it fails."""
        return f"{command} || echo status {'$status' if self.name == 'fish' else '$?'}"

    def environment(self, script: str, **env: str) -> dict[str, str]:
        """What a command that the shell starts after *script* has in its environment."""
        return shells.exported(self.run(f"{script}\nenv -0", env).stdout)


@pytest.fixture
def shell(request: pytest.FixtureRequest, home: "Home", device: "Device", mfa_tui: str) -> Shell:
    """The shell that a test names, in a home whose profiles ``dev`` and ``two`` need no code."""
    assert device.seed
    return Shell(request.param, home, mfa_tui)


in_each_shell = pytest.mark.parametrize("shell", shells.SWITCHING, indirect=True)


@quick_cases()
@in_each_shell
def test_use_logs_in_and_sets_the_profile_of_the_shell(shell: Shell) -> None:
    shadows = dict.fromkeys([*HIDDEN, "AWS_CREDENTIAL_EXPIRATION", "AWS_DEFAULT_PROFILE"], "old")
    found = shell.environment("mfa-tui use dev", **shadows, AWS_REGION="mine")
    assert found["AWS_PROFILE"] == "dev-mfa"
    assert found["AWS_REGION"] == "mine"
    assert shadows.keys() & found.keys() == set()
    assert "mfa_tui_source = dev" in shell.home.credentials.read_text()


@quick_cases(1)
@in_each_shell
@long
def test_use_with_a_scope_and_back_to_it(shell: Shell) -> None:
    found = shell.environment("mfa-tui use dev --scope read-only; mfa-tui use two; mfa-tui use -")
    assert (found["AWS_PROFILE"], found["MFA_TUI_PREVIOUS"]) == ("dev-read-only", "two-mfa")
    exported = shell.environment("mfa-tui use --scope read-only --export dev; mfa-tui use two; mfa-tui use -")
    assert exported["AWS_PROFILE"] == "dev-read-only"


@long
@quick_cases(1)
@in_each_shell
def test_back_and_forth(shell: Shell) -> None:
    found = shell.environment("mfa-tui use dev; mfa-tui use two; mfa-tui use -")
    assert (found["AWS_PROFILE"], found["MFA_TUI_PREVIOUS"]) == ("dev-mfa", "two-mfa")
    found = shell.environment("mfa-tui use dev; mfa-tui use two; mfa-tui use -; mfa-tui use -")
    assert (found["AWS_PROFILE"], found["MFA_TUI_PREVIOUS"]) == ("two-mfa", "dev-mfa")


@long
@quick_cases(1)
@in_each_shell
def test_exported_keys_are_removed_with_their_settings(shell: Shell) -> None:
    found = shell.environment("mfa-tui use dev --export", AWS_PROFILE="two")
    assert found["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert (found["AWS_REGION"], found["AWS_DEFAULT_REGION"]) == ("eu-central-1", "eu-central-1")
    assert "AWS_PROFILE" not in found
    gone = shell.environment("mfa-tui use dev --export; mfa-tui use two")
    assert (gone["AWS_PROFILE"], gone["MFA_TUI_PREVIOUS"]) == ("two-mfa", "dev")
    assert {*HIDDEN, "AWS_REGION", "AWS_DEFAULT_REGION", "MFA_TUI_EXPORTED"} & gone.keys() == set()


@quick_cases(1)
@in_each_shell
@pytest.mark.parametrize("options", ["", "--export"])
def test_a_strange_name_is_not_executed(shell: Shell, user: "User", device: "Device", options: str) -> None:
    home = shell.home
    home.config.write_text(f"[{config_header(WEIRD)}]\nmfa_serial = {device.serial}\nregion = eu-central-1\n")
    keys = f"aws_access_key_id = {user.access_key_id}\naws_secret_access_key = {user.secret_access_key}\n"
    home.credentials.write_text(f"[{WEIRD}]\n{keys}")
    word = quoted_command(shells.dialect(shell.name), [WEIRD])
    found = shell.environment(f"mfa-tui use {word} {options}; mfa-tui use {word} {options}")
    if options:
        assert (found["AWS_ACCESS_KEY_ID"][:4], found["MFA_TUI_EXPORTED"].partition(" ")[2]) == ("ASIA", WEIRD)
    else:
        assert found["AWS_PROFILE"] == f"{WEIRD}-mfa"
    assert "x" not in shells.left_in(home.path)


@quick_cases(1)
@in_each_shell
def test_unset_stops_using_the_profile(shell: Shell) -> None:
    found = shell.environment("mfa-tui use dev --export; mfa-tui use --unset")
    assert {name for name in found if name.startswith("AWS_")} == {
        name for name in shell.home.env if name.startswith("AWS_")
    }
    assert found["MFA_TUI_PREVIOUS"] == "dev"


@in_each_shell
def test_a_failure_changes_nothing_and_is_shown(shell: Shell) -> None:
    result = shell.run(f"{shell.telling('mfa-tui use nobody')}\nenv", {"AWS_PROFILE": "kept"})
    assert "status 2\n" in result.stdout
    assert "AWS_PROFILE=kept\n" in result.stdout
    assert "There is no profile 'nobody'" in result.stderr


@in_each_shell
def test_all_other_commands_go_through(shell: Shell) -> None:
    assert json.loads(shell.run("mfa-tui list --json").stdout)["profiles"][0]["name"] == "dev"
    result = shell.run(shell.telling("echo 12345 | mfa-tui login dev --code -"))
    assert (result.stdout, "six digits" in result.stderr) == ("status 2\n", True)


@in_each_shell
@pytest.mark.parametrize("asked", ["--help", "dev -h"])
def test_help_is_shown_and_not_run(shell: Shell, asked: str) -> None:
    result = shell.run(f"mfa-tui use {asked}")
    assert result.stdout.startswith("usage: mfa-tui use")
    assert result.stderr == ""


@quick_cases(1)
@in_each_shell
def test_loaded_twice(shell: Shell) -> None:
    assert shell.environment(f"{shell.load}\nmfa-tui use dev")["AWS_PROFILE"] == "dev-mfa"


@long
@pytest.mark.parametrize("shell", ["bash"], indirect=True)
def test_in_the_posix_mode_of_bash(shell: Shell) -> None:
    shell.load = f"set -o posix\n{shell.load}\nset -o | grep posix"
    result = shell.run('mfa-tui use dev; echo "$AWS_PROFILE"')
    assert (result.stderr, result.stdout.split()) == ("", ["posix", "on", "dev-mfa"])


@in_each_shell
def test_loading_prints_and_sets_nothing(shell: Shell) -> None:
    result = shell.run("env -0")
    bare = shells.run(shell.name, "env -0", env=shell.home.env, directory=shell.home.path)
    assert result.stderr == ""
    assert shells.exported(result.stdout).keys() == shells.exported(bare.stdout).keys()


@pytest.mark.parametrize("shell", ["bash", "zsh"], indirect=True)
def test_an_alias_of_the_same_name_does_no_harm(shell: Shell) -> None:
    aliased = "shopt -s expand_aliases" if shell.name == "bash" else "setopt aliases"
    script = f"{aliased}\nalias mfa-tui='false '\n{shell.load}\nmfa-tui --version"
    assert shells.run(shell.name, script, env=shell.home.env, directory=shell.home.path).stdout.startswith("mfa-tui ")
