"""Checking a region that the user types."""

from __future__ import annotations

import re
from difflib import get_close_matches

from mfa_tui.adapters.aws.sdk_checks import in_a_partition, known_regions
from mfa_tui.core.aws.regions import REGION
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.text.display import quoted
from mfa_tui.errors import UsageError


def check_region(region: str) -> None:
    """Make sure that *region* is one that the AWS SDK knows, or can be one that is newer than the SDK.

    Raises UsageError (``region-input``, ``region-missing``).
    """
    if re.fullmatch(REGION, region, re.ASCII) and in_a_partition(region):
        return
    known = known_regions()
    if region in known:
        return
    if not region:
        raise problem("region-missing").as_error(UsageError)
    near = get_close_matches(region.strip().lower(), sorted(known), n=1)
    said = f"Did you mean {near[0]}?" if near else "Names are like eu-central-1."
    raise problem("region-input", region=quoted(region[:60]), near=said).as_error(UsageError)
