"""From what the user says to the profile that is meant."""

from __future__ import annotations

from shlex import quote

from mfa_tui.core.environment import PROFILES, profile_of_shell
from mfa_tui.core.profiles import Kind, Profile, understand
from mfa_tui.core.targets import source_of
from mfa_tui.errors import ProfileProblem, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.awsconfig import AwsConfig

DEFAULT = "default"


def source_profile(aws: AwsConfig, name: str | None, env: Mapping[str, str], pattern: str) -> str:
    """The profile that *name* means: itself, or the source if it is one of our targets, written already or not.

    Without a name it is the shell's profile, else ``default``.
    Raises ProfileProblem (``profile-unknown``, ``source-missing``).
    """
    asked = (profile_of_shell(env) or DEFAULT) if name is None else name
    source = source_of(aws, asked, pattern)
    if source is None and asked in aws:
        return asked
    if source is not None and source in aws:
        return source
    if source is not None:
        raise ProfileProblem(
            "source-missing",
            f"The profile {asked!r} holds a session of {source!r}, which is in neither AWS file.",
            "",
            f"Add {source!r} again, or remove the session: mfa-tui logout {quote(asked)}",
        )
    variable = next((key for key in PROFILES if env.get(key)), "")
    raise _unknown_profile(
        aws, asked, "" if name is not None else f" (from {variable})" if variable else " and no profile was named"
    )


def able_profile(aws: AwsConfig, name: str) -> Profile:
    """The profile *name*, if it can log in. Raises ProfileProblem (``profile-kind``, ``profile-broken``)."""
    profile = understand(aws, name)
    if profile.can_log_in:
        return profile
    slug = "profile-broken" if profile.kind == Kind.BROKEN else "profile-kind"
    remedies = {
        Kind.BROKEN: "Correct it in the AWS files; mfa-tui list shows all profiles.",
        Kind.NO_CREDENTIALS: f"Add access keys: aws configure --profile {quote(name)}",
    }
    raise ProfileProblem(
        slug,
        f"The profile {name!r} cannot log in with MFA.",
        sentence(profile.problem),
        remedies.get(profile.kind, "Log in to a profile with access keys; mfa-tui list shows all profiles."),
    )


def _unknown_profile(aws: AwsConfig, asked: str, where: str) -> ProfileProblem:
    """The error for a profile that is in neither file, with the nearest names."""
    import difflib

    near = difflib.get_close_matches(asked, aws.names, n=3, cutoff=0.5)
    if near:
        remedy = f"Did you mean {', '.join(near)}? mfa-tui list shows all profiles."
    elif aws.names:
        remedy = "mfa-tui list shows all profiles."
    else:
        remedy = "Make one with aws configure, then try again."
    return ProfileProblem("profile-unknown", f"There is no profile {asked!r} in the AWS files{where}.", "", remedy)
