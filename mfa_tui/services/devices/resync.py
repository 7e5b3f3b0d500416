"""Resyncing an MFA device whose clock has drifted: AWS then accepts its codes again."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from mfa_tui.adapters.seeds.external import CODES_ONLY
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.errors import UsageError
from mfa_tui.services.devices.consecutive_codes import take_consecutive_codes, take_typed_codes
from mfa_tui.services.devices.refusals import Action
from mfa_tui.services.history.recorded import recorded

if TYPE_CHECKING:
    from mfa_tui.models import Secret
    from mfa_tui.services.devices.iam_user import IamUser


def needs_typed_codes(user: IamUser, serial: str) -> bool:
    """Whether the two codes must be typed: no secret is stored for the device, or what has it gives one code only."""
    return user.context.seeds.where(serial) in ("", *CODES_ONLY)


@recorded(lambda user, *_, **__: user.action("device-resync"))
def resync_by_codes(user: IamUser, serial: str, codes: tuple[Secret, Secret] | None = None) -> None:
    """Resync a device of *user*, who was loaded, with two consecutive codes.

    *codes* were typed; without them, they are generated from the stored secret. Raises UsageError (``no-seed``,
    ``code-malformed``, ``codes-same``), what :meth:`IamUser.call` raises, DeviceRefused, KeyringProblem.
    """
    context, cancel = user.context, user.operation.cancel
    if codes is not None:
        pair = take_typed_codes(context, serial, codes)
    else:
        stored = context.seeds.load(serial, cancel)
        if stored is None:
            raise UsageError(
                "no-seed",
                f"No secret is stored for {MfaSerial(serial).name}.",
                "Its two codes must be typed.",
                f"On a terminal: {user.command('mfa-tui device resync PROFILE --serial')} {quote(serial)}",
            )
        pair = take_consecutive_codes(user.operation, serial, stored.seed)
    user.operation.progress("asking", f"Resyncing {MfaSerial(serial).name}")
    name = user.identity.user
    user.call(
        lambda caller: context.iam.resync_device(caller, name, serial, pair, cancel),
        action=Action.RESYNC,
        device=serial,
    )
