"""How many generated examples a test draws: enough to find most mistakes, or with ``--long`` many more."""

from hypothesis import HealthCheck, settings


class _Mode:
    long = False


def draw_many() -> None:
    """Draw the long number of examples from now on; called before test modules are imported."""
    _Mode.long = True


def is_long() -> bool:
    """Whether the tests run with ``--long``."""
    return _Mode.long


def generated(quick: int, long: int) -> settings:
    """Hypothesis settings for *quick* examples, or *long* ones with ``--long``; the same examples in each run."""
    return settings(
        max_examples=long if _Mode.long else quick,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
    )
