"""Requests to STS in AWS's query protocol, ready to be sent ("Making query requests" in the STS API reference)."""

from __future__ import annotations

from urllib.parse import urlencode

from mfa_tui.core.aws.signature import authorization, timestamp
from mfa_tui.models import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mfa_tui.models import AccessKeys

_VERSION = "2011-06-15"
_CONTENT = "application/x-www-form-urlencoded; charset=utf-8"


class StsRequest:
    """The bytes of one request. They hold a code, a token and a signature, so its repr shows nothing of them."""

    __slots__ = ("_bytes",)

    def __init__(self, content: bytes) -> None:
        self._bytes: Callable[[], bytes] = lambda: content

    def reveal(self) -> bytes:
        """The bytes, as they go to AWS."""
        return self._bytes()

    def __repr__(self) -> str:
        return "StsRequest(•••)"


def sign_request(
    action: str,
    parameters: Mapping[str, object],
    keys: AccessKeys | Session,
    *,
    host: str,
    region: str,
    now: float,
    agent: str,
) -> StsRequest:
    """The request for *action* (``GetSessionToken``), signed with *keys* for *region* at *now* (by AWS's clock).

    *host* is that of the endpoint, with its port unless it is the usual one; *agent* says which program asks.
    *parameters* are texts and numbers. Key id and token are ASCII without spaces; see :func:`plan_route`.
    """
    body = urlencode({"Action": action, "Version": _VERSION, **parameters}).encode()
    moment = timestamp(now)
    headers = {"content-type": _CONTENT, "host": host, "x-amz-date": moment}
    if isinstance(keys, Session) and keys.session_token:
        headers["x-amz-security-token"] = keys.session_token.reveal()
    signature = authorization(
        headers, body, key_id=keys.access_key_id, secret=keys.secret_access_key, region=region, moment=moment
    )
    headers |= {"authorization": signature, "user-agent": agent, "content-length": str(len(body))}
    headers["accept-encoding"] = "identity"
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return StsRequest(f"POST / HTTP/1.1\r\n{lines}\r\n".encode() + body)
