"""Used codes: which time steps of an MFA device were used, by any process, and which codes were sent.

AWS accepts each time step of a device once, and refuses a second use in the same words as a wrong code (IAM User
Guide, "virtual MFA device": wait for the next code). So every process records the step of a code that it sends, and
reserves an unused step before it generates one.

A salted hash of each used code is stored with its step, to recognize the code if the user types it. Six digits can be
guessed from any hash: scrypt makes that take longer (about an hour of one processor) than the code would be valid,
had it not been used already.
"""

from __future__ import annotations

import contextlib
import os

from mfa_tui.adapters.filesystem.records import Record
from mfa_tui.core.seeds.totp import PERIOD, step_at
from mfa_tui.errors import WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.adapters.system.clock import Clock
    from mfa_tui.models import Secret

_KEPT = 600 // PERIOD
"""How many steps are kept, those of ten minutes; AWS accepts none that is older than a step or two."""
_AHEAD = 24 * 3600 // PERIOD
"""How many steps ahead are kept: other processes wait for those. Later ones were recorded before the clock was set
back."""
_DIGITS = 18
"""More digits than any step has."""
_SALT_BYTES, _HASH_BYTES = 16, 12
_SALT = "salt:"


class _Steps:
    """The record of one device: the used ``steps``, and a hash of each code with the step in which it was sent."""

    def __init__(self, text: str) -> None:
        words = text.split()
        self.steps = {int(word) for word in words if _is_step(word)}
        self._salt = next((word[len(_SALT) :] for word in words if word.startswith(_SALT)), "")
        pairs = [word.partition(":") for word in words]
        self._sent = {(int(step), digest) for step, _, digest in pairs if digest and _is_step(step)}

    def text(self) -> str:
        words = [str(step) for step in sorted(self.steps)]
        sent = [f"{step}:{digest}" for step, digest in sorted(self._sent)]
        return " ".join([*words, *([_SALT + self._salt, *sent] if sent else [])]) + "\n"

    def add(self, step: int, code: Secret | None) -> None:
        self.steps.add(step)
        if code is not None:
            self._salt = self._salt or os.urandom(_SALT_BYTES).hex()
            self._sent.add((step, self._hash(code)))

    def discard(self, step: int, code: Secret | None, *, only_code: bool) -> None:
        """Remove *code* and, unless *only_code*, its *step*, if no other code was sent in it."""
        if code is not None and self._sent:
            self._sent.discard((step, self._hash(code)))
        if not only_code and step not in (other for other, _ in self._sent):
            self.steps.discard(step)

    def keep(self, first: int, last: int) -> None:
        """Forget the steps before *first* and after *last*."""
        self.steps = {step for step in self.steps if first <= step <= last}
        self._sent = {(step, digest) for step, digest in self._sent if step in self.steps}

    def step_of(self, code: Secret) -> int | None:
        """The step in which *code* was last sent; None if it was not."""
        if not self._sent:
            return None
        digest = self._hash(code)
        return max((step for step, sent in self._sent if sent == digest), default=None)

    def _hash(self, code: Secret) -> str:
        import hashlib

        salt = self._salt.encode()
        return hashlib.scrypt(code.reveal().encode(), salt=salt, n=1024, r=8, p=1, dklen=_HASH_BYTES).hex()


def _is_step(word: str) -> bool:
    return word.isdecimal() and len(word) <= _DIGITS


class UsedCodes:
    """The used codes of one user's devices, in a record for each serial. Steps are those of AWS's clock."""

    def __init__(self, paths: Paths, clock: Clock | None = None) -> None:
        """Without a *clock*, the steps that callers give count as the time."""
        self._directory = os.path.join(paths.state, "steps")
        self._clock = clock

    def reserve_step(self, serial: str, current: int, *, cancelled: Callable[[], bool] | None = None) -> int:
        """Reserve the first step from *current* on that is neither used nor reserved, and return it.

        The caller waits for a step later than *current*, without the lock. Raises WriteProblem, Cancelled.
        """
        step = current

        def take(record: _Steps) -> None:
            nonlocal step
            while step in record.steps:
                step += 1
            record.add(step, None)

        self._change(serial, current, take, cancelled)
        return step

    def record_use(self, serial: str, step: int, code: Secret | None = None) -> Callable[[], None]:
        """Record that *code*, typed or of a reserved step, is about to be sent in *step*.

        A failure to write is ignored: it must not block a login. Returns a function that undoes this if the code was
        never sent; it removes the step too, unless that was recorded before.
        """
        known = True

        def add(record: _Steps) -> None:
            nonlocal known
            known = step in record.steps
            record.add(step, code)

        def take_back() -> None:
            with contextlib.suppress(WriteProblem):
                self._change(serial, step, lambda record: record.discard(step, code, only_code=known), None)

        with contextlib.suppress(WriteProblem):
            self._change(serial, step, add, None)
        return take_back

    def release_step(self, serial: str, step: int, code: Secret | None = None) -> None:
        """Release a reserved step that AWS never accepted: it was refused because of the clock, or never sent.

        If that cannot be written, the step counts as used, and the next login waits for the next code.
        """
        with contextlib.suppress(WriteProblem):
            self._change(serial, step, lambda record: record.discard(step, code, only_code=False), None)

    def record_refusal(self, serial: str, step: int, code: Secret) -> None:
        """Record that AWS refused *code*: we have not used it. Its step may be used, and stays recorded."""
        with contextlib.suppress(WriteProblem):
            self._change(serial, step, lambda record: record.discard(step, code, only_code=True), None)

    def forget_device(self, serial: str) -> None:
        """Forget the codes of a serial that a new device has. If that cannot be written, logins wait for new codes."""
        with contextlib.suppress(WriteProblem):
            self._change(serial, 0, lambda record: record.keep(1, 0), None)

    def used_steps(self, serial: str) -> set[int]:
        """The recorded steps. Damaged parts of the record are ignored."""
        return self._read(serial).steps

    def find_use(self, serial: str, code: Secret) -> int | None:
        """The step in which we used *code*, or may have used it, within the last ten minutes; None if we did not."""
        return self._read(serial).step_of(code)

    def _read(self, serial: str) -> _Steps:
        return _Steps(self._record(serial).read() or "")

    def _change(
        self, serial: str, current: int, change: Callable[[_Steps], None], cancelled: Callable[[], bool] | None
    ) -> None:
        def changed() -> str:
            record = self._read(serial)
            change(record)
            # A wrong clock must not make steps count as old, or as far ahead.
            first, last = current, current
            if self._clock is not None:
                first = min(current, step_at(self._clock.earliest_aws_time()))
                last = max(current, step_at(self._clock.latest_aws_time()))
            newest = max((step for step in record.steps if step <= last + _AHEAD), default=first)
            record.keep(min(first, newest) - _KEPT, last + _AHEAD)
            return record.text()

        self._record(serial).change(changed, cancelled=cancelled)

    def _record(self, serial: str) -> Record:
        # Imported on use, as in _hash: it loads OpenSSL.
        import hashlib

        path = os.path.join(self._directory, hashlib.sha256(serial.encode()).hexdigest()[:32])
        return Record(path, "the record of used codes", "Recording the used code")
