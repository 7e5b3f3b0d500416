"""Letting AWS find out how far an MFA device's clock is off: needed when codes of the right device are refused."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from mfa_tui.adapters.seeds.external import CODES_ONLY
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import UsageError
from mfa_tui.services.devices.consecutive_codes import consecutive_codes, typed_codes
from mfa_tui.services.devices.refusals import Action
from mfa_tui.services.progress import Progress

if TYPE_CHECKING:
    from mfa_tui.models import Secret
    from mfa_tui.services.devices.iam_user import IamUser


def must_be_typed(user: IamUser, serial: str) -> bool:
    """Whether nothing here makes two codes of the device: its secret is nowhere, or where only one code is made."""
    return user.context.seeds.where(serial) in ("", *CODES_ONLY)


def resync(user: IamUser, serial: str, codes: tuple[Secret, Secret] | None = None) -> None:
    """Resynchronise a device of *user*, who was looked at, by two consecutive codes.

    *codes* are those that were typed; without, they are made from the stored seed. Raises UsageError (``no-seed``,
    ``code-malformed``, ``codes-same``), what :meth:`IamUser.ask` raises, DeviceRefused, KeyringProblem.
    """
    context, control = user.context, user.control
    if codes is not None:
        pair = typed_codes(context, serial, codes)
    else:
        stored = context.seeds.load(serial, control)
        if stored is None:
            raise UsageError(
                "no-seed",
                f"No secret is stored for {MfaSerial(serial).name}.",
                "Its two codes are to be typed.",
                f"On a terminal: {shell_command(user.name, 'mfa-tui device resync PROFILE --serial')} {quote(serial)}",
            )
        pair = consecutive_codes(context, serial, stored.seed, control, user.progress)
    user.progress(Progress("asking", f"Resynchronising {MfaSerial(serial).name}"))
    name = user.identity.user
    user.ask(
        lambda caller: context.iam.resync_device(caller, name, serial, pair, control),
        action=Action.RESYNC,
        about=serial,
    )
