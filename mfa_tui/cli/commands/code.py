"""``mfa-tui code``."""

from __future__ import annotations

from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output
from mfa_tui.core.seeds.totp import seconds_left
from mfa_tui.errors import Exit, NoTerminal
from mfa_tui.services.seeds.current_code import CodeSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser
    from mfa_tui.models import Secret

_WITHOUT_COPY = "Leave out --copy to print the code."


def parser() -> Parser:
    """The parser of its arguments."""
    from mfa_tui.cli.terminal.parser import PROFILE_HELP, Parser

    parser = Parser("code", "Show the current code of the profile's MFA device, from its stored secret.")
    parser.add_argument("profile", nargs="?", metavar="PROFILE", help=PROFILE_HELP)
    parser.add_argument(
        "--copy", action="store_true", help="send the code to the terminal's clipboard instead of printing it"
    )
    parser.add_argument(
        "--wait", action="store_true", help="wait for a code that has not been used yet, and reserve it for you"
    )
    return parser


def run(arguments: list[str]) -> int:
    """Print the current code."""
    profile, copy, wait = _plain(arguments) or _parsed(arguments)
    context = open_context(secrets=True)
    operation = new_operation(context)
    source = CodeSource(operation, context.resolve(profile))
    if wait:
        code = source.reserve(
            operation.cancel, lambda seconds: output.say(f"Waiting {seconds:.0f} s for the next code …")
        )
    else:
        code = source.current()
    if copy:
        _copy(code.value)
    else:
        output.print_result(code.value.reveal())
    note = "; already used, so AWS will not accept it again" if code.used else ""
    output.remark(f"{seconds_left(context.clock.aws_now()):.0f} s left{note}")
    return Exit.DONE


def _plain(arguments: list[str]) -> tuple[str, bool, bool] | None:
    """The profile, neither copying nor waiting, where it is the only argument: argparse takes longer than the rest."""
    name = arguments[0] if len(arguments) == 1 else ""
    return (name, False, False) if name.strip() and not name.startswith("-") else None


def _parsed(arguments: list[str]) -> tuple[str | None, bool, bool]:
    given = parser().parse_args(arguments)
    return given.profile, given.copy, given.wait


def _copy(code: Secret) -> None:
    from mfa_tui.cli.terminal import tty

    if not tty.copy_to_clipboard(code):
        raise NoTerminal("no-terminal", "There is no terminal to copy the code with.", "", _WITHOUT_COPY)
    output.say("Code sent to the clipboard.")
