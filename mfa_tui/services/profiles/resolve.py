"""Resolving the name that the user gives: which profile it means, and whether that can log in."""

from __future__ import annotations

from typing import NamedTuple

from mfa_tui.core.aws.mfa_serial import checked_serial
from mfa_tui.core.awsfiles.awsconfig import DEFAULT
from mfa_tui.core.awsfiles.ini import DEFAULTS
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.profiles.profile import Profile, read_profile
from mfa_tui.core.profiles.target import source_of
from mfa_tui.core.shells.variables import PROFILES, profile_of_shell
from mfa_tui.core.text.display import shell_command, shell_word
from mfa_tui.errors import FileProblem, ProfileProblem, UsageError, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.problems.finding import Finding


FIRST_PROFILE = "Run mfa-tui to set one up."
"""What to do where there is no profile at all. Not ``aws configure``: it may be missing, and makes only ``default``."""
_UNNAMED = ", and no profile was named"


class ResolvedProfile(NamedTuple):
    """The AWS files, and a profile in them."""

    files: AwsConfig
    """Both files, as they were read."""
    profile: Profile
    """What the profile means in them."""


def source_profile(
    aws: AwsConfig, name: str | None, env: Mapping[str, str], pattern: str, scopes: Sequence[str] = ()
) -> str:
    """The profile that *name* means: itself, or the source if it is one of our targets, written already or not.

    Without a name it is the shell's profile, else ``default``. *scopes* are the names
    of the scopes in the settings.
    Raises ProfileProblem: ``profile-unknown``, ``source-missing``, or ``scope-only`` if *name* is limited to a scope.
    """
    source, scope = source_and_scope(aws, name, env, pattern, scopes)
    if scope:
        asked = asked_profile(name, env)
        raise ProfileProblem(
            "scope-only",
            f"{asked!r} is {source!r} limited to the scope {scope}, and this needs all permissions of {source!r}.",
            "A target with a scope never means more than that scope.",
            f"Name the profile itself: {shell_word(source)}",
        )
    return source


def asked_profile(name: str | None, env: Mapping[str, str]) -> str:
    """The name that was given, else the shell's profile, else ``default``."""
    return (profile_of_shell(env) or DEFAULT) if name is None else name


def source_and_scope(
    aws: AwsConfig, name: str | None, env: Mapping[str, str], pattern: str, scopes: Sequence[str]
) -> tuple[str, str]:
    """The profile that *name* means, and the scope that it is limited to; empty for none. See :func:`source_profile`.

    Raises ProfileProblem (``profile-unknown``, ``source-missing``).
    """
    asked = asked_profile(name, env)
    if asked not in aws and source_of(aws, asked, pattern) is None:
        from mfa_tui.core.profiles.scoped_target import unwritten_scoped_target

        if (found := unwritten_scoped_target(aws, asked, scopes)) is not None:
            return found
    scope = aws.scope_of_target(asked)
    return _source_profile(aws, asked, env, pattern, named=name is not None), scope


def _source_profile(aws: AwsConfig, asked: str, env: Mapping[str, str], pattern: str, *, named: bool) -> str:
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
            f"Add {source!r} again, or remove the session: {shell_command(asked, 'mfa-tui logout PROFILE')}",
        )
    variable = next((key for key in PROFILES if env.get(key)), "")
    raise _unknown_profile(aws, asked, "" if named else f" (from {variable})" if variable else _UNNAMED)


def resolve(
    files: AwsConfig, name: str | None, env: Mapping[str, str], pattern: str, scopes: Sequence[str] = ()
) -> ResolvedProfile:
    """What *name* means in *files*; see :func:`source_profile`, and ``Context.resolve``, which reads the files."""
    return ResolvedProfile(files, read_profile(files, source_profile(files, name, env, pattern, scopes)))


def resolve_with_scope(
    files: AwsConfig, name: str | None, env: Mapping[str, str], pattern: str, scopes: Sequence[str]
) -> tuple[ResolvedProfile, str]:
    """As :func:`resolve`, with the scope that *name* is limited to; empty for none."""
    source, scope = source_and_scope(files, name, env, pattern, scopes)
    return ResolvedProfile(files, read_profile(files, source)), scope


def check_encoding(aws: AwsConfig) -> None:
    """Make sure that the AWS SDK can read both files in the locale's encoding. Raises FileProblem (``file-locale``)."""
    if aws.config.render().isascii() and aws.credentials.render().isascii():
        # ASCII reads the same in every locale. Every login runs this, and almost none needs what is loaded below.
        return
    import os

    from mfa_tui.adapters.aws.sdk_checks import sdk_encoding
    from mfa_tui.core.profiles.sdk_problems import locale_problem

    if (unread := locale_problem(aws, sdk_encoding, windows=os.name == "nt")) is not None:
        raise FileProblem(unread.code, unread.what, unread.why, unread.remedy)


