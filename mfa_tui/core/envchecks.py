"""What stands in the way in the environment: variables outrank every profile of the AWS files.

The order of credentials is botocore's (``botocore.credentials``, 1.44): keys in the environment come before all else,
``AWS_SECURITY_TOKEN`` before ``AWS_SESSION_TOKEN``, and ``AWS_CREDENTIAL_EXPIRATION`` in the past makes it fail.
"""

from __future__ import annotations

from mfa_tui.core.environment import KEYS, PROFILES, exported
from mfa_tui.core.expiry import parse_expiry
from mfa_tui.core.findings import Finding, Severity, quoted, word
from mfa_tui.core.othertools import SHELL_MARKS
from mfa_tui.core.targets import source_by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mfa_tui.core.awsconfig import AwsConfig

_EXPIRIES = ("AWS_CREDENTIAL_EXPIRATION", "AWS_SESSION_EXPIRATION")
"""UTC. The second is what Granted exports beside the first."""


def check_keys(env: Mapping[str, str], now: float) -> Iterator[Finding]:
    """Credentials in the environment; *now* in seconds since the epoch."""
    present = [name for name in (*KEYS, *_EXPIRIES) if name in env]
    key_id = env.get("AWS_ACCESS_KEY_ID", "")
    if not key_id:
        return
    owner = exported(env)[1]
    unset = "mfa-tui use --unset" if owner else f"unset {' '.join(present)}"
    writer = next((tool for name, tool in SHELL_MARKS.items() if env.get(name)), "")
    by = f" They seem to be {writer}'s." if writer else ""
    if owner:
        by = f" They are those of {quoted(owner)}, by mfa-tui use --export."
    token = env.get("AWS_SECURITY_TOKEN") or env.get("AWS_SESSION_TOKEN")
    ends = [moment for name in _EXPIRIES if (moment := parse_expiry(env.get(name, ""))) is not None]
    if not env.get("AWS_SECRET_ACCESS_KEY"):
        yield Finding(
            "env-keys-incomplete",
            Severity.ERROR,
            "AWS_ACCESS_KEY_ID is set in this shell, AWS_SECRET_ACCESS_KEY is not.",
            f"Every SDK looks there first, and boto3 fails on half a pair.{by}",
            unset,
        )
    elif ends and min(ends) <= now:
        yield Finding(
            "env-keys-ended",
            Severity.ERROR,
            "The credentials in this shell's environment have ended.",
            f"Every SDK takes them before any profile, and is refused.{by}",
            unset,
        )
    elif key_id.startswith("ASIA") and not token:
        yield Finding(
            "env-token-missing",
            Severity.ERROR,
            "AWS_ACCESS_KEY_ID holds a session's key, but AWS_SESSION_TOKEN is not set.",
            f"AWS refuses such a key without its token.{by}",
            unset,
        )
    else:
        yield Finding(
            "env-keys",
            Severity.HINT if owner else Severity.WARNING,
            "AWS_ACCESS_KEY_ID is set in this shell: it outranks every profile, for all SDKs.",
            f"A profile chosen by AWS_PROFILE has no effect meanwhile.{by}",
            unset,
        )
    old = env.get("AWS_SECURITY_TOKEN")
    if old and env.get("AWS_SESSION_TOKEN") and old != env["AWS_SESSION_TOKEN"]:
        yield Finding(
            "env-token-old",
            Severity.ERROR,
            "AWS_SECURITY_TOKEN and AWS_SESSION_TOKEN differ.",
            "boto3 and the AWS CLI take the first, an older name of the second.",
            "unset AWS_SECURITY_TOKEN",
        )


def check_profiles_named(env: Mapping[str, str], aws: AwsConfig, pattern: str, *, complete: bool) -> Iterator[Finding]:
    """The profiles that the environment names; *complete* says that both AWS files could be read."""
    named = {variable: env[variable] for variable in PROFILES if variable in env}
    for variable, name in named.items():
        if not name:
            yield Finding(
                "env-profile-empty",
                Severity.ERROR,
                f"{variable} is set, but empty.",
                "boto3 and the AWS CLI look for a profile without a name, and fail.",
                f"unset {variable}",
            )
        elif name not in aws and complete:
            yield _unknown(variable, name, source_by_name(aws, name, pattern))
    first, second = (named.get(variable, "") for variable in PROFILES)
    if first and second and first != second:
        yield Finding(
            "env-profiles-differ",
            Severity.WARNING,
            f"AWS_PROFILE is {quoted(first)}, AWS_DEFAULT_PROFILE is {quoted(second)}.",
            "mfa-tui, AWS CLI 2 and most SDKs take the first, boto3 and AWS CLI 1 the second.",
            "unset AWS_DEFAULT_PROFILE",
        )


def _unknown(variable: str, name: str, source: str | None) -> Finding:
    if source is None:
        return Finding(
            "env-profile-unknown",
            Severity.ERROR,
            f"{variable} names {quoted(name)}, which is in neither AWS file.",
            "Every SDK and the AWS CLI fail on that.",
            f"Name another (mfa-tui list shows all), or unset {variable}",
        )
    return Finding(
        "env-profile-unwritten",
        Severity.WARNING,
        f"{variable} names {quoted(name)}, where the session of {quoted(source)} goes; there is none yet.",
        "Until there is, every SDK and the AWS CLI fail.",
        f"mfa-tui login {word(source)}",
        source,
    )
