"""Signature Version 4, verified for real: written from AWS's specification, not shared with any client.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
import re
import urllib.parse
from collections.abc import Mapping

from mfa_tui.demo.aws.protocol import aws_errors
from mfa_tui.demo.aws.protocol.clock import compact, from_compact

ALLOWED_SKEW = 5 * 60
"""Seconds that a signature may be older or newer than the server's clock."""

_UNSIGNED = ("UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
"""https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html"""
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=(?P<key_id>[^/,\s]+)/(?P<date>\d{8})/(?P<region>[^/,\s]+)/(?P<service>[^/,\s]+)"
    r"/aws4_request,\s*SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})\s*"
)


class SignedRequest:
    """An HTTP request with a SigV4 Authorization header, taken apart.

    ``headers`` are the request's headers with lower-case names. Raises ``aws_errors.Refusal`` when
    there is no signature or it is malformed.
    """

    def __init__(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> None:
        authorization = headers.get("authorization")
        if authorization is None:
            raise aws_errors.missing_token()
        match = _AUTHORIZATION.fullmatch(authorization)
        if match is None:
            raise aws_errors.incomplete_signature(authorization)
        self.access_key_id = match["key_id"]
        self.region = match["region"]
        self.service = match["service"]
        self.session_token = headers.get("x-amz-security-token")
        self._scope_date = match["date"]
        self._signed_headers = match["headers"].split(";")
        self._signature = match["signature"]
        self._timestamp = headers.get("x-amz-date", "")
        try:
            self.signed_at = from_compact(self._timestamp)
        except ValueError:
            raise aws_errors.incomplete_signature(authorization) from None
        self._method = method
        self._path = path
        self._query = query
        self._headers = headers
        self._body = body

    def check_time(self, now: float) -> None:
        """Refuse a signature that is more than five minutes off ``now`` (seconds since the epoch)."""
        if self.signed_at < now - ALLOWED_SKEW:
            raise aws_errors.signature_expired(self._timestamp, compact(now - ALLOWED_SKEW), compact(now))
        if self.signed_at > now + ALLOWED_SKEW:
            raise aws_errors.signature_not_yet_current(self._timestamp, compact(now + ALLOWED_SKEW), compact(now))

    def check(self, secret_access_key: str) -> None:
        """Refuse a signature that was not made with this secret over exactly this request."""
        must_be_signed = {"host"} | ({"x-amz-security-token"} if self.session_token is not None else set())
        right = hmac.compare_digest(self._expected(secret_access_key), self._signature)
        if not right or not must_be_signed.issubset(self._signed_headers):
            raise aws_errors.wrong_signature()

    def _expected(self, secret_access_key: str) -> str:
        scope = f"{self._scope_date}/{self.region}/{self.service}/aws4_request"
        to_sign = "\n".join(["AWS4-HMAC-SHA256", self._timestamp, scope, _sha256(self._canonical_request().encode())])
        key = f"AWS4{secret_access_key}".encode()
        for part in (self._scope_date, self.region, self.service, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, to_sign.encode(), "sha256").hex()

    def _canonical_request(self) -> str:
        headers = "".join(f"{name}:{' '.join(self._headers.get(name, '').split())}\n" for name in self._signed_headers)
        pairs = urllib.parse.parse_qsl(self._query, keep_blank_values=True)
        query = "&".join(sorted(f"{_quote(name)}={_quote(value)}" for name, value in pairs))
        path = urllib.parse.quote(self._path or "/", safe="/-_.~")
        return "\n".join([self._method, path, query, headers, ";".join(self._signed_headers), self._payload_hash()])

    def _payload_hash(self) -> str:
        """The hash of the body. S3's clients may say in a header, which they sign, that they have not signed it."""
        told = self._headers.get("x-amz-content-sha256", "")
        unsigned = self.service == "s3" and "x-amz-content-sha256" in self._signed_headers and told in _UNSIGNED
        return told if unsigned else _sha256(self._body)


def _quote(text: str) -> str:
    return urllib.parse.quote(text, safe="-_.~")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
