"""Where a request to STS goes, and whether everything about it is usual: only then it is sent without botocore.

Importing botocore takes longer than the rest of a login. It is needed only where a setting asks for something that few
people use, and that only botocore knows how to do. Whatever is doubtful counts as such.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from mfa_tui.core.aws.regions import home_region, partition_of
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.models import Secret, Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mfa_tui.core.awsfiles.awsconfig import Values
    from mfa_tui.models import AccessKeys

_NESTED = ("s3",)
"""Keys with settings of their own; all others are texts."""
_USUAL_KEYS = frozenset(
    {
        # Where credentials come from, and what for: keys, region and role come with each call.
        "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token", "aws_account_id",
        "aws_mfa_device", "x_security_token_expires", "expiration", "role_arn", "source_profile", "credential_source",
        "credential_process", "mfa_serial", "external_id", "role_session_name", "duration_seconds", "login_session",
        "web_identity_token_file", "assumed_role", "assumed_role_arn",
        # Of other services, of the AWS CLI and of prompts.
        "region", "output", "color", "account_id", "account_name", "description", *_NESTED,
        # All but sso_session, with which botocore looks for a token.
        "sso_account_id", "sso_account_name", "sso_auto_populated", "sso_region", "sso_registration_scopes",
        "sso_role_name", "sso_start_url",
        # Read here.
        "ca_bundle", "endpoint_url",
    }
)  # fmt: skip
_USUAL_KEY_PREFIXES = ("cli_", "granted_", "mfa_tui_")
_USUAL_VARIABLES = frozenset(
    {
        "AWS_ACCOUNT", "AWS_ACCOUNT_ID", "AWS_ACCOUNT_NAME", "AWS_CONFIG_FILE", "AWS_DEFAULT_OUTPUT",
        "AWS_DEFAULT_PROFILE", "AWS_DEFAULT_REGION", "AWS_EC2_METADATA_DISABLED", "AWS_EXECUTION_ENV", "AWS_MFA_DEVICE",
        "AWS_MFA_SERIAL", "AWS_OUTPUT", "AWS_PAGER", "AWS_PROFILE", "AWS_PROFILE_NAME", "AWS_REGION",
        "AWS_SDK_LOAD_CONFIG", "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SECURITY_TOKEN",
        "AWS_SHARED_CREDENTIALS_FILE", "AWS_BEARER_TOKEN_BEDROCK",
        # Read here.
        "AWS_CA_BUNDLE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS",
    }
)  # fmt: skip
"""Variables that do not change how STS is reached, or that are read here."""
_USUAL_VARIABLE_PREFIXES = (
    # Other ways to credentials, which come with each call; other services; other programs.
    "AWS_ACCESS_KEY", "AWS_CONTAINER_", "AWS_CREDENTIAL_", "AWS_ROLE_", "AWS_SESSION_", "AWS_WEB_IDENTITY_",
    "AWS_ENDPOINT_URL_", "AWS_METADATA_", "AWS_CLI_", "AWS_SSO", "AWS_VAULT",
)  # fmt: skip
_READ_BY_SDKS = ("AWS_", "BOTO", "SSLKEYLOGFILE")
"""What the names of variables begin with that botocore may read."""
_REGIONAL = "AWS_STS_REGIONAL_ENDPOINTS"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*"
_PORT = r"[1-9][0-9]{0,4}"
_ENDPOINT = rf"(https?)://({_HOST}|\[::1\])(?::({_PORT}))?/?"
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_WORD = r"[A-Za-z0-9._~!$&'()*+,;=%-]+"
_PROXY = rf"(?:http://|//)?(?:({_WORD}):({_WORD})@)?({_HOST})(?::({_PORT}))?/?"
_LONGEST_HOST, _HIGHEST_PORT = 253, 65_535
_HTTP, _HTTPS = 80, 443


class Proxy(NamedTuple):
    """A proxy that opens tunnels (CONNECT)."""

    host: str
    """Its host."""
    port: int
    """Its port."""
    login: Secret | None
    """User name and password, joined by a colon; None if it needs none."""


class Route(NamedTuple):
    """How STS is reached."""

    host: str
    """The host to call; an IPv6 address without brackets."""
    port: int
    """Its port."""
    encrypted: bool
    """Whether it is called by https; without it, it is on this machine."""
    region: str
    """The region that requests are signed for."""
    ca_bundle: str
    """The file of certificates that the user sets in place of the built-in ones; empty for those."""
    proxy: Proxy | None
    """The proxy to go through."""

    @property
    def authority(self) -> str:
        """The host as the request says it: with its port, unless that is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (_HTTPS if self.encrypted else _HTTP) else f"{host}:{self.port}"


