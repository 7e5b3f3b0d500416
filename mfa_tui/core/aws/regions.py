"""AWS's regions and partitions ("AWS Regions" in the AWS General Reference)."""

from __future__ import annotations

import re
from typing import NamedTuple

REGION = (
    r"(?:[a-z]{2}(?:-gov|-iso[a-z]?)?|eusc-[a-z]{2})"
    r"-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9]\d?"
)
"""The form of a name, as a pattern: the place (``eu``, ``us-gov``, ``us-isob``, ``eusc-de``), a direction, a number."""


class Partition(NamedTuple):
    """A part of AWS with accounts and addresses of its own."""

    name: str
    """As ARNs say it: ``aws``, ``aws-cn``, …"""
    places: str
    """What the names of its regions begin with, as a pattern."""
    suffix: str
    """What the names of its hosts end with."""
    home: str
    """The region to call if none is set."""


_PARTITIONS = (
    Partition("aws", "us|eu|ap|sa|ca|me|af|il|mx", "amazonaws.com", "us-east-1"),
    # botocore's data names cn-northwest-1 here, but IAM of China is in this one.
    Partition("aws-cn", "cn", "amazonaws.com.cn", "cn-north-1"),
    Partition("aws-us-gov", "us-gov", "amazonaws.com", "us-gov-west-1"),
    Partition("aws-iso", "us-iso", "c2s.ic.gov", "us-iso-east-1"),
    Partition("aws-iso-b", "us-isob", "sc2s.sgov.gov", "us-isob-east-1"),
    Partition("aws-iso-e", "eu-isoe", "cloud.adc-e.uk", "eu-isoe-west-1"),
    Partition("aws-iso-f", "us-isof", "csp.hci.ic.gov", "us-isof-south-1"),
    Partition("aws-eusc", "eusc-de", "amazonaws.eu", "eusc-de-east-1"),
)
"""The partitions, as botocore knows them (``partitions.json``, 1.44); a test compares the two."""
COMMON_REGIONS = frozenset(
    {
        "af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
        "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ca-central-1", "ca-west-1",
        "cn-north-1", "cn-northwest-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2",
        "eu-west-1", "eu-west-2", "eu-west-3", "eusc-de-east-1", "il-central-1", "me-central-1", "me-south-1",
        "sa-east-1", "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2",
    }
)  # fmt: skip
"""Regions that each botocore knows with which mfa-tui works; a test compares them. Nearly all profiles name one."""
_NAME = r"(?a:(?:{})-[a-z]+-\d{{1,3}})"
"""A region of a partition, as botocore recognizes it, new ones too; but only in ASCII and lower case."""


def partition_of(region: str) -> Partition | None:
    """The partition of *region*, by its name; None if it is not the name of a region in a known partition."""
    return next((each for each in _PARTITIONS if re.fullmatch(_NAME.format(each.places), region)), None)


def home_region(partition: str) -> str:
    """The region of *partition* that is called if none is set; empty if the partition is not known."""
    return next((each.home for each in _PARTITIONS if each.name == partition), "")
