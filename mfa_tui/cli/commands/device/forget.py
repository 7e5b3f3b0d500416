"""``mfa-tui device forget``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.cli.devices.options import device_parser, parse_arguments
from mfa_tui.cli.sessions.context import open_context
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.consent import ask_consent
from mfa_tui.errors import Exit
from mfa_tui.services.seeds.import_seed import check_removable, device_of, remove_seed

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser


def parser() -> Parser:
    """The parser of its arguments."""
    parser = device_parser(
        "forget",
        "Remove the stored secret of the profile's MFA device from this machine. The device stays at AWS. "
        "Without another copy of the secret, its codes are lost.",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    return parser


def run(arguments: list[str]) -> int:
    """Remove a stored secret, after confirmation."""
    given = parse_arguments(parser(), arguments)
    context = open_context(secrets=True)
    resolved = context.resolve(given.profile)
    name, serial = resolved.profile.name, device_of(context, resolved, given.serial)
    check_removable(context, name, serial)
    plan = [
        f"Removes the secret of {serial.text} from this machine.",
        "Without another copy of the secret, its codes are lost.",
    ]
    if not ask_consent(plan, "Remove the secret?", yes=given.yes, otherwise="Nothing was removed."):
        return Exit.DONE
    removed = remove_seed(context, name, serial, CancelScope())
    output.print_result(f"{name}: removed the secret of {serial.text}")
    if removed.restored:
        output.say("The secret that it replaced was restored.")
    return Exit.DONE
