"""What AWS does with a TOTP code: a window of one step either side, and each step once per device.

RFC 6238 is written out here a second time, so that the server does not share a mistake with the client under test.
"""

import base64
import hmac

PERIOD = 30
"""Seconds that a code is valid."""
WINDOW = 1
"""Steps that a code may be early or late."""
RESYNC_WINDOW = 1000
"""Steps that a pair of codes may be early or late when a device is resynchronized. AWS only says that devices
go out of sync; seen from outside it searches about a thousand steps either side."""
_RECOGNISED = 40
"""Steps either side of now in which a refused code is still recognized, for the record."""


def step_of(seconds: float) -> int:
    """The time step that a moment (seconds since the epoch) falls in."""
    return int(seconds) // PERIOD


def code_of(seed: str, step: int) -> str:
    """The six digits of a base32 seed at a time step (RFC 4226, SHA-1)."""
    key = base64.b32decode(seed + "=" * (-len(seed) % 8))
    digest = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 1_000_000:06d}"


class StepRecord:
    """What AWS keeps of one MFA device: the time steps that its codes were sent for, and how far its clock is off."""

    def __init__(self) -> None:
        self.accepted: list[int] = []
        """Steps that AWS took, in order of arrival."""
        self.attempted: list[int | None] = []
        """Steps of all codes that arrived, accepted or not; None for a code of no step within 20 minutes of now. Of a
        pair only the later one counts."""
        self.drift = 0
        """Steps that AWS takes the device to be ahead (negative: behind), since its last resync."""

    def try_code(self, seed: str, code: str, now: float) -> bool:
        """Whether AWS takes the code at ``now`` (the server's clock). A step that is taken is taken for good."""
        current = step_of(now) + self.drift
        step = next((step for step in _around(current, _RECOGNISED) if _is_code(seed, step, code)), None)
        self.attempted.append(step)
        if step is None or abs(step - current) > WINDOW or step in self.accepted:
            return False
        self.accepted.append(step)
        return True

    def try_pair(self, seed: str, first: str, second: str, now: float, window: int = WINDOW) -> bool:
        """Whether these are two consecutive codes, neither used before, the later within ``window`` steps of ``now``.

        Both steps are then taken for good.
        """
        later = next(
            (
                step
                for step in _around(step_of(now) + self.drift, max(window, _RECOGNISED))
                if _is_code(seed, step, second) and _is_code(seed, step - 1, first)
            ),
            None,
        )
        self.attempted.append(later)
        if later is None or abs(later - step_of(now) - self.drift) > window:
            return False
        if later in self.accepted or later - 1 in self.accepted:
            return False
        self.accepted += [later - 1, later]
        return True

    def resync(self, seed: str, first: str, second: str, now: float) -> bool:
        """The same in a far wider window; from then on the device's codes are expected around the later one."""
        if not self.try_pair(seed, first, second, now, RESYNC_WINDOW):
            return False
        self.drift = self.accepted[-1] - step_of(now)
        return True


def _around(current: int, reach: int) -> list[int]:
    """The steps within reach, nearest first."""
    return sorted(range(current - reach, current + reach + 1), key=lambda step: abs(step - current))


def _is_code(seed: str, step: int, code: str) -> bool:
    return hmac.compare_digest(code_of(seed, step).encode(), code.encode())
