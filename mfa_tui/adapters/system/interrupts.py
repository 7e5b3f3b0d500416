"""Ctrl+C on the command line: it raises KeyboardInterrupt once, where that is caught, and else ends the process.

Python's own handler raises wherever the main thread happens to be: during imports, and while the process ends, which
shows a traceback. ``_signal`` is what ``signal`` is built on; ``signal`` itself imports enum: quick commands avoid it.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from types import FrameType
    from typing import NoReturn
else:
    import _signal


def take_default() -> None:
    """Let Ctrl+C end the process without a word, as a shell expects; what is ignored (nohup) stays ignored."""
    if _signal.getsignal(_signal.SIGINT) is not _signal.SIG_IGN:
        _set(_signal.SIG_DFL)


def raise_once() -> None:
    """From now on the first Ctrl+C raises KeyboardInterrupt; a second one ends the process."""
    if _signal.getsignal(_signal.SIGINT) in (_signal.SIG_DFL, _signal.default_int_handler):
        _set(interrupt)
        sys.unraisablehook = _end_if_interrupted


def is_raised() -> bool:
    """Whether Ctrl+C would raise KeyboardInterrupt."""
    return _signal.getsignal(_signal.SIGINT) in (interrupt, _signal.default_int_handler)


def interrupt(_number: int = 0, _frame: FrameType | None = None) -> NoReturn:
    """Raise KeyboardInterrupt, for the last time."""
    take_default()
    raise KeyboardInterrupt


def interrupt_as(handler: object) -> NoReturn:
    """Raise KeyboardInterrupt, for the last time if *handler* would."""
    if handler is interrupt:
        interrupt()
    raise KeyboardInterrupt


def _set(handler: object) -> None:
    try:
        _signal.signal(_signal.SIGINT, handler)  # type: ignore[arg-type]  # a handler, or one of SIG_DFL and SIG_IGN
    except ValueError:
        # Only the main thread may; in another there is no Ctrl+C to take.
        return


def _end_if_interrupted(unraisable: sys.UnraisableHookArgs) -> None:
    """Where nothing can be raised (a finalizer, a callback of the import system) it would be lost, with a traceback."""
    if unraisable.exc_type is KeyboardInterrupt:
        take_default()
        _signal.raise_signal(_signal.SIGINT)
    sys.__unraisablehook__(unraisable)
