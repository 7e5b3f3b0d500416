"""Checks of the environment, whose variables override every profile of the AWS files.

The order of credentials is botocore's (``botocore.credentials``, 1.44): keys in the environment come before all else,
``AWS_SECURITY_TOKEN`` before ``AWS_SESSION_TOKEN``, and ``AWS_CREDENTIAL_EXPIRATION`` in the past makes it fail.
Proxies are those that urllib reads: ``HTTPS_PROXY`` and the like, lower case before upper case.
"""

from __future__ import annotations

from mfa_tui.core.doctor.other_tools import SHELL_MARKS
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.problems.finding import Finding, Severity
from mfa_tui.core.problems.place import variable as at
from mfa_tui.core.profiles.login_problems import environment_region_problems
from mfa_tui.core.profiles.scoped_target import unwritten_scoped_target
from mfa_tui.core.profiles.target import source_by_name
from mfa_tui.core.profiles.value_checks import bad_value
from mfa_tui.core.sessions.expiry import parse_expiry
from mfa_tui.core.shells.function_name import command
from mfa_tui.core.shells.variables import KEYS, PROFILES, exported_settings
from mfa_tui.core.text.display import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig

_EXPIRIES = ("AWS_CREDENTIAL_EXPIRATION", "AWS_SESSION_EXPIRATION")
"""The variables of the expiry, in UTC. The second is what Granted exports along with the first."""
_TOKENS = ("AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN")
_PROXIES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_KINDS = {
    "AWS_ACCESS_KEY_ID": "aws_access_key_id",
    "AWS_SECRET_ACCESS_KEY": "aws_secret_access_key",
    **dict.fromkeys(_TOKENS, "aws_session_token"),
}
"""The key of the AWS files that has the same kind of value as a variable."""


def check_environment(env: Mapping[str, str], now: float) -> Iterator[Finding]:
    """Problems of credentials, regions and proxies in the environment; *now* is in seconds since the epoch."""
    yield from check_keys(env, now)
    yield from environment_region_problems(env)
    yield from check_proxies(env)


def check_keys(env: Mapping[str, str], now: float) -> Iterator[Finding]:
    """Problems of credentials in the environment; *now* is in seconds since the epoch."""
    present = [name for name in (*KEYS, *_EXPIRIES) if name in env]
    key_id = env.get("AWS_ACCESS_KEY_ID", "")
    if not key_id:
        return
    owner = exported_settings(env)[1]
    unset = command(env, "mfa-tui use --unset") if owner else f"unset {' '.join(present)}"
    writer = next((tool for name, tool in SHELL_MARKS.items() if env.get(name)), "")
    by = f" They seem to come from {writer}." if writer else ""
    if owner:
        by = f" They are those of {quoted(owner)}, from {command(env, 'mfa-tui use --export')}."
    token = next((name for name in _TOKENS if env.get(name)), "")
    ends = {moment: name for name in _EXPIRIES if (moment := parse_expiry(env.get(name, ""))) is not None}
    spoiled = list(_malformed(env, by))
    if not env.get("AWS_SECRET_ACCESS_KEY"):
        yield problem("env-keys-incomplete", place=at("AWS_SECRET_ACCESS_KEY"), by=by, unset=unset)
    elif ends and min(ends) <= now:
        yield problem("env-keys-ended", place=at(ends[min(ends)]), by=by, unset=unset)
    elif spoiled:
        yield from spoiled
    elif key_id.startswith("ASIA") and not token:
        yield problem("env-token-missing", place=at("AWS_SESSION_TOKEN"), by=by, unset=unset)
    elif key_id.startswith("AKIA") and token:
        yield problem("env-token-unneeded", place=at(token), by=by, variable=token)
    else:
        severity = Severity.HINT if owner else Severity.WARNING
        yield problem("env-keys", severity=severity, place=at("AWS_ACCESS_KEY_ID"), by=by, unset=unset)
    old = env.get("AWS_SECURITY_TOKEN")
    if old and env.get("AWS_SESSION_TOKEN") and old != env["AWS_SESSION_TOKEN"]:
        yield problem("env-token-old", place=at("AWS_SECURITY_TOKEN"))


def _malformed(env: Mapping[str, str], by: str) -> Iterator[Finding]:
    """Keys with quotes, comments or invisible characters, which ``export`` takes over from files that have them."""
    for name, key in _KINDS.items():
        if env.get(name) and (bad := bad_value(key, env[name])) is not None:
            yield problem("env-keys-malformed", place=at(name), variable=name, cause=bad.words, by=by)


def check_proxies(env: Mapping[str, str]) -> Iterator[Finding]:
    """Proxies whose address is malformed. Whether a proxy works shows only when it is used."""
    for name in _PROXIES:
        value = env.get(name, "").strip()
        if not value:
            continue
        if why := _no_proxy_address(value):
            yield problem("proxy-malformed", place=at(name), variable=name, why=why)


def _no_proxy_address(value: str) -> str:
    """Why a proxy's address cannot be used; empty if it can. It may hold a password, so nothing of it is quoted."""
    if any(letter.isspace() or not letter.isprintable() for letter in value):
        return "It contains a space or an invisible character."
    if value[0] in "\"'" or value[-1] in "\"'":
        return "It is in quotes, which are part of the value."
    from urllib.parse import urlsplit

    parts = urlsplit(value if "://" in value else f"http://{value}")
    if parts.scheme not in ("http", "https"):
        return "It starts with neither http:// nor https://; the AWS SDK supports no other proxies."
    try:
        port = parts.port
    except ValueError:
        return "Its port is not a number from 1 to 65535."
    if not parts.hostname:
        return "It has no host name."
    return "Its port is not a number from 1 to 65535." if port == 0 else ""


def check_profiles_named(
    env: Mapping[str, str], aws: AwsConfig, pattern: str, *, complete: bool, scopes: Iterable[str] = ()
) -> Iterator[Finding]:
    """Problems of the profiles that the environment names; *complete* says whether both AWS files could be read.

    *scopes* are the names of the scopes in the settings.
    """
    named = {variable: env[variable] for variable in PROFILES if variable in env}
    for variable, name in named.items():
        if not name:
            yield problem("env-profile-empty", place=at(variable), variable=variable)
        elif name not in aws and complete:
            limited = unwritten_scoped_target(aws, name, scopes)
            yield _unknown(variable, name, source_by_name(aws, name, pattern), limited[0] if limited else "")
    first, second = (named.get(variable, "") for variable in PROFILES)
    if first and second and first != second:
        place = at("AWS_DEFAULT_PROFILE")
        yield problem("env-profiles-differ", place=place, first=quoted(first), second=quoted(second))


def _unknown(variable: str, name: str, source: str | None, limited: str) -> Finding:
    """The finding for a name in neither file: it may be the target of *source*, or of *limited* with a scope."""
    place = at(variable)
    if source is None and not limited:
        return problem("env-profile-unknown", place=place, variable=variable, name=quoted(name))
    return problem(
        "env-profile-unwritten",
        profile=source or name,
        place=place,
        variable=variable,
        name=quoted(name),
        source=quoted(source or limited),
    )
