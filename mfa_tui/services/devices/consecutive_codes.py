"""Two codes of consecutive time steps, as EnableMFADevice and ResyncMFADevice require them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.seeds.totp import checked_code, proven_codes, seconds_left, step_at, step_start
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.errors import UsageError

if TYPE_CHECKING:
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.models import Secret
    from mfa_tui.services.context import Context
    from mfa_tui.services.operation import Operation

_SOON = 4.0
"""With less than this left of a time step, in seconds, it waits for the next: the request takes time to arrive."""


def take_consecutive_codes(operation: Operation, serial: str, seed: Secret) -> tuple[Secret, Secret]:
    """Take the codes of the two steps before the current one, neither used before; from now on they count as used.

    AWS accepts the step before the current one, so the current one stays free for a login. If these are used, it waits.
    Raises Cancelled.
    """
    context = operation.context
    used = context.used_codes.used_steps(serial)
    now = context.clock.aws_now()
    step = step_at(now) - 1 + (seconds_left(now) < _SOON)
    while used.intersection((step - 1, step)):
        step += 1
    seconds = step_start(step + 1) - context.clock.aws_now()
    if seconds > 0:
        operation.wait(f"The next two unused codes come in {format_duration(seconds + 1)}", seconds)
        operation.cancel.sleep(seconds)
    codes = proven_codes(seed, step - 1)
    _record_used(context, serial, step, codes)
    return codes


def take_typed_codes(context: Context, serial: str, codes: tuple[Secret, Secret]) -> tuple[Secret, Secret]:
    """Take two typed codes, the current one and the one before it; from now on they count as used.

    Raises UsageError (``code-malformed``, ``codes-same``).
    """
    first, second = (checked_code(code.reveal()) for code in codes)
    if first == second:
        raise UsageError(
            "codes-same",
            "The two codes are the same.",
            "AWS needs two consecutive codes.",
            "Type the code that is shown now, wait for the next one, and type that too.",
        )
    _record_used(context, serial, step_at(context.clock.aws_now()), (first, second))
    return first, second


def can_type_again(problem: MfaTuiError) -> bool:
    """Whether two other typed codes may work after *problem*."""
    return problem.slug in ("code-malformed", "codes-same", "codes-refused")


def _record_used(context: Context, serial: str, step: int, codes: tuple[Secret, Secret]) -> None:
    """Record that the codes of *step* and of the one before are used, or about to be."""
    for each, code in zip((step - 1, step), codes, strict=True):
        context.used_codes.record_use(serial, each, code)
