"""The top line: the program's name, the number of profiles, whether the clock is right, and what the shell uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.shells.variables import profile_of_shell
from mfa_tui.services.listing.order import Order
from mfa_tui.ui.state.list_order import ORDER_NAMES
from mfa_tui.ui.text.spans import Line, Span, Tone, line

if TYPE_CHECKING:
    from mfa_tui.ui.state.app_state import AppState

_TOLERATED = 20.0
"""Seconds that the clock may be off before it is called wrong: AWS refuses codes from 30 to 60 s on."""


def header(app_state: AppState, width: int) -> Line:
    """The top line, *width* cells long."""
    count = len(app_state.overview.names) if app_state.overview else 0
    counted = f"{count:,} profile{'' if count == 1 else 's'}".replace(",", " ")
    order = app_state.list_order.order
    sorting = "" if order == Order.FILES else f", {ORDER_NAMES[order]}"
    left = (Span("mfa-tui", Tone.STRONG), Span(f"  {counted}{sorting}", Tone.DIM))
    shell = Span(f"keys of {app_state.shell}" if app_state.exported else app_state.shell, Tone.KEY)
    if not app_state.shell:
        shell = Span("no profile", Tone.DIM)
    if app_state.overriding:
        shell = Span("its own access keys", Tone.WARN)
    right = (*_clock(app_state.context.clock.offset), Span("shell: ", Tone.DIM), shell)
    gap = width - sum(len(span.text) for span in (*left, *right))
    return line(*left, " " * max(1, gap), *right)


def override_warning(app_state: AppState) -> str:
    """The warning that access keys in the environment override every profile; empty if there are none."""
    if not app_state.overriding:
        return ""
    what = profile_of_shell(app_state.context.env) or "every profile"
    return (
        f"! {app_state.overriding[0]} is set in this shell and overrides {what}: unset {' '.join(app_state.overriding)}"
    )


def _clock(offset: float | None) -> tuple[Span, ...]:
    """Whether this machine's clock is right, going by AWS's responses; nothing before the first one."""
    if offset is None:
        return ()
    if abs(offset) < _TOLERATED:
        return (Span("clock ok   ", Tone.DIM),)
    from mfa_tui.services.sessions.refusals import clock_words

    return (Span(f"! clock {clock_words(offset)}   ", Tone.WARN),)
