"""The rules: each finding if and only if its condition holds."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_tui.core.account.account import Facts, Key, PasswordPolicy, RootUser, SignIn, SignIns, User
from mfa_tui.core.account.findings import CRITICAL, HIGH, MEDIUM, RULES, is_at_least
from mfa_tui.core.account.rules import DAY, Thresholds, find_problems
from mfa_tui.core.account.statistics import key_ages, protection
from tests.support.runner.thoroughness import examples

NOW = 1_790_000_000
ACCOUNT = "111122223333"


def user(name: str = "ana", **more: Any) -> User:
    values: dict[str, Any] = {"has_password": True, "has_mfa": True, **more}
    return User(name, f"arn:aws:iam::{ACCOUNT}:user/{name}", **values)


def key(age: float = 1, used: float | None = 0, *, slot: int = 1, active: bool = True) -> Key:
    return Key(slot, active, int(NOW - age * DAY), None if used is None else int(NOW - used * DAY))


def root_user(flags: str) -> RootUser:
    """Password, MFA and keys: each y, n, or ? if it is not known."""
    return RootUser(*({"y": True, "n": False, "?": None}[flag] for flag in flags))


def policy(length: int, reuse: int) -> PasswordPolicy:
    return PasswordPolicy(exists=True, length=length, reuse=reuse)


def ids(**facts: Any) -> list[str]:
    return [one.id for one in find_problems(Facts(ACCOUNT, **facts), NOW)]


def test_what_is_not_known_is_no_finding() -> None:
    assert ids() == []


@pytest.mark.parametrize(
    ("root", "found"),
    [
        (root_user("yyn"), []),
        (root_user("ynn"), ["root-no-mfa"]),
        # Central root access: neither password nor keys.
        (root_user("nnn"), []),
        (root_user("nny"), ["root-access-key", "root-no-mfa"]),
        (root_user("yyy"), ["root-access-key"]),
        (root_user("?nn"), ["root-no-mfa"]),
        (root_user("???"), []),
    ],
)
def test_root(root: RootUser, found: list[str]) -> None:
    assert ids(root=root) == found


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (PasswordPolicy(exists=False), "password-policy-missing"),
        (policy(14, 24), ""),
        (policy(13, 24), "password-policy-weak"),
        (policy(128, 23), "password-policy-weak"),
        (policy(8, 0), "password-policy-weak"),
    ],
)
def test_the_password_policy(made: PasswordPolicy, found: str) -> None:
    assert ids(password_policy=made, users=(user(),)) == ([found] if found else [])


def test_a_password_that_is_the_only_factor_is_longer() -> None:
    """NIST SP 800-63B-4: 15 characters, where CIS asks for 14."""
    alone = (user(has_mfa=False),)
    assert ids(password_policy=policy(14, 24), users=alone) == ["user-no-mfa", "password-policy-weak"]
    assert ids(password_policy=policy(15, 24), users=alone) == ["user-no-mfa"]


def test_no_advice_to_expire_passwords() -> None:
    for rule in RULES:
        assert "expir" not in rule.remedy.lower()
        assert "upper" not in rule.remedy.lower()


def test_who_needs_mfa() -> None:
    found = find_problems(
        Facts(
            ACCOUNT,
            users=(
                user("boss", has_mfa=False, administrator="policy AdministratorAccess"),
                user("ana", has_mfa=False, administrator=""),
                user("script", has_mfa=False, has_password=False, keys=(key(),)),
                user("nobody", has_mfa=False, has_password=False, keys=(key(500, None, active=False),)),
                user("safe", devices=("virtual", "fido")),
            ),
        ),
        NOW,
    )
    assert [(one.id, one.name, one.severity) for one in found] == [
        ("admin-no-mfa", "boss", CRITICAL),
        ("user-no-mfa", "ana", HIGH),
        ("user-no-mfa", "script", MEDIUM),
    ]


@pytest.mark.parametrize(
    ("devices", "found"),
    [
        (None, []),
        (("virtual",), ["user-one-device"]),
        (("fido",), ["user-fido-only", "user-one-device"]),
        (("fido", "fido"), ["user-fido-only"]),
        (("virtual", "fido"), []),
        (("hardware", "virtual"), []),
    ],
)
def test_devices(devices: tuple[str, ...] | None, found: list[str]) -> None:
    assert ids(users=(user(devices=devices),)) == found


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ((key(89.9, 44.9),), []),
        ((key(90.1, 1),), ["key-old"]),
        ((key(60, 45),), ["key-unused"]),
        ((key(60, None),), ["key-never-used"]),
        ((key(400, 400),), ["key-old", "key-unused"]),
        ((key(400, 400, active=False),), []),
        ((key(), key(slot=2)), ["two-active-keys"]),
        ((key(), key(400, 400, slot=2, active=False)), []),
        ((key(91), key(92, slot=2)), ["key-old", "key-old", "two-active-keys"]),
    ],
)
def test_keys(keys: tuple[Key, ...], found: list[str]) -> None:
    assert ids(users=(user(keys=keys),)) == found


def test_settings_move_the_limits() -> None:
    facts = Facts(ACCOUNT, users=(user(keys=(key(31, 8),)),))
    assert [one.id for one in find_problems(facts, NOW, Thresholds(30, 7))] == ["key-old", "key-unused"]
    assert find_problems(facts, NOW, Thresholds(31, 9)) == ()


def test_sign_ins_are_told_by_user() -> None:
    root, ana = f"arn:aws:iam::{ACCOUNT}:root", user().arn
    events = (
        SignIn(NOW, ana, "ana", "eu-north-1"),
        SignIn(NOW - DAY, ana, "ana", "us-east-1"),
        SignIn(NOW, root, "root", "us-east-1"),
    )
    found = find_problems(Facts(ACCOUNT, sign_ins=SignIns(events)), NOW)
    assert [(one.severity, one.resource) for one in found] == [(CRITICAL, root), (HIGH, ana)]
    assert "2 times, last on 2026-09-21" in found[1].what
    assert found[0].what.startswith("The root user signed in to the console without MFA once")


def test_a_user_who_is_called_root() -> None:
    named = SignIn(NOW, f"arn:aws:iam::{ACCOUNT}:user/root", "root", "us-east-1")
    (found,) = find_problems(Facts(ACCOUNT, sign_ins=SignIns((named,))), NOW)
    assert (found.severity, found.what.partition(" signed")[0]) == (HIGH, "root")


days = st.none() | st.floats(0, 800)
keys = st.builds(
    lambda slot, active, age, used: key(age, used, slot=slot, active=active),
    st.just(1),
    st.booleans(),
    st.floats(0, 800),
    days,
)
users = st.builds(
    lambda password, mfa, admin, kinds, first, second: user(
        has_password=password,
        has_mfa=mfa,
        administrator=admin,
        devices=kinds if mfa else None,
        keys=tuple(one._replace(slot=at) for at, one in enumerate((*first, *second), start=1)),
    ),
    st.booleans(), st.booleans(), st.sampled_from([None, "", "policy X"]),
    st.none() | st.lists(st.sampled_from(["virtual", "fido", "hardware"]), min_size=1, max_size=3).map(tuple),
    st.lists(keys, max_size=1), st.lists(keys, max_size=1),
)  # fmt: skip


@settings(max_examples=examples(1000, short=60), deadline=None)
@given(users)
def test_nothing_is_missed_and_nothing_invented(one: User) -> None:
    active = [each for each in one.keys if each.active]
    expected = []
    if one.has_password or active:
        if not one.has_mfa:
            expected.append("admin-no-mfa" if one.administrator else "user-no-mfa")
        kinds = one.devices or ()
        expected += ["user-one-device"] * (len(kinds) == 1) + ["user-fido-only"] * (set(kinds) == {"fido"})
        for each in active:
            assert each.created_at is not None
            expected += ["key-old"] * (NOW - each.created_at > 90 * DAY)
            if each.used_at is None:
                expected.append("key-never-used")
            elif NOW - each.used_at >= 45 * DAY:
                expected.append("key-unused")
        expected += ["two-active-keys"] * (len(active) == 2)
    assert sorted(ids(users=(one,))) == sorted(expected)


@settings(max_examples=examples(200, short=30), deadline=None)
@given(st.lists(users, max_size=6))
def test_figures_add_up(some: list[User]) -> None:
    shown = protection(tuple(some))
    assert shown.total == sum(one.can_log_in for one in some)
    assert 0 <= shown.share <= 1
    classes = key_ages(tuple(some), NOW, Thresholds())
    assert sum(one.keys for one in classes) == sum(len(one.active_keys) for one in some)
    old = sum(one.keys for one in classes if one.old)
    found = find_problems(Facts(ACCOUNT, users=tuple(some)), NOW)
    assert old == sum(one.id == "key-old" for one in found)


def test_severities_are_ordered() -> None:
    assert is_at_least(CRITICAL, HIGH)
    assert is_at_least(HIGH, HIGH)
    assert not is_at_least(MEDIUM, HIGH)