def check_can_log_in(aws: AwsConfig, profile: Profile, env: Mapping[str, str] | None = None) -> None:
    """Make sure that *profile* can log in, as far as that is known before its credential process is run.

    With *env*, the region that a request needs is checked as well.

    Raises ProfileProblem: ``profile-kind``, ``profile-broken``, or the problem in its settings or its sources'.
    """
    from mfa_tui.core.profiles.login_problems import login_problem

    name = profile.name
    what = f"The profile {name!r} cannot log in with MFA."
    if (fault := login_problem(aws, profile, env)) is not None:
        whose = "" if fault.profile in ("", name) else f"source {fault.profile!r}: "
        why = sentence(f"{whose}{fault.brief}")
        reason = f" {fault.why}" if fault.why else ""
        raise ProfileProblem(fault.code, what, why + reason, fault.remedy, where=fault.where, place=fault.place)
    if not (profile.can_log_in or (profile.has_user and profile.kind != Kind.BROKEN)):
        raise cannot_log_in(aws, profile)


def cannot_log_in(aws: AwsConfig, profile: Profile) -> ProfileProblem:
    """The error for a profile that cannot log in."""
    name = profile.name
    if profile.kind == Kind.NO_CREDENTIALS and (header := _misread_header(aws, name)) is not None:
        why = f"{sentence(profile.problem)} {header.what} {header.why}"
        what = f"The profile {name!r} cannot log in with MFA."
        return ProfileProblem("profile-kind", what, why, header.remedy, where=header.where, place=header.place)
    remedies = {Kind.NO_CREDENTIALS: f"Add access keys: {shell_command(name, 'aws configure --profile PROFILE')}"}
    return ProfileProblem(
        "profile-broken" if profile.kind == Kind.BROKEN else "profile-kind",
        f"The profile {name!r} cannot log in with MFA.",
        sentence(profile.problem),
        remedies.get(profile.kind, "Log in to a profile with access keys; mfa-tui list shows all profiles."),
    )


def known_serial(aws: AwsConfig, profile: Profile, given: str) -> MfaSerial | None:
    """The device that *profile* logs in with: *given* by the user, else named in the files; None if neither is.

    Raises as :func:`checked_serial_of`.
    """
    if not profile.has_user:
        return None
    if given:
        return checked_serial(given, "--serial")
    return checked_serial_of(aws, profile, profile.serial) if profile.serial is not None else None


def checked_serial_of(aws: AwsConfig, profile: Profile, serial: MfaSerial) -> MfaSerial:
    """The *serial* of a profile, as it may be sent to AWS.

    Raises UsageError (``serial-malformed``, ``serial-fido``, ``serial-sms``), which names the profile and the line
    that has it: a role's serial may be its source's.
    """
    if serial.is_usual and aws.merged(profile.name).get("mfa_serial") == serial.text:
        # Nearly all are like this, and loading the checks takes a fifth of a start of Python.
        return serial
    from mfa_tui.core.profiles.login_problems import serial_owner, serial_problem

    if (fault := serial_problem(aws, profile)) is not None:
        raise fault.as_error(UsageError)
    return checked_serial(serial.text, f"the profile {serial_owner(aws, profile)!r}")


def _unknown_profile(aws: AwsConfig, asked: str, where: str) -> ProfileProblem:
    """The error for a profile that is in neither file, with the nearest names."""
    import difflib

    what = f"There is no profile {asked!r} in the AWS files{where}."
    if (header := _misread_header(aws, asked)) is not None:
        why = f"{header.what} {header.why}"
        return ProfileProblem("profile-unknown", what, why, header.remedy, where=header.where, place=header.place)
    # What is like the word "default" is not what somebody meant who named nothing.
    near = [] if where == _UNNAMED else difflib.get_close_matches(asked, aws.names, n=3, cutoff=0.5)
    if near:
        remedy = f"Did you mean {', '.join(near)}? mfa-tui list shows all profiles."
    elif aws.names:
        remedy = "mfa-tui list shows all profiles."
    else:
        remedy = FIRST_PROFILE
    return ProfileProblem("profile-unknown", what, "", remedy)


def _misread_header(aws: AwsConfig, name: str) -> Finding | None:
    """The header of a section that was meant for the profile *name*, but is read as another; None if there is none."""
    from mfa_tui.core.doctor.section_header_checks import UNREAD, check_headers

    # Keys in [DEFAULT] are no profile's.
    codes = (*UNREAD, "header-for-all") if name == DEFAULTS else UNREAD
    return next((each for each in check_headers(aws, [name]) if each.place and each.code in codes), None)
