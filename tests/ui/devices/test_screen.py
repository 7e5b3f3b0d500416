"""The device screen: what it tells of each device, and what is done with one."""

from typing import TYPE_CHECKING

import pytest

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts.policy_documents import NOTHING_BEFORE_MFA
from mfa_tui.ui.flows.host_screen import HostScreen
from mfa_tui.ui.widgets.choice_list import ChoiceList
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.support.interface.qrcodes import read_cells
from tests.support.runner.thoroughness import long, quick_cases
from tests.ui.conftest import AddPerson, Person

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws


@pytest.fixture
def owner(home: Home, aws: "StrictAws") -> AddPerson:
    """As ``person``, with a device that bears the user's name, as policies want it: so the user may delete it."""

    def add(name: str) -> Person:
        user = aws.add_user()
        device = user.add_device(user.name)
        home.add_profile(name, user, device)
        home.store_seed(device)
        return Person(name, user, device)

    return add


async def opened(driver: Driver, name: str, count: int) -> None:
    """The device screen of the profile under the cursor."""
    await driver.press("d")
    await driver.sees(f"MFA devices of {name}", f"{count} of 8")


async def test_the_screen_shows_what_each_device_is_and_what_can_be_done(home: Home, person: AddPerson) -> None:
    dev = person("dev", seed=True)
    home.add_profile("other", dev.user, dev.device)
    token = dev.user.add_hardware_device()
    fido = dev.user.add_fido_device(f"key-{dev.user.name}")
    async with interface(home, size=(80, 24)) as driver:
        await opened(driver, "dev", 3)
        name = dev.device.serial.rsplit("/")[-1]
        rows = {
            line.split()[1] if line.startswith(" ›") else line.split()[0]: line
            for line in driver.screen.splitlines()[3:6]
        }
        assert "virtual" in driver.screen
        assert "here" in driver.screen.splitlines()[3]
        assert "dev, other" in driver.screen.splitlines()[3]
        assert "token" in rows[token.serial]
        assert "not here" in rows[token.serial]
        assert "no codes" in driver.screen
        await driver.sees(dev.device.serial, "● dev logs in with it", "also used by other", name)
        await driver.press("down")
        await driver.sees(token.serial, "Its secret is not stored here, so you type its codes")
        table = driver.app.screen.query_one("#table", ChoiceList)
        # The row under the cursor has a background of its own, on which its text can be read.
        first, second = ([cell.style for cell in table.render_line(y)] for y in (2, 3))
        assert {style.bgcolor for style in first if style}.isdisjoint({style.bgcolor for style in second if style})
        assert all(style.color != style.bgcolor for style in second if style)
        await driver.press("x")
        await driver.sees("– QR code: its secret is not stored here.")
        await driver.press("i")
        await driver.sees("– Import: only virtual devices have a secret to import.")
        await driver.press("down")
        await driver.sees("A FIDO key or passkey, which works in the browser only.")
        assert fido in driver.words.replace(" ", "")
        await driver.press("s")
        await driver.sees("– Resync: it does not generate codes.")
        await driver.pilot.click("#table", offset=(5, 2))
        await driver.sees("● dev logs in with it")
        await driver.press("question_mark")
        await driver.sees("Enroll a new virtual MFA device", "Keys")
        await driver.press("h")
        await driver.sees("What's wrong?")
        await driver.press("escape")
        await driver.sees("MFA devices of dev")
        offered = {command.title for command in driver.app.get_system_commands(driver.app.screen)}
        assert {"New", "Remove", "QR code", "Troubleshoot", "Back", "Screenshot"} <= offered
        assert "Import" in offered
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)


