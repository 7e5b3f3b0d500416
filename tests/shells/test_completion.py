"""Completion in real shells, by pressing Tab as users do."""

import contextlib
from typing import TYPE_CHECKING

import pexpect
import pytest

from mfa_tui.cli.commands import COMMANDS, module_of
from mfa_tui.core.awsfiles.section_headers import config_header
from mfa_tui.core.shells.shell_code import quoted_command
from tests.support.processes import shells
from tests.support.runner.thoroughness import long, quick_cases
from tests.support.runner.timeouts import scaled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.homes.home import Home

WEIRD = "we ird$(touch x)'\""
NAMES = ["plain", "my prod", "my prep", "team:a", "team:b1", WEIRD, "back\\slash", "dünn", "bang!"]

TYPED = [
    ("us", ["use"]),
    ("device imp", ["device", "import"]),
    ("use pl", ["use", "plain"]),
    ("device import pl", ["device", "import", "plain"]),
    ("login plain my\\ pre", ["login", "plain", "my prep"]),
    ("use 'my pro", ["use", "my prod"]),
    ('use "my pro', ["use", "my prod"]),
    ("use team:b", ["use", "team:b1"]),
    ("use te", ["use", "team:"]),
    ("use we", ["use", WEIRD]),
    ("use 'we", ["use", WEIRD]),
    ('use "we', ["use", WEIRD]),
    ("use back", ["use", "back\\slash"]),
    ("use dü", ["use", "dünn"]),
    ("env --shell fi", ["env", "--shell", "fish"]),
    ("env --shell fish --un", ["env", "--shell", "fish", "--unset"]),
    ("env --shell fish pl", ["env", "--shell", "fish", "plain"]),
    ("--profile pl", ["--profile", "plain"]),
]
"""What is typed after ``mfa-tui`` before Tab is pressed, and the words that the command line then has."""

PREPARE = {
    "bash": "bind 'set bell-style none'; bind 'set enable-bracketed-paste off'; set -u",
    "zsh": "unset zle_bracketed_paste; setopt no_beep no_list_beep no_unset; autoload -U compinit; compinit -u -D",
}
INTERACTIVE = {"bash": ["--noprofile", "--norc", "-i"], "zsh": ["-f", "-i"]}


@pytest.fixture
def named_home(home: "Home") -> "Home":
    """A home that has the profiles NAMES."""
    home.config.write_text("".join(f"[{config_header(name)}]\nregion = eu-central-1\n" for name in NAMES), "utf-8")
    return home


@pytest.fixture(params=["bash", "zsh"])
def terminal(request: pytest.FixtureRequest, named_home: "Home", mfa_tui: str) -> "Iterator[pexpect.spawn[str]]":
    """An interactive shell, whose ``mfa-tui`` shows the words that it is given."""
    child = interactive(request.param, named_home, f"{mfa_tui} shell-init {request.param}")
    yield child
    child.close(force=True)


def interactive(shell: str, home: "Home", init: str) -> "pexpect.spawn[str]":
    """An interactive shell with what *init* prints, whose ``mfa-tui`` shows the words that it is given."""
    shown = """mfa-tui() { printf '<%s>' "$@"; echo; echo SHO''WN; }"""
    child = pexpect.spawn(
        shells.command(shell)[0],
        INTERACTIVE[shell],
        env={**home.env, "TERM": "dumb"},
        cwd=str(home.path),
        encoding="utf-8",
        timeout=scaled(60),
        dimensions=(50, 200),
    )  # fmt: skip
    child.sendline(f"{PREPARE[shell]}\neval \"$({init})\"; {shown}; echo REA''DY")
    child.expect("READY\r\n")
    return child


def after_tab(terminal: "pexpect.spawn[str]", typed: str, command: str = "mfa-tui") -> str:
    """The words of the command line once Tab was pressed behind ``COMMAND TYPED``."""
    terminal.send(f"{command} {typed}\t\n")
    terminal.expect("SHOWN\r\n")
    return (terminal.before or "").splitlines()[-1]


@quick_cases(1)
def test_tab_completes_and_quotes(terminal: "pexpect.spawn[str]", named_home: "Home") -> None:
    completed = [after_tab(terminal, typed) for typed, _ in TYPED]
    assert completed == ["".join(f"<{word}>" for word in words) for _, words in TYPED]
    assert shells.left_in(named_home.path) == ["run"]


@long
@pytest.mark.parametrize("terminal", ["bash"], indirect=True)
def test_files_are_offered_where_a_command_is_run(terminal: "pexpect.spawn[str]", named_home: "Home") -> None:
    (named_home.path / "a file").touch()
    assert after_tab(terminal, "use a") == "<use><a>"
    assert after_tab(terminal, "exec plain -- cat a") == "<exec><plain><--><cat><a file>"


@long
@quick_cases(1)
@pytest.mark.parametrize("shell", shells.SWITCHING)
def test_the_short_name_of_the_function_completes_likewise(shell: str, named_home: "Home", mfa_tui: str) -> None:
    if shell == "fish":
        script = f"{mfa_tui} shell-init fish --name mt | source\ncomplete -C 'mt use pl'; complete -C 'mt device imp'"
        printed = shells.run("fish", script, env=named_home.env, directory=named_home.path).stdout
        assert [line.split("\t")[0] for line in printed.splitlines()] == ["plain", "import"]
        return
    with contextlib.closing(interactive(shell, named_home, f"{mfa_tui} shell-init {shell} --name mt")) as child:
        # The second time the completion is loaded.
        for command in ("mt", "mt", "mfa-tui"):
            assert after_tab(child, "use pl", command) == "<use><plain>"


@long
def test_fish_completes(named_home: "Home", mfa_tui: str) -> None:
    asked = "\n".join(f"complete -C {quoted_command('fish', ['mfa-tui ' + typed])}; echo =====" for typed, _ in TYPED)
    script = f"{mfa_tui} shell-init fish | source\n{asked}"
    printed = shells.run("fish", script, env=named_home.env, directory=named_home.path).stdout
    answers = [[line.split("\t")[0] for line in block.splitlines()] for block in printed.split("=====\n")[:-1]]
    assert answers == [["team:a", "team:b1"] if words[-1] == "team:" else words[-1:] for _, words in TYPED]
    assert shells.left_in(named_home.path) == ["run"]


@pytest.mark.parametrize("shell", shells.SWITCHING)
def test_all_commands_are_offered(shell: str, named_home: "Home") -> None:
    script = named_home.run("completion", shell).stdout
    assert [name for name in COMMANDS if name not in script] == []


def test_powershell_gets_a_completer(named_home: "Home") -> None:
    script = named_home.run("completion", "powershell").stdout
    assert "Register-ArgumentCompleter -Native -CommandName mfa-tui" in script
    assert "completion --profiles" in script


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_completes_its_arguments(name: str) -> None:
    parser = module_of(name).parser()
    assert (parser.prog, bool(parser.description)) == (f"mfa-tui {name}", True)


def test_names_leave_out_sessions_and_broken_files(named_home: "Home") -> None:
    with named_home.config.open("a", encoding="utf-8") as file:
        file.write("[profile plain-mfa]\nmfa_tui_source = plain\n")
    assert named_home.run("completion", "--profiles").stdout.splitlines() == NAMES
    assert named_home.run("completion", "--profiles", "team:").stdout.splitlines() == ["team:a", "team:b1"]
    assert named_home.run("completion", "--profiles", "zzz").stdout == ""
    named_home.config.write_text("no section\n")
    broken = named_home.run("completion", "--profiles")
    assert (broken.returncode, broken.stdout, broken.stderr) == (0, "", "")
