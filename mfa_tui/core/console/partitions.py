"""Where the console and its sign-in are, by partition.

Sources: "Enable custom identity broker access to the AWS console" in the IAM User Guide, and its editions for China and
GovCloud; "AWS Management Console endpoints" in the AWS General Reference; for the European Sovereign Cloud, "Service
endpoints" in its own edition of that reference (docs.aws.eu), where both hosts begin with the region.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mfa_tui.core.aws.regions import REGION
from mfa_tui.errors import ConfigError, UsageError

DEFAULT_PARTITION = "aws"


class ConsoleHosts(NamedTuple):
    """The hosts of one partition, for one region."""

    partition: str
    """The partition: ``aws``, ``aws-cn``, …"""
    region: str
    """The region to show."""
    sign_in: str
    """The host of the federation endpoint."""
    sign_out: str
    """The host that signs a browser out."""
    users: str
    """The host whose subdomains are the accounts' own sign-in pages; empty where none is known."""
    console: str
    """The host of the console; those of services and regions are subdomains of it."""
    page: str
    """The host of the console's pages for the region."""


class _Partition(NamedTuple):
    home: str
    """The region that is shown if none is set."""
    regions: str
    """What the names of its regions begin with, as a pattern."""
    sign_in: str
    sign_out: str
    users: str
    console: str
    page: str


_PARTITIONS = {
    "aws": _Partition(
        "us-east-1",
        r"(?!cn-|us-gov-|us-iso|eu-iso|eusc-)[a-z]{2}-",
        "signin.aws.amazon.com",
        # Signs out everywhere; the host without a region does so for us-east-1 only.
        "us-east-1.signin.aws.amazon.com",
        "signin.aws.amazon.com",
        "console.aws.amazon.com",
        "{region}.console.aws.amazon.com",
    ),
    "aws-cn": _Partition(
        "cn-north-1",
        "cn-",
        "signin.amazonaws.cn",
        "signin.amazonaws.cn",
        "signin.amazonaws.cn",
        "console.amazonaws.cn",
        "console.amazonaws.cn",
    ),
    "aws-us-gov": _Partition(
        "us-gov-west-1",
        "us-gov-",
        "signin.amazonaws-us-gov.com",
        "signin.amazonaws-us-gov.com",
        "signin.amazonaws-us-gov.com",
        "console.amazonaws-us-gov.com",
        "console.amazonaws-us-gov.com",
    ),
    "aws-eusc": _Partition(
        "eusc-de-east-1",
        "eusc-",
        "{region}.signin.amazonaws-eusc.eu",
        "{region}.signin.amazonaws-eusc.eu",
        "",
        "console.amazonaws-eusc.eu",
        "{region}.console.amazonaws-eusc.eu",
    ),
}


def partition_of(region: str) -> str:
    """The partition of *region*, by its name; empty if the console of that partition is not known."""
    if not re.fullmatch(REGION, region):
        return ""
    return next((name for name, known in _PARTITIONS.items() if re.match(known.regions, region)), "")


def console_hosts(partition: str, region: str = "") -> ConsoleHosts:
    """The hosts of *partition* for *region*, by default the partition's first.

    Raises ConfigError (``console-partition``), UsageError (``console-region``).
    """
    known = _PARTITIONS.get(partition)
    if known is None:
        raise ConfigError(
            "console-partition",
            f"The console of the partition {partition[:40]} is not known to mfa-tui.",
            f"It knows {', '.join(_PARTITIONS)}.",
            "Sign in to it in the browser, as your organization describes.",
        )
    region = region or known.home
    if partition_of(region) != partition:
        raise UsageError(
            "console-region",
            f"{region[:40]!r} is not a region of the partition {partition}.",
            "The profile's account belongs to that partition.",
            f"Use --region with one of its regions, such as {known.home}.",
        )
    hosts = [host.format(region=region) for host in known[2:]]
    return ConsoleHosts(partition, region, *hosts)
