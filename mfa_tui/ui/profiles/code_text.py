"""The code of a profile in its details, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.seeds.totp import PERIOD
from mfa_tui.ui.text import role_text
from mfa_tui.ui.text.big_digits import WIDTH, big_code
from mfa_tui.ui.text.spans import (
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
    from mfa_tui.services.seeds.current_code import Code
    from mfa_tui.ui.profiles.details import ProfileDetails

_BAR = 15
_LAST_SECONDS = 5
"""How long before its end a code is about to be too old to type."""


def is_big(details: ProfileDetails, width: int) -> bool:
    """Whether there is a code that :func:`lines` draws in big digits."""
    return details.code is not None and not _why_none(details, width) and width >= WIDTH


def lines(details: ProfileDetails, width: int, *, big: bool) -> list[Line]:
    """The code with its countdown, *big* (see :func:`is_big`) or in one line; else why there is none."""
    if none := _why_none(details, width):
        return none
    if details.code is None:
        return _without(details, width)
    return _big(details, details.code, width) if big else _small(details, details.code)


def _why_none(details: ProfileDetails, width: int) -> list[Line]:
    profile = details.row.profile
    if profile.roles and (no_code := role_text.no_code(profile, details.source_expiry, details.now)):
        return wrapped(no_code, width, Tone.DIM)
    if details.row.has_seed and details.code_problem is not None:
        return [
            *wrapped(details.code_problem.what, width, first=Span("✗ ", Tone.BAD)),
            *wrapped(details.code_problem.why, width, Tone.DIM, first=Span("  ")),
        ]
    return []


def _without(details: ProfileDetails, width: int) -> list[Line]:
    if details.row.has_seed:
        return [line(Span("secret stored", Tone.DIM))]
    serial = details.row.profile.serial
    if serial is None and details.entry.problem is not None:
        # The problem may be that there is no device that generates codes.
        return []
    hint = f"{details.keys['login']} asks for your 6-digit code" if details.picks else "type your 6-digit code"
    if serial is None:
        hint = f"device looked up at login; {hint}" + (" here" if not details.picks else "")
    return wrapped(hint, width, Tone.DIM) if serial is None or serial.usable else []


def _tones(code: Code) -> tuple[str, str]:
    """Of the code, and of its countdown."""
    ending = code.seconds_left <= _LAST_SECONDS
    return (Tone.DIM if code.used else Tone.CODE), (Tone.WARN if ending else Tone.BUSY)


def _big(details: ProfileDetails, code: Code, width: int) -> list[Line]:
    tone, bar = _tones(code)
    digits = big_code(HIDDEN_CODE if details.masked else code.value.reveal(), ascii_only=details.ascii_only)
    key = details.keys.get("code", "")
    used = Span("  used", Tone.WARN) if code.used else Span("")
    left = Span(f"  {format_seconds(code.seconds_left):>4}", Tone.WARN if bar == Tone.WARN else Tone.DIM)
    gap = width - WIDTH - len(left.text) - len(used.text) - len(key)
    return [
        *(line(Span(row, tone)) for row in digits),
        line(*progress_bar(code.seconds_left, PERIOD, WIDTH, bar), left, used, " " * max(1, gap), Span(key, Tone.KEY)),
    ]


def _small(details: ProfileDetails, code: Code) -> list[Line]:
    tone, bar = _tones(code)
    shown = spaced_code(HIDDEN_CODE if details.masked else code.value.reveal())
    left = Span(f"  {format_seconds(code.seconds_left):>4}", Tone.WARN if bar == Tone.WARN else Tone.DIM)
    used = Span("  used" if code.used else "", Tone.WARN)
    countdown = progress_bar(code.seconds_left, PERIOD, _BAR, bar)
    return [line(Span(shown, tone), "   ", *countdown, left, used, "  ", Span(details.keys.get("code", ""), Tone.KEY))]
