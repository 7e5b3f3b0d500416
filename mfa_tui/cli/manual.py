"""The manual page ``mfa-tui(1)``, made from the commands' parsers. ``python -m mfa_tui.cli.manual`` prints it."""

from __future__ import annotations

import argparse
import textwrap
from typing import TYPE_CHECKING

from mfa_tui import __version__
from mfa_tui.cli.commands import COMMANDS, module_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.cli.terminal.parser import Parser

_INTRODUCTION = """
mfa-tui gets temporary AWS credentials with MFA: it asks for the code of your MFA device, or generates it from a secret
in the keyring, calls STS GetSessionToken, and saves the session in the AWS files, so that aws, the AWS SDKs and
Terraform use it. Without a command it opens an interface in the terminal.
"""
_OPTIONS = {
    "--profile PROFILE": "open the interface with PROFILE selected",
    "--version": "show the version",
    "--help": "show the commands",
}
_EXIT_STATUS = {
    "0": "done, or you answered no",
    "1": "AWS, the network, the keyring or the disk refused",
    "2": "wrong usage or configuration; nothing was changed",
    "3": "input is needed and there is no terminal",
    "130": "interrupted, or the input ended at a question",
}
_ENVIRONMENT = {
    "AWS_PROFILE": "the profile, where a command is given none",
    "AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE": "other places of the AWS files",
    "MFA_TUI_CONFIG": "another file of settings",
    "NO_COLOR": "no colors",
}
_FILES = {
    "~/.aws/config, ~/.aws/credentials": "profiles, keys, and the sessions that login saves",
    "~/.config/mfa-tui/config.toml": "settings; mfa-tui config path shows the file",
    "~/.local/share/mfa-tui": "backups of the AWS files, and the vault",
    "~/.local/state/mfa-tui": "the history, and how the interface was left",
    "~/.cache/mfa-tui": "sessions",
}


def page() -> str:
    """The page, in the macros of ``man``."""
    lines = [
        f'.TH MFA-TUI 1 "" "mfa-tui {__version__}" "User Commands"',
        *(".nh", ".ad l"),
        *(".SH NAME", "mfa-tui - temporary AWS credentials with MFA, from the terminal"),
        *(".SH SYNOPSIS", r"\fBmfa-tui\fR [\fB--profile\fR \fIPROFILE\fR]", ".br", r"\fBmfa-tui\fR \fICOMMAND\fR ..."),
        *(".SH DESCRIPTION", _text(_INTRODUCTION.strip())),
        *(".SH OPTIONS", *_table(_OPTIONS)),
        ".SH COMMANDS",
    ]
    for name in COMMANDS:
        lines += _command(module_of(name).parser())
    for heading, rows in (("EXIT STATUS", _EXIT_STATUS), ("ENVIRONMENT", _ENVIRONMENT), ("FILES", _FILES)):
        lines += [f".SH {heading}", *_table(rows)]
    lines += [".SH SEE ALSO", r"\fBaws\fR(1), \fBmfa-tui\fR \fICOMMAND\fR \fB--help\fR"]
    # A bare hyphen may be drawn as a typographic one, which nobody can paste into a shell.
    return "\n".join(lines).replace("-", r"\-") + "\n"


def _command(parser: Parser) -> Iterator[str]:
    """The part of one command, and those of its own commands."""
    yield f".SS {parser.prog}"
    yield _text(f"{parser.description}")
    if not parser.commands:
        usage = " ".join(parser.format_usage().removeprefix("usage:").split()).replace(" [-h]", "")
        yield from (".PP", f"\\fB{parser.prog}\\fR {_text(usage.removeprefix(parser.prog).strip())}".rstrip())
        formatter = parser._get_formatter()  # noqa: SLF001 - argparse has no other way to fill in a help text
        for action in parser._actions:  # noqa: SLF001 - nor to list the arguments
            if action.dest != "help" and action.help not in (None, argparse.SUPPRESS):
                yield from _entry(_heading(action), formatter._expand_help(action))  # noqa: SLF001
    if parser.epilog:
        yield from (".PP", _text(parser.epilog))
    for command in parser.commands.values():
        yield from _command(command)


def _heading(action: argparse.Action) -> str:
    """How an argument is written: its options, and what stands for its value."""
    metavar = action.metavar[0] if isinstance(action.metavar, tuple) else action.metavar
    if metavar is None and action.choices is not None:
        metavar = "{" + ",".join(map(str, action.choices)) + "}"
    value = "" if action.nargs == 0 else metavar or action.dest.upper()
    return " ".join(part for part in (", ".join(action.option_strings), value) if part)


def _table(rows: dict[str, str]) -> Iterator[str]:
    for heading, text in rows.items():
        yield from _entry(heading, text)


def _entry(heading: str, text: str) -> Iterator[str]:
    yield from (".TP", f"\\fB{_text(heading)}\\fR", _text(text))


def _text(text: str) -> str:
    """*text* in lines, with what means something to troff escaped."""
    wrapped = textwrap.fill(" ".join(text.split()), 110, break_on_hyphens=False, break_long_words=False)
    escaped = wrapped.replace("\\", r"\e").replace("…", "...")
    return "\n".join(rf"\&{line}" if line[:1] in (".", "'") else line for line in escaped.split("\n"))


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - its result