async def test_a_result_that_comes_while_a_screen_is_taken_apart_shows_nothing(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    async with interface(home) as driver:
        main = driver.app.screen
        assert isinstance(main, HostScreen)
        # The first thing that Textual does when the program ends.
        await driver.app._prune(main)
        assert not main.query("#phone")
        main.redraw()
        main.progressed()


async def test_a_removed_device_is_gone_at_aws_and_here(home: Home, owner: AddPerson) -> None:
    dev = owner("dev")
    spare = dev.user.add_device(f"{dev.user.name}-spare")
    async with interface(home) as driver:
        await opened(driver, "dev", 2)
        await driver.press("delete")
        await driver.sees("dev will name ", "-spare.", "Its secret is removed from this machine")
        await driver.press("enter")
        await driver.sees("2 of 8")
        await driver.press("delete")
        await driver.sees("dev will name ")
        await driver.press("y")
        await driver.until(lambda: any("Removed " in toast for toast in driver.toasts))
        await driver.sees("1 of 8")
        assert dev.user.devices() == [spare.serial]
        assert driver.context.seeds.serials() == frozenset()


@long
@quick_cases(1)
@pytest.mark.parametrize("spare", [True, False], ids=["of two", "the last"])
async def test_an_interrupted_removal_is_finished(home: Home, owner: AddPerson, aws: "StrictAws", spare: bool) -> None:
    dev = owner("dev")
    if spare:
        dev.user.add_device(f"{dev.user.name}-spare")
    aws.fault(faults.dropped(), action="DeleteVirtualMFADevice")
    async with interface(home, size=(100, 30)) as driver:
        await opened(driver, "dev", 1 + spare)
        await driver.press("delete")
        await driver.sees("Its secret is removed from this machine")
        await driver.press("y")
        if not spare:
            await driver.sees("the last device")
            await driver.press("y")
        await driver.sees("is deactivated, but not deleted", "The removal of", "Press u to finish it")
        assert driver.context.seeds.serials() == {dev.device.serial}
    # Another run of the interface finds it.
    async with interface(home, size=(100, 30)) as driver:
        await driver.press("d")
        await driver.sees(f"Finish removing {dev.user.name}?")
        await driver.press("n")
        await driver.sees("The removal of", "Press u to finish it")
        await driver.press("f5")
        await driver.sees(f"Finish removing {dev.user.name}?")
        await driver.press("y")
        await driver.until(lambda: any("Removed " in toast for toast in driver.toasts))
        assert driver.context.seeds.serials() == frozenset()
    assert dev.device.serial not in [serial for serial, _ in aws.virtual_devices()]


async def test_a_damaged_list_of_secrets_is_reported(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    (home.path / ".local/share/mfa-tui/seeds.json").write_text("{")
    async with interface(home, size=(80, 24)) as driver:
        await driver.sees("the list of stored secrets, is damaged", "D shows what to do")
        await opened(driver, "dev", 1)
        await driver.sees("not here", "the list of stored secrets, is damaged", "Restore it from a copy")


async def test_a_profile_that_names_another_user_s_device_says_so(home: Home, person: AddPerson) -> None:
    dev = person("dev")
    dev.user.add_device(f"{dev.user.name}-new")
    home.config.write_text(home.config.read_text().replace(dev.device.serial, f"{dev.device.serial}-lost"))
    async with interface(home, size=(80, 24)) as driver:
        await opened(driver, "dev", 2)
        await driver.sees("! dev names", "-lost", "which is not one of these")


@long
async def test_a_device_that_may_not_be_deleted_is_still_removed_here(home: Home, person: AddPerson) -> None:
    dev = person("dev", seed=True)
    async with interface(home) as driver:
        await opened(driver, "dev", 1)
        await driver.press("delete")
        await driver.sees("Remove dev-")
        await driver.press("y")
        await driver.sees("without MFA?")
        await driver.press("y")
        await driver.sees("has no MFA device yet", "is still at AWS", "iam delete-virtual-mfa-device --serial-number")
        assert dev.user.devices() == []
        assert driver.context.seeds.serials() == frozenset()


@long
async def test_the_last_device_takes_a_second_yes(home: Home, owner: AddPerson) -> None:
    dev = owner("dev")
    async with interface(home, size=(80, 24)) as driver:
        await opened(driver, "dev", 1)
        for answer in ("n", "y"):
            await driver.press("delete")
            await driver.sees("will have no MFA: policies that require it then deny everything.")
            await driver.press("y")
            await driver.sees("without MFA?", "is the last device of")
            await driver.press(answer)
            await driver.sees("MFA devices of dev")
            assert (dev.user.devices() == []) <= (answer == "y")
        await driver.sees("has no MFA device yet", "n enrolls one")
        assert dev.user.devices() == []


@quick_cases(1)
@pytest.mark.parametrize("agrees", [True, False])
async def test_a_device_is_replaced_once_the_new_one_has_worked(home: Home, owner: AddPerson, agrees: bool) -> None:
    dev = owner("dev")
    home.add_profile("other", dev.user, dev.device)
    async with interface(home, size=(80, 24)) as driver:
        await opened(driver, "dev", 1)
        await driver.press("p")
        await driver.sees("Replacing", "1 of 4")
        await driver.press("down", "enter")
        await driver.sees("Remove", "works, so", "dev and other will name", "Keep both")
        assert len(dev.user.devices()) == 2
        # Enter, pressed once too often, keeps both.
        await driver.press("y" if agrees else "enter")
        became = "which is removed" if agrees else "which you keep"
        await driver.sees("is enabled, and a login has confirmed that it works", became)
        assert ("b enrolls a backup device" in driver.words) is agrees
        (new,) = [serial for serial in dev.user.devices() if serial != dev.device.serial]
        assert (dev.device.serial in dev.user.devices()) is not agrees
        assert home.config.read_text().count(new) == (2 if agrees else 1)
        await driver.press("enter")
        await driver.sees("1 of 8" if agrees else "2 of 8")
        assert "is unfinished" not in driver.words


@long
async def test_a_device_with_a_stored_secret_is_resynced_without_typing(
    home: Home, person: AddPerson, aws: "StrictAws"
) -> None:
    person("dev", seed=True)
    async with interface(home) as driver:
        await opened(driver, "dev", 1)
        await driver.press("s")
        await driver.until(lambda: any("is back in sync" in toast for toast in driver.toasts))
    assert aws.count("ResyncMFADevice") == 1


async def test_two_typed_codes_resync_a_device(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    ops = person("ops")
    ops.device.drift(7)
    async with interface(home, size=(80, 24)) as driver:
        await opened(driver, "ops", 1)
        await driver.press("s")
        await driver.sees("Two codes from", "Type the current code.")
        await driver.type("123456")
        await driver.sees("The next code appears in")
        assert "123456" not in driver.app.export_screenshot().replace("&#160;", "").replace(" ", "")
        await driver.type("123457")
        await driver.press("enter")
        await driver.sees("✗ AWS did not accept the two codes")
        await driver.paste(*ops.device.codes())
        await driver.press("enter")
        await driver.until(lambda: any("is back in sync" in toast for toast in driver.toasts))
        await driver.sees("MFA devices of ops")
    assert aws.count("ResyncMFADevice") == 2


@long
async def test_a_stored_secret_is_shown_after_confirmation(home: Home, person: AddPerson) -> None:
    dev = person("dev", seed=True)
    async with interface(home, size=(80, 24)) as driver:
        await opened(driver, "dev", 1)
        await driver.press("x")
        await driver.sees("Show the secret of", "Anyone who sees this can generate your codes forever")
        await driver.press("enter")
        await driver.sees("MFA devices of dev")
        await driver.press("x")
        await driver.sees("Show the secret of")
        await driver.press("y")
        await driver.sees("Secret of", "The phone should show")
        (address,) = read_cells(driver)
        assert dev.device.seed in address
        await driver.press("s")
        await driver.sees("THE SECRET", dev.device.seed[:4], "s Hide secret")
        shown = driver.app.export_screenshot().replace("&#160;", "")
        assert dev.device.seed[:4] not in shown
        await driver.press("enter")
        await driver.sees("MFA devices of dev")


@long
async def test_a_secret_is_imported_for_the_device_that_is_chosen(home: Home, person: AddPerson) -> None:
    dev = person("dev", seed=True)
    spare = dev.user.add_device(f"{dev.user.name}-spare")
    async with interface(home) as driver:
        await opened(driver, "dev", 2)
        await driver.press("down", "i")
        await driver.sees("Secret for dev", f"device {dev.user.name}-spare")
        await driver.paste(spare.seed)
        await driver.press("enter")
        await driver.sees("Log in to dev now?")
        await driver.press("n")
        await driver.sees("MFA devices of dev")
        await driver.until(lambda: driver.screen.count(" here ") == 2)
        assert spare.serial in driver.context.seeds.serials()


@long
async def test_an_imported_secret_is_the_user_s_even_if_the_profile_names_a_fido_key(
    home: Home, person: AddPerson
) -> None:
    dev = person("dev", named=False)
    key = dev.user.add_fido_device("key")
    named = home.config.read_text().replace("[profile dev]\n", f"[profile dev]\nmfa_serial = {key}\n")
    role = f"[profile admin]\nrole_arn = arn:aws:iam::{dev.user.account}:role/admin\nsource_profile = dev\n"
    home.config.write_text(f"{named}{role}mfa_serial = {key}\n")
    async with interface(home, profile="admin") as driver:
        await opened(driver, "admin", 2)
        await driver.press("down", "i")
        await driver.sees("Secret for dev")
        await driver.paste(dev.device.seed)
        await driver.press("enter")
        await driver.sees("Log in to dev now?", "is saved in the profile as mfa_serial")
        await driver.press("n")
        await driver.sees("MFA devices of admin")
        await driver.until(lambda: " here " in driver.screen)


@long
async def test_devices_that_aws_lists_only_after_mfa(home: Home, person: AddPerson) -> None:
    ops = person("ops")
    ops.user.set_policy(NOTHING_BEFORE_MFA)
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("d")
        await driver.sees("AWS does not let", "l logs in with MFA", "h shows what an administrator can do")
        await driver.press("h")
        await driver.sees("No permission for ListMFADevices", "aws iam list-mfa-devices --user-name USER")
        await driver.press("escape", "escape")
        await driver.sees("MFA devices of ops")
        await driver.press("l")
        await driver.sees("Code for ops")
        await driver.type(ops.device.code())
        await driver.press("enter")
        await driver.sees("1 of 8", ops.device.serial)
