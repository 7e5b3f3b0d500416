"""AWS files that have settled: before that, a live session is handed out only by the ordinary way."""

import time
from typing import TYPE_CHECKING

from mfa_tui.adapters.filesystem.fingerprint import is_settled
from mfa_tui.adapters.filesystem.paths import Paths

if TYPE_CHECKING:
    from tests.support.homes.home import Home

_TURN = 0.01


def let_files_settle(home: "Home") -> None:
    """Wait until the times of *home*'s files tell the next change from the last one."""
    while not is_settled(Paths(home.env), time.time()):
        time.sleep(_TURN)
