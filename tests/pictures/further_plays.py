"""The way to the pictures of dialogs and pages that lead on from a screen, by keys as a person would press them."""

import configparser
import os

from textual import events

from tests.pictures import plays
from tests.pictures.world import Play, Stage


async def refused_login(stage: Stage) -> None:
    """A login that cannot work, why, and what to do."""
    await plays.finished_login(stage)
    await stage.go_to("fido")
    await stage.press("enter")
    await stage.until(lambda: stage.app.app_state.action_log.entry("fido").problem is not None)
    # What AWS said of the user is read again when the files are.
    await stage.sees("7777-8888-9999")


async def other_device(stage: Stage) -> None:
    """The devices to choose from for a profile that names one that is gone."""
    await plays.finished_login(stage)
    await stage.go_to("discover")
    await stage.press("enter")
    await stage.sees("lee-tablet")


async def marked(stage: Stage) -> None:
    """Marked profiles, and why the last key did nothing."""
    await plays.finished_login(stage)
    await stage.go_to("staging-read")
    await stage.press("space", "space", "space", "m")
    await stage.settle()


async def copied(stage: Stage) -> None:
    """A notification."""
    await plays.finished_login(stage)
    await stage.press("y")
    await stage.settle()


async def empty(stage: Stage) -> None:
    """No AWS files."""
    await plays.main_screen(stage)
    for name in ("config", "credentials"):
        os.remove(os.path.join(os.environ["HOME"], ".aws", name))
    await stage.press("u")
    await stage.sees("No AWS profiles")


async def setup_profile(stage: Stage) -> None:
    """The second question of a setup."""
    await plays.setup(stage)
    parser = configparser.ConfigParser()
    parser.read(os.path.join(os.environ["HOME"], ".aws", "credentials"))
    key = parser["ops"]
    await stage.press(*key["aws_access_key_id"], "enter")
    stage.app.screen.post_message(events.Paste(key["aws_secret_access_key"]))
    await stage.press("enter")
    await stage.sees("AWS accepts")


async def setup_device(stage: Stage) -> None:
    """The last question of a setup."""
    await setup_profile(stage)
    await stage.press(*"eu-central-1", "enter")
    await stage.sees("3 of 3")


async def enrollment_place(stage: Stage) -> None:
    """Where the secret of a new device is kept."""
    await plays.main_screen(stage)
    await stage.go_to("new")
    await stage.press("d")
    await stage.sees("no MFA device yet")
    await stage.press("n")
    await stage.sees("1 of 4")


async def enrollment_codes(stage: Stage) -> None:
    """Two codes of a new device that only the phone has."""
    await enrollment_place(stage)
    await stage.press("down", "down", "enter")
    await stage.sees("2 of 4")
    await stage.press("enter")
    await stage.sees("3 of 4")


async def enrollment_done(stage: Stage) -> None:
    """A new device that works."""
    await enrollment_place(stage)
    await stage.press("down", "enter")
    await stage.sees("has confirmed that it works")


async def resync(stage: Stage) -> None:
    """Two codes of a device that has drifted."""
    await ops_devices(stage)
    await stage.press("s")
    await stage.sees("Two codes")


async def ops_devices(stage: Stage) -> None:
    """The one device of a user, without a session."""
    await plays.finished_login(stage)
    await stage.go_to("ops")
    await stage.press("d")
    await stage.sees("1 of 8")


async def show_secret(stage: Stage) -> None:
    """The secret of a device as a QR code."""
    await plays.finished_login(stage)
    await stage.press("d")
    await stage.sees("1 of 8")
    await stage.press("x")
    await stage.sees("Show the secret")
    await stage.press("y")
    await stage.sees("Done")


async def passphrase(stage: Stage) -> None:
    """The passphrase of a backup."""
    await plays.finished_login(stage)
    await stage.press("d")
    await stage.sees("1 of 8")
    await stage.press("b")
    await stage.sees("Back up secrets")
    await stage.press("enter")
    await stage.sees("Choose a passphrase")


async def import_key(stage: Stage) -> None:
    """A key to paste."""
    await plays.keys(stage)
    await stage.press("i")
    await stage.settle()


async def account_user(stage: Stage) -> None:
    """A user of the account."""
    await plays.account(stage)
    await stage.press("enter")
    await stage.sees("Long-term keys")


async def account_export(stage: Stage) -> None:
    """The file that the account's report is written to."""
    await plays.account(stage)
    await stage.press("x")
    await stage.settle()


async def reset(stage: Stage) -> None:
    """The result of a reset of a user's device."""
    await plays.account(stage)
    await stage.press("slash", *"kim", "tab", "r")
    await stage.sees("Reset the MFA of")
    await stage.press("y")
    await stage.sees("Deactivated and deleted")


async def setting_choice(stage: Stage) -> None:
    """The values of a setting."""
    await plays.settings(stage)
    await stage.press("enter")
    await stage.settle()


FURTHER_PLAYS: dict[str, Play] = {
    "refused": refused_login,
    "other-device": other_device,
    "marked": marked,
    "copied": copied,
    "empty": empty,
    "setup-profile": setup_profile,
    "setup-device": setup_device,
    "enrollment-place": enrollment_place,
    "enrollment-codes": enrollment_codes,
    "enrollment-done": enrollment_done,
    "resync": resync,
    "qr": show_secret,
    "passphrase": passphrase,
    "import-key": import_key,
    "account-user": account_user,
    "account-export": account_export,
    "reset": reset,
    "setting": setting_choice,
}
"""The way to each of these pictures, by its name."""
