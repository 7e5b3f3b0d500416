"""The order of the list."""

from mfa_tui.services.listing.order import Order, next_order, sorted_names

NAMES = ("ops", "Dev", "audit", "dev", "beta")


def order(by: str, *, recent: tuple[str, ...] = (), pinned: tuple[str, ...] = ()) -> tuple[str, ...]:
    return sorted_names(NAMES, by, recent=recent, pinned=pinned, ranks={"beta": 0, "gone": 1, "ops": 2})


def test_each_order() -> None:
    assert order(Order.FILES) == NAMES
    assert order(Order.NAME) == ("audit", "beta", "Dev", "dev", "ops")
    assert order(Order.RECENT, recent=("beta", "gone", "Dev")) == ("beta", "Dev", "ops", "audit", "dev")
    assert order(Order.SESSION) == ("beta", "ops", "Dev", "audit", "dev")


def test_pinned_profiles_come_first_in_the_same_order() -> None:
    assert order(Order.FILES, pinned=("beta", "Dev", "gone")) == ("Dev", "beta", "ops", "audit", "dev")
    assert order(Order.NAME, pinned=("ops", "Dev")) == ("Dev", "ops", "audit", "beta", "dev")


def test_orders_follow_each_other_in_a_ring() -> None:
    assert [next_order(each) for each in ("groups", "files", "name", "role")] == ["files", "name", "recent", "groups"]
    assert next_order("strange") == "groups"
