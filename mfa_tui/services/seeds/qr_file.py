"""The QR code of a secret as an image in a file that only the user can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.filesystem.user_files import check_new_file, write_new_file
from mfa_tui.core.seeds.qr_drawing import qr_code
from mfa_tui.errors import UsageError

if TYPE_CHECKING:
    from mfa_tui.models import Secret


def check_image(path: str) -> None:
    """Make sure that an image can be written there, before there is a secret.

    Raises UsageError ``image-kind``, FileProblem (``given-…``).
    """
    if not path.lower().endswith((".svg", ".png")):
        raise UsageError("image-kind", f"{path} is neither .svg nor .png.", "", "Choose a name that does.")
    check_new_file(path)


def write_image(path: str, uri: Secret) -> None:
    """Write the QR code of *uri* to a new file, 0600. Raises FileProblem."""
    code = qr_code(uri)
    write_new_file(path, code.png() if path.lower().endswith(".png") else code.svg().encode())
