"""Checks of the profiles in the AWS files, each problem with its remedy."""

from __future__ import annotations

import re

from mfa_tui.core.aws.mfa_serial import MfaSerial, checked_serial
from mfa_tui.core.awsfiles.awsconfig import (
    SERIAL_KEYS,
    SOURCE_KEY,
    TARGET_KEY,
    has_long_term_keys,
    has_session_keys,
    text,
)
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.problems.finding import Finding, Severity, from_error
from mfa_tui.core.problems.place import place_of
from mfa_tui.core.profiles.kind import SESSIONS, Kind
from mfa_tui.core.profiles.login_problems import (
    chain_problem,
    credential_source_problem,
    serial_problem,
    settings_problems,
)
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.profiles.target import check_target, foreign_credentials, stored_expiry, target_name
from mfa_tui.core.sessions.expiry import is_valid
from mfa_tui.core.text.display import format_account, in_words, quoted, shell_command, shortened_key, shown
from mfa_tui.errors import TargetRefused, UsageError, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.keys.known_user import KnownUser
    from mfa_tui.core.profiles.profile import Profile

_AWS_KEY_ID = "A(?:KIA|SIA)[A-Z0-9]{16}"
_SECRET_LENGTH = 40
"""Characters of every secret access key that AWS has given so far."""
_LISTED = 3
"""How many names a message gives at most."""


def check_profiles(
    aws: AwsConfig,
    names: Collection[str],
    pattern: str,
    *,
    now: float,
    active: str,
    users: Mapping[str, KnownUser] | None = None,
) -> Iterator[Finding]:
    """Problems of the profiles *names* of *aws*.

    *pattern* names targets (``{profile}-mfa``); *now* is in seconds since the epoch; *active* is the profile that the
    shell names, or empty; *users* are what AWS has said about the users of access keys, by their IDs.
    """
    profiles = [read_profile(aws, name) for name in aws.names]
    targets = {name: target_name(aws, name, pattern) for name in aws.names}
    for profile in profiles:
        name = profile.name
        if name not in names or _is_usual(aws, profile, targets[name]):
            continue
        yield from _check_kind(aws, profile)
        yield from _check_serial(aws, profile, (users or {}).get(profile.access_key_id))
        yield from _check_target(aws, profile, targets[name])
        yield from _check_secret(aws, profile)
        yield from _check_session(aws, profile, now=now, active=active)
    yield from _check_shared_targets(aws, profiles, names, targets)
    yield from _check_shared_keys(aws, profiles, names)


def _is_usual(aws: AwsConfig, profile: Profile, target: str) -> bool:
    """Whether a profile has long-term keys, a virtual device, and certainly no problem, as most of thousands have.

    If this is False, nothing is known.
    """
    name, serial = profile.name, profile.serial
    return (
        profile.usual
        and serial is not None
        and serial.is_usual
        and name not in aws.sources
        and name not in aws.with_more
        and len(text(aws.in_credentials(name), "aws_secret_access_key")) == _SECRET_LENGTH
        and target.replace("-", "").replace("_", "").isalnum()
        and target != "DEFAULT"
        and not aws.in_files(target)
    )


def _check_kind(aws: AwsConfig, profile: Profile) -> Iterator[Finding]:
    found = list(settings_problems(aws, profile.name, with_region=True))
    yield from found
    if profile.kind == Kind.BROKEN and not found and not _source_has_problem(aws, profile):
        yield chain_problem(aws, profile)
    elif profile.kind == Kind.CREDENTIAL_SOURCE and not found:
        yield credential_source_problem(aws, profile)
    elif profile.kind == Kind.NO_CREDENTIALS and text(aws.merged(profile.name), "mfa_serial") and not found:
        yield problem(
            "profile-without-keys",
            profile=profile.name,
            place=place_of(aws, profile.name, "mfa_serial"),
        )
    elif profile.kind == Kind.CREDENTIAL_PROCESS and profile.source:
        yield from _check_own_process(aws, profile)
    values = aws.merged(profile.name)
    if text(values, "source_profile") and "role_arn" not in values and profile.kind != Kind.NO_CREDENTIALS:
        yield problem("source-ignored", profile=profile.name, place=place_of(aws, profile.name, "source_profile"))


