"""What is wrong with the profiles of the AWS files, and what would mend it."""

from __future__ import annotations

from mfa_tui.core.awsconfig import TARGET_KEY, has_long_term_keys, has_session_keys, text
from mfa_tui.core.findings import Finding, Severity, from_error, harmless, quoted, word
from mfa_tui.core.ini import shown
from mfa_tui.core.profiles import ROLES, SESSIONS, Kind, understand
from mfa_tui.core.serial import checked_serial
from mfa_tui.core.targets import check_target, foreign_credentials, target_name, written_expiry
from mfa_tui.errors import TargetRefused, UsageError, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from mfa_tui.core.awsconfig import AwsConfig
    from mfa_tui.core.profiles import Profile

_LISTED = 3
"""How many names a message tells at most."""
_COMPARED = 200
"""Among how many profiles one of a like name is looked for."""


def check_profiles(
    aws: AwsConfig, names: Collection[str], pattern: str, *, now: float, active: str
) -> Iterator[Finding]:
    """What is wrong with the profiles *names* of *aws*.

    *pattern* names targets (``{profile}-mfa``); *now* is in seconds since the epoch; *active* is the profile that the
    shell names, or empty.
    """
    profiles = [understand(aws, name) for name in aws.names]
    for profile in profiles:
        if profile.name not in names:
            continue
        yield from _check_kind(aws, profile)
        yield from _check_serial(aws, profile)
        yield from _check_target(aws, profile, pattern)
        yield from _check_session(aws, profile, now=now, active=active)
    yield from _check_shared_targets(aws, profiles, names, pattern)
    yield from _check_shared_keys(aws, profiles, names)


def _check_kind(aws: AwsConfig, profile: Profile) -> Iterator[Finding]:
    name = quoted(profile.name)
    if profile.kind in (Kind.BROKEN, Kind.CREDENTIAL_SOURCE):
        # The SDKs can use the latter: it is just none for a login.
        severity = Severity.HINT if profile.kind == Kind.CREDENTIAL_SOURCE else Severity.ERROR
        remedy = _remedy(aws, profile)
        what = f"{name}: {harmless(profile.problem)}."
        yield Finding("profile-broken", severity, what, "", remedy, profile.name)
    elif profile.kind == Kind.NO_CREDENTIALS and text(aws.merged(profile.name), "mfa_serial"):
        yield Finding(
            "profile-without-keys",
            Severity.WARNING,
            f"{name} names an MFA device, but has no credentials in the AWS files.",
            "A login needs its long-term access keys. Perhaps another tool keeps them in a keyring.",
            f"aws configure --profile {word(profile.name)}",
            profile.name,
        )
    elif profile.kind == Kind.CREDENTIAL_PROCESS and profile.source:
        yield from _check_own_process(aws, profile)


def _check_own_process(aws: AwsConfig, profile: Profile) -> Iterator[Finding]:
    """A profile that asks mfa-tui for credentials: of a profile that there is, and not of itself in the end."""
    asked = [profile.name]
    current = profile
    while current.kind == Kind.CREDENTIAL_PROCESS and current.source:
        asked.append(current.source)
        if current.source in asked[:-1]:
            yield Finding(
                "process-loop",
                Severity.ERROR,
                f"{quoted(profile.name)} asks mfa-tui for credentials in a ring.",
                sentence(" → ".join(map(quoted, asked))),
                "Point its credential_process at a profile with credentials of its own.",
                profile.name,
            )
            return
        current = understand(aws, current.source)
    missing = asked[-1]
    if missing not in aws:
        yield Finding(
            "source-missing",
            Severity.ERROR,
            f"{quoted(profile.name)} asks mfa-tui for credentials of {quoted(missing)}, which is in neither AWS file.",
            "",
            f"Add {quoted(missing)} again, or remove [{shown(profile.name)}]: mfa-tui logout {word(profile.name)}",
            profile.name,
        )


def _remedy(aws: AwsConfig, profile: Profile) -> str:
    """What would mend a broken profile. Its chain ends where following it was not possible."""
    end = profile.base
    values = aws.merged(end)
    source = text(values, "source_profile")
    if not text(values, "role_arn") or has_long_term_keys(values):
        if text(values, "aws_access_key_id") and not text(values, "aws_secret_access_key"):
            return f"Add aws_secret_access_key to [{shown(end)}]; a lost one needs a new access key."
        if understand(aws, end).kind == Kind.NO_CREDENTIALS:
            return f"Give {quoted(end)} its access keys: aws configure --profile {word(end)}"
        return f"Correct that in {quoted(profile.name)}, or name another source_profile."
    if source and source not in aws:
        return f"Add a profile {quoted(source)}, or correct source_profile in {quoted(end)}.{_near(aws, source)}"
    if source:
        if understand(aws, source).kind in (*ROLES, Kind.BROKEN):
            return f"Correct source_profile in {quoted(end)}: the chain must end at a profile with credentials."
        return f"Correct that in {quoted(end)}."
    if text(values, "credential_source"):
        return "It works where that is (EC2, ECS); for a login, give it a source_profile instead."
    include = text(values, "include_profile")
    if include:
        return f"include_profile is read by aws-vault only: copy what {quoted(include)} says into {quoted(end)}."
    return f"Add source_profile to {quoted(end)}: the profile whose credentials may assume the role."


def _near(aws: AwsConfig, name: str) -> str:
    import difflib

    # Comparing takes its time, and each broken profile of thousands would take it again.
    near = difflib.get_close_matches(name, aws.names if len(aws.names) <= _COMPARED else (), n=1)
    return f" Did you mean {quoted(near[0])}?" if near else ""


