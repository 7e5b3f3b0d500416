"""Fixtures of the services' tests of stored secrets."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.homes.bench import Bench


@pytest.fixture
def stores(bench: "Bench") -> "Bench":
    """A bench whose keyring keeps everything in memory, for as long as it does not begin again."""
    from tests.seeds.stores import Memory

    bench.context.seeds._stores = {"keyring": Memory()}  # type: ignore[dict-item]
    return bench
