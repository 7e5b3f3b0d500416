"""When a request to STS is sent again, and how soon: botocore's standard mode (``retries.standard``, 1.44)."""

from __future__ import annotations

SENT_AGAIN = (500, 502, 503, 504)
"""HTTP statuses after which a call that may be repeated is."""
_TOO_MANY = 429
"""Too Many Requests (RFC 6585)."""
_THROTTLED = frozenset(
    {
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled", "SlowDown",
        "PriorRequestNotComplete", "EC2ThrottledException",
    }
)  # fmt: skip
_TRANSIENT = frozenset({"RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete"})
_OF_STS = frozenset({"IDPCommunicationError"})
_SCALE, _SCALE_IF_THROTTLED = 0.05, 1.0
"""The longest pause before the second attempt, in seconds."""
_LONGEST_EXTRA = 5.0
"""Seconds that AWS may ask to wait beyond that."""


def is_sent_again(status: int, code: str, *, of_aws: bool) -> bool:
    """Whether a call that was answered with HTTP *status* and AWS's error *code* is worth another attempt.

    An answer that is not *of_aws* is a gateway's if the status says so; a sign-in page stays one.
    """
    if not of_aws:
        return status in SENT_AGAIN
    return status in (*SENT_AGAIN, _TOO_MANY) or code in _THROTTLED | _TRANSIENT | _OF_STS


def retry_delay(chance: float, code: str, retry_after: str) -> float:
    """Seconds to wait before the second attempt. *chance* is a random number from 0 to 1.

    *retry_after* is the header ``x-amz-retry-after``, in milliseconds.
    """
    delay = chance * (_SCALE_IF_THROTTLED if code in _THROTTLED else _SCALE)
    if not (retry_after.isascii() and retry_after.isdigit()):
        return delay
    return max(delay, min(int(retry_after[:9]) / 1000, delay + _LONGEST_EXTRA))
