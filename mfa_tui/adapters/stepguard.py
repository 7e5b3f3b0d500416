"""The step guard: which time steps of an MFA device were used, across processes.

AWS accepts each time step once for each device, and refuses a second use with the same words as a wrong code
(IAM User Guide, «virtual MFA device»: wait for the next code). So whoever sends a code records its step, and whoever
makes one reserves a step that nobody has.
"""

from __future__ import annotations

import contextlib
import hashlib
import os

from mfa_tui.adapters import private
from mfa_tui.adapters.locks import locked
from mfa_tui.adapters.oserrors import as_write_problem
from mfa_tui.core.totp import PERIOD
from mfa_tui.errors import WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.paths import Paths

_KEPT = 600 // PERIOD
"""Steps of the last ten minutes are kept; AWS takes none that is older than a step or two."""
_AHEAD = 24 * 3600 // PERIOD
"""Steps so far ahead were noted by a clock that has been set back since. Nearer ones others are waiting for."""
_DIGITS = 18
"""More than any step has."""


class StepGuard:
    """Used steps, a small file for each serial. All steps are those of AWS's clock, as far as it is known."""

    def __init__(self, paths: Paths) -> None:
        self._directory = os.path.join(paths.state, "steps")

    def reserve(self, serial: str, current: int, *, cancelled: Callable[[], bool] | None = None) -> int:
        """The first step from *current* on that nobody has used or reserved; it is the caller's now.

        A step later than *current* is to be waited for, without the lock. Raises WriteProblem, Cancelled.
        """
        step = current

        def take(used: set[int]) -> None:
            nonlocal step
            while step in used:
                step += 1
            used.add(step)

        self._change(serial, current, take, cancelled)
        return step

    def record(self, serial: str, step: int) -> None:
        """Note a step whose code was typed; it is never blocked, not even where nothing can be noted."""
        with contextlib.suppress(WriteProblem):
            self._change(serial, step, lambda used: used.add(step), None)

    def release(self, serial: str, step: int) -> None:
        """Give back a step that AWS never accepted: it was refused because of the clock, or never sent.

        Where it cannot be, the step stays used: the next code is waited for, nothing worse.
        """
        with contextlib.suppress(WriteProblem):
            self._change(serial, step, lambda used: used.discard(step), None)

    def forget(self, serial: str) -> None:
        """A new device has the serial: AWS has seen no code of it. Where that cannot be noted, codes are waited for."""
        with contextlib.suppress(WriteProblem):
            self._change(serial, 0, lambda used: used.clear(), None)

    def used(self, serial: str) -> set[int]:
        """The steps on record. What is damaged in the record is passed over."""
        text = private.read(self._path(serial)) or ""
        return {int(word) for word in text.split() if word.isdecimal() and len(word) <= _DIGITS}

    def _change(
        self, serial: str, current: int, change: Callable[[set[int]], None], cancelled: Callable[[], bool] | None
    ) -> None:
        path = self._path(serial)
        with as_write_problem(f"{path}, the record of used codes, was not written."):
            private.make_directory(self._directory)
            with locked(path + ".lock", "Noting the used code", cancelled=cancelled):
                used = {step for step in self.used(serial) if -_KEPT <= step - current <= _AHEAD}
                change(used)
                private.write(path, " ".join(str(step) for step in sorted(used)) + "\n")

    def _path(self, serial: str) -> str:
        return os.path.join(self._directory, hashlib.sha256(serial.encode()).hexdigest()[:32])
