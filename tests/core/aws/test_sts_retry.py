"""When a call is sent again: exactly when botocore's standard mode would."""

import functools
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.model import ServiceModel
from botocore.retries import standard
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.aws import sts_retry
from mfa_tui.core.aws.sts_retry import is_sent_again, retry_delay

CODES = [
    *sorted(sts_retry._THROTTLED | sts_retry._TRANSIENT | sts_retry._OF_STS),
    "AccessDenied", "ExpiredToken", "InvalidClientTokenId", "RegionDisabledException", "MalformedPolicyDocument", "",
]  # fmt: skip
ACTIONS = ("GetSessionToken", "AssumeRole", "GetCallerIdentity", "GetScopedCredentials")


@functools.cache
def sts() -> ServiceModel:
    return botocore.session.Session().get_service_model("sts")


def context(action: str, status: int, code: str, headers: Any = None) -> standard.RetryContext:
    return standard.RetryContext(
        attempt_number=1,
        operation_model=sts().operation_model(action),
        parsed_response={"Error": {"Code": code}},
        http_response=AWSResponse("https://sts.amazonaws.com/", status, headers or HTTPHeaders(), None),
    )


@pytest.mark.usefixtures("aws_data_read_once")
@pytest.mark.parametrize("action", ACTIONS)
def test_what_is_sent_again(action: str) -> None:
    conditions = standard.StandardRetryConditions(max_attempts=2)
    for status in (200, 400, 403, 429, 500, 501, 502, 503, 504):
        for code in CODES:
            theirs = conditions.is_retryable(context(action, status, code))
            if status == 429 and code in ("RegionDisabledException", "MalformedPolicyDocument"):
                # botocore looks whether the call can have that error; AWS sends none of them with this status.
                continue
            assert is_sent_again(status, code, of_aws=True) == theirs, (status, code)


def test_a_sign_in_page_is_not_asked_again() -> None:
    assert [is_sent_again(status, "", of_aws=False) for status in (200, 302, 403, 429, 502)] == [False] * 4 + [True]


@given(chance=st.floats(0, 1), code=st.sampled_from(CODES), after=st.sampled_from(["", "0", "70", "99999", "-1", "x"]))
def test_how_long_it_waits(chance: float, code: str, after: str) -> None:
    adapter = standard.RetryEventAdapter()
    backoff = standard.ExponentialBackoff(
        random=lambda: chance, service_name="sts", throttling_detector=standard.ThrottlingErrorDetector(adapter)
    )
    headers = {"x-amz-retry-after": after} if after else {}
    assert retry_delay(chance, code, after) == pytest.approx(
        backoff.delay_amount(context("AssumeRole", 400, code, headers))
    )
