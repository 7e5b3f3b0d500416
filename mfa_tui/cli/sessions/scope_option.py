"""The option ``--scope NAME``, which several commands have."""

from __future__ import annotations

from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser

OPTION = "--scope"
_HELP = "limit the session to fewer permissions: read-only, no-iam, or a scope of the settings"


def add_scope_option(parser: Parser, remark: str = "") -> None:
    """Add ``--scope NAME`` to *parser*; *remark* follows its help."""
    parser.add_argument(OPTION, metavar="NAME", help=_HELP + remark)


def scope_in(arguments: list[str], place: int, program: str) -> tuple[str, int]:
    """The scope that the option at *place* of *arguments* names, and how many more words it takes. Raises UsageError.

    The word at *place* is ``--scope`` or ``--scope=NAME``; *program* is ``mfa-tui exec``. Empty is a mistake: it must
    not mean all permissions.
    """
    _, equals, name = arguments[place].partition("=")
    if not equals:
        name = "".join(arguments[place + 1 : place + 2])
        if place + 1 == len(arguments) or name.startswith("-"):
            raise UsageError("usage", "Argument --scope: expected one argument.", "", f"See {program} --help")
    if not name.strip():
        from mfa_tui.cli.terminal.parser import empty_option

        raise empty_option(OPTION, program)
    return name, 0 if equals else 1
