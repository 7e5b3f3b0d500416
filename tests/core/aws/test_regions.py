"""The form of a region's name, against what the AWS SDK knows."""

import re

import pytest

from mfa_tui.adapters.aws.sdk_checks import known_regions
from mfa_tui.core.aws.regions import COMMON_REGIONS, REGION
from mfa_tui.errors import UsageError
from mfa_tui.services.profiles.typed_region import check_region


def test_all_regions_of_the_sdk_have_the_form() -> None:
    assert [region for region in known_regions() if re.fullmatch(REGION, region) is None] == []


def test_the_sdk_knows_all_common_regions() -> None:
    assert known_regions() >= COMMON_REGIONS


@pytest.mark.parametrize("region", ["eu-central-1", "us-gov-west-1", "eusc-de-east-1", "eu-central-9"])
def test_taken_when_typed(region: str) -> None:
    check_region(region)


@pytest.mark.parametrize(
    ("region", "remedy"),
    [
        ("mars", "Names are like eu-central-1."),
        ("us-moon-1", "Names are like eu-central-1."),
        ("xx-east-1", "Did you mean us-east-1?"),
        ("eu-central-1a", "Did you mean eu-central-1?"),
        ("EU-CENTRAL-1", "Did you mean eu-central-1?"),
        ("eu_central_1", "Did you mean eu-central-1?"),
        ("eu-central-१", "Did you mean eu-central-2?"),
        ("aws-global", "Names are like eu-central-1."),
        ("x" * 500, "Names are like eu-central-1."),
    ],
)
def test_refused_when_typed(region: str, remedy: str) -> None:
    with pytest.raises(UsageError) as refused:
        check_region(region)
    assert (refused.value.slug, refused.value.remedy) == ("region-input", remedy)
    assert len(refused.value.what) < 120
