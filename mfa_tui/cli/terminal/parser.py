"""Argument parsers whose errors look like all others: one error with a next step, exit status 2."""

from __future__ import annotations

import argparse
import os
import sys

from mfa_tui.cli.terminal import output
from mfa_tui.errors import UsageError, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

PROFILE_HELP = "a profile, or what login saved for it (default: AWS_PROFILE, else default)"


def empty_option(option: str, program: str) -> UsageError:
    """The error for an option of *program*, ``mfa-tui login`` for example, whose value is empty."""
    return UsageError(
        "usage",
        f"{option} is empty.",
        "A variable in the command may not be set.",
        f"Give it a value, or leave it out; see {program} --help",
    )


def exclusive_options(option: str, other: str) -> UsageError:
    """The error for two options that contradict each other."""
    return UsageError("usage", f"{option} and {other} exclude each other.", "", "Use one of them.")


class _Formatter(argparse.HelpFormatter):
    """Help as wide as the terminal. argparse would ask shutil for the width, which loads three compression modules."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    """The width as ``shutil.get_terminal_size`` has it: COLUMNS, else the terminal's width, else 80."""
    try:
        given = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        given = 0
    try:
        return given if given > 0 else os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return 80


class Parser(argparse.ArgumentParser):
    """An argparse parser for one command. It refuses abbreviated options, which would break when options are added.

    ``commands`` has the parsers of its subcommands by name, if there are any (``mfa-tui device import``).
    """

    def __init__(self, command: str, description: str, commands: dict[str, Parser] | None = None) -> None:
        super().__init__(
            prog=f"mfa-tui {command}", description=description, allow_abbrev=False, formatter_class=_Formatter
        )
        self.commands = commands or {}

    def print_help(self, file: object = None) -> None:  # noqa: ARG002 - the help is a result, on standard output
        """Print the help as the result."""
        output.print_result(self.format_help().rstrip("\n"))

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> object:
        """The value of what was given for *action*. argparse calls this for every argument, in groups of them, too.

        An empty value of an option is a mistake, usually of a variable that is not set: it must not mean the default.
        Raises UsageError (``usage``).
        """
        if action.option_strings and any(not value.strip() for value in arg_strings):
            raise empty_option(action.option_strings[0], self.prog)
        values: object = super()._get_values(action, arg_strings)
        return values

    def error(self, message: str) -> NoReturn:
        """Raise UsageError (``usage``)."""
        option, contradicts, other = message.removeprefix("argument ").partition(": not allowed with argument ")
        if contradicts:
            raise exclusive_options(option, other)
        raise UsageError("usage", sentence(message), "", f"See {self.prog} --help")
