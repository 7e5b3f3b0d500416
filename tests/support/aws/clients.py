"""Real AWS clients for the embedded AWS, and the refusals that they raise."""

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, overload

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_sts import STSClient

    from mfa_tui.demo.aws.server import StrictAws, User


class Keys:
    """Credentials for a client: a user's long-term ones, or those of an STS answer."""

    def __init__(self, access_key_id: str, secret_access_key: str, session_token: str | None = None) -> None:
        self.access_key_id = access_key_id
        self.secret_access_key = secret_access_key
        self.session_token = session_token

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "Keys":
        """The credentials of an answer of GetSessionToken or AssumeRole."""
        given = answer["Credentials"]
        return cls(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


@functools.cache
def _session() -> boto3.Session:
    # One session: each further client of it costs a tenth of the first.
    return boto3.Session(region_name="eu-central-1")


@overload
def client(aws: "StrictAws", service: Literal["sts"], keys: "Keys | User") -> "STSClient": ...
@overload
def client(aws: "StrictAws", service: Literal["iam"], keys: "Keys | User") -> "IAMClient": ...
def client(aws: "StrictAws", service: Literal["sts", "iam"], keys: "Keys | User") -> Any:
    """A boto3 client that tries once, waits ten seconds at most, and leaves all checks to the server."""
    return _session().client(
        service,
        endpoint_url=aws.url,
        aws_access_key_id=keys.access_key_id,
        aws_secret_access_key=keys.secret_access_key,
        aws_session_token=getattr(keys, "session_token", None),
        config=Config(
            retries={"total_max_attempts": 1}, connect_timeout=10, read_timeout=10, parameter_validation=False
        ),
    )


def refusal(call: Callable[..., Any], **parameters: Any) -> tuple[int, str, str]:
    """HTTP status, error code and message that a client's call is refused with."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    answer = caught.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"]["Message"]