def _source_has_problem(aws: AwsConfig, profile: Profile) -> bool:
    """Whether what breaks the profile is a problem of one of its sources, which is reported there."""
    return any(
        next(settings_problems(aws, link, with_region=False), None) is not None
        for link in profile.chain[1:]
        if link in aws
    )


def _check_own_process(aws: AwsConfig, profile: Profile) -> Iterator[Finding]:
    """Problems of a profile that asks mfa-tui for credentials: of a missing profile, or in the end of itself."""
    asked = [profile.name]
    current = profile
    place = place_of(aws, profile.name, "credential_process")
    while current.kind == Kind.CREDENTIAL_PROCESS and current.source:
        asked.append(current.source)
        if current.source in asked[:-1]:
            ring = sentence(" → ".join(map(quoted, asked)))
            yield problem("process-loop", profile=profile.name, place=place, ring=ring)
            return
        current = read_profile(aws, current.source)
    missing = asked[-1]
    if missing not in aws:
        yield problem(
            "process-source-missing",
            profile=profile.name,
            place=place,
            source=quoted(missing),
            section=shown(profile.name),
        )


def _check_serial(aws: AwsConfig, profile: Profile, user: KnownUser | None) -> Iterator[Finding]:
    if not profile.takes_codes:
        return
    name = profile.name
    values = aws.merged(name)
    key = next((key for key in SERIAL_KEYS if text(values, key)), "")
    if key:
        try:
            checked_serial(text(values, key), f"the profile {quoted(name)}")
        except UsageError as error:
            found = serial_problem(aws, profile)
            yield found or from_error(error, profile=name)._replace(place=place_of(aws, name, key))
        else:
            yield from _check_account(aws, profile, key)
    elif profile.serial is None and profile.kind in (Kind.ACCESS_KEYS, Kind.STORED_KEYS):
        yield problem("profile-fido-only" if user is not None and user.fido_only else "serial-missing", profile=name)


def _check_account(aws: AwsConfig, profile: Profile, key: str) -> Iterator[Finding]:
    """A role whose serial is in another account than its source's: one of them is not the user's device."""
    source = profile.base
    if source == profile.name:
        return
    here = MfaSerial(text(aws.merged(profile.name), key)).account
    there = next((MfaSerial(value).account for name in SERIAL_KEYS if (value := text(aws.merged(source), name))), "")
    if here and there and here != there:
        place = place_of(aws, profile.name, key)
        yield problem(
            "serial-account",
            profile=profile.name,
            place=place,
            account=format_account(here),
            other=format_account(there),
            source=quoted(source),
        )


def _check_target(aws: AwsConfig, profile: Profile, target: str) -> Iterator[Finding]:
    if not profile.can_log_in:
        return
    try:
        check_target(aws, profile.name, target)
    except TargetRefused as error:
        remedy = f"Set {TARGET_KEY} = NAME in {quoted(profile.name)}, or use --as NAME at login."
        place = place_of(aws, profile.name, TARGET_KEY)
        yield Finding(error.slug, Severity.ERROR, error.what, error.why, remedy, profile.name, place)
        return
    foreign = foreign_credentials(aws, profile.name, target)
    if foreign:
        yield problem(
            "target-foreign",
            profile=profile.name,
            place=place_of(aws, target),
            target=shown(target),
            foreign=foreign,
        )


def _check_session(aws: AwsConfig, profile: Profile, *, now: float, active: str) -> Iterator[Finding]:
    """Problems of a profile that holds, or should hold, temporary credentials."""
    name = profile.name
    source = aws.source_of_target(name)
    if source is not None and source not in aws:
        place = place_of(aws, name, SOURCE_KEY)
        yield problem("source-missing", profile=name, place=place, source=quoted(source))
    values = aws.in_credentials(name) if has_session_keys(aws.in_credentials(name)) else aws.in_config(name)
    old, new = text(values, "aws_security_token"), text(values, "aws_session_token")
    if old and new and old != new:
        yield problem("token-old", profile=name, place=place_of(aws, name, "aws_security_token"))
    expires_at = stored_expiry(aws.merged(name))
    if profile.kind in SESSIONS and expires_at is not None and not is_valid(expires_at, now):
        renewal = "Renew it with the tool that wrote it."
        if source is not None and source in aws:
            renewal = shell_command(source, "mfa-tui login PROFILE")
        yield problem(
            "session-ended",
            profile=name,
            severity=Severity.WARNING if name == active else Severity.HINT,
            why="This shell uses it, so AWS refuses what is run here." if name == active else "",
            remedy=renewal,
        )


