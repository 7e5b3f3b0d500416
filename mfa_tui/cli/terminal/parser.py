"""Parsers that fail as the rest of the program does: one error with a next step, exit status 2."""

from __future__ import annotations

import argparse
import os
import sys

from mfa_tui.cli.terminal import output
from mfa_tui.errors import UsageError, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


class _Formatter(argparse.HelpFormatter):
    """As wide as the terminal. argparse would ask shutil, which loads three compressors for that, for every parser."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    """As ``shutil.get_terminal_size``: what COLUMNS says, else the terminal's width, else 80."""
    try:
        given = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        given = 0
    try:
        return given if given > 0 else os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return 80


class Parser(argparse.ArgumentParser):
    """An argparse parser for one command. Abbreviated options are refused: they would break when options are added.

    ``commands`` are the parsers of its own commands, by name, if it has any: ``mfa-tui device import``.
    """

    def __init__(self, command: str, description: str, commands: dict[str, Parser] | None = None) -> None:
        super().__init__(
            prog=f"mfa-tui {command}", description=description, allow_abbrev=False, formatter_class=_Formatter
        )
        self.commands = commands or {}

    def print_help(self, file: object = None) -> None:  # noqa: ARG002 - always to where results go
        """The help, as a result."""
        output.result(self.format_help().rstrip("\n"))

    def error(self, message: str) -> NoReturn:
        """Raise UsageError (``usage``)."""
        raise UsageError("usage", sentence(message), "", f"See {self.prog} --help")
