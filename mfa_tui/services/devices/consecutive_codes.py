"""Two codes of consecutive time steps, as EnableMFADevice and ResyncMFADevice want them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.seeds.totp import checked_code, code_at_step, seconds_left, step_at, step_start
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.errors import UsageError
from mfa_tui.services.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.models import Secret
    from mfa_tui.services.context import Context

_SOON = 4.0
"""Seconds before a step's end from which on the next is awaited: the request needs its time to arrive."""


def consecutive_codes(
    context: Context, serial: str, seed: Secret, control: CancelScope, progress: Callable[[Progress], None]
) -> tuple[Secret, Secret]:
    """The codes of the two steps before the current one, neither used before; from now on they count as used.

    AWS takes the step before the current one, so the current one stays free for a login. If it cannot be now, it waits.
    Raises Cancelled.
    """
    used = context.used_codes.used_steps(serial)
    now = context.clock.aws_now()
    step = step_at(now) - 1 + (seconds_left(now) < _SOON)
    while used.intersection((step - 1, step)):
        step += 1
    seconds = step_start(step + 1) - context.clock.aws_now()
    if seconds > 0:
        words = f"Two unused codes are there in {format_duration(seconds + 1)}"
        progress(Progress("waiting", words, context.clock.monotonic() + seconds))
        control.sleep(seconds)
    codes = code_at_step(seed, step - 1), code_at_step(seed, step)
    _note_used(context, serial, step, codes)
    return codes


def typed_codes(context: Context, serial: str, codes: tuple[Secret, Secret]) -> tuple[Secret, Secret]:
    """Two codes as typed: the current one and the one before it, which count as used from now on.

    Raises UsageError (``code-malformed``, ``codes-same``).
    """
    first, second = (checked_code(code.reveal()) for code in codes)
    if first == second:
        raise UsageError(
            "codes-same",
            "The two codes are the same.",
            "AWS wants two that follow each other.",
            "Type the code that is shown now, wait for the next one, and type that too.",
        )
    _note_used(context, serial, step_at(context.clock.aws_now()), (first, second))
    return first, second


def may_be_typed_again(problem: MfaTuiError) -> bool:
    """Whether other codes may do where *problem* was met with two that were typed."""
    return problem.slug in ("code-malformed", "codes-same", "codes-refused")


def _note_used(context: Context, serial: str, step: int, codes: tuple[Secret, Secret]) -> None:
    """The codes of *step* and of the one before are used, or about to be."""
    for each, code in zip((step - 1, step), codes, strict=True):
        context.used_codes.record_use(serial, each, code)
