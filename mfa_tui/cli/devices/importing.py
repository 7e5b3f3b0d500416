"""``mfa-tui device import``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.control import Control
from mfa_tui.cli import output, terminal
from mfa_tui.cli.devices.arguments import device_parser, parsed
from mfa_tui.cli.environment import open_context
from mfa_tui.errors import Exit, NoTerminal
from mfa_tui.models import Secret
from mfa_tui.services.seedimport import device_of, import_seed

if TYPE_CHECKING:
    from mfa_tui.cli.arguments import Parser


def parser() -> Parser:
    """The parser of its arguments."""
    return device_parser(
        "import",
        "Store the secret of the profile's MFA device in the OS keyring: base32, or an otpauth:// address, "
        "from a prompt without echo, or from standard input if that is no terminal.",
    )


def run(arguments: list[str]) -> int:
    """Store a secret, and show its codes to compare."""
    given = parsed(parser(), arguments)
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


def _read_secret(profile: str) -> Secret:
    """From standard input if that is no terminal, else from a prompt without echo; never from the arguments."""
    given = terminal.piped_text()
    if given is not None:
        return Secret(given)
    missing = NoTerminal(
        "no-terminal", "There is no terminal to ask for the secret on.", "", "Give it on standard input."
    )
    return terminal.ask_secret(f"Secret key or otpauth:// address for {profile} (not shown): ", missing)
