"""Runs a command one way only: as the hot commands do it, or in the ordinary way."""

from collections.abc import Iterator

import mfa_tui
import mfa_tui.program

DECLINED = 77
"""The exit status of the hot way where it leaves a command to the ordinary way."""


def around(way: str) -> Iterator[None]:
    """In the fork (see ``ForkServer.run``): *way* is ``hot`` or ``ordinary``."""
    if way == "ordinary":
        vars(mfa_tui)["serve"] = lambda *_: None
    else:
        vars(mfa_tui.program)["run"] = lambda *_: DECLINED
    yield
