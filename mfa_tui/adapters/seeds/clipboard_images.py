"""The picture on the clipboard, such as a screenshot of a QR code.

Pillow reads it on macOS and Windows; on Linux, wl-paste (wl-clipboard) or xclip do, if they are installed.
"""

from __future__ import annotations

import shutil
import sys

from mfa_tui.adapters.libraries.logs import silence_libraries
from mfa_tui.adapters.programs import run_program
from mfa_tui.adapters.seeds.qr_images import decode_qr_data, decode_qr_picture, read_qr_file, require_qr
from mfa_tui.adapters.system.cancellation import TimedOut
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.models import Secret

_TIMEOUT = 5.0
"""Seconds for the clipboard's owner to hand it over; a hung program never would."""
_COMMANDS = (
    ("WAYLAND_DISPLAY", "wl-paste", ("--no-newline", "--type", "image/png")),
    ("DISPLAY", "xclip", ("-selection", "clipboard", "-target", "image/png", "-out")),
)
"""The environment variable without which it cannot work, the program, its arguments."""


def read_qr_from_clipboard(env: Mapping[str, str], cancel: CancelScope) -> list[Secret]:
    """Read the QR codes in the picture on the clipboard, at least one, and return their texts.

    Raises UsageError (``clipboard-unreachable``, ``clipboard-empty``, and those of ``qr_images.decode_qr_data``),
    Cancelled.
    """
    require_qr()
    try:
        return _from_pillow(cancel) if sys.platform in ("darwin", "win32") else _from_commands(env, cancel)
    except TimedOut:
        raise _unreachable(f"The program that owns it did not answer within {_TIMEOUT:.0f} s.") from None


def _from_commands(env: Mapping[str, str], cancel: CancelScope) -> list[Secret]:
    usable = [
        (shutil.which(name, path=env.get("PATH")), words) for display, name, words in _COMMANDS if env.get(display)
    ]
    if not usable:
        raise _unreachable("There is no desktop here: neither WAYLAND_DISPLAY nor DISPLAY is set.")
    for program, words in usable:
        if program is None:
            continue
        try:
            finished = run_program.run([program, *words], cancel, _TIMEOUT)
        except OSError:
            continue
        if finished.status == 0 and finished.out:
            return decode_qr_data(finished.out)
        raise _empty()
    raise _unreachable("It needs wl-paste (package wl-clipboard) or xclip.")


def _from_pillow(cancel: CancelScope) -> list[Secret]:
    from PIL import Image, ImageGrab

    silence_libraries()
    try:
        held = cancel.run(ImageGrab.grabclipboard, _TIMEOUT)
    except (OSError, NotImplementedError, ValueError) as error:
        raise _unreachable(f"It failed with {type(error).__name__}.") from None
    if isinstance(held, Image.Image):
        return decode_qr_picture(held)
    # Files that were copied in a file manager.
    if held:
        return read_qr_file(held[0])
    raise _empty()


def _empty() -> UsageError:
    return UsageError(
        "clipboard-empty",
        "There is no picture on the clipboard.",
        "",
        "Copy a screenshot of the QR code to the clipboard. Paste text at the prompt instead.",
    )


def _unreachable(why: str) -> UsageError:
    return UsageError(
        "clipboard-unreachable",
        "The clipboard cannot be read.",
        why,
        "Save the picture to a file and use that: --image FILE",
    )
