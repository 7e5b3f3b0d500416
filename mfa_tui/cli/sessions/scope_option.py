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
    parser.add_argument(OPTION, type=checked_scope, metavar="NAME", help=_HELP + remark)


def checked_scope(text: str) -> str:
    """The name of a scope as it was given; empty is a mistake: it must not mean all permissions. Raises UsageError."""
    if not text.strip():
        raise UsageError("usage", "--scope needs a name.", "It is empty.", "Leave it out to use all permissions.")
    return text


def scope_in(arguments: list[str], place: int) -> tuple[str, int]:
    """The scope that the option at *place* of *arguments* names, and how many more words it takes. Raises UsageError.

    The word at *place* is ``--scope`` or ``--scope=NAME``.
    """
    _, equals, name = arguments[place].partition("=")
    if equals:
        return checked_scope(name), 0
    return checked_scope("".join(arguments[place + 1 : place + 2])), 1