def _check_serial(aws: AwsConfig, profile: Profile) -> Iterator[Finding]:
    if profile.keys is None:
        return
    values = aws.merged(profile.name)
    key = "mfa_serial" if text(values, "mfa_serial") else "aws_mfa_device"
    serial = text(values, key)
    if serial:
        try:
            checked_serial(serial, f"{key} of {quoted(profile.name)}")
        except UsageError as error:
            yield from_error(error, profile=profile.name)
    elif profile.serial is None and profile.kind == Kind.ACCESS_KEYS:
        yield Finding(
            "serial-missing",
            Severity.HINT,
            f"{quoted(profile.name)} names no MFA device.",
            "AWS is asked for it at each login, which its policies may not allow before MFA.",
            f"mfa-tui login {word(profile.name)} --save-serial",
            profile.name,
        )


def _check_target(aws: AwsConfig, profile: Profile, pattern: str) -> Iterator[Finding]:
    if not profile.can_log_in:
        return
    target = target_name(aws, profile.name, pattern)
    try:
        check_target(aws, profile.name, target)
    except TargetRefused as error:
        remedy = f"Set {TARGET_KEY} = NAME in {quoted(profile.name)}, or give --as NAME at login."
        yield Finding(error.slug, Severity.ERROR, error.what, error.why, remedy, profile.name)
        return
    foreign = foreign_credentials(aws, profile.name, target)
    if foreign:
        yield Finding(
            "target-foreign",
            Severity.HINT,
            f"The target [{shown(target)}] of {quoted(profile.name)} holds {foreign}.",
            "A login asks before it replaces that; in scripts it is refused.",
            f"mfa-tui login {word(profile.name)} --overwrite, or --as another section",
            profile.name,
        )


def _check_session(aws: AwsConfig, profile: Profile, *, now: float, active: str) -> Iterator[Finding]:
    """What a profile that holds, or should hold, temporary credentials has to say."""
    name = profile.name
    source = aws.source_of_target(name)
    if source is not None and source not in aws:
        yield Finding(
            "source-missing",
            Severity.WARNING,
            f"{quoted(name)} holds a session of {quoted(source)}, which is in neither AWS file.",
            "It cannot be renewed.",
            f"Add {quoted(source)} again, or remove the session: mfa-tui logout {word(name)}",
            name,
        )
    values = aws.in_credentials(name) if has_session_keys(aws.in_credentials(name)) else aws.in_config(name)
    old, new = text(values, "aws_security_token"), text(values, "aws_session_token")
    if old and new and old != new:
        yield Finding(
            "token-old",
            Severity.ERROR,
            f"{quoted(name)} has an aws_security_token that is not its aws_session_token.",
            "boto3 and the AWS CLI take the first, an older name of the second, and AWS refuses it.",
            "Delete the line aws_security_token.",
            name,
        )
    expires_at = written_expiry(aws.merged(name))
    if profile.kind in SESSIONS and expires_at is not None and expires_at <= now:
        known = source is not None and source in aws
        renewal = f"mfa-tui login {word(source or '')}" if known else "Renew it with the tool that wrote it."
        yield Finding(
            "session-ended",
            Severity.WARNING if name == active else Severity.HINT,
            f"The session in {quoted(name)} has ended.",
            "This shell names it: AWS refuses what is run here." if name == active else "",
            renewal,
            name,
        )


def _check_shared_targets(
    aws: AwsConfig, profiles: Collection[Profile], names: Collection[str], pattern: str
) -> Iterator[Finding]:
    """Profiles that write the same section: whose session it holds is who logged in last."""
    writers: dict[str, list[str]] = {}
    for profile in profiles:
        if profile.can_log_in:
            writers.setdefault(target_name(aws, profile.name, pattern), []).append(profile.name)
    for target, sharing in writers.items():
        if len(sharing) > 1 and any(name in names for name in sharing):
            yield Finding(
                "target-shared",
                Severity.WARNING,
                f"{_listed(sharing)} have the same target, [{shown(target)}].",
                "Each login replaces the session of the other.",
                f"Set {TARGET_KEY} to another name in one of them.",
                sharing[0],
            )


def _check_shared_keys(aws: AwsConfig, profiles: Collection[Profile], names: Collection[str]) -> Iterator[Finding]:
    """One access key in several profiles: harmless, but each copy must be changed when the key is."""
    holders: dict[str, list[str]] = {}
    for profile in profiles:
        for values in (aws.in_credentials(profile.name), aws.in_config(profile.name)):
            if has_long_term_keys(values):
                holders.setdefault(text(values, "aws_access_key_id"), []).append(profile.name)
    for key_id, copies in holders.items():
        sharing = list(dict.fromkeys(copies))
        if len(copies) > 1 and any(name in names for name in sharing):
            where = f"{_listed(sharing)} have" if len(sharing) > 1 else f"Both files have, in {quoted(sharing[0])},"
            yield Finding(
                "keys-shared",
                Severity.HINT,
                f"{where} the same access key ({key_id[:4]}…{key_id[-4:]}).",
                "Each copy must be changed when the key is rotated.",
                "Keep it in one profile, and name that as source_profile in the others.",
                sharing[0],
            )


def _listed(names: Sequence[str]) -> str:
    """Names in a message: a few of them, and how many more there are."""
    first = [quoted(name) for name in names[:_LISTED]]
    more = len(names) - _LISTED
    return f"{', '.join(first)} and {more} more" if more > 0 else " and ".join(first)
