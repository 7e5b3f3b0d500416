"""The offer to enroll a device where a login failed as there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.ui.dialogs.confirm import Confirm
from mfa_tui.ui.enrollment.screen import enroll

if TYPE_CHECKING:
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.ui.flows.host_screen import HostScreen

NO_DEVICE = "no-device"
"""The problem of a login of a user without a device."""


async def offer_device(host: HostScreen, name: str, problem: MfaTuiError) -> None:
    """Offer to enroll a device for *name*, if its login failed by *problem* as there is none."""
    if problem.slug != NO_DEVICE:
        return
    question = Confirm(
        f"Enroll an MFA device for {name}?",
        [problem.what, "It takes less than a minute, and finishes with your first login."],
        yes="Enroll",
        no="Not now",
    )
    if await host.ask(question):
        await enroll(host, name)
