"""``mfa-tui config path``."""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.errors import Exit


def parser() -> Parser:
    """The parser of its arguments."""
    return Parser("config path", "Print the path of the settings file, whether it exists or not.")


def run(arguments: list[str]) -> int:
    """Print the path."""
    parser().parse_args(arguments)
    output.print_exact(Paths(os.environ).settings)
    return Exit.DONE
