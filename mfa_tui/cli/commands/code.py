"""``mfa-tui code``."""

from __future__ import annotations

from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output, tty
from mfa_tui.cli.terminal.parser import PROFILE_HELP, Parser
from mfa_tui.core.seeds.totp import seconds_left
from mfa_tui.errors import Exit, NoTerminal
from mfa_tui.services.seeds.current_code import CodeSource

_WITHOUT_COPY = "Leave out --copy to print the code."


def parser() -> Parser:
    """The parser of its arguments."""
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
    given = parser().parse_args(arguments)
    context = open_context(secrets=True)
    operation = new_operation(context)
    source = CodeSource(operation, context.resolve(given.profile))
    if given.wait:
        code = source.reserve(
            operation.cancel, lambda seconds: output.say(f"Waiting {seconds:.0f} s for the next code …")
        )
    else:
        code = source.current()
    if not given.copy:
        output.print_result(code.value.reveal())
    elif tty.copy_to_clipboard(code.value):
        output.say("Code sent to the clipboard.")
    else:
        raise NoTerminal("no-terminal", "There is no terminal to copy the code with.", "", _WITHOUT_COPY)
    note = "; already used, so AWS will not accept it again" if code.used else ""
    output.remark(f"{seconds_left(context.clock.aws_now()):.0f} s left{note}")
    return Exit.DONE
