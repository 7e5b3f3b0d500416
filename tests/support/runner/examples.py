"""How many generated examples a test draws: enough to find most mistakes, or with ``--long`` many more."""

from hypothesis import HealthCheck, settings

from tests.support.runner.thoroughness import is_long


def generated(quick: int, long: int) -> settings:
    """Hypothesis settings for *quick* examples, or *long* ones with ``--long``; the same examples in each run."""
    return settings(
        max_examples=long if is_long() else quick,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
    )
