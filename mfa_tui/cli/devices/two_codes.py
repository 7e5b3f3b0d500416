"""Two consecutive codes, typed by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.code_prompt import ask_code
from mfa_tui.errors import MfaTuiError, NoTerminal
from mfa_tui.services.devices.consecutive_codes import can_type_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.models import Secret

_TRIES = 3
"""How often they may be typed before the command gives up."""


def ask_two_codes(serial: MfaSerial, use: Callable[[tuple[Secret, Secret]], None]) -> None:
    """Ask for two codes and pass them to *use*; again if it refuses them. Raises NoTerminal, what *use* raises."""
    output.remark(f"AWS needs two consecutive codes from {serial.name}.")
    for left in range(_TRIES - 1, -1, -1):
        try:
            use((_ask_code(serial, "Code that it shows now"), _ask_code(serial, "The next code, once it changes")))
        except MfaTuiError as problem:
            if not left or not can_type_again(problem):
                raise
            output.print_error(problem)
        else:
            return


def _ask_code(serial: MfaSerial, prompt: str) -> Secret:
    missing = NoTerminal(
        "no-terminal",
        f"Two codes from {serial.name} are needed, and there is no terminal to ask on.",
        "You type them as the device shows them.",
        "Run it on a terminal.",
    )
    return ask_code(f"{prompt}: ", missing)
