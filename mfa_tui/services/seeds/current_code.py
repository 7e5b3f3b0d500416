"""The current code of a device whose secret can be had."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.profiles.profile import Profile, read_profile
from mfa_tui.core.seeds.totp import seconds_left, step_at
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import ProfileProblem
from mfa_tui.services.profiles.resolve import checked_serial_of, source_profile
from mfa_tui.services.progress import TOUCH, Progress, quiet
from mfa_tui.services.steps import wait_for_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.models import Secret
    from mfa_tui.services.context import Context


class Code(NamedTuple):
    """A code, the time step it belongs to, and the seconds until it changes.

    ``used``: that step was sent to AWS already, so AWS will not take this code again.
    """

    value: Secret
    step: int
    seconds_left: float
    used: bool


class CodeSource:
    """The codes of one profile's seed; the keyring is asked once, a YubiKey once for each step."""

    def __init__(
        self,
        context: Context,
        profile: str | None,
        control: CancelScope,
        progress: Callable[[Progress], None] = quiet,
    ) -> None:
        """Fetch the seed of *profile* (None: the shell's). *progress* is told when a YubiKey wants to be touched.

        Raises FileProblem, ProfileProblem (``profile-unknown``, ``source-missing``, ``no-serial``, ``no-seed``),
        UsageError (``serial-…``), KeyringProblem, Cancelled.
        """
        aws = context.files.load()
        name = source_profile(aws, profile, context.env, context.settings.target_pattern)
        self.profile = read_profile(aws, name)
        self.serial = serial_of(aws, self.profile)
        self._context = context
        self._made: tuple[int, Secret] | None = None
        known = self.serial.text in context.seeds.serials()
        if not known:
            context.seeds.check_index()
        codes = context.seeds.codes(self.serial.text, control, lambda: progress(TOUCH)) if known else None
        if codes is None:
            raise ProfileProblem(
                "no-seed",
                f"No secret is stored for {name}.",
                f"Its MFA device is {self.serial.text}.",
                f"Store it: {shell_command(name, 'mfa-tui device import PROFILE')}",
            )
        self._codes = codes

    def current(self) -> Code:
        """The code of this moment. Raises KeyringProblem, Cancelled where a YubiKey gives none."""
        now = self._context.clock.aws_now()
        step = step_at(now)
        used = step in self._context.used_codes.used_steps(self.serial.text)
        return self._code(step, now, used=used)

    def fresh(self, control: CancelScope, waiting: Callable[[float], None]) -> Code:
        """A code that was not used yet and is reserved now; *waiting* is told the seconds if its time is yet to come.

        Raises WriteProblem, KeyringProblem, Cancelled.
        """
        clock = self._context.clock
        step = self._context.used_codes.reserve_step(
            self.serial.text, step_at(clock.aws_now()), cancelled=control.cancelled
        )
        wait_for_step(self._context, self.serial.text, step, control, waiting)
        return self._code(step, clock.aws_now(), used=False)

    def _code(self, step: int, now: float, *, used: bool) -> Code:
        if self._made is None or self._made[0] != step:
            self._made = (step, self._codes.code(step))
        return Code(self._made[1], step, seconds_left(now), used)


def serial_of(aws: AwsConfig, profile: Profile) -> MfaSerial:
    """The profile's MFA serial. Raises ProfileProblem (``no-serial``), UsageError (``serial-…``)."""
    if profile.serial is None:
        raise ProfileProblem(
            "no-serial",
            f"The profile {profile.name!r} names no MFA device.",
            "",
            "Add mfa_serial to it, or let login find it: "
            + shell_command(profile.name, "mfa-tui login PROFILE --save-serial"),
        )
    return checked_serial_of(aws, profile, profile.serial)
