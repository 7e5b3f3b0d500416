"""Profiles whose long-term keys are in the keyring, in the interface: as the others, with one line in the details."""

import json
from typing import TYPE_CHECKING

from mfa_tui.demo.aws.accounts.policy_documents import trust
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.ui.conftest import AddPerson

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws


async def test_enter_logs_in(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    dev = person("dev", seed=True)
    home.add_role_profile("admin", aws.add_role("InTheInterface", trust(dev.user.arn)))
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    key = dev.user.access_key_id
    async with interface(home, profile="dev") as driver:
        await driver.sees("dev", f"{key[:4]}…{key[-4:]}, stored")
        await driver.press("enter")
        await driver.until(lambda: driver.key_in_file("dev-mfa").startswith("ASIA"))
        await driver.press("down", "enter")
        await driver.until(lambda: driver.key_in_file("admin-mfa").startswith("ASIA"))
    assert aws.count("GetSessionToken") == 1


async def test_a_key_that_is_gone_is_reported_in_the_details(home: Home, person: AddPerson) -> None:
    dev = person("dev", seed=True)
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    path = home.path / "keyring.json"
    entries = json.loads(path.read_text())
    assert entries.pop("mfa-tui keys") == {dev.user.access_key_id: dev.user.secret_access_key}
    path.write_text(json.dumps(entries))
    async with interface(home, profile="dev") as driver:
        await driver.press("enter")
        await driver.sees("is not in the keyring.")
