"""Signatures of requests, version 4 ("Create a signed AWS API request" in the IAM User Guide).

Only what STS takes: a form that is posted to ``/``. Tests compare every signature with botocore's.
"""

from __future__ import annotations

import hashlib
import hmac

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.models import Secret

_ALGORITHM = "AWS4-HMAC-SHA256"
_SERVICE = "sts"


def timestamp(epoch: float) -> str:
    """*epoch* seconds as signatures have it: ``20261124T115542Z``."""
    from mfa_tui.core.sessions.expiry import format_utc

    return format_utc(int(epoch)).replace("-", "").replace(":", "")


def authorization(
    headers: dict[str, str], body: bytes, *, key_id: str, secret: Secret, region: str, moment: str
) -> str:
    """The ``Authorization`` header of a request that posts *body* with *headers*, all of which are signed.

    The names of *headers* are in lower case; ``host`` and ``x-amz-date``, which is *moment*, are among them.
    """
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in sorted(headers))
    request = "\n".join(("POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()))
    parts = (moment[:8], region, _SERVICE, "aws4_request")
    scope = "/".join(parts)
    text = "\n".join((_ALGORITHM, moment, scope, hashlib.sha256(request.encode()).hexdigest()))
    key = f"AWS4{secret.reveal()}".encode()
    for part in parts:
        key = _digest(key, part)
    signature = _digest(key, text).hex()
    return f"{_ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"


def _digest(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
