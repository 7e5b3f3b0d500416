"""ARNs of IAM: of roles, users and MFA devices ("IAM ARNs" in the IAM User Guide)."""

from __future__ import annotations

_IN_PARTITIONS = frozenset("abcdefghijklmnopqrstuvwxyz-")
_PARTS = ("arn", "partition", "service", "region", "account", "resource")


def iam_parts(text: str) -> tuple[str, str, str] | None:
    """The partition, the account id and the resource (``role/NAME``) in an ARN of IAM; None if *text* is none.

    No pattern: it is called for each of ten thousand profiles, in commands that ``re`` would double the start of.
    """
    parts = text.split(":", len(_PARTS) - 1)
    if len(parts) != len(_PARTS):
        return None
    arn, partition, service, region, account, resource = parts
    if arn != "arn" or service != "iam" or region or len(account) != 12 or not account.isdecimal():  # noqa: PLR2004 - digits
        return None
    if partition != "aws" and not (partition.startswith("aws") and _IN_PARTITIONS.issuperset(partition)):
        return None
    return partition, account, resource
