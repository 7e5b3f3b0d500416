"""What it means that AWS did not answer: botocore's exceptions, and responses of others, as AwsUnreachable."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mfa_tui.adapters.aws.caller import AwsUnreachable

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError

_SERVER_TROUBLE = 500
_SIGN_IN_FIRST = 511
"""Network Authentication Required (RFC 6585)."""
_NOT_AT_THIS_TIME = ("certificate is not yet valid", "certificate has expired")
"""OpenSSL's words. A machine whose clock battery is empty gets the first."""
_TUNNEL = r"Tunnel connection failed: (\d{3})\b"
"""http.client's words for a proxy's refusal, before the proxy's own."""


def not_aws(status: int, where: str) -> AwsUnreachable:
    """The exception for a response without a request id of AWS's; *status* is its HTTP status."""
    if status >= _SERVER_TROUBLE and status != _SIGN_IN_FIRST:
        return AwsUnreachable("gateway", where, str(status))
    return AwsUnreachable("portal", where)


def as_unreachable(error: BotoCoreError, where: str) -> AwsUnreachable | None:
    """The exception if *error* means that AWS did not answer; else None."""
    from botocore.exceptions import ConnectTimeoutError

    kind = next((kind for group, kind in _unreachable_kinds() if isinstance(error, group)), "")
    if kind == "tls" and any(words in str(error) for words in _NOT_AT_THIS_TIME):
        kind = "tls-time"
    if kind == "unsent":
        # An invalid address is a ValueError, be it from urllib3, urllib.parse or the idna codec.
        kind = kind if isinstance(error.kwargs.get("error"), ValueError) else "unread"
    if kind == "proxy":
        # In the order in which Python looks it up.
        variable = next((name for name in ("https_proxy", "HTTPS_PROXY") if os.environ.get(name)), "")
        refused = re.search(_TUNNEL, str(error.kwargs.get("error")))
        return AwsUnreachable("proxy-status" if refused else kind, where, refused[1] if refused else "", proxy=variable)
    return AwsUnreachable(kind, where, connected=not isinstance(error, ConnectTimeoutError)) if kind else None


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
