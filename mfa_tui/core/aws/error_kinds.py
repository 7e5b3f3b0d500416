"""What AWS's refusals mean, and what to do next.

Codes and messages are those that STS and IAM send (STS API reference, IAM User Guide «troubleshoot MFA»).
"""

from __future__ import annotations

import re


class AwsErrorKind:
    """What an answer means for the caller."""

    CODE = "code-refused"
    """A wrong code, or a right one that was used before: AWS says the same of both."""
    SERIAL = "serial-refused"
    KEY = "key-unknown"
    SECRET = "secret-wrong"  # noqa: S105 - a slug
    CLOCK = "clock-off"
    DENIED = "denied"
    SESSION_KEYS = "session-keys"
    DURATION = "duration-refused"
    THROTTLED = "throttled"
    TROUBLE = "aws-trouble"
    OTHER = "aws-refused"


_CODES = {
    "Throttling": AwsErrorKind.THROTTLED,
    "ThrottlingException": AwsErrorKind.THROTTLED,
    "RequestLimitExceeded": AwsErrorKind.THROTTLED,
    "TooManyRequestsException": AwsErrorKind.THROTTLED,
    "InvalidClientTokenId": AwsErrorKind.KEY,
    "UnrecognizedClientException": AwsErrorKind.KEY,
    "SignatureDoesNotMatch": AwsErrorKind.SECRET,
    "RequestExpired": AwsErrorKind.CLOCK,
    "ExpiredToken": AwsErrorKind.SESSION_KEYS,
}
_DENIALS = (
    ("invalid MFA one time pass code", AwsErrorKind.CODE),
    ("unable to validate MFA code", AwsErrorKind.SERIAL),
    ("session credentials", AwsErrorKind.SESSION_KEYS),
)
_SERVER_TROUBLE = 500


def classify(code: str, message: str, status: int) -> str:
    """One of :class:`Meaning`, for an error code, its message and the HTTP status."""
    if code in ("AccessDenied", "AccessDeniedException"):
        return next((means for words, means in _DENIALS if words in message), AwsErrorKind.DENIED)
    if code == "SignatureDoesNotMatch" and message.startswith(("Signature expired", "Signature not yet current")):
        return AwsErrorKind.CLOCK
    if code == "ValidationError" and "duration" in message.lower():
        return AwsErrorKind.DURATION
    return _CODES.get(code) or (AwsErrorKind.TROUBLE if status >= _SERVER_TROUBLE else AwsErrorKind.OTHER)


def without_codes(message: str) -> str:
    """A message of AWS fit to be shown: in one line, short, and without the code that its errors may echo."""
    return re.sub(r"(?<!\d)\d{6}(?!\d)", "••••••", " ".join(message.split()))[:160]
