"""Fixtures of the account screen: an account with stories, and the administrator whose profile is ``dev``."""

import secrets
from typing import TYPE_CHECKING

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR, trust
from tests.support.homes.home import Home

if TYPE_CHECKING:
    from mfa_tui.demo.aws.account_setup import AccountSetup
    from mfa_tui.demo.aws.server import StrictAws


@pytest.fixture
def account(home: Home, aws: "StrictAws") -> "AccountSetup":
    """Two users whom nothing is wrong with, one with an old key, one without MFA; a role and a weak policy."""
    name = f"{secrets.randbelow(10**12):012d}"
    boss = aws.add_user("boss", account=name, policy=ADMINISTRATOR)
    device = boss.add_device("boss")
    home.add_profile("dev", boss, device)
    home.store_seed(device)
    account = aws.account(name)
    account.add_device("boss")
    account.date_key("boss", boss.access_key_id, age=3, used=0)
    account.add_root_device()
    account.set_password_policy(12, 24)
    account.add_user("mia", password=True, signed_in=2)
    account.add_group("people", ["mia"])
    account.add_user("tom", password=True, signed_in=1)
    account.add_device("tom")
    account.add_device("tom", "fido")
    account.add_key("tom", age=412, used=1)
    account.add_sign_in("mia", age=2)
    account.add_sign_in("tom", age=1, mfa=True)
    aws.add_role("deploy", trust(f"arn:aws:iam::{name}:root"), account=name)
    return account
