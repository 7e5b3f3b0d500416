"""``mfa-tui device``: the secrets of MFA devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.control import Control
from mfa_tui.cli import output, terminal
from mfa_tui.cli.arguments import Parser
from mfa_tui.cli.environment import open_context
from mfa_tui.errors import Exit, NoTerminal, UsageError
from mfa_tui.models import Secret
from mfa_tui.services.seedimport import device_of, import_seed, remove_seed

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

_HELP = """usage: mfa-tui device COMMAND PROFILE …

The secrets of MFA devices, kept in the OS keyring.

commands:
  import  store a secret: base32, or an otpauth:// address; from a prompt, or from standard input
  remove  remove the stored secret

options:
  --help  show this help; mfa-tui device COMMAND --help tells more of each"""


def parser() -> Parser:
    """The parser of its commands' arguments."""
    return Parser("device", "The secrets of MFA devices.", {"import": _import_parser(), "remove": _remove_parser()})


def run(arguments: list[str]) -> int:
    """Run one of the device commands."""
    name = arguments[0] if arguments else ""
    if name in ("-h", "--help"):
        output.result(_HELP)
        return Exit.DONE
    command = _COMMANDS.get(name)
    if command is None:
        what = f"There is no device command {name[:40]!r}." if name else "Which device command?"
        raise UsageError("usage", what, "", f"There are {' and '.join(_COMMANDS)}; see mfa-tui device --help")
    return command(arguments[1:])


def _import(arguments: list[str]) -> int:
    given = _parsed(_import_parser(), arguments)
    context, control = open_context(secrets=True), Control()
    name, serial = device_of(context, given.profile, given.serial)
    imported = import_seed(context, name, serial, _read_secret(name), control)
    label = f" ({imported.label})" if imported.label else ""
    output.result(f"{name}: stored the secret of {serial.text}{label}")
    output.say(
        f"Its code is {imported.code.reveal()} for {imported.seconds_left:.0f} s more, then "
        f"{imported.next_code.reveal()}: compare with what the other device shows."
    )
    if imported.warning:
        output.warn(imported.warning)
    if imported.replaced:
        output.say("Another secret was stored for it; that one is kept until the new one has worked.")
    return Exit.DONE


def _remove(arguments: list[str]) -> int:
    given = _parsed(_remove_parser(), arguments)
    context = open_context(secrets=True)
    name, serial = device_of(context, given.profile, given.serial)
    question = f"Remove the secret of {serial.text}? Without another copy its codes are lost."
    if not given.yes:
        if not terminal.is_there():
            raise NoTerminal(
                "no-terminal",
                f"Whether to remove the secret of {serial.text} would be asked, and there is no terminal.",
                "Without another copy its codes are lost.",
                "Give --yes if it shall go; nothing was removed.",
            )
        if not terminal.confirm(question, default=False):
            output.say("Nothing was removed.")
            return Exit.DONE
    removed = remove_seed(context, name, serial, Control())
    output.result(f"{name}: removed the secret of {serial.text}")
    if removed.restored:
        output.say("The secret that it had replaced is back.")
    return Exit.DONE


_COMMANDS: dict[str, Callable[[list[str]], int]] = {"import": _import, "remove": _remove}


def _import_parser() -> Parser:
    return _parser(
        "import",
        "Store the secret of the profile's MFA device in the OS keyring: base32, or an otpauth:// address, "
        "from a prompt without echo, or from standard input if that is no terminal.",
    )


def _remove_parser() -> Parser:
    parser = _parser("remove", "Remove the secret of the profile's MFA device from the OS keyring.")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    return parser


def _parser(command: str, description: str) -> Parser:
    parser = Parser(f"device {command}", description)
    parser.add_argument("profile", nargs="?", metavar="PROFILE", help="default: AWS_PROFILE, else default")
    parser.add_argument(
        "--serial", default="", metavar="ARN", help="the MFA device (default: the profile's mfa_serial)"
    )
    return parser


def _parsed(parser: Parser, arguments: list[str]) -> Namespace:
    """The arguments; one PROFILE at most."""
    given, rest = parser.parse_known_args(arguments)
    if rest and rest[0].startswith("-"):
        parser.error(f"unrecognized arguments: {rest[0].partition('=')[0]}")
    if rest:
        # Not shown: it may be the secret.
        raise UsageError(
            "usage",
            f"{parser.prog} takes one PROFILE.",
            "A secret never goes on the command line, where others can see it.",
            f"Give it on standard input or at the prompt; see {parser.prog} --help",
        )
    return given


def _read_secret(profile: str) -> Secret:
    """From standard input if that is no terminal, else from a prompt without echo; never from the arguments."""
    given = terminal.piped_text()
    if given is not None:
        return Secret(given)
    missing = NoTerminal(
        "no-terminal", "There is no terminal to ask for the secret on.", "", "Give it on standard input."
    )
    return terminal.ask_secret(f"Secret key or otpauth:// address for {profile} (not shown): ", missing)
