"""Time steps of codes: waiting for one that is reserved, and telling when a code was sent."""

from __future__ import annotations

from mfa_tui.core.seeds.totp import step_start
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.models import Secret
    from mfa_tui.services.context import Context


def wait_for_step(
    context: Context, serial: str, step: int, control: CancelScope, waiting: Callable[[float], None]
) -> bool:
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
        context.used_codes.release_step(serial, step)
        raise
    return True


def sent_at(context: Context, serial: str, code: Secret) -> int | None:
    """When mfa-tui used *code* of *serial*, or may have, in seconds since the epoch; None if it did not lately."""
    step = context.used_codes.find_use(serial, code)
    return None if step is None else step_start(step)


def used_before(moment: int) -> str:
    """What to say of a typed code that mfa-tui used at *moment* (seconds since the epoch) already."""
    from datetime import datetime

    at = datetime.fromtimestamp(moment).astimezone().strftime("%H:%M")
    return f"mfa-tui used this code itself at {at}."


def used_code(moment: int) -> UsageError:
    """The error for a typed code that was not sent, as mfa-tui used it at *moment* (seconds since the epoch)."""
    return UsageError(
        "code-used",
        used_before(moment),
        "AWS takes each code once, so it was not sent again.",
        "Wait for the next code and type that one; this one is sent if you type it again.",
    )
