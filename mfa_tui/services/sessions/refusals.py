"""AWS's refusals, and requests without an answer, as errors with a next step."""

from __future__ import annotations

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.core.aws.error_kinds import AwsErrorKind, without_codes
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.core.text.display import format_account, shell_command, shortened_key
from mfa_tui.errors import AwsRefused, AwsTrouble, MfaTuiError, NetworkProblem, sentence
from mfa_tui.models import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.core.profiles.role import Role


def error_for(
    failure: AwsError | AwsUnreachable,
    caller: Caller,
    *,
    serial: str = "",
    made_by: str = "",
    offset: float = 0.0,
    role: Role | None = None,
    new_device: bool = False,
) -> MfaTuiError:
    """The error to raise for *failure*.

    *serial* is that of the request, if it had a code; *made_by* says where the code's secret is (see
    ``SeedStore.where``), unless the user typed the code; *offset* is AWS's time minus this machine's, in seconds;
    *role* is the one that was requested; *new_device*: the device was enabled a moment ago.
    """
    if isinstance(failure, AwsUnreachable):
        return network_problem(failure, with_code=bool(serial))
    means = failure.means
    if means == AwsErrorKind.CODE:
        return _code_refused(caller, made_by)
    if means == AwsErrorKind.SERIAL and new_device:
        return _not_known_yet()
    if means == AwsErrorKind.CLOCK:
        return _clock_off(offset)
    if role is not None and means == AwsErrorKind.DENIED:
        session = caller.keys if isinstance(caller.keys, Session) else None
        with_mfa = bool(serial or (session is not None and session.serial))
        return _role_denied(role, with_mfa=with_mfa, chained=session is not None and bool(session.roles))
    if role is not None and means == AwsErrorKind.DURATION:
        return _role_too_long(role, failure.message)
    what, why, remedy = _TEXTS[means]
    shown = without_codes(failure.message) or failure.code or f"HTTP status {failure.status}"
    profile = (
        (means in _OF_THE_KEYS and caller.keys_of)
        or (means == AwsErrorKind.SERIAL and caller.serial_of)
        or caller.profile
    )
    words = {
        "key": shortened_key(caller.keys.access_key_id),
        "profile": profile,
        "devices": shell_command(profile, "mfa-tui device list PROFILE"),
        "serial": serial,
        "message": shown if shown.endswith(".") else shown + ".",
        "code": failure.code or str(failure.status),
    }
    error = AwsTrouble if means == AwsErrorKind.TROUBLE else AwsRefused
    return error(means, what.format(**words), why.format(**words), remedy.format(**words))


def _not_known_yet() -> AwsRefused:
    return AwsRefused(
        AwsErrorKind.CODE,
        "AWS does not accept codes of the new device yet.",
        "It can take a minute until it knows a device everywhere.",
        "Wait for the next code, then try again.",
    )


def _clock_off(offset: float) -> AwsRefused:
    return AwsRefused(
        AwsErrorKind.CLOCK,
        f"This machine's clock is {clock_words(offset) if offset else 'wrong'}, so AWS refuses its requests.",
        "Signatures are valid for five minutes.",
        "Set the clock (on Linux: sudo timedatectl set-ntp true), then try again.",
    )


def _role_denied(role: Role, *, with_mfa: bool, chained: bool) -> AwsRefused:
    """AWS gives the same answer for a role that does not exist and for one that is denied, so all causes are named."""
    causes = ["the role does not exist"]
    if not with_mfa:
        causes.append(f"its trust policy requires MFA (the session of {role.profile}'s source has none)")
    if chained:
        causes += ["it does not trust the role before it in the chain", "that role may not assume it"]
    else:
        causes += ["it does not trust this user", "the user may not assume it"]
    if role.external_id:
        causes.append("it requires another external_id")
    else:
        causes.append("it requires an external_id, which the profile does not have")
    return AwsRefused(
        "role-denied",
        f"AWS denied the role {role.name} (account {format_account(role.account)}) of the profile {role.profile!r}.",
        sentence(f"{', '.join(causes[:-1])}, or {causes[-1]}"),
        f"Check role_arn and external_id of {role.profile}, and ask an administrator about the role's trust policy.",
    )


