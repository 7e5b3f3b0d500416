"""The figures that the audit's pictures show."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.account.rules import DAY, Thresholds

if TYPE_CHECKING:
    from mfa_tui.core.account.account import User

_STEPS = (30, 90, 180, 365)
"""The upper ends of the histogram's classes, in days."""


class Protection(NamedTuple):
    """How much of the account is protected: users with a password or a key that works, by their MFA."""

    with_mfa: int
    """Users with MFA."""
    without_mfa: int
    """Users without."""

    @property
    def total(self) -> int:
        """Users who can log in."""
        return self.with_mfa + self.without_mfa

    @property
    def share(self) -> float:
        """The share of those with MFA, 0 to 1; 1 if there are no users."""
        return self.with_mfa / self.total if self.total else 1.0


class AgeClass(NamedTuple):
    """A class of the histogram of key ages."""

    label: str
    """Its days, such as ``31–90``."""
    keys: int
    """How many active keys are that old."""
    old: bool
    """Whether its keys are older than the settings allow."""


def protection(users: tuple[User, ...]) -> Protection:
    """How many of *users* are protected."""
    log_in = [user for user in users if user.can_log_in]
    with_mfa = sum(user.has_mfa for user in log_in)
    return Protection(with_mfa, len(log_in) - with_mfa)


def key_ages(users: tuple[User, ...], now: float, thresholds: Thresholds) -> tuple[AgeClass, ...]:
    """The ages of all active keys at *now* (seconds since the epoch), in classes, one of which ends at old."""
    ends = sorted({*_STEPS, thresholds.old})
    counts = [0] * (len(ends) + 1)
    for user in users:
        for key in user.active_keys:
            if key.created_at is not None:
                age = (now - key.created_at) / DAY
                counts[next((at for at, end in enumerate(ends) if age <= end), len(ends))] += 1
    starts = [0, *(end + 1 for end in ends)]
    labels = [f"{start}–{end}" for start, end in zip(starts, ends, strict=False)] + [f"over {ends[-1]}"]
    return tuple(
        AgeClass(label, count, start > thresholds.old)
        for label, count, start in zip(labels, counts, starts, strict=True)
    )