def _check_shared_targets(
    aws: AwsConfig, profiles: Collection[Profile], names: Collection[str], targets: Mapping[str, str]
) -> Iterator[Finding]:
    """Profiles that are saved in the same section: it holds the session of the last login."""
    if len(frozenset(targets.values())) == len(targets):
        return
    writers: dict[str, list[str]] = {}
    for profile in profiles:
        if profile.can_log_in:
            writers.setdefault(targets[profile.name], []).append(profile.name)
    for target, sharing in writers.items():
        if len(sharing) > 1 and any(name in names for name in sharing):
            found = problem(
                "target-shared", sharing=in_words([quoted(name) for name in sharing], _LISTED), target=shown(target)
            )
            yield found._replace(profile=sharing[0], place=place_of(aws, sharing[0], TARGET_KEY))


def _check_shared_keys(aws: AwsConfig, profiles: Collection[Profile], names: Collection[str]) -> Iterator[Finding]:
    """One access key in several places: harmless if its secret is the same, but each copy must be changed with it."""
    holders: dict[str, list[tuple[str, str]]] = {}
    copied = _copied_key_ids(aws, profiles)
    for profile in profiles if copied else ():
        for values in (aws.in_credentials(profile.name), aws.in_config(profile.name)):
            if text(values, "aws_access_key_id") in copied and has_long_term_keys(values):
                copy = profile.name, text(values, "aws_secret_access_key")
                holders.setdefault(text(values, "aws_access_key_id"), []).append(copy)
    for key_id, copies in holders.items():
        sharing = list(dict.fromkeys(name for name, _ in copies))
        if len(copies) == 1 or not any(name in names for name in sharing):
            continue
        in_both_files = len(sharing) == 1
        where = (
            f"Both files have, in {quoted(sharing[0])},"
            if in_both_files
            else f"{in_words([quoted(name) for name in sharing], _LISTED)} have"
        )
        differ = len({secret for _, secret in copies if secret}) > 1
        rows = ("keys-shared", "keys-shared-in-both"), ("keys-differ", "keys-differ-in-both")
        row = rows[differ][in_both_files]
        found = problem(row, where=where, shortened=shortened_key(key_id))
        yield found._replace(profile=sharing[0], place=place_of(aws, sharing[0], "aws_access_key_id"))


def _copied_key_ids(aws: AwsConfig, profiles: Collection[Profile]) -> set[str]:
    """The access key IDs that are in several places."""
    seen: set[str] = set()
    copied: set[str] = set()
    for profile in profiles:
        for values in (aws.in_credentials(profile.name), aws.in_config(profile.name)):
            if "aws_access_key_id" in values and (key_id := text(values, "aws_access_key_id")):
                (copied if key_id in seen else seen).add(key_id)
    return copied


def _check_secret(aws: AwsConfig, profile: Profile) -> Iterator[Finding]:
    """A secret access key that cannot be one of AWS's; those of other services may have any form."""
    for values in (aws.in_credentials(profile.name), aws.in_config(profile.name)):
        secret = text(values, "aws_secret_access_key")
        if not text(values, "aws_access_key_id"):
            continue
        if secret and re.fullmatch(_AWS_KEY_ID, text(values, "aws_access_key_id")) and len(secret) != _SECRET_LENGTH:
            place = place_of(aws, profile.name, "aws_secret_access_key")
            yield problem("secret-length", profile=profile.name, place=place, length=len(secret))
        # AWS tools take the keys of the credentials file whole, or those of the config file.
        return
