"""A few services that sessions can be tried on: S3 and Secrets Manager, which moto answers.

Signature and permissions are checked before, by the action and the resource that IAM knows a request by:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html and list_awssecretsmanager.html.
Requests that are not in the tables are refused.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from mfa_tui.demo.aws.protocol import json_responses
from mfa_tui.demo.aws.protocol.aws_errors import Refusal

SERVICES = ("s3", "secretsmanager")

_S3 = {
    ("GET", 0): "ListAllMyBuckets",
    ("GET", 1): "ListBucket",
    ("HEAD", 1): "ListBucket",
    ("PUT", 1): "CreateBucket",
    ("DELETE", 1): "DeleteBucket",
    ("GET", 2): "GetObject",
    ("HEAD", 2): "GetObject",
    ("PUT", 2): "PutObject",
    ("DELETE", 2): "DeleteObject",
}
"""By the method, and how much of bucket and key the path has."""
_S3_QUERY = frozenset({"list-type", "prefix", "delimiter", "encoding-type", "x-id", "max-keys", "continuation-token"})
"""Parameters that make no other action of a request."""
_SECRETS_MANAGER = frozenset(
    {"CreateSecret", "DeleteSecret", "DescribeSecret", "GetSecretValue", "ListSecrets", "PutSecretValue"}
)


class ServiceRequest(NamedTuple):
    """What a request to one of these services asks for."""

    action: str
    """As IAM knows it: ``s3:PutObject``."""
    resource: str
    """The ARN, or ``*`` for actions without a resource."""


def request_of(
    service: str, line: tuple[str, str], query: Mapping[str, str], headers: Mapping[str, str], body: bytes
) -> ServiceRequest | None:
    """What a request asks for; None if that is not served here. *line* is its method and path."""
    method, path = line
    if service == "s3":
        bucket, _, key = path.lstrip("/").partition("/")
        action = _S3.get((method, bool(bucket) + bool(key)))
        if action is None or query.keys() - _S3_QUERY:
            return None
        name = "/".join(filter(None, (bucket, key)))
        return ServiceRequest(f"s3:{action}", f"arn:aws:s3:::{name}" if name else "*")
    action = headers.get("x-amz-target", "").rpartition(".")[2]
    if action not in _SECRETS_MANAGER:
        return None
    try:
        parameters: Any = json.loads(body or b"{}")
    except ValueError:
        return None
    named = parameters.get("SecretId") or parameters.get("Name")
    return ServiceRequest(f"{service}:{action}", f"arn:aws:{service}:*:*:secret:{named}" if named else "*")


def error(service: str, refusal: Refusal, request_id: str) -> tuple[str, bytes]:
    """Content type and body of an error, as the service sends it."""
    if service == "s3":
        code = {"InvalidClientTokenId": "InvalidAccessKeyId"}.get(refusal.code, refusal.code)
        text = f"<Error><Code>{code}</Code><Message>{_escaped(refusal.message)}</Message>"
        return "application/xml", f"{text}<RequestId>{request_id}</RequestId></Error>".encode()
    return json_responses.CONTENT_TYPE, json_responses.error(refusal)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
