"""Programs that print something for us: a secret, a passphrase, a code. Their output is never shown."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.system.cancellation import TimedOut
from mfa_tui.adapters.system.process import OriginalCoreLimit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import IO

    from mfa_tui.adapters.system.cancellation import CancelScope

_TICK = 0.02
"""Seconds between two checks whether the program has ended."""
_LONGEST_LINE = 65536


class OutputTooLong(Exception):
    """The program printed more than it may, and was killed."""


class FinishedProgram(NamedTuple):
    """A program that has ended."""

    status: int
    """Its exit status; -n if signal n ended it."""
    out: bytes
    """What it printed to its standard output."""
    err: bytes
    """What it printed to its standard error; empty unless the caller asked for its lines."""


def run(
    command: Sequence[str],
    cancel: CancelScope,
    seconds: float,
    *,
    given: bytes | None = None,
    on_terminal: bool = False,
    tell: Callable[[str], None] | None = None,
    longest: int | None = None,
    env: Mapping[str, str] | None = None,
) -> FinishedProgram:
    """Run *command*, without a shell, and wait for its end.

    *given* is its standard input. Without it, a program *on_terminal* has our standard input and error, so that it can
    ask the user; any other has neither, nor a terminal that it could open. *tell* is called with each line of its
    standard error, in another thread. *longest* is how many bytes it may print to each stream. *env* is its
    environment, by default ours. Raises OSError if it cannot be started, TimedOut after *seconds*, OutputTooLong,
    Cancelled; the program is killed then.
    """
    cancel.check()
    ours = None if on_terminal else subprocess.DEVNULL
    with OriginalCoreLimit():
        process = subprocess.Popen(  # noqa: S603 - what the user's settings name, or ourselves
            list(command),
            stdin=ours if given is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=ours if tell is None else subprocess.PIPE,
            start_new_session=not on_terminal,
            env=env,
        )
    out: list[bytes] = []
    err: list[bytes] = []
    full = threading.Event()
    threads = [_thread(_drain, process.stdout, out, None, longest, full)]
    if given is not None:
        threads.append(_thread(_feed, process.stdin, given))
    if tell is not None:
        threads.append(_thread(_drain, process.stderr, err, tell, longest, full))
    try:
        _wait(process, cancel, time.monotonic() + seconds, full)
    except BaseException:
        _kill(process, with_children=not on_terminal)
        raise
    for thread in threads:
        # Programs that it started may hold the pipes open for ever.
        thread.join(timeout=1)
    if full.is_set():
        raise OutputTooLong
    return FinishedProgram(process.returncode, b"".join(out), b"".join(err))


def _kill(process: subprocess.Popen[bytes], *, with_children: bool) -> None:
    if with_children and os.name == "posix":
        # It leads a session of its own.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _wait(process: subprocess.Popen[bytes], cancel: CancelScope, end: float, full: threading.Event) -> None:
    while True:
        try:
            process.wait(timeout=_TICK)
        except subprocess.TimeoutExpired:
            cancel.check()
            if time.monotonic() > end:
                raise TimedOut from None
            if full.is_set():
                raise OutputTooLong from None
        else:
            return


def _thread(work: Callable[..., None], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=arguments, name="mfa-tui-helper", daemon=True)
    thread.start()
    return thread


def _drain(
    stream: IO[bytes],
    kept: list[bytes],
    tell: Callable[[str], None] | None,
    longest: int | None,
    full: threading.Event,
) -> None:
    length = 0
    with stream:
        while line := stream.readline(_LONGEST_LINE):
            length += len(line)
            if longest is not None and length > longest:
                full.set()
                return
            kept.append(line)
            if tell is not None:
                tell(line.decode(errors="replace").strip())


def _feed(stream: IO[bytes], data: bytes) -> None:
    # The program may end before it has read it.
    with contextlib.suppress(OSError), stream:
        stream.write(data)
