"""Times as the command line shows them, in the local time zone."""

from __future__ import annotations

import time

from mfa_tui.hot_commands import until

__all__ = ["day", "until"]


def day(epoch: int) -> str:
    """``2026-11-24``; *epoch* in epoch seconds."""
    return time.strftime("%Y-%m-%d", time.localtime(epoch))
