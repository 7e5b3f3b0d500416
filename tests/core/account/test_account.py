"""What is known of an account."""

import pytest

from mfa_tui.core.account.account import Facts, Key, PasswordPolicy, RootUser, SignIns, User

ACCOUNT = "111122223333"


@pytest.mark.parametrize(
    "known",
    [
        {"users": ()},
        {"root": RootUser(None, None, None)},
        {"password_policy": PasswordPolicy(exists=False)},
        {"open_roles": ()},
        {"credentials": ()},
        {"sign_ins": SignIns()},
    ],
)
def test_when_nothing_is_known(known: dict[str, object]) -> None:
    assert Facts(ACCOUNT).is_empty
    assert not Facts(ACCOUNT)._replace(**known).is_empty  # type: ignore[arg-type]


def test_names_of_identities() -> None:
    facts = Facts(ACCOUNT, partition="aws-cn")
    assert facts.root_arn == f"arn:aws-cn:iam::{ACCOUNT}:root"
    assert facts.user_arn("ana") == f"arn:aws-cn:iam::{ACCOUNT}:user/ana"


def test_who_can_log_in() -> None:
    active, inactive = (Key(1, active=active, created_at=1, used_at=None) for active in (True, False))
    for password, keys, can in (
        (True, (), True), (False, (), False), (False, (inactive,), False), (False, (inactive, active), True),
    ):  # fmt: skip
        user = User("ana", "arn", has_password=password, has_mfa=False, keys=keys)
        assert user.can_log_in == can
        assert user.active_keys == tuple(key for key in keys if key is active)


def test_sign_ins_are_counted() -> None:
    assert SignIns(days=(("a", 1, 2), ("b", 3, 4))).totals == (4, 6)
    assert SignIns().totals == (0, 0)
