"""Which profile ``mfa-tui use NAME`` means, and whether it takes a login to use it."""

from __future__ import annotations

from mfa_tui.core.profiles.profile import SESSIONS, Kind, read_profile
from mfa_tui.core.shells.switching import PREVIOUS
from mfa_tui.errors import UsageError
from mfa_tui.services.profiles.resolve import able_profile, source_profile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.services.context import Context

BACK = "-"
"""Said in place of a name: the profile that was in use before, as with ``cd -``."""

SDKS_CAN = SESSIONS | {Kind.SSO, Kind.CREDENTIAL_PROCESS, Kind.WEB_IDENTITY, Kind.AWS_LOGIN, Kind.CREDENTIAL_SOURCE}
"""Kinds that AWS SDKs get credentials for without us."""


def choose(context: Context, name: str) -> Profile:
    """The profile that is meant: one to log in to (``can_log_in``), or one that SDKs can use as it is.

    Raises UsageError (``no-previous``), ProfileProblem, FileProblem.
    """
    if name == BACK:
        name = context.env.get(PREVIOUS, "")
        if not name:
            raise UsageError(
                "no-previous",
                "There is no previous profile to go back to.",
                "mfa-tui use has switched no profile for another in this shell.",
                "Name one: mfa-tui use PROFILE",
            )
    aws = context.files.load()
    profile = read_profile(aws, source_profile(aws, name, context.env, context.settings.target_pattern))
    if profile.kind in SDKS_CAN:
        return profile
    return able_profile(aws, profile.name)
