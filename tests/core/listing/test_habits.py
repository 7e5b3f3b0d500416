"""How much a profile is used: more often and more lately count more."""

from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.listing.habits import HALF_LIFE, KEPT, PINNED, Uses, weights, with_use

NOW = 1_796_000_000.0


def used(*names_and_times: tuple[str, float]) -> tuple[Uses, ...]:
    """The uses of profiles at times, in their order."""
    uses: tuple[Uses, ...] = ()
    for name, at in names_and_times:
        uses = with_use(uses, name, at)
    return uses


def test_uses_count_half_after_a_week() -> None:
    once, later = used(("dev", NOW)), NOW + HALF_LIFE
    assert once == (Uses("dev", 1, NOW),)
    assert once[0].counted(later) == 0.5
    assert with_use(once, "dev", later) == (Uses("dev", 1.5, later),)


def test_often_counts_more_than_once_and_lately_more_than_long_ago() -> None:
    often = used(*[("dev", NOW)] * 3, ("ops", NOW + 1))
    assert weights(often, (), (), NOW)["dev"] > weights(often, (), (), NOW)["ops"]
    lately = used(*[("dev", NOW)] * 3, ("ops", NOW + 3 * HALF_LIFE))
    found = weights(lately, (), (), NOW + 3 * HALF_LIFE)
    assert found["ops"] > found["dev"]


def test_what_earlier_versions_remember_counts_less_than_a_use() -> None:
    found = weights(used(("dev", NOW)), ("ops", "dev", "old"), (), NOW)
    assert 1 > found["dev"] > found["ops"] > found["old"] > 0


def test_pinned_profiles_count_as_if_they_were_just_used() -> None:
    assert weights((), (), ("dev",), NOW) == {"dev": PINNED}
    assert weights(used(("dev", NOW), ("dev", NOW)), (), ("dev",), NOW)["dev"] > PINNED


def test_a_clock_that_was_put_back_makes_no_use_worth_more() -> None:
    assert used(("dev", NOW))[0].counted(NOW - 1e6) == 1


@given(st.lists(st.tuples(st.text(max_size=2), st.floats(0, 1e10)), max_size=30))
def test_weights_are_between_nothing_and_one(uses: list[tuple[str, float]]) -> None:
    counted = used(*uses)
    assert len({one.name for one in counted}) == len(counted)
    assert all(0 <= weight < 1 for weight in weights(counted, (), (), NOW).values())


def test_those_used_least_are_dropped() -> None:
    uses = used(*[(name, NOW) for name in ("dev", "ops") for _ in range(2)], *((str(n), NOW) for n in range(2 * KEPT)))
    assert len(uses) == KEPT
    assert {"dev", "ops", str(2 * KEPT - 1)} <= {one.name for one in uses}
