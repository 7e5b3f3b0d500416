"""The MFA devices to choose from in the code dialog, and how each is described."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from mfa_tui.core.aws.mfa_serial import HARDWARE, MfaSerial
from mfa_tui.ui.text.spans import Line, Span, Tone, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable


class Choice(NamedTuple):
    """A device. ``stored`` says that its secret is here, or where the settings say, so no code need be typed."""

    serial: MfaSerial
    stored: bool


def choices(serials: Iterable[str], stored: frozenset[str]) -> tuple[Choice, ...]:
    """The devices to choose from; those that can be chosen come first."""
    found = [Choice(MfaSerial(text), text in stored) for text in serials]
    return tuple(sorted(found, key=lambda choice: not choice.serial.usable))


def moved(among: tuple[Choice, ...], selected: str, by: int) -> str:
    """The serial *by* places further among those that can be chosen; *selected* if there is no other."""
    usable = [choice.serial.text for choice in among if choice.serial.usable]
    if not usable:
        return selected
    return usable[(usable.index(selected) + by) % len(usable)] if selected in usable else usable[0]


def choice_lines(choice: Choice, width: int, *, selected: bool) -> list[Line]:
    """How a device is shown: in a line, or with what is said of it below its name."""
    name, usable = choice.serial.name, choice.serial.usable
    about = "secret stored, no code needed" if choice.stored else ""
    about = about or (choice.serial.kind_words if choice.serial.kind == HARDWARE else "")
    if not usable:
        about = f"{choice.serial.kind_words}: works in the browser only"
    mark = Span("✗ ", Tone.DIM) if not usable else Span("◉ ", Tone.KEY) if selected else Span("○ ", Tone.DIM)
    shown = Span(name, Tone.DIM if not usable else Tone.STRONG if selected else Tone.PLAIN)
    if cell_len(f"{mark.text}{name}  {about}") <= width:
        return [line(mark, shown, Span(f"  {about}", Tone.DIM))]
    return [line(mark, shown), *(wrapped(about, width, Tone.DIM, first=Span("  ")) if about else [])]
