"""A secret as a QR code on the terminal, out of its history."""

from __future__ import annotations

from mfa_tui.cli.terminal import tty
from mfa_tui.core.seeds.qr import in_groups_of_four, qr_code
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.models import Secret

_ABOVE_AND_BELOW = 3
"""Rows of text around the code."""


def show_secret(uri: Secret, seed: Secret, heading: str) -> None:
    """Draw the QR code of *uri* on the terminal until Enter is pressed; nothing of it stays there.

    Where it does not fit, the secret itself is shown, to be typed. Raises UsageError ``terminal-dumb``.
    """
    if not tty.can_show():
        raise UsageError(
            "terminal-dumb",
            "This terminal cannot show the secret and take it away again.",
            "TERM says so.",
            "Write the QR code to a file: --image FILE.svg",
        )
    code = qr_code(uri)
    columns, rows = tty.size()
    if columns >= code.columns and rows >= code.rows + _ABOVE_AND_BELOW:
        tty.show_until_enter(f"{heading}\n", code.ansi())
        return
    tty.show_until_enter(
        f"The QR code needs a terminal of {code.columns} columns and {code.rows + _ABOVE_AND_BELOW} rows; this one has "
        f"{columns} and {rows}.\nMake it larger and start again, write it to a file with --image FILE.svg, or type "
        f"this secret into the app:\n\n  {in_groups_of_four(seed)}\n\n"
    )
