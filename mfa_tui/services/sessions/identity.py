"""Whose credentials they are, as AWS says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.services.sessions.refusals import error_for
from mfa_tui.services.sessions.send_code import retry_after_clock_sync

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.aws.iam import Identity
    from mfa_tui.services.operation import Operation


def ask_identity(operation: Operation, caller: Caller, *, profile: str = "") -> Identity:
    """Ask AWS whose credentials *caller* has (GetCallerIdentity, which needs no permission).

    *profile* is the one to name in errors, by default the caller's.
    Raises AwsRefused, NetworkProblem, ConfigError, Cancelled.
    """
    context = operation.context
    try:
        return retry_after_clock_sync(operation, lambda: context.iam.get_identity(caller, operation.cancel))
    except (AwsError, AwsUnreachable) as failure:
        named = caller._replace(profile=profile or caller.profile)
        raise error_for(failure, named, offset=context.clock.offset or 0.0) from None
