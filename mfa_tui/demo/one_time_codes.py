"""What AWS does with a TOTP code: a window of one step either side, and each step once per device.

RFC 6238 is written out here a second time, so that the server does not share a mistake with the client under test.
"""

import base64
import hmac

PERIOD = 30
"""Seconds that a code lives."""
WINDOW = 1
"""Steps that a code may be early or late."""
_RECOGNISED = 40
"""Steps either side of now in which a refused code is still told apart, for the record."""


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
    """The time steps that one MFA device's codes were sent for, in order of arrival."""

    def __init__(self) -> None:
        self.accepted: list[int] = []
        """Steps that AWS took."""
        self.attempted: list[int | None] = []
        """Steps of all codes that arrived, accepted or not; None for a code of no step within 20 minutes of now."""

    def try_code(self, seed: str, code: str, now: float) -> bool:
        """Whether AWS takes the code at ``now`` (the server's clock). A step that is taken is taken for good."""
        current = step_of(now)
        nearest_first = sorted(range(current - _RECOGNISED, current + _RECOGNISED + 1), key=lambda s: abs(s - current))
        step = next((step for step in nearest_first if hmac.compare_digest(code_of(seed, step), code)), None)
        self.attempted.append(step)
        if step is None or abs(step - current) > WINDOW or step in self.accepted:
            return False
        self.accepted.append(step)
        return True