class Unusual(NamedTuple):
    """Only botocore knows how to make the request."""

    why: str
    """What is unusual: the name of a key or a variable, or a few words."""


def plan_route(
    env: Mapping[str, str],
    settings: Values,
    keys: AccessKeys | Session,
    *,
    regions: Iterable[str | None],
    partition: str,
    proxy_of: Callable[[str], str],
) -> Route | Unusual:
    """How a request is sent that *keys* sign, for a profile with *settings*; or why botocore must send it.

    *regions* are those of the environment and of the profile, in their order; *partition* is that of the keys, if it is
    known. *proxy_of* gives the address of the proxy for a host (with its port, if an address says one), or nothing.
    """
    if why := _unusual_setting(env, settings):
        return Unusual(why)
    plain = [keys.access_key_id, keys.secret_access_key.reveal()]
    if isinstance(keys, Session):
        plain.append(keys.session_token.reveal() or "none")
    if not all(re.fullmatch(r"[!-~]+", each) for each in plain):
        return Unusual("characters of the keys")
    called = _region(regions, partition)
    if isinstance(called, Unusual):
        return called
    route = _endpoint(env, settings, called)
    return route if isinstance(route, Unusual) or not route.encrypted else _with_proxy(route, proxy_of(route.authority))


def _unusual_setting(env: Mapping[str, str], settings: Values) -> str:
    """The first setting that botocore must read; empty if there is none."""
    for key in settings:
        if isinstance(settings[key], str) == (key in _NESTED):
            return key
        if key == "sts_regional_endpoints" and text(settings, key) == "regional":
            continue
        if key not in _USUAL_KEYS and not key.startswith(_USUAL_KEY_PREFIXES):
            return key
    for name in env:
        if not name.startswith(_READ_BY_SDKS) or (name == _REGIONAL and env[name] == "regional"):
            continue
        if name not in _USUAL_VARIABLES and not name.startswith(_USUAL_VARIABLE_PREFIXES):
            return name
    return ""


def _region(regions: Iterable[str | None], partition: str) -> str | Unusual:
    """The region to call: the first that is set; but none of another partition than the keys'."""
    for name in filter(None, regions):
        known = partition_of(name)
        if known is None:
            return Unusual("region")
        if partition in ("", known.name):
            return name
    return home_region(partition or "aws") or Unusual("partition")


def _endpoint(env: Mapping[str, str], settings: Values, region: str) -> Route | Unusual:
    """The route without a proxy. The order of the settings is botocore's (``ConfiguredEndpointProvider``, 1.44)."""
    configured = [env[name] for name in ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL") if name in env]
    if "endpoint_url" in settings:
        configured.append(text(settings, "endpoint_url"))
    bundle = _ca_bundle(env, settings)
    if not configured:
        known = partition_of(region)
        host = f"sts.{region}.{known.suffix}" if known else ""
        return Route(host, _HTTPS, encrypted=True, region=region, ca_bundle=bundle, proxy=None)
    found = re.fullmatch(_ENDPOINT, configured[0])
    if not found or len(found[2]) > _LONGEST_HOST:
        return Unusual("endpoint_url")
    encrypted = found[1] == "https"
    usual = _HTTPS if encrypted else _HTTP
    port = int(found[3] or 0)
    # NO_PROXY may name a port that the request does not say.
    if port == usual or port > _HIGHEST_PORT or not (encrypted or found[2] in _LOOPBACK):
        return Unusual("endpoint_url")
    host = found[2].strip("[]")
    return Route(host, port or usual, encrypted=encrypted, region=region, ca_bundle=bundle, proxy=None)


def _ca_bundle(env: Mapping[str, str], settings: Values) -> str:
    for bundle in (env.get("AWS_CA_BUNDLE"), text(settings, "ca_bundle"), env.get("REQUESTS_CA_BUNDLE")):
        if bundle:
            return bundle
    return ""


def _with_proxy(route: Route, address: str) -> Route | Unusual:
    if not address:
        return route
    found = re.fullmatch(_PROXY, address)
    port = int(found[4] or _HTTP) if found else 0
    if not found or len(found[3]) > _LONGEST_HOST or port > _HIGHEST_PORT or ":" in route.host:
        return Unusual("proxy")
    login = None
    if found[1]:
        words = f"{unquote(found[1])}:{unquote(found[2])}"
        if not re.fullmatch(r"[ -~]+", words):
            return Unusual("proxy")
        login = Secret(words)
    return route._replace(proxy=Proxy(found[3], port, login))
