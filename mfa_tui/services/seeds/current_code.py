"""The current code of an MFA device whose secret is stored, or is somewhere the settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.seeds.totp import seconds_left, step_at
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import ProfileProblem
from mfa_tui.services.profiles.resolve import check_can_log_in, checked_serial_of
from mfa_tui.services.progress import TOUCH

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.models import Secret
    from mfa_tui.services.operation import Operation
    from mfa_tui.services.profiles.resolve import ResolvedProfile


class Code(NamedTuple):
    """A code of an MFA device."""

    value: Secret
    """The six digits."""
    step: int
    """Its time step (RFC 6238): 30-second intervals since the epoch."""
    seconds_left: float
    """Seconds until it changes."""
    used: bool
    """Whether a code of that step was sent to AWS already, which does not accept it again."""


class CodeSource:
    """The codes of one profile's MFA device. The keyring is asked once, a YubiKey once for each time step."""

    def __init__(self, operation: Operation, resolved: ResolvedProfile) -> None:
        """Get the secret of the profile's device.

        Raises ProfileProblem (``no-serial``, ``no-seed``), UsageError (``serial-…``), KeyringProblem, Cancelled.
        """
        context = operation.context
        self.profile = resolved.profile
        self.serial = required_serial(*resolved)
        name = self.profile.name
        self._context = context
        self._made: tuple[int, Secret] | None = None
        known = self.serial.text in context.seeds.serials()
        if not known:
            context.seeds.check_index()
        codes = None
        if known:
            codes = context.seeds.codes(
                self.serial.text, operation.cancel, lambda: operation.progress(TOUCH.phase, TOUCH.text)
            )
        if codes is None:
            raise ProfileProblem(
                "no-seed",
                f"No secret is stored for {name}.",
                f"Its MFA device is {self.serial.text}.",
                f"Store it: {shell_command(name, 'mfa-tui device import PROFILE')}",
            )
        self._codes = codes

    def current(self) -> Code:
        """The code of this moment. Raises KeyringProblem, Cancelled if a YubiKey does not give it."""
        now = self._context.clock.aws_now()
        step = step_at(now)
        used = step in self._context.used_codes.used_steps(self.serial.text)
        return self._code(step, now, used=used)

    def reserve(self, cancel: CancelScope, report_wait: Callable[[float], None]) -> Code:
        """Reserve a code that was not used yet. If it must wait for it, *report_wait* gets the seconds.

        Raises WriteProblem, KeyringProblem, Cancelled.
        """
        from mfa_tui.services.sessions.send_code import wait_for_step

        clock = self._context.clock
        step = self._context.used_codes.reserve_step(
            self.serial.text, step_at(clock.aws_now()), cancelled=cancel.cancelled
        )
        wait_for_step(self._context, self.serial.text, step, cancel, report_wait)
        return self._code(step, clock.aws_now(), used=False)

    def _code(self, step: int, now: float, *, used: bool) -> Code:
        if self._made is None or self._made[0] != step:
            self._made = (step, self._codes.code(step))
        return Code(self._made[1], step, seconds_left(now), used)


def required_serial(aws: AwsConfig, profile: Profile) -> MfaSerial:
    """The profile's MFA serial.

    Raises ProfileProblem (``no-serial``, or why the profile cannot log in), UsageError (``serial-…``).
    """
    if profile.serial is None:
        # A login finds the device of no profile that cannot log in.
        check_can_log_in(aws, profile)
        raise ProfileProblem(
            "no-serial",
            f"The profile {profile.name!r} names no MFA device.",
            "",
            "Add mfa_serial to it, or let login find it: "
            + shell_command(profile.name, "mfa-tui login PROFILE --save-serial"),
        )
    return checked_serial_of(aws, profile, profile.serial)
