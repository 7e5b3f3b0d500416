"""``mfa-tui device export``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.cli.devices.confirmation import ask_consent
from mfa_tui.cli.devices.options import device_parser, parse_arguments
from mfa_tui.cli.devices.qr_display import show_secret
from mfa_tui.cli.sessions.context import open_context
from mfa_tui.cli.terminal import output, tty
from mfa_tui.errors import Exit, NoTerminal
from mfa_tui.services.seeds.export_seed import check_stored, export_seed
from mfa_tui.services.seeds.import_seed import device_of
from mfa_tui.services.seeds.qr_file import check_image, write_image

if TYPE_CHECKING:
    from argparse import Namespace

    from mfa_tui.cli.terminal.parser import Parser
    from mfa_tui.core.aws.mfa_serial import MfaSerial


def parser() -> Parser:
    """The parser of its arguments."""
    parser = device_parser(
        "export",
        "Copy the stored secret of the profile's MFA device to another phone: as a QR code on the terminal, which is "
        "cleared once you have scanned it, as a picture of it, or as an otpauth:// address.",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--qr", action="store_true", help="show the QR code on the terminal (the default)")
    form.add_argument("--text", action="store_true", help="print the otpauth:// address on standard output")
    form.add_argument(
        "--image", default="", metavar="FILE", help="write the QR code to FILE (.svg or .png), readable only by you"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    return parser


def run(arguments: list[str]) -> int:
    """Show a secret or write it to a file, after confirmation."""
    given = parse_arguments(parser(), arguments)
    context = open_context(secrets=True)
    resolved = context.resolve(given.profile)
    name, serial = resolved.profile.name, device_of(context, resolved, given.serial)
    check_stored(context, name, serial)
    if given.image:
        check_image(given.image)
    if not _confirm(given, serial):
        output.say("Nothing was shown.")
        return Exit.DONE
    exported = export_seed(context, name, serial, CancelScope())
    if exported.doubt:
        output.warn(exported.doubt)
    if given.image:
        write_image(given.image, exported.uri)
        output.print_result(f"{name}: the QR code is in {given.image}; scan it, then delete the file")
    elif given.text:
        output.print_exact(exported.uri.reveal())
        if output.stdout_is_terminal():
            output.remark("It stays in this terminal's history: clear it when you no longer need it.")
    else:
        show_secret(exported.uri, exported.seed, f"Scan this with your authenticator app ({serial.name})")
    return Exit.DONE


def _confirm(given: Namespace, serial: MfaSerial) -> bool:
    no_terminal = NoTerminal(
        "no-terminal",
        f"To show the secret of {serial.text}, mfa-tui has to ask you, and there is no terminal.",
        "Anyone who sees the secret can generate your codes forever.",
        "Use --yes with --text or --image FILE. Nothing was shown.",
    )
    if not (given.text or given.image) and not tty.is_available():
        raise no_terminal
    into = "Write the secret of {} to the file?" if given.image else "Show the secret of {} now?"
    return ask_consent(into.format(serial.text), no_terminal, yes=given.yes)
