"""``mfa-tui device export``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.cli.devices.options import device_parser, parse_arguments
from mfa_tui.cli.devices.qr_display import show_secret
from mfa_tui.cli.sessions.context import open_context
from mfa_tui.cli.terminal import output, tty
from mfa_tui.cli.terminal.consent import ask_consent
from mfa_tui.errors import Exit
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
        "cleared when you press Enter, as a picture of it, or as an otpauth:// address.",
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
    form = "an otpauth:// address" if given.text else "a QR code"
    does = (
        f"Writes the secret of {serial.text} to {given.image}" if given.image else f"Shows the secret of {serial.text}"
    )
    plan = [f"{does}, as {form}.", "Anyone who sees the secret can generate your codes forever."]
    return ask_consent(
        plan,
        "Write the secret to the file?" if given.image else "Show the secret now?",
        yes=given.yes and bool(given.text or given.image or tty.is_available()),
        remedy="Use --yes with --text or --image FILE.",
        otherwise="Nothing was shown.",
    )
