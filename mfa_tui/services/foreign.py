"""Credentials of a role's source that mfa-tui does not make itself: IAM Identity Center, a credential process."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from mfa_tui.adapters.aws import NoAnswer, SourceSilent
from mfa_tui.core.profiles import Kind, Profile
from mfa_tui.errors import AwsRefused, sentence
from mfa_tui.services.explain import no_answer

if TYPE_CHECKING:
    from mfa_tui.adapters.control import Control
    from mfa_tui.models import Session
    from mfa_tui.services.context import Context

_AT_THE_SOURCE = {
    Kind.SSO: "Sign in to it: aws sso login --profile {base}",
    Kind.AWS_LOGIN: "Sign in to it: aws login --profile {base}",
    Kind.SESSION: "Its temporary credentials may have ended: renew them.",
    Kind.AWS_CLI_SESSION: "Renew it: aws configure mfa-login",
}


def foreign_session(context: Context, profile: Profile, control: Control) -> Session:
    """What the base of *profile*, which has no access keys, gives through botocore. It is not kept.

    Raises AwsRefused (``source-silent``), NetworkProblem, ConfigError, Cancelled.
    """
    base = profile.base
    try:
        return context.aws.credentials_of(base, profile.origin, control)
    except NoAnswer as failure:
        raise no_answer(failure) from None
    except SourceSilent as silence:
        raise AwsRefused(
            "source-silent",
            f"The source {base!r} of {profile.name!r} gives no credentials now.",
            sentence(str(silence)),
            _AT_THE_SOURCE.get(profile.base_kind, "See that it works: {aws}").format(
                base=quote(base), aws=f"aws sts get-caller-identity --profile {quote(base)}"
            ),
        ) from None
