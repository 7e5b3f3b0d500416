"""Credentials that are not in the AWS files: stored keys, those of IAM Identity Center, or of a credential process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsUnreachable, CredentialsUnavailable, ProgramUnavailable
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.shells.variables import export_command
from mfa_tui.core.text.display import shell_command, shortened_key
from mfa_tui.errors import AwsRefused, KeyringProblem, ProfileProblem, sentence
from mfa_tui.models import AccessKeys
from mfa_tui.services.sessions.refusals import network_problem

if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.models import Session
    from mfa_tui.services.operation import Operation

_AT_THE_SOURCE = {
    Kind.SSO: "Sign in to it: aws sso login --profile PROFILE",
    Kind.AWS_LOGIN: "Sign in to it: aws login --profile PROFILE",
    Kind.SESSION: "Its temporary credentials may have expired: renew them.",
    Kind.AWS_CLI_SESSION: "Renew it: aws configure mfa-login",
}
_INSTALL_IT = "Install that program, or correct credential_process in {}."
_TRY_IT = "Check that it works: aws sts get-caller-identity --profile PROFILE"


def get_base_credentials(operation: Operation, files: AwsConfig, profile: Profile) -> AccessKeys | Session:
    """Get the credentials of the base of *profile*: long-term keys, or a session of another tool, which is not cached.

    A credential process is run, and a stored key loaded, once in a command.
    Raises AwsRefused (``source-silent``), NetworkProblem, ConfigError, KeyringProblem, Cancelled.
    """
    if profile.keys is not None:
        return profile.keys
    if profile.stored_key_id:
        return load_stored_keys(operation, profile)
    context, base = operation.context, profile.base
    operation.progress("asking", f"Getting the credentials of {base}")
    try:
        if profile.base_kind != Kind.CREDENTIAL_PROCESS:
            return context.aws.load_profile_credentials(base, profile.credential_id, operation.cancel)
        if profile.credential_id not in context.given:
            from mfa_tui.adapters.programs.credential_process import run_credential_process

            line = text(files.merged(base), "credential_process")
            context.given[profile.credential_id] = run_credential_process(
                line, base, profile.credential_id, operation.cancel, context.prompts
            )
        return context.given[profile.credential_id]
    except AwsUnreachable as failure:
        raise network_problem(failure) from None
    except CredentialsUnavailable as silence:
        if isinstance(silence, ProgramUnavailable):
            remedy = _INSTALL_IT.format(repr(base))
        else:
            remedy = shell_command(base, _AT_THE_SOURCE.get(profile.base_kind, _TRY_IT))
        whose = f"The source {base!r} of {profile.name!r}" if base != profile.name else f"The profile {base!r}"
        raise AwsRefused(
            "source-silent",
            f"{whose} provided no credentials.",
            sentence(str(silence)),
            remedy,
        ) from None


def load_stored_keys(operation: Operation, profile: Profile) -> AccessKeys:
    """Load the stored long-term keys of *profile*. Raises KeyringProblem (``key-missing`` and others), Cancelled."""
    context, key_id = operation.context, profile.stored_key_id
    known = context.given.get(key_id)
    if isinstance(known, AccessKeys):
        return known
    place = context.key_store.place(key_id)
    operation.progress("keyring", f"Reading the access key of {profile.base} from the {place}")
    found = context.key_store.load(key_id, operation.cancel)
    if found is None:
        from mfa_tui.core.problems.catalogue import problem

        named = shortened_key(key_id)
        raise problem("key-missing", profile=profile.base, place_name=place, shortened=named).as_error(KeyringProblem)
    context.given[key_id] = found
    return found


def get_user_keys(operation: Operation, files: AwsConfig, profile: Profile) -> AccessKeys:
    """Get the long-term keys of the user behind *profile*.

    Raises ProfileProblem (``no-user``), and what :func:`get_base_credentials` raises.
    """
    found = get_base_credentials(operation, files, profile) if profile.has_user else None
    if isinstance(found, AccessKeys):
        return found
    if found is not None:
        raise process_gives_session(profile)
    raise ProfileProblem(
        "no-user",
        f"The profile {profile.name!r} has no IAM user's access keys behind it.",
        "MFA devices belong to IAM users.",
        "Name a profile with access keys; mfa-tui list shows all profiles.",
    )


def process_gives_session(profile: Profile) -> ProfileProblem:
    """The error where a credential process provides temporary credentials, and long-term keys are needed."""
    return ProfileProblem(
        "profile-kind",
        f"The profile {profile.name!r} cannot log in with MFA.",
        f"The credential process of {profile.base!r} provides temporary credentials; login starts from long-term keys.",
        f"Use it as it is: {export_command(profile.name)}",
    )