def _role_too_long(role: Role, message: str) -> AwsRefused:
    if "chaining" in message:
        why = "It is assumed with temporary credentials, and AWS limits that (role chaining) to one hour."
        remedy = f"Set duration_seconds of {role.profile} to 3600 or less, or leave it out."
    else:
        why = "It is longer than the role's maximum."
        remedy = f"Lower duration_seconds of {role.profile} (or --duration), or have the role's maximum raised."
    return AwsRefused(
        AwsErrorKind.DURATION,
        f"AWS does not allow a session of that length for the role {role.name} of {role.profile!r}.",
        why,
        remedy,
    )


_ROUNDED_FROM = 90
"""From this many seconds on, an offset is given to the nearest minute."""


def clock_words(offset: float) -> str:
    """How far this machine's clock is off, in words; *offset* is AWS's time minus this machine's, in seconds."""
    off = abs(offset)
    nearest = format_duration(off + 30 if off >= _ROUNDED_FROM else off)
    return f"{nearest} {'behind' if offset > 0 else 'ahead of'} AWS's"


def _code_refused(caller: Caller, made_by: str) -> AwsRefused:
    if not made_by:
        return AwsRefused(
            AwsErrorKind.CODE,
            f"AWS did not accept the code for {caller.profile}.",
            "It may be mistyped, from another device, or already used: AWS takes each code once.",
            "Wait for the next code, then try again.",
        )
    source, fix = _SOURCES.get(made_by, _STORED)
    return AwsRefused(
        AwsErrorKind.CODE,
        f"AWS did not accept two codes from {source} for {caller.profile}.",
        "The secret is another device's, or the device's clock has drifted.",
        f"{shell_command(caller.profile, fix)}, or type a code from your phone: --code CODE.",
    )


_STORED = ("the stored secret", "Import the right secret: mfa-tui device import PROFILE")
_SOURCES = {
    "command": ("the secret that seed_command prints", "Correct seed_command of the device in the settings"),
    "code-command": ("code_command", "Correct code_command of the device in the settings"),
    "yubikey": ("the YubiKey", "Correct yubikey of the device in the settings (see ykman oath accounts list)"),
}
"""By where the secret is: what to call it, and how to fix it."""


_OF_THE_KEYS = (AwsErrorKind.KEY, AwsErrorKind.SECRET, AwsErrorKind.SESSION_KEYS)
"""The kinds whose cause is the keys, which may be another profile's than the one that was requested."""
_TEXTS = {
    AwsErrorKind.SERIAL: (
        "AWS does not recognize this MFA serial as one of the user's devices.",
        "It was {serial}.",
        "Look up the serial ({devices}, or the IAM console), then correct mfa_serial of {profile} or use --serial.",
    ),
    AwsErrorKind.KEY: (
        "AWS does not recognize the access key {key} of {profile}.",
        "It was deleted or deactivated, or belongs to another partition.",
        (
            "If it was deactivated, an administrator can activate it: mfa-tui keys enable PROFILE --user NAME. "
            "Else put a new key into the credentials file."
        ),
    ),
    AwsErrorKind.SECRET: (
        "The secret access key of {profile} does not belong to {key}.",
        "AWS refused the signature.",
        "Copy both keys into the credentials file again. If the secret is lost, create a new access key.",
    ),
    AwsErrorKind.SESSION_KEYS: (
        "The keys of {profile} are temporary; a session can only be made from long-term keys.",
        "{message}",
        "Put long-term access keys (AKIA…) into {profile}.",
    ),
    AwsErrorKind.DURATION: (
        "AWS does not allow {profile} a session of that length.",
        "{message}",
        "Use a shorter --duration; root gets one hour at most.",
    ),
    AwsErrorKind.THROTTLED: (
        "AWS is throttling this account's requests.",
        "Too many were made in a short time.",
        "Wait a minute, then try again with a new code.",
    ),
    AwsErrorKind.TROUBLE: (
        "AWS had an internal error ({code}).",
        "{message}",
        "Try again with the next code: this one may count as used.",
    ),
    AwsErrorKind.DENIED: (
        "AWS denied the request of {profile}.",
        "{message}",
        "Ask your administrator, or check what the user's policies allow.",
    ),
    AwsErrorKind.OTHER: (
        "AWS refused: {code}.",
        "{message}",
        "See the message; mfa-tui login --help lists what can be set.",
    ),
}


