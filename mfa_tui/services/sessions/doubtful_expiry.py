"""Asking AWS what time it is, where that decides whether a session is still valid."""

from __future__ import annotations

import contextlib

from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.errors import KeyringProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.services.operation import Operation


def ask_time_if_in_doubt(operation: Operation, files: AwsConfig, profile: Profile) -> None:
    """If a session of *profile* has expired only because this machine's clock was set, ask AWS for the time.

    Any answer tells the time; without one the machine's clock is believed. Raises Cancelled.
    """
    context = operation.context
    in_doubt = context.cache.find_possibly_live(profile.credential_id)
    if in_doubt is None:
        return
    from mfa_tui.adapters.aws.caller import Caller

    operation.progress("asking", "Asking AWS for the time: this machine's clock was set")
    with contextlib.suppress(KeyringProblem):
        if (session := context.cache.load_secrets(in_doubt, operation.cancel)) is not None:
            region = text(files.merged(profile.base), "region") or profile.region
            context.aws.measure_clock(Caller(profile.base, session, region), operation.cancel)
