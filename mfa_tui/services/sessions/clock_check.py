"""Asking AWS what time it is, where that decides whether a session lives."""

from __future__ import annotations

import contextlib

from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.errors import KeyringProblem
from mfa_tui.services.progress import Progress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.services.context import Context


def settle_time(
    context: Context, aws: AwsConfig, profile: Profile, control: CancelScope, progress: Callable[[Progress], None]
) -> None:
    """Where this machine's clock was set: if a session of *profile* has ended only by that, ask AWS for the time.

    Any answer tells the time; without one the machine's clock is believed. Raises Cancelled.
    """
    doubtful = context.cache.find_possibly_live(profile.credential_id)
    if doubtful is None:
        return
    from mfa_tui.adapters.aws.caller import Caller

    progress(Progress("asking", "Asking AWS for the time: this machine's clock was set"))
    with contextlib.suppress(KeyringProblem):
        if (session := context.cache.load_secrets(doubtful, control)) is not None:
            region = text(aws.merged(profile.base), "region") or profile.region
            context.aws.measure_clock(Caller(profile.base, session, region), control)