def network_problem(failure: AwsUnreachable, *, with_code: bool = False) -> NetworkProblem:
    """The error to raise if AWS did not answer; *with_code*: a code was sent."""
    what, why, remedy = _NETWORK_TEXTS[failure.kind]
    if failure.kind == "proxy-status":
        why, remedy = _PROXY_TEXTS.get(failure.detail, _PROXY_FAILED)
    words = {"where": failure.where or "AWS", "detail": failure.detail, "proxy": failure.proxy or "HTTPS_PROXY"}
    if with_code and failure.connected and failure.kind in _CODE_SENT:
        remedy = "Try again with the next code: this one may count as used."
    return NetworkProblem(f"network-{failure.kind}", what.format(**words), why.format(**words), remedy.format(**words))


_CODE_SENT = ("timeout", "dropped", "gateway", "unread")
"""The kinds after which AWS may have seen the code."""


_PROXY_TEXTS = {
    "407": (
        "It requires a user name and password; {proxy} has none, or wrong ones.",
        "Set {proxy} to http://USER:PASSWORD@HOST:PORT (in both, write @ as %40, : as %3A, / as %2F).",
    ),
    "403": (
        "It does not allow connections to that host.",
        "Have {where} allowed there, or add it to NO_PROXY if it can be reached without the proxy.",
    ),
}
"""By the status in the proxy's answer: why, and what to do."""
_PROXY_FAILED = (
    "The proxy works, but cannot connect to that host.",
    "Try again later, or add {where} to NO_PROXY if it can be reached without the proxy.",
)

_NETWORK_TEXTS = {
    "unreachable": (
        "{where} cannot be reached.",
        "There is no network, no DNS, or nothing listens at that endpoint.",
        "Check the connection, VPN and any endpoint_url, then try again.",
    ),
    "timeout": (
        "{where} did not answer in time.",
        "The network is slow, or something blocks the connection.",
        "Check the connection, VPN and proxy, then try again.",
    ),
    "dropped": (
        "The connection to {where} was dropped.",
        "The other end closed it without an answer.",
        "Try again.",
    ),
    "unsent": (
        "No request could be made to {where}.",
        "The address of the proxy or of the endpoint cannot be used.",
        "Check HTTPS_PROXY and any endpoint_url, then try again.",
    ),
    "unread": (
        "The response of {where} could not be read.",
        "It is not valid HTTP: a proxy or something else in between has changed it.",
        "Check the proxy and any endpoint_url, then try again.",
    ),
    "tls": (
        "{where} could not prove its identity.",
        "Its certificate is not trusted here: a company proxy or a network's sign-in page may be in between.",
        "Sign in to the network in a browser, or name the proxy's certificate in AWS_CA_BUNDLE or ca_bundle.",
    ),
    "tls-time": (
        "{where}'s certificate is not valid at this machine's time.",
        "The clock may be far off, or the certificate has expired.",
        "Set the clock (on Linux: sudo timedatectl set-ntp true), then try again.",
    ),
    "proxy": (
        "The proxy cannot be reached.",
        "{proxy} names a proxy that does not respond.",
        "Correct or unset {proxy}, or add the host to NO_PROXY.",
    ),
    "proxy-status": (
        "The proxy answered with status {detail} instead of connecting to {where}.",
        "",
        "",
    ),
    "portal": (
        "Something other than AWS answered instead of {where}.",
        "A network's sign-in page (a captive portal) or a proxy answered instead.",
        "Open a browser, sign in to the network, then try again with a new code.",
    ),
    "gateway": (
        "A server in front of {where} answered with status {detail}; the answer is not AWS's.",
        "A proxy or gateway in between gets no response from AWS.",
        "Try again in a minute.",
    ),
    "not-aws": (
        "Something other than AWS answered instead of {where}.",
        "It cannot be AWS: in its answer, {detail}. None of it was kept.",
        "Check any endpoint_url and the proxy, then try again with a new code.",
    ),
}
