"""The demo's phone: what an authenticator app would show for the devices whose codes are typed."""

from __future__ import annotations

import json
import os
from typing import NamedTuple

from mfa_tui.core.seeds.otpauth import parse_secret
from mfa_tui.core.seeds.totp import PERIOD, code_at_step, seconds_left, step_at
from mfa_tui.models import Secret
from mfa_tui.ui.text.spans import Line, Span, Tone, format_seconds, line, progress_bar

_HIDDEN = "••• •••"
_BETWEEN = "   "
_TITLE = "phone ▸ "


class PhoneEntry(NamedTuple):
    """One device on the phone."""

    label: str
    """Its name on the phone."""
    seed: Secret
    """The TOTP key."""


class DemoPhone:
    """What the demo shows in the interface, from the JSON file at *path* (the value of MFA_TUI_DEMO)."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._read: tuple[int, int] | None = None
        self._phone: tuple[PhoneEntry, ...] = ()
        self.banner = ""
        """The line that says that this is the demo."""
        self._refresh()

    @property
    def phone(self) -> tuple[PhoneEntry, ...]:
        """The devices that are on the phone now; the demo adds those that are scanned."""
        self._refresh()
        return self._phone

    def _refresh(self) -> None:
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            # The demo has ended before us.
            return
        if self._read == (found.st_ino, found.st_mtime_ns):
            return
        with open(self._path, encoding="utf-8") as file:
            shown = json.load(file)
        self._read = (found.st_ino, found.st_mtime_ns)
        self.banner = shown["banner"]
        self._phone = tuple(
            PhoneEntry(entry["label"], parse_secret(Secret(entry["uri"])).seed) for entry in shown["phone"]
        )


def phone_lines(phone: tuple[PhoneEntry, ...], now: float, width: int, *, masked: bool = False) -> list[Line]:
    """The phone's screen at *now* in lines of *width* cells: each label with its code, and a single countdown."""
    step, left = step_at(now), seconds_left(now)
    countdown = (*progress_bar(left, PERIOD, 6), Span(f" {format_seconds(left):>4}", Tone.DIM))
    room = len("".join(span.text for span in countdown)) + 2
    rows: list[list[Span]] = [[Span(_TITLE, Tone.DIM)]]
    used = len(_TITLE)
    for entry in phone:
        code = code_at_step(entry.seed, step).reveal()
        spans = [Span(entry.label + " ", Tone.DIM), Span(_HIDDEN if masked else f"{code[:3]} {code[3:]}", Tone.CODE)]
        length = sum(len(span.text) for span in spans)
        if used + length > width - (room if len(rows) == 1 else 0):
            rows.append([Span(" " * len(_TITLE))])
            used = len(_TITLE)
        rows[-1] += [*([Span(_BETWEEN)] if len(rows[-1]) > 1 else []), *spans]
        used += length + len(_BETWEEN)
    first = rows[0]
    gap = width - sum(len(span.text) for span in first) - room + 2
    rows[0] = [*first, Span(" " * max(0, gap)), *countdown]
    return [line(*row) for row in rows]
