"""``mfa-tui device enroll``: from no MFA to a session, further devices, and what is in the way of one."""

import re

import boto3
import pytest

from mfa_tui.demo.aws.accounts import policy_documents
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.devices.devices import has_stored, named_serial, unassigned, who
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal
from tests.support.runner.thoroughness import long


def test_from_no_mfa_to_a_session(home: Home, aws: StrictAws, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    result = home.run("device", "enroll", "dev", "--yes")
    assert result.returncode == 0, result.stderr
    (serial,) = user.devices()
    assert serial == f"arn:aws:iam::{user.account}:mfa/{user.name}"
    first, second = result.stdout.splitlines()
    assert first == f"dev: enrolled {serial}; its secret is kept here"
    assert second.startswith("dev: saved as dev-mfa, valid until ")
    assert has_stored(home, aws.seed_of(serial))
    assert aws.seed_of(serial) not in result.stdout + result.stderr
    assert named_serial(home) == serial
    assert who(home, aws) == user.arn
    assert unassigned(aws, user) == []
    # As SDKs read it.
    for name, value in home.env.items():
        monkeypatch.setenv(name, value)
    assert boto3.Session(profile_name="dev-mfa").client("sts").get_caller_identity()["Arn"] == user.arn


def test_on_a_phone_from_a_terminal(home: Home, aws: StrictAws, user: User) -> None:
    serial = f"arn:aws:iam::{user.account}:mfa/{user.name}"
    with terminal(home, "mfa-tui device enroll dev") as tty:
        tty.wait_for(r"3  On the phone only\..*1, 2 or 3 \[1\]: ")
        tty.type("3\r")
        tty.wait_for(rf"Device name \[{user.name}\]: ")
        tty.type("\r")
        tty.wait_for("Press Enter when you are done. ")
        tty.type("\r")
        phone = user.device(serial)
        for first, second in (("123456", "123456"), phone.codes()):
            tty.wait_for("Code that it shows now: ")
            tty.type(f"{first}\r")
            tty.wait_for("The next code, once it changes: ")
            tty.type(f"{second}\r")
        tty.wait_for("MFA code for dev")
        tty.type(f"{phone.code(1)}\r")
        assert tty.status() == 0
    assert f"dev: enrolled {serial}; its secret is on your phone only" in tty.screen
    assert "The two codes are the same." in tty.screen
    assert phone.seed not in tty.screen
    assert not has_stored(home, phone.seed)
    assert (user.devices(), named_serial(home), who(home, aws)) == ([serial], serial, user.arn)


def test_a_device_created_again_under_the_serial_that_the_profile_names(home: Home, aws: StrictAws, user: User) -> None:
    lost = f"arn:aws:iam::{user.account}:mfa/{user.name}"
    home.config.write_text(home.config.read_text().replace("region", f"mfa_serial = {lost}\nregion"))
    result = home.run("device", "enroll", "dev", "--yes")
    assert result.returncode == 0, result.stderr
    assert (user.devices(), named_serial(home)) == ([lost], lost)
    assert who(home, aws) == user.arn


def test_a_second_device(home: Home, aws: StrictAws, device: Device) -> None:
    before = home.config.read_bytes()
    result = home.run("device", "enroll", "ops", "--yes")
    assert (result.returncode, home.config.read_bytes()) == (0, before), result.stderr
    backup = f"{device.serial}-backup"
    assert result.stdout == f"ops: enrolled {backup}; its secret is kept here\n"
    assert [owner for serial, owner in aws.virtual_devices() if serial == backup] == [device.serial.rsplit("/")[-1]]
    assert has_stored(home, aws.seed_of(backup))
    assert named_serial(home, "ops") == device.serial


def test_no_room(home: Home, aws: StrictAws, user: User) -> None:
    devices = [user.add_device(f"{user.name}-{number}") for number in range(8)]
    home.store_seed(devices[0])
    result = home.run("device", "enroll", "dev", "--yes")
    assert (result.returncode, result.stdout) == (1, "")
    assert f"mfa-tui: {user.name} cannot have any more MFA devices.\n  A user can have 8.\n" in result.stderr
    assert aws.count("CreateVirtualMFADevice") == 0


def test_a_name_that_is_taken_by_someone_else(home: Home, aws: StrictAws, user: User) -> None:
    taken = aws.add_user().add_device(user.name)
    named = home.run("device", "enroll", "dev", "--yes", "--name", user.name)
    assert (named.returncode, named.stdout) == (1, "")
    assert f"A virtual MFA device called {user.name} already exists." in named.stderr
    chosen = home.run("device", "enroll", "dev", "--yes")
    assert chosen.returncode == 0, chosen.stderr
    assert user.devices() == [f"{taken.serial}-backup"]


@pytest.mark.parametrize(("suffix", "remedy"), [(False, "--name"), (True, "iam:CreateVirtualMFADevice")])
def test_a_name_that_is_denied(home: Home, aws: StrictAws, user: User, suffix: bool, remedy: str) -> None:
    user.set_policy(policy_documents.SELF_SERVICE_MFA)
    name = f"{user.name}-2" if suffix else "phone"
    result = home.run("device", "enroll", "dev", "--yes", "--name", name)
    assert (result.returncode, result.stdout) == (1, "")
    assert f"AWS does not let {user.name} create a virtual MFA device called {name}.\n" in result.stderr
    assert remedy in result.stderr
    assert unassigned(aws, user) == user.devices() == []
    # Nothing of it stands in the way of a name that is allowed.
    assert home.run("device", "enroll", "dev", "--yes").returncode == 0


def test_a_user_with_a_fido_key_only(home: Home, aws: StrictAws, user: User) -> None:
    """AWS wants a session with MFA to enable a device, and a FIDO key gives none by the API."""
    user.add_fido_device("key")
    result = home.run("device", "enroll", "dev", "--yes")
    assert (result.returncode, result.stdout) == (1, "")
    assert "The user has FIDO keys or passkeys only" in result.stderr
    assert "in the console" in result.stderr
    assert aws.count("CreateVirtualMFADevice") == 0


def test_a_keyring_that_keeps_nothing(home: Home, aws: StrictAws, user: User) -> None:
    home.env["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    result = home.run("device", "enroll", "dev", "--yes")
    assert (result.returncode, result.stdout) == (1, "")
    assert "keyring" in result.stderr
    assert (aws.count("CreateVirtualMFADevice"), user.devices()) == (0, [])


def test_a_secret_that_the_settings_say_is_elsewhere(home: Home, aws: StrictAws, user: User) -> None:
    directory = home.path / ".config/mfa-tui"
    directory.mkdir(parents=True)
    serial = f"arn:aws:iam::{user.account}:mfa/{user.name}"
    (directory / "config.toml").write_text(f'[devices."{serial}"]\nseed_command = "false"\n')
    result = home.run("device", "enroll", "dev", "--yes")
    assert (result.returncode, result.stdout) == (2, "")
    assert f"The device {user.name}, whose secret was lost, was deleted." in result.stderr
    assert (user.devices(), unassigned(aws, user)) == ([], [])
    assert home.run("device", "enroll", "dev", "--yes", "--name", f"{user.name}-2").returncode == 0


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        (("--keep", "phone"), 3, "Two codes from the phone are needed"),
        (("--keep", "both"), 2, "There is no terminal that can show the QR code."),
        (("--name", "two words"), 2, "An MFA device cannot have that name."),
        (("--name", "n" * 227), 2, "An MFA device cannot have that name."),
    ],
)
def test_what_cannot_be(home: Home, aws: StrictAws, options: tuple[str, ...], status: int, words: str) -> None:
    result = home.run("device", "enroll", "dev", "--yes", *options)
    assert (result.returncode, result.stdout) == (status, "")
    assert words in result.stderr
    assert aws.count("CreateVirtualMFADevice") == 0


