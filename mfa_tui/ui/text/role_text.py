"""How a role is assumed, in words: through which profiles, for how long, and whether that needs a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.profiles.role import CHAINED_MAXIMUM, DEFAULT_DURATION
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.ui.text.spans import format_time

if TYPE_CHECKING:
    from mfa_tui.core.profiles.profile import Profile


def chain(profile: Profile) -> str:
    """The profiles that the role is assumed through, as arrows: ``admin ← base ← dev``."""
    return " ← ".join(profile.chain)


def assumed(profile: Profile) -> str:
    """Which credentials the role is assumed with, why, and for how long."""
    lasts = format_duration(profile.roles[-1].duration or DEFAULT_DURATION)
    if profile.needs_direct_assume:
        most = format_duration(CHAINED_MAXIMUM)
        whose = "its own" if profile.base == profile.name else f"{profile.base}'s"
        return (
            f"directly with {whose} access keys and a code: duration_seconds asks for {lasts}, "
            f"and a session allows at most {most}"
        )
    source = "session" if profile.takes_codes else "credentials"
    return f"through {profile.base}'s {source}, {lasts}"


def no_code(profile: Profile, source_expiry: float | None, now: float) -> str:
    """Why the role needs no code; empty if it may need one. *source_expiry*: see ``AppState.source_expiry``."""
    if not profile.takes_codes:
        return f"no code: {profile.base} signs in another way"
    if profile.needs_direct_assume or source_expiry is None:
        return ""
    return f"no code needed until {format_time(source_expiry, now)}"
