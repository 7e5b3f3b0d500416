"""All that the details of a profile are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.keys.known_user import KnownUser

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.settings.values import AccountSettings
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.listing.overview import ProfileRow
    from mfa_tui.services.seeds.current_code import Code
    from mfa_tui.ui.state.action_log import Entry


class ProfileDetails(NamedTuple):
    """All that the details of a profile show."""

    row: ProfileRow
    """The profile with its session."""
    entry: Entry
    """What is running for the profile, or how the last action went."""
    problem: MfaTuiError | None
    """Why the profile cannot log in."""
    code: Code | None
    """The current code of its stored secret; None while the secret has not been read, or if there is none."""
    code_problem: MfaTuiError | None
    """Why the stored secret could not be read."""
    now: float
    """AWS's time, in seconds since the epoch."""
    monotonic: float
    """The clock that waits depend on, in seconds."""
    keys: Mapping[str, str]
    """The keys of the commands as they are shown, by the commands' ids."""
    masked: bool = False
    """Whether codes are hidden, as a picture is being taken."""
    picks: bool = False
    """Whether this is the picker, where what is typed filters."""
    in_shell: bool = False
    """Whether the shell uses the profile."""
    overriding: tuple[str, ...] = ()
    """The variables of the environment that override every profile."""
    kept: bool = False
    """Whether its session is kept alive."""
    source_expiry: float | None = None
    """When the live session expires that a role is assumed with, in AWS's time; None if there is none."""
    key_created: int | None = None
    """When its long-term key was created, in seconds since the epoch; None if that is not known."""
    key_age_days: int = 90
    """Days after which a key is old."""
    known: KnownUser = KnownUser()
    """What is known of its account, and of its device unless the profile names it."""
    label: AccountSettings | None = None
    """What the user calls its account; None without such a setting."""
    ascii_only: bool = False
    """Whether the terminal has only ASCII."""
