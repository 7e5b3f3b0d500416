"""Whose credentials they are, as AWS says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.errors import Cancelled, MfaTuiError
from mfa_tui.services.sessions.device_discovery import base_caller
from mfa_tui.services.sessions.external_credentials import get_user_keys
from mfa_tui.services.sessions.refusals import error_for
from mfa_tui.services.sessions.send_code import retry_after_clock_sync

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.aws.iam import Identity
    from mfa_tui.core.history.entry import Entry
    from mfa_tui.services.operation import Operation


def ask_identity(operation: Operation, caller: Caller, *, profile: str = "") -> Identity:
    """Ask AWS whose credentials *caller* has (GetCallerIdentity, which needs no permission).

    *profile* is the one to name in errors, by default the caller's.
    Raises AwsRefused, NetworkProblem, ConfigError, Cancelled.
    """
    context = operation.context
    try:
        found = retry_after_clock_sync(operation, lambda: context.iam.get_identity(caller, operation.cancel))
    except (AwsError, AwsUnreachable) as failure:
        named = caller._replace(profile=profile or caller.profile)
        raise error_for(failure, named, offset=context.clock.known_offset) from None
    # Not at the top: a login with a valid session loads this module, and asks nobody.
    from mfa_tui.services.profiles.known_user import remember_identity

    remember_identity(context.paths, caller.keys, found)
    return found


def with_arn(operation: Operation, entry: Entry) -> Entry:
    """*entry* of the history with the ARN of who signed its calls, asked of AWS if the profile still has that key.

    Without an answer it stays as it is. Raises Cancelled.
    """
    context = operation.context
    try:
        files, profile = context.resolve(entry.profile)
        keys = get_user_keys(operation, files, profile)
        if not entry.arn and keys.source_key_id == entry.signer:
            ask_identity(operation, base_caller(files, profile, keys))
    except Cancelled:
        raise
    except MfaTuiError:
        return entry
    return context.history.with_known_arn(entry)
