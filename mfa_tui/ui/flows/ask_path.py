"""A question for the path of a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.ui.flows.host_screen import HostScreen


async def ask_path(
    host: HostScreen, title: str, text: str, suggested: str, check: Callable[[str], object], *, yes: str
) -> str | None:
    """Ask for a path until *check* accepts it, which raises MfaTuiError otherwise; None if the dialog is dismissed.

    ``~`` stands for the home directory in it. *yes* is the label of the button.
    """
    from mfa_tui.ui.dialogs.path_dialog import PathDialog

    given = await host.ask(PathDialog(title, text, suggested, lambda path: check(_whole(path)), yes=yes))
    return _whole(given) if given is not None else None


def _whole(path: str) -> str:
    return os.path.expanduser(path)
