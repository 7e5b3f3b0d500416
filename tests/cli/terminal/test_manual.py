"""The manual page has each command and option, and troff reads it as it is meant."""

import os
import re
import shutil
import subprocess
from argparse import SUPPRESS
from collections.abc import Iterator

import pytest

from mfa_tui.cli.commands import COMMANDS, module_of
from mfa_tui.cli.manual import page
from mfa_tui.cli.terminal.parser import Parser
from tests.support.runner.timeouts import scaled


def commands(parser: Parser) -> Iterator[Parser]:
    yield parser
    for command in parser.commands.values():
        yield from commands(command)


def parts() -> dict[str, str]:
    """The text of each command's part, with plain hyphens."""
    text = page().replace(r"\-", "-")
    return {part.split("\n", 1)[0]: part for part in re.split(r"^\.SS ", text, flags=re.MULTILINE)[1:]}


def test_each_command_is_there_with_its_options() -> None:
    written = parts()
    expected = {one.prog: one for name in COMMANDS for one in commands(module_of(name).parser())}
    assert list(written) == list(expected)
    for name, parser in expected.items():
        shown = [action for action in parser._actions if action.dest != "help" and action.help != SUPPRESS]
        options = {option for action in shown for option in action.option_strings}
        assert options == set(re.findall(r"^\\fB(--?[a-z-]+)", written[name], re.MULTILINE)), name


def test_no_line_is_read_as_a_request_by_chance() -> None:
    requests = {line.split(" ")[0] for line in page().splitlines() if line.startswith((".", "'"))}
    assert requests == {".TH", ".nh", ".ad", ".SH", ".SS", ".PP", ".TP", ".br"}


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_man_shows_it_without_a_warning() -> None:
    command = ["man", "--warnings", "-l", "-"]
    env = {"MANWIDTH": "80", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    shown = subprocess.run(
        command, input=page(), env=env, capture_output=True, text=True, check=True, timeout=scaled(60)
    )
    assert shown.stderr == ""
    assert "mfa-tui device enroll" in shown.stdout
    assert "--save-serial" in shown.stdout
