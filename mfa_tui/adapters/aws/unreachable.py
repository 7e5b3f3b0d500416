"""What it means that AWS did not answer: botocore's exceptions, and responses of others, as AwsUnreachable."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mfa_tui.adapters.aws.caller import AwsUnreachable
from mfa_tui.core.aws.response_checks import ImplausibleResponse

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from botocore.exceptions import BotoCoreError

    T = TypeVar("T")

_SERVER_TROUBLE = 500
_SIGN_IN_FIRST = 511
"""Network Authentication Required (RFC 6585)."""
_NOT_AT_THIS_TIME = ("certificate is not yet valid", "certificate has expired")
"""OpenSSL's words. A machine whose clock battery is empty gets the first."""
_TUNNEL = r"Tunnel connection failed: (\d{3})\b"
"""http.client's words for a proxy's refusal, before the proxy's own."""


def not_aws(status: int, where: str) -> AwsUnreachable:
    """The exception for a response without a request ID of AWS's; *status* is its HTTP status."""
    if status >= _SERVER_TROUBLE and status != _SIGN_IN_FIRST:
        return AwsUnreachable("gateway", where, str(status))
    return AwsUnreachable("portal", where)


def check_answer(work: Callable[[], T], where: list[str]) -> T:
    """Run *work*, which reads an answer; *where* holds the host. What AWS does not answer is AwsUnreachable."""
    try:
        return work()
    except KeyError as missing:
        raise AwsUnreachable("not-aws", where[0], f"{missing.args[0]} is missing") from None
    except ImplausibleResponse as wrong:
        raise AwsUnreachable("not-aws", where[0], str(wrong)) from None


def as_unreachable(error: BotoCoreError, where: str) -> AwsUnreachable | None:
    """The exception if *error* means that AWS did not answer; else None."""
    from botocore.exceptions import ConnectTimeoutError

    kind = next((kind for group, kind in _unreachable_kinds() if isinstance(error, group)), "")
    if kind == "tls":
        kind = tls_kind(str(error))
    if kind == "unsent":
        # An invalid address is a ValueError, be it from urllib3, urllib.parse or the idna codec.
        kind = kind if isinstance(error.kwargs.get("error"), ValueError) else "unread"
    if kind == "proxy":
        refused = re.search(_TUNNEL, str(error.kwargs.get("error")))
        detail = refused[1] if refused else ""
        return AwsUnreachable("proxy-status" if refused else kind, where, detail, proxy=proxy_variable())
    return AwsUnreachable(kind, where, connected=not isinstance(error, ConnectTimeoutError)) if kind else None


def tls_kind(words: str) -> str:
    """The kind of an error that OpenSSL reports in *words*."""
    return "tls-time" if any(reason in words for reason in _NOT_AT_THIS_TIME) else "tls"


def proxy_variable() -> str:
    """The environment variable that names the proxy for https; empty if none does."""
    # In the order in which Python looks it up.
    return next((name for name in ("https_proxy", "HTTPS_PROXY") if os.environ.get(name)), "")


def host_in(error: BotoCoreError) -> str:
    """The host of a request that botocore made by itself."""
    return urlsplit(str(error.kwargs.get("endpoint_url", ""))).hostname or ""


def _unreachable_kinds() -> tuple[tuple[type[BotoCoreError], str], ...]:
    """The exceptions of botocore for a missing answer, special ones first, each with its kind of AwsUnreachable."""
    from botocore import exceptions as b

    return (
        (b.ProxyConnectionError, "proxy"),
        (b.SSLError, "tls"),
        (b.ConnectTimeoutError, "timeout"),
        (b.ReadTimeoutError, "timeout"),
        (b.EndpointConnectionError, "unreachable"),
        (b.ConnectionClosedError, "dropped"),
        # Anything else that urllib3 raises: an invalid proxy address, or a malformed response. Its text may hold the
        # proxy's password.
        (b.HTTPClientError, "unsent"),
    )
