"""This process: what Ctrl+C does to it, and what keeps others from reading its memory, which holds secrets.

Python's own handler of Ctrl+C raises KeyboardInterrupt wherever the main thread happens to be: during imports, and
while the process ends, which shows a traceback. Here it is raised once, where it is caught, and else ends the process.

Every command loads this module. ``_signal`` is what ``signal`` is built on; ``signal`` itself makes enums, which takes
time.
"""

from __future__ import annotations

import sys

from mfa_tui import limit_core_dumps, original_core_limit
from mfa_tui.hot_commands import set_core_limit

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from types import FrameType
    from typing import NoReturn
else:
    import _signal

_PR_SET_DUMPABLE = 4
"""prctl(2), linux/prctl.h."""

__all__ = [
    "OriginalCoreLimit",
    "ctrl_c_raises",
    "end_on_ctrl_c",
    "interrupt",
    "interrupt_as",
    "limit_core_dumps",
    "protect_memory",
    "raise_on_ctrl_c",
]


def end_on_ctrl_c() -> None:
    """Let Ctrl+C end the process without a word, as a shell expects. Where it is ignored (nohup), it stays ignored."""
    if _signal.getsignal(_signal.SIGINT) is not _signal.SIG_IGN:
        _handle_ctrl_c(_signal.SIG_DFL)


def raise_on_ctrl_c() -> None:
    """From now on let the first Ctrl+C raise KeyboardInterrupt, and a second one end the process."""
    if _signal.getsignal(_signal.SIGINT) in (_signal.SIG_DFL, _signal.default_int_handler):
        _handle_ctrl_c(interrupt)
        sys.unraisablehook = _end_if_interrupted


def ctrl_c_raises() -> bool:
    """Whether Ctrl+C would raise KeyboardInterrupt."""
    return _signal.getsignal(_signal.SIGINT) in (interrupt, _signal.default_int_handler)


def interrupt(_number: int = 0, _frame: FrameType | None = None) -> NoReturn:
    """Raise KeyboardInterrupt, for the last time."""
    end_on_ctrl_c()
    raise KeyboardInterrupt


def interrupt_as(handler: object) -> NoReturn:
    """Raise KeyboardInterrupt as *handler* would: for the last time if it is :func:`interrupt`."""
    if handler is interrupt:
        interrupt()
    raise KeyboardInterrupt


def protect_memory() -> None:
    """Allow no core dumps and, on Linux, no ptrace by the user's other processes, as far as the system lets us.

    After execve the process can be traced again.
    """
    limit_core_dumps()
    if sys.platform == "linux":
        # What ctypes is built on. That one first makes a class of each of C's types, a tenth of a start of Python.
        import _ctypes
        import contextlib

        with contextlib.suppress(OSError):
            prctl = _ctypes.dlsym(_ctypes.dlopen(None, 0), "prctl")  # type: ignore[arg-type]  # None: what is loaded
            _ctypes.call_function(prctl, (_PR_SET_DUMPABLE, 0, 0, 0, 0))


class OriginalCoreLimit:
    """A context for starting another program: it gets the limit on core dumps that we found, not our own."""

    def __enter__(self) -> None:
        """Restore the original limit."""
        if original_core_limit:
            set_core_limit(original_core_limit[0])

    def __exit__(self, *_: object) -> None:
        """Lower it again."""
        if original_core_limit:
            set_core_limit(0)


def _handle_ctrl_c(handler: object) -> None:
    try:
        _signal.signal(_signal.SIGINT, handler)  # type: ignore[arg-type]  # a handler, or one of SIG_DFL and SIG_IGN
    except ValueError:
        # Only the main thread may set it; other threads never receive Ctrl+C.
        return


def _end_if_interrupted(unraisable: sys.UnraisableHookArgs) -> None:
    """End the process on a Ctrl+C that could not be raised: in a finalizer, or in a callback of the import system."""
    if unraisable.exc_type is KeyboardInterrupt:
        end_on_ctrl_c()
        _signal.raise_signal(_signal.SIGINT)
    sys.__unraisablehook__(unraisable)
