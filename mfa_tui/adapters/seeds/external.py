"""Secrets that are kept elsewhere, as the settings say: commands that print a secret or a code, and YubiKeys."""

from __future__ import annotations

import os
import time

from mfa_tui.adapters.programs.secret_command import ProgramFailed, SettingsCommand, run_to_end
from mfa_tui.core.seeds.totp import checked_code, step_at
from mfa_tui.errors import KeyringProblem, UsageError
from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.programs.user_prompts import UserPrompts
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.settings.values import ExternalDevice, WrongSetting

COMMAND = "command"
CODE_COMMAND = "code-command"
YUBIKEY = "yubikey"
CODES_ONLY = frozenset({CODE_COMMAND, YUBIKEY})
"""The kinds that generate only the current code, and show neither the secret nor other codes."""
YKMAN = "ykman"
"""Yubico's command-line tool."""
_OR_TYPE = "; or type the code"
_TOUCH = "touch your yubikey"
"""ykman's words on its standard error when an account needs a touch (``ykman/_cli/util.py``), in lower case."""
_YKMAN_WORDS = {
    # Words of ykman's ``_cli/oath.py`` and ``_cli/__main__.py``, in lower case: why, and what to do.
    "no yubikey detected": ("No YubiKey is plugged in.", "Plug it in, then try again."),
    "multiple yubikeys": ("Several YubiKeys are plugged in.", "Leave one in, then try again."),
    "no matching account": ("It has no account with that name.", "See the names: ykman oath accounts list"),
    "multiple matches": ("Several of its accounts match that name.", "Use the whole name: ykman oath accounts list"),
    "touch account timed out": ("It was not touched in time.", "Try again, and touch it when it blinks."),
    "authentication to the yubikey failed": (
        "It did not accept the password of its OATH application.",
        "Try again, or let ykman remember the password: ykman oath access remember",
    ),
    "enter the password": (
        "Its OATH application requires its password.",
        "Let ykman remember it: ykman oath access remember",
    ),
    "pcsc": ("The smart card service does not answer.", "Start it (on Linux: sudo systemctl start pcscd)."),
}


class SeedCommand:
    """A device's ``seed_command``, which prints the secret: base32, or an ``otpauth://`` address."""

    kind = COMMAND

    def __init__(self, command: str, prompts: UserPrompts) -> None:
        self._command = SettingsCommand("seed_command", command, prompts, lacking="No secret came", otherwise=_OR_TYPE)

    def seed(self, cancel: CancelScope) -> Secret:
        """Run it and return the secret. Raises KeyringProblem (``seed-command``) without it, Cancelled."""
        from mfa_tui.core.seeds.otpauth import parse_secret

        try:
            return parse_secret(Secret(self._command.read_line(cancel))).seed
        except UsageError as error:
            # The reason does not show the secret.
            raise self._command.failed(error.why) from None


class WrongDevice(SeedCommand):
    """A device whose table in the settings is wrong. Whatever wants its secret or a code gets the error."""

    def __init__(self, wrong: WrongSetting) -> None:
        self._wrong = wrong

    def seed(self, _cancel: CancelScope) -> Secret:
        """Raise ConfigError (``settings-value``): no other secret takes the place of the one that was meant."""
        raise self._wrong.as_error()


class CodeCommand:
    """A device's ``code_command``, which prints the current code. The secret stays where the command keeps it."""

    kind = CODE_COMMAND

    def __init__(self, command: str, prompts: UserPrompts) -> None:
        self._command = SettingsCommand("code_command", command, prompts, lacking="No code came", otherwise=_OR_TYPE)

    def code(self, step: int, cancel: CancelScope, _touch: Callable[[], None]) -> Secret:
        """Run it and return the code of *step*, which must be the current step.

        Raises KeyringProblem (``code-command``), Cancelled.
        """
        _check_time(step, "code-command", self._command.program)
        try:
            return checked_code(self._command.read_line(cancel))
        except UsageError:
            raise self._command.failed("It did not print six digits.") from None


class YubiKey:
    """One account of a YubiKey's OATH application, through Yubico's ``ykman``. The secret never leaves the key."""

    kind = YUBIKEY

    def __init__(self, account: str, prompts: UserPrompts) -> None:
        self._account = account
        self._prompts = prompts

    def code(self, step: int, cancel: CancelScope, touch: Callable[[], None]) -> Secret:
        """Ask the key for the code of *step*, which must be the current step; *touch* is called if it needs a touch.

        Raises KeyringProblem (``yubikey…``), Cancelled.
        """
        import shutil

        _check_time(step, "yubikey-clock", YKMAN)
        program = shutil.which(YKMAN)
        if program is None:
            raise KeyringProblem(
                "yubikey-ykman",
                "The YubiKey cannot be used: ykman was not found.",
                "Codes come from it through Yubico's command-line tool.",
                "Install it: pipx install yubikey-manager (on Debian: sudo apt install yubikey-manager)",
            )

        def tell(line: str) -> None:
            if _TOUCH in line.lower():
                touch()

        command = [os.path.abspath(program), "oath", "accounts", "code", "--single", "--", self._account]
        try:
            ended = run_to_end(command, cancel, self._prompts, tell)
        except ProgramFailed as end:
            raise _yubikey_failed("", str(end)) from None
        if ended.status:
            raise _yubikey_failed(ended.err.decode(errors="replace"), f"ykman failed with exit status {ended.status}.")
        try:
            return checked_code(ended.out.decode(errors="replace"))
        except UsageError:
            raise KeyringProblem(
                "yubikey",
                "The YubiKey did not generate a code of six digits.",
                "The account may be of another kind than AWS's MFA devices.",
                "See its kind: ykman oath accounts list --oath-type",
            ) from None


def external_source(device: ExternalDevice | WrongSetting, prompts: UserPrompts) -> SeedCommand | CodeCommand | YubiKey:
    """The source of codes or of the secret that the settings name for *device*."""
    from mfa_tui.core.settings.values import WrongSetting

    if isinstance(device, WrongSetting):
        return WrongDevice(device)
    if device.seed_command:
        return SeedCommand(device.seed_command, prompts)
    if device.code_command:
        return CodeCommand(device.code_command, prompts)
    return YubiKey(device.yubikey, prompts)


def _check_time(step: int, slug: str, program: str) -> None:
    """Raise KeyringProblem if *program*, which uses this machine's clock, would generate the code of another time."""
    if abs(step_at(time.time()) - step) > 1:
        raise KeyringProblem(
            slug,
            f"A code from {program} would not be valid at AWS now.",
            "It uses this machine's clock, which is wrong.",
            "Set the clock (on Linux: sudo timedatectl set-ntp true), then try again.",
        )


def _yubikey_failed(said: str, why: str) -> KeyringProblem:
    for words, (meaning, remedy) in _YKMAN_WORDS.items():
        if words in said.lower():
            return KeyringProblem("yubikey", "The YubiKey did not return a code.", meaning, remedy)
    return KeyringProblem(
        "yubikey", "The YubiKey did not return a code.", why, "See what ykman says: ykman oath accounts list"
    )
