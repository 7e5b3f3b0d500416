"""The MFA devices to choose from in the code dialog, and how each is described."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.aws.mfa_serial import HARDWARE, MfaSerial
from mfa_tui.ui.text.spans import Line, Span, Tone, line

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


def choice_line(choice: Choice, *, selected: bool) -> Line:
    """How a device is shown."""
    name = choice.serial.name
    if not choice.serial.usable:
        return line(Span(f"✗ {name}  {choice.serial.kind_words}: works in the browser only", Tone.DIM))
    about = "secret stored, no code needed" if choice.stored else ""
    about = about or (choice.serial.kind_words if choice.serial.kind == HARDWARE else "")
    mark = Span("◉ ", Tone.KEY) if selected else Span("○ ", Tone.DIM)
    return line(mark, Span(name, Tone.STRONG if selected else Tone.PLAIN), Span(f"  {about}", Tone.DIM))
