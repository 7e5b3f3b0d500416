"""A secret as a QR code on the terminal, which does not stay in its history."""

from __future__ import annotations

from mfa_tui.cli.terminal import tty
from mfa_tui.core.seeds.qr_drawing import in_groups_of_four, qr_code
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.models import Secret

_ABOVE_AND_BELOW = 3
"""Rows of text around the code."""


def show_secret(uri: Secret, seed: Secret, heading: str) -> None:
    """Show the QR code of *uri* on the terminal until Enter is pressed, and clear it.

    Where it does not fit, *seed* is shown as text, to be typed. Raises UsageError (``terminal-dumb``).
    """
    if not tty.can_show():
        raise UsageError(
            "terminal-dumb",
            "This terminal cannot show the secret and clear it again.",
            "TERM is dumb or not set.",
            "Write the QR code to a file instead: --image FILE.svg",
        )
    code = qr_code(uri)
    columns, rows = tty.size()
    if columns >= code.columns and rows >= code.rows + _ABOVE_AND_BELOW:
        tty.show_until_enter(f"{heading}\n", code.ansi())
        return
    tty.show_until_enter(
        f"The QR code needs {code.columns} columns and {code.rows + _ABOVE_AND_BELOW} rows. This terminal has "
        f"{columns} and {rows}.\nMake it larger and try again, write it to a file with --image FILE.svg, or type this "
        f"secret into the app:\n\n  {in_groups_of_four(seed)}\n\n"
    )
