"""The report of a crash: enough to find the bug, without any values."""

from __future__ import annotations

import os
import traceback

from textual.worker import WorkerFailed

from mfa_tui import __version__

REPORT = "the project's issue tracker"
_FRAMES = 12


def crash_report(error: BaseException | None) -> str:
    """The exception's type and where it was raised. Neither its message nor any value is shown: they may be secret."""
    if isinstance(error, WorkerFailed):
        error = error.error
    if error is None:
        return f"mfa-tui {__version__} crashed, and there is no traceback.\nPlease report this in {REPORT}."
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    where = [f"  {_shortened(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]
    return "\n".join(
        [
            f"mfa-tui {__version__} crashed: {type(error).__name__}. This is a bug in mfa-tui. Your files are intact.",
            *where,
            f"Please report these lines in {REPORT}. They contain no values and no secrets.",
        ]
    )


def _shortened(path: str) -> str:
    """The path from the package on, without the directory that it is installed in."""
    parts = path.split(os.sep)
    for package in ("mfa_tui", "textual", "rich", "asyncio"):
        if package in parts:
            return "/".join(parts[parts.index(package) :])
    return parts[-1]
