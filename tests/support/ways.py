"""Runs a command one way only: as the hot module does it, or in the ordinary way."""

from collections.abc import Iterator

import mfa_tui.cli.main
from mfa_tui import hot

DECLINED = 77
"""The exit status of the hot way where it leaves a command to the ordinary way."""


def around(way: str) -> Iterator[None]:
    """In the fork (see ``ForkServer.run``): *way* is ``hot`` or ``ordinary``."""
    if way == "ordinary":
        vars(hot)["serve"] = lambda *_: None
    else:
        vars(mfa_tui.cli.main)["run"] = lambda *_: DECLINED
    yield
