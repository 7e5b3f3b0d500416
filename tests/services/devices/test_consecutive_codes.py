"""The two codes that AWS wants for a device: consecutive, unused, and recorded as used."""

import pytest

from mfa_tui.core.seeds.totp import code_at_step, step_at
from mfa_tui.errors import UsageError
from mfa_tui.models import Secret
from mfa_tui.services.devices.consecutive_codes import can_type_again, take_consecutive_codes, take_typed_codes
from tests.support.homes.bench import NOW, SERIAL, Bench

SEED = Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" * 2)
START = NOW // 30 * 30


def steps(bench: Bench) -> list[int]:
    """The steps of the codes that are taken, counted from the one in which the test starts."""
    codes = take_consecutive_codes(bench.operation(), SERIAL, SEED)
    by_code = {code_at_step(SEED, step_at(START) + step): step for step in range(-5, 9)}
    return [by_code[code] for code in codes]


@pytest.mark.parametrize(("into", "taken"), [(0, [-2, -1]), (26, [-2, -1]), (26.5, [-1, 0]), (29, [-1, 0])])
def test_the_current_code_stays_free_for_a_login(bench: Bench, into: float, taken: list[int]) -> None:
    bench.clock.time = START + into
    assert steps(bench) == taken
    used = {step - step_at(START) for step in bench.context.used_codes.used_steps(SERIAL)}
    assert used == set(taken)
    # Just before the next step begins it is waited for: the request takes time to arrive.
    assert bench.cancel.waited == ([pytest.approx(30 - into)] if taken[1] == 0 else [])


@pytest.mark.parametrize(
    ("used", "taken", "waited"), [([-2], [-1, 0], 30), ([-1], [0, 1], 60), ([0], [-2, -1], 0), ([-3], [-2, -1], 0)]
)
def test_used_codes_are_not_taken(bench: Bench, used: list[int], taken: list[int], waited: float) -> None:
    bench.clock.time = START
    for step in used:
        bench.context.used_codes.record_use(SERIAL, step_at(START) + step, Secret("000000"))
    assert steps(bench) == taken
    assert sum(bench.cancel.waited) == waited
    texts = [getattr(each, "text", "") for each in bench.reports]
    assert texts == ([f"The next two unused codes come in {'31 s' if waited == 30 else '1 m'}"] if waited else [])


def test_typed_codes_are_the_current_one_and_the_one_before(bench: Bench) -> None:
    pair = take_typed_codes(bench.context, SERIAL, (Secret("123 456"), Secret("654321")))
    assert pair == (Secret("123456"), Secret("654321"))
    assert bench.context.used_codes.find_use(SERIAL, pair[0]) == step_at(NOW) - 1
    assert bench.context.used_codes.find_use(SERIAL, pair[1]) == step_at(NOW)


@pytest.mark.parametrize(
    ("first", "second", "slug"), [("123456", "123456", "codes-same"), ("12345", "123456", "code-malformed")]
)
def test_codes_that_cannot_be_right(bench: Bench, first: str, second: str, slug: str) -> None:
    with pytest.raises(UsageError) as caught:
        take_typed_codes(bench.context, SERIAL, (Secret(first), Secret(second)))
    assert caught.value.slug == slug
    assert can_type_again(caught.value)
    assert bench.context.used_codes.used_steps(SERIAL) == set()
    assert not can_type_again(UsageError("device-name", ""))
