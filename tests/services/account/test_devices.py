"""Which users are asked for their devices one by one: those that the lists of the account do not explain."""

from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import pytest

from mfa_tui.core.account.account import Facts, User
from mfa_tui.core.aws.mfa_serial import FIDO, HARDWARE, VIRTUAL
from mfa_tui.errors import Cancelled
from mfa_tui.services.account.devices import add_device_kinds

ACCOUNT = "111122223333"


def user(name: str, devices: tuple[str, ...] | None = (VIRTUAL,), *, mfa: bool = True, password: bool = True) -> User:
    return User(name, f"arn:aws:iam::{ACCOUNT}:user/{name}", has_password=password, has_mfa=mfa, devices=devices)


class Account:
    """What the account's lists said, and the devices that each user really has; None for one that is gone."""

    def __init__(
        self, *users: User, in_use: int, really: dict[str, tuple[str, ...] | None], root: bool = False
    ) -> None:
        self.facts = Facts(ACCOUNT, users=users)
        self.summary = {"MFADevicesInUse": in_use, "AccountMFAEnabled": int(root)}
        self.virtual_devices = Counter({each.arn: (each.devices or ()).count(VIRTUAL) for each in users})
        self.asked: list[str] = []
        self.said: list[str] = []
        self._really = really
        self.reports = self
        self.requests = self
        self.operation = SimpleNamespace(progress=lambda _, text: self.said.append(text))
        self.cancel_at = 0

    def make(self, _: str, call: Any) -> Any:
        if self.cancel_at and len(self.asked) + 1 == self.cancel_at:
            raise Cancelled
        return call()

    def list_device_kinds(self, name: str) -> tuple[str, ...] | None:
        self.asked.append(name)
        return self._really[name]

    def add(self, *, users: tuple[User, ...]) -> None:
        self.facts = self.facts._replace(users=users)

    def look(self) -> dict[str, tuple[tuple[str, ...] | None, bool]]:
        add_device_kinds(cast("Any", self))
        return {each.name: (each.devices, each.has_mfa) for each in self.facts.users or ()}


def test_users_with_mfa_and_no_known_device() -> None:
    account = Account(
        user("key", None), user("gone", None), user("none", (), mfa=False), user("off", None, password=False),
        in_use=1, really={"key": (FIDO,), "gone": None},
    )  # fmt: skip
    assert account.look() == {"key": ((FIDO,), True), "none": ((), False), "off": (None, True)}
    assert account.asked == ["key", "gone"]
    assert account.said == [f"Asking AWS for MFA devices: {number} of 2 users" for number in (1, 2)]


@pytest.mark.parametrize(
    ("in_use", "root", "asked"),
    [
        # Every device is accounted for.
        (3, False, []),
        (4, True, []),
        # One is missing: users are asked until it is found.
        (4, False, ["a", "b"]),
        (5, True, ["a", "b"]),
        (5, False, ["a", "b", "c"]),
    ],
)
def test_a_second_device_of_another_kind(in_use: int, asked: list[str], *, root: bool) -> None:
    really: dict[str, tuple[str, ...] | None] = {"a": (VIRTUAL,), "b": (VIRTUAL, FIDO), "c": (VIRTUAL, HARDWARE)}
    account = Account(*map(user, really), in_use=in_use, really=really, root=root)
    found = account.look()
    assert account.asked == asked
    assert [name for name, (devices, _) in found.items() if devices == really[name]] == list(
        dict.fromkeys(["a", *asked])
    )


def test_devices_that_were_found_are_accounted_for() -> None:
    really: dict[str, tuple[str, ...] | None] = {"key": (FIDO, HARDWARE), "a": (VIRTUAL,)}
    account = Account(user("key", None), user("a"), in_use=3, really=really)
    account.look()
    assert account.asked == ["key"]


def test_a_user_who_is_gone_meanwhile_finds_nothing() -> None:
    account = Account(user("a"), user("b"), user("c"), in_use=4, really={"a": None, "b": (VIRTUAL, FIDO)})
    assert list(account.look()) == ["b", "c"]
    assert account.asked == ["a", "b"]


def test_so_many_are_asked_at_most() -> None:
    really: dict[str, tuple[str, ...] | None] = {f"u{number}": (VIRTUAL,) for number in range(201)}
    account = Account(*map(user, really), in_use=999, really=really)
    account.look()
    assert len(account.asked) == 200


def test_what_was_seen_before_it_was_cancelled_counts() -> None:
    account = Account(user("a", None), user("b", None), in_use=2, really={"a": (FIDO,), "b": (HARDWARE,)})
    account.cancel_at = 2
    with pytest.raises(Cancelled):
        account.look()
    assert [each.devices for each in account.facts.users or ()] == [(FIDO,), None]
