"""Kinds of AWS errors: what a refusal means for the caller.

Codes and messages are those that STS and IAM send (STS API reference; IAM User Guide, "Troubleshoot MFA").
"""

from __future__ import annotations

import re


class AwsErrorKind:
    """What an error of AWS means for the caller; the values are slugs of the catalogue."""

    CODE = "code-refused"
    """A wrong code, or a right one that was already used: AWS reports both in the same way."""
    SERIAL = "serial-refused"
    """The MFA serial is not one of the user's devices."""
    KEY = "key-unknown"
    """The access key does not exist or is inactive."""
    SECRET = "secret-wrong"  # noqa: S105 - a slug
    """The secret access key does not match the access key."""
    CLOCK = "clock-off"
    """The request's time differs too much from AWS's."""
    DENIED = "denied"
    """A policy does not allow it."""
    SESSION_KEYS = "session-keys"
    """The keys are temporary, or have expired, where long-term ones are needed."""
    DURATION = "duration-refused"
    """The session would be too long."""
    THROTTLED = "throttled"
    """Too many requests."""
    TROUBLE = "aws-trouble"
    """AWS failed (HTTP status 5xx)."""
    OTHER = "aws-refused"
    """Any other error."""


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
    """The :class:`AwsErrorKind` of an error code, its message and the HTTP status."""
    if code in ("AccessDenied", "AccessDeniedException"):
        return next((means for words, means in _DENIALS if words in message), AwsErrorKind.DENIED)
    if code == "SignatureDoesNotMatch" and message.startswith(("Signature expired", "Signature not yet current")):
        return AwsErrorKind.CLOCK
    if code == "ValidationError" and "duration" in message.lower():
        return AwsErrorKind.DURATION
    return _CODES.get(code) or (AwsErrorKind.TROUBLE if status >= _SERVER_TROUBLE else AwsErrorKind.OTHER)


def without_codes(message: str, *, longest: int = 160) -> str:
    """A message from AWS, fit to be shown: in one line, short, and without MFA codes that it may echo.

    Six digits that are a part of a name, as in an ARN, are no code.
    """
    return re.sub(r"(?<![\w/.@+-])\d{6}(?![\w/@+-])", "••••••", " ".join(message.split()))[:longest]