def begun(home: Home, user: User) -> str:
    """Leave an enrollment for phone and keyring when the QR code is shown; returns the device's serial."""
    with terminal(home, "mfa-tui device enroll dev --keep both") as tty:
        tty.wait_for("Device name")
        tty.type("\r")
        tty.wait_for("Press Enter when you are done. ")
        tty.type("\x04")
        assert tty.status() == 130
    assert f"{user.name} was created but is not enabled yet. To continue: mfa-tui device enroll dev" in tty.screen
    assert "nothing was changed" not in tty.screen
    return f"arn:aws:iam::{user.account}:mfa/{user.name}"


@long
def test_what_was_begun_is_not_gone_on_with_as_something_else(home: Home, aws: StrictAws, user: User) -> None:
    serial = begun(home, user)
    seed = aws.seed_of(serial)
    for options in (("--keep", "here"), ("--name", f"{user.name}-2")):
        refused = home.run("device", "enroll", "dev", "--yes", *options)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert f"The enrollment of {user.name} with --keep both was started earlier" in refused.stderr
    listed = home.run("device", "list", "dev")
    assert f"The enrollment of {serial} is not finished" in listed.stderr
    anew = home.run("device", "enroll", "dev", "--yes", "--keep", "here", "--start-over")
    assert anew.returncode == 0, anew.stderr
    assert f"The device {user.name} was deleted" in anew.stderr
    assert (user.devices(), unassigned(aws, user)) == ([serial], [])
    assert aws.seed_of(serial) != seed
    assert not has_stored(home, seed)


