"""A command that has commands of its own, as ``mfa-tui device`` has. Each is a module, imported when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.errors import Exit, UsageError

if TYPE_CHECKING:
    from types import ModuleType

_MODULES = {"import": "import_"}
"""Commands whose name cannot be a module's."""
_HELP = """usage: mfa-tui {name} COMMAND {operands} …

{about}

commands:
{commands}

options:
{help_option}show this help; for one command: mfa-tui {name} COMMAND --help"""


class CommandGroup:
    """The commands of ``mfa-tui NAME``; each has a module with ``run(arguments) -> exit status`` and ``parser()``."""

    def __init__(self, name: str, about: str, operands: str, commands: dict[str, str], *, width: int) -> None:
        """*operands* are shown in the usage, *width* is that of the column of names in the help.

        *commands* are described in a few words each. Their modules are in the package ``cli.commands.NAME``.
        """
        self._name = name
        self._about = about
        self._operands = operands
        self._commands = commands
        self._width = width

    def parser(self) -> Parser:
        """The parser of its commands' arguments."""
        return Parser(self._name, self._about, {name: self._module_of(name).parser() for name in self._commands})

    def run(self, arguments: list[str]) -> int:
        """Run one of its commands. Raises UsageError, and what the command raises."""
        name = arguments[0] if arguments else ""
        if name in ("-h", "--help"):
            output.print_result(self._help())
            return Exit.DONE
        if name not in self._commands:
            raise self._unknown_command(name)
        status: int = self._module_of(name).run(arguments[1:])
        return status

    def _help(self) -> str:
        return _HELP.format(
            name=self._name,
            operands=self._operands,
            about=self._about,
            commands="\n".join(self._row(name) + text for name, text in self._commands.items()),
            help_option=self._row("--help"),
        )

    def _row(self, name: str) -> str:
        return f"  {name:{self._width}}  "

    def _module_of(self, command: str) -> ModuleType:
        import importlib

        return importlib.import_module(f"mfa_tui.cli.commands.{self._name}.{_MODULES.get(command, command)}")

    def _unknown_command(self, name: str) -> UsageError:
        import difflib

        near = difflib.get_close_matches(name, self._commands, n=1)
        group = self._name
        what = f"There is no {group} command {name[:40]!r}." if name else f"Which {group} command?"
        remedy = (
            f"Did you mean mfa-tui {group} {near[0]}?"
            if near
            else f"mfa-tui {group} --help shows all {group} commands."
        )
        return UsageError("usage", what, "", remedy)
