"""Which settings are those for the account of a profile."""

import pytest

from mfa_tui.core.settings.account_label import is_id, label_for, sign_of
from mfa_tui.core.settings.values import AccountSettings

DEV, PROD, OTHERS = AccountSettings(name="dev"), AccountSettings(color="red"), AccountSettings(color="blue")
ACCOUNTS = {"*Prod*": PROD, "*": OTHERS, "1111-2222-3333": DEV}


@pytest.mark.parametrize(
    ("account", "profile", "alias", "found"),
    [
        ("111122223333", "my-prod", "", DEV),
        ("444455556666", "my-PROD-admin", "", PROD),
        ("444455556666", "ana", "acme-prod", PROD),
        ("444455556666", "ana", "", OTHERS),
        ("", "ana", "", OTHERS),
        ("", "prod", "", PROD),
    ],
)
def test_the_id_counts_first_then_the_first_pattern(
    account: str, profile: str, alias: str, found: AccountSettings
) -> None:
    assert label_for(ACCOUNTS, account, profile, alias) is found


def test_without_a_match_there_is_none() -> None:
    assert label_for({"111122223333": DEV, "prod-?": PROD}, "444455556666", "prod-10") is None
    assert label_for({"111122223333": DEV}, "", "111122223333") is None, "a profile's name is no ID"
    assert label_for({}, "111122223333", "dev") is None


def test_what_is_an_id() -> None:
    assert [is_id(key) for key in ("111122223333", "1111-2222-3333", "12*", "prod", "-")] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_each_color_has_a_sign() -> None:
    assert [sign_of(AccountSettings(color=color)) for color in ("red", "blue", "")] == ["▲", "■", ""]