@long
def test_what_is_removed_is_not_gone_on_with(home: Home, aws: StrictAws, user: User) -> None:
    """An enrollment that was enabled and never proved is listed as such, and ends with its device."""
    with terminal(home, "mfa-tui device enroll dev --keep phone --yes") as tty:
        tty.wait_for("Press Enter when you are done. ")
        tty.type("\r")
        (serial,) = unassigned(aws, user)
        for prompt, code in zip(("shows now: ", "once it changes: "), user.device(serial).codes(), strict=True):
            tty.wait_for(prompt)
            tty.type(f"{code}\r")
        tty.wait_for("MFA code for dev")
        tty.type("\x03")
        assert tty.status() == 130
    assert "is enabled, but no login has verified it yet" in tty.screen
    assert f"The enrollment of {serial} is not finished" in home.run("device", "list", "dev").stderr
    code = user.device(serial).code(1)
    removed = home.run("device", "remove", "dev", "--serial", user.name, "--yes", "--last", "--code", code)
    assert removed.returncode == 0, removed.stderr
    again = home.run("device", "enroll", "dev", "--yes")
    assert again.returncode == 0, again.stderr
    # The codes that the old one has used are no concern of the new one's: it waits for the end of a step at most.
    waits = re.findall(r"unused codes come in (.+) …", again.stderr)
    assert set(waits) <= {f"{seconds} s" for seconds in range(6)}
    assert "started earlier" not in again.stderr
    assert user.devices() == [serial]


def test_a_device_on_a_phone_is_not_deleted_unasked(home: Home, aws: StrictAws, user: User) -> None:
    """Somebody may have scanned it: only an answer that says no, or --start-over, takes it away."""
    serial = f"arn:aws:iam::{user.account}:mfa/{user.name}"
    with terminal(home, "mfa-tui device enroll dev --keep phone --yes") as tty:
        tty.wait_for("Press Enter when you are done. ")
        tty.type("\x03")
        assert tty.status() == 130
    without = home.run("device", "enroll", "dev", "--yes")
    assert (without.returncode, without.stdout) == (3, "")
    assert "two codes from the phone are needed" in without.stderr
    with terminal(home, "mfa-tui device enroll dev") as tty:
        tty.wait_for(r"in your authenticator app\?.*\[Y/n\] ")
        tty.type("maybe\r")
        tty.wait_for("y or n: ")
        assert unassigned(aws, user) == [serial]
        tty.type("n\r")
        tty.wait_for("was deleted")
        tty.wait_for("Where should the device's secret be kept")
        tty.type("\x03")


def test_without_a_terminal_it_is_not_decided_where_the_secret_goes(home: Home, aws: StrictAws, user: User) -> None:
    result = home.run("device", "enroll", "dev")
    assert (result.returncode, result.stdout) == (3, "")
    assert "Use --yes to keep it here, or --keep WHERE. Nothing was created." in result.stderr
    assert (aws.count("CreateVirtualMFADevice"), user.devices()) == (0, [])


@long
def test_a_terminal_that_cannot_take_a_secret_away_again_shows_none(home: Home, aws: StrictAws, user: User) -> None:
    home.env["TERM"] = "dumb"
    with terminal(home, "mfa-tui device enroll dev --keep both --yes") as tty:
        assert tty.status() == 2
    assert "There is no terminal that can show the QR code." in tty.screen
    with terminal(home, "mfa-tui device enroll dev --keep both --yes --image code.svg") as tty:
        assert tty.status() == 0
    assert "The QR code is in code.svg" in tty.screen
    assert aws.seed_of(*user.devices()) not in tty.screen


@pytest.mark.usefixtures("moved_time")
def test_a_session_that_cannot_be_cached_is_used_all_the_same(home: Home, device: Device) -> None:
    cache = home.path / ".cache/mfa-tui"
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.write_text("no directory")
    result = home.run("device", "enroll", "ops", "--yes")
    assert result.returncode == 0, result.stderr
    removed = home.run("device", "remove", "ops", "--serial", f"{device.serial.rsplit('/')[-1]}-backup", "--yes")
    assert removed.stdout == f"ops: removed {device.serial}-backup\n"
