"""Saving the QR code of a secret as a picture, for phones that cannot scan the screen."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.errors import MfaTuiError
from mfa_tui.services.seeds.qr_file import check_image, write_image
from mfa_tui.ui.flows.ask_path import ask_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.models import Secret
    from mfa_tui.ui.flows.host_screen import HostScreen


async def save_picture(host: HostScreen, uri: Secret, name: str, saved: Callable[[str], None]) -> None:
    """Ask for a path, and write the QR code of *uri* there, 0600; *saved* gets the path. *name* is the device's."""
    path = await ask_path(
        host,
        "Save the QR code",
        "Anyone who sees the picture has the secret. Only you can read the file; delete it once you have scanned it.",
        os.path.join("~", f"mfa-{name}.svg"),
        check_image,
        yes="Save",
    )
    if path is None:
        return
    try:
        await host.threads.run(partial(write_image, path, uri), commits=True)
    except MfaTuiError as problem:
        host.notify_success("Picture not saved", " ".join(problem.lines()))
        return
    saved(path)
    host.redraw()
