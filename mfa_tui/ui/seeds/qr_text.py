"""The text beside the QR code of a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.seeds.qr_drawing import in_groups_of_four
from mfa_tui.core.seeds.totp import PERIOD, code_at_step, seconds_left, step_at
from mfa_tui.ui.text.spans import (
    EMPTY,
    HIDDEN_CODE,
    Line,
    Span,
    Tone,
    format_seconds,
    line,
    progress_bar,
    spaced_code,
    wrapped,
)

if TYPE_CHECKING:
    from mfa_tui.core.seeds.qr_drawing import QrCode
    from mfa_tui.models import Secret


def beside_code(seed: Secret, *, text: str, width: int, masked: bool, revealed: bool, saved: str) -> list[Line]:
    """The text beside a QR code; with the secret itself only if ``revealed``."""
    result = [*wrapped(text, width), EMPTY] if text else []
    if revealed:
        shown = " ".join(["••••"] * 16) if masked else in_groups_of_four(seed)
        result += [line(Span("THE SECRET", Tone.DIM)), *wrapped(shown, width, Tone.CODE), EMPTY]
    if saved:
        result += [*wrapped(f"Picture saved to {saved}. Delete it once you have scanned it.", width, Tone.WARN), EMPTY]
    return result


def comparison(seed: Secret, now: float, *, masked: bool) -> list[Line]:
    """The code that the phone shows, once it has the secret."""
    code = HIDDEN_CODE if masked else code_at_step(seed, step_at(now)).reveal()
    left = seconds_left(now)
    return [
        line(Span("The phone should show", Tone.DIM)),
        line(
            Span(spaced_code(code), Tone.CODE),
            "  ",
            *progress_bar(left, PERIOD, 8),
            Span(f" {format_seconds(left):>4}", Tone.DIM),
        ),
    ]


def no_blocks(width: int) -> list[Line]:
    """What to do where the QR code cannot be drawn."""
    return wrapped(
        "This terminal's locale has no characters for a QR code. Press w to save a picture, or s to show the secret.",
        width,
        first=Span("! ", Tone.WARN),
    )


def too_small(code: QrCode, columns: int, rows: int, width: int) -> list[Line]:
    """What to do where the QR code does not fit."""
    return wrapped(
        f"The QR code needs {code.columns} columns and {code.rows} rows; {max(0, columns)} columns and "
        f"{max(0, rows)} rows are free. Enlarge the window, press w to save a picture, or s to show the secret.",
        width,
        first=Span("! ", Tone.WARN),
    )
