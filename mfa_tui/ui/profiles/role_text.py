"""How a role's session comes about, in words: through which profiles, for how long, and whether that takes a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.profiles.role import CHAINED_MAXIMUM, DEFAULT_DURATION
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.ui.text.spans import moment

if TYPE_CHECKING:
    from mfa_tui.core.profiles.profile import Profile


def chain(profile: Profile) -> str:
    """The profiles that the role is assumed through, as arrows: ``admin ← base ← dev``."""
    return " ← ".join(profile.chain)


def way(profile: Profile) -> str:
    """Which way login goes, and why."""
    lasts = format_duration(profile.roles[-1].duration or DEFAULT_DURATION)
    if profile.needs_direct_assume:
        most = format_duration(CHAINED_MAXIMUM)
        whose = "its own" if profile.base == profile.name else f"{profile.base}'s"
        return (
            f"straight with {whose} keys and a code of its own: duration_seconds asks for {lasts}, "
            f"more than the {most} that a session may give"
        )
    given = "session" if profile.takes_codes else "credentials"
    return f"through {profile.base}'s {given}, {lasts}"


def code(profile: Profile, source_ends: float | None, now: float) -> str:
    """Whether the way takes a code, where that is not as with a user's own session; *source_ends*: see Pane."""
    if not profile.takes_codes:
        return f"no code: {profile.base} has its own way to sign in"
    if profile.needs_direct_assume or source_ends is None:
        return ""
    return f"no code needed while {profile.base}'s session lives, until {moment(source_ends, now)}"
