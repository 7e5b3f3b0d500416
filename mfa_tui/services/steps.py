"""Waiting for the time step that one has reserved."""

from __future__ import annotations

from mfa_tui.core.totp import step_start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.control import Control
    from mfa_tui.services.context import Context


def wait_for_step(context: Context, serial: str, step: int, control: Control, waiting: Callable[[float], None]) -> bool:
    """Wait until *step*, which is ours, has begun by AWS's clock; returns whether there was anything to wait for.

    *waiting* is told the seconds. A step whose wait is broken off is given back: nobody has seen its code.
    Raises Cancelled.
    """
    seconds = step_start(step) - context.clock.aws_now()
    if seconds <= 0:
        return False
    waiting(seconds)
    try:
        control.sleep(seconds)
    except BaseException:
        context.guard.release(serial, step)
        raise
    return True
