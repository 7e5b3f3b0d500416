"""Two codes that follow each other, as a person types them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal import output, tty
from mfa_tui.core.seeds.totp import checked_code
from mfa_tui.errors import MfaTuiError, NoTerminal, UsageError
from mfa_tui.services.devices.consecutive_codes import may_be_typed_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.models import Secret

_TRIES = 3
"""How often they may be typed."""


def ask_two_codes(serial: MfaSerial, use: Callable[[tuple[Secret, Secret]], None]) -> None:
    """Ask for two codes of a device and *use* them, again if they are refused. Raises NoTerminal, what *use* raises."""
    output.remark(f"AWS wants two codes of {serial.name} that follow each other.")
    for left in range(_TRIES - 1, -1, -1):
        try:
            use((_ask_code(serial, "Code that it shows now"), _ask_code(serial, "The next one, when it has changed")))
        except MfaTuiError as problem:
            if not left or not may_be_typed_again(problem):
                raise
            output.print_error(problem)
        else:
            return


def _ask_code(serial: MfaSerial, prompt: str) -> Secret:
    missing = NoTerminal(
        "no-terminal",
        f"Two codes of {serial.name} are needed, and there is no terminal to ask on.",
        "They are typed as the device shows them.",
        "Run it on a terminal.",
    )
    while True:
        try:
            return checked_code(tty.ask_secret(f"{prompt}: ", missing).reveal())
        except UsageError as problem:
            output.print_error(problem)
