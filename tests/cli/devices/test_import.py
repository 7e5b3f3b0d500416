"""``mfa-tui device import``: what people have of their authenticator app, to a session."""

import json
from collections.abc import Callable

import pytest

from mfa_tui.cli.commands.device import import_
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.seeds.otp_entries import ImportedSeed
from mfa_tui.core.seeds.qr_drawing import qr_code
from mfa_tui.demo.aws.accounts.policy_documents import NOTHING_BEFORE_MFA, trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from mfa_tui.errors import AwsRefused
from mfa_tui.models import Secret
from mfa_tui.services.operation import Operation
from mfa_tui.services.seeds.import_seed import import_seed
from tests.core.seeds.app_exports import HOTP, OTHER, account, aegis, aegis_entry, migration, twofas, twofas_service
from tests.support.clocks.frozen_clock import LoginSetup, NewLoginSetup
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal
from tests.support.runner.thoroughness import long


def label_of(device: Device) -> str:
    """As AWS's console names a device in its QR code."""
    return f"{device.serial.rpartition('/')[2]}@111122223333"


def nothing_stored(home: Home) -> bool:
    keyring = home.path / "keyring.json"
    # A trial may have been stored, and removed again.
    return not keyring.exists() or not any(json.loads(keyring.read_text()).values())


def stored(home: Home) -> dict[str, str]:
    """The seeds in the keyring, by serial."""
    entries = json.loads((home.path / "keyring.json").read_text())["mfa-tui"]
    return {serial: json.loads(entry)["seed"] for serial, entry in entries.items()}


EXPORTS: list[Callable[[str, str], str]] = [
    lambda seed, name: migration(account(OTHER, "ops", "Bank"), account(seed, name, "Amazon Web Services")),
    lambda seed, name: aegis(aegis_entry(OTHER, "ops", "Bank"), aegis_entry(seed, name, "Amazon Web Services")),
    lambda seed, name: twofas(twofas_service(OTHER, "Bank"), twofas_service(seed, "AWS", account=name)),
    lambda seed, name: f"otpauth://totp/Bank:ops?secret={OTHER}\notpauth://totp/AWS:{name}?secret={seed}\n",
]


@pytest.mark.parametrize("export", EXPORTS)
def test_of_an_apps_accounts_the_devices_own_is_taken(
    home: Home, device: Device, export: Callable[[str, str], str]
) -> None:
    text = export(device.seed, label_of(device))
    result = home.run("device", "import", "dev", stdin=text)
    assert (result.returncode, stored(home)) == (0, {device.serial: device.seed})
    assert f"account {label_of(device)}; time-based codes (TOTP)" in result.stderr


def test_which_account_is_meant_can_be_said(home: Home, device: Device) -> None:
    export = migration(account(device.seed, "work", "AWS"), account(OTHER, "ops", "Bank"), account(OTHER, kind=HOTP))
    unclear = home.run("device", "import", "dev", stdin=export)
    assert (unclear.returncode, unclear.stdout, nothing_stored(home)) == (3, "", True)
    listed = "  There are AWS: work, Bank: ops and AWS: ana.\n  Use --account NAME. Nothing was stored.\n"
    assert listed in unclear.stderr
    wrong = home.run("device", "import", "dev", "--account", "home", stdin=export)
    assert (wrong.returncode, "no account 'home'" in wrong.stderr, nothing_stored(home)) == (2, True, True)
    unfit = home.run("device", "import", "dev", "--account", "ana", stdin=export)
    assert (unfit.returncode, "the kind 'hotp'" in unfit.stderr, nothing_stored(home)) == (2, True, True)
    for said in ("work", "aws:work", "AWS: Work"):
        assert home.run("device", "import", "dev", "--account", said, stdin=export).returncode == 0
    assert stored(home) == {device.serial: device.seed}
    assert OTHER not in unclear.stderr + wrong.stderr + unfit.stderr


def test_a_part_of_an_export_says_so(home: Home, device: Device) -> None:
    result = home.run("device", "import", "dev", stdin=migration(account(device.seed), size=2, index=1))
    assert (result.returncode, result.stderr.splitlines()[0]) == (
        0,
        "mfa-tui: This is part 2 of 2 of the export; its other QR codes hold more accounts.",
    )


def test_a_secret_comes_from_a_picture_a_file_or_the_clipboard(home: Home, device: Device) -> None:
    uri = f"otpauth://totp/AWS:{label_of(device)}?secret={device.seed}"
    (home.path / "code.png").write_bytes(qr_code(Secret(uri)).png())
    (home.path / "aegis.json").write_text(aegis(aegis_entry(device.seed)))
    (home.path / "wl-paste").write_text(f"#!/bin/sh\nexec cat {home.path}/code.png\n")
    (home.path / "wl-paste").chmod(0o755)
    clipboard = {"WAYLAND_DISPLAY": "wayland-0", "PATH": f"{home.path}:{home.env['PATH']}"}
    sources = (["--image", "code.png"], ["--file", "aegis.json"], ["--file", "code.png"], ["--clipboard"])
    for source in sources:
        result = home.run("device", "import", "dev", *source, env=clipboard)
        assert (result.returncode, stored(home)) == (0, {device.serial: device.seed})
        (home.path / "keyring.json").unlink()


BAD = {
    "no-such-file": "There is no such file.",
    "blank.png": "The picture must show the whole code",
    "foreign.png": "It is neither an otpauth:// address nor a base32 secret.",
    "text.png": "It is not a PNG or JPEG file",
    ".": "It is a directory",
}


def test_pictures_without_a_secret(home: Home, device: Device) -> None:
    from PIL import Image

    assert device.serial
    Image.new("L", (200, 200), 255).save(home.path / "blank.png")
    (home.path / "foreign.png").write_bytes(qr_code(Secret("https://example.com/")).png())
    (home.path / "text.png").write_text("no picture")
    for name, why in BAD.items():
        result = home.run("device", "import", "dev", "--image", name)
        assert (result.returncode, result.stdout, nothing_stored(home)) == (2, "", True)
        assert (why in result.stderr, len(result.stderr.splitlines())) == (True, 3)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (migration(account(OTHER))[:-40], "This Google Authenticator export is damaged."),
        (aegis(aegis_entry(OTHER))[:-10], "cannot be read."),
        ('{"version": 1, "header": {}, "db": "Y2lwaGVy"}', "This export of Aegis is encrypted."),
        ('{"services": [], "servicesEncrypted": "a:b:c"}', "This export of 2FAS is encrypted."),
        (migration(account(OTHER, kind=HOTP), account(OTHER, digits=2)), "None of these 2 entries can be used"),
    ],
)
def test_exports_that_cannot_be_used(home: Home, device: Device, text: str, what: str) -> None:
    result = home.run("device", "import", "dev", stdin=text)
    assert (result.returncode, result.stdout, nothing_stored(home)) == (2, "", True)
    assert (what in result.stderr, len(result.stderr.splitlines())) == (True, 3)
    assert OTHER not in result.stderr
    assert device.serial not in result.stderr


def test_a_name_with_another_account_is_a_warning(home: Home, device: Device) -> None:
    text = f"otpauth://totp/AWS:ana@999988887777?secret={device.seed}"
    result = home.run("device", "import", "dev", stdin=text)
    assert result.returncode == 0
    doubt = "Its name says account 9999-8888-7777, but the device is in account 1111-2222-3333."
    assert f"mfa-tui: warning: {doubt}\n" in result.stderr


def test_the_device_is_verified_by_a_login(home: Home, aws: StrictAws, device: Device) -> None:
    result = home.run("device", "import", "dev", "--login", stdin=device.seed)
    first, second = result.stdout.splitlines()
    assert (result.returncode, first) == (0, f"dev: stored the secret of {device.serial}")
    assert second.startswith("dev: saved as dev-mfa, valid until ")
    assert aws.count("GetSessionToken") == 1


def proved(setup: LoginSetup, profile: str, seed: str) -> None:
    """Import *seed* for the device of *profile* and log in with it, without real waits for codes."""
    serial = MfaSerial(setup.device.serial)
    imported = import_seed(setup.context, profile, serial, ImportedSeed(Secret(seed)), setup.scope)
    import_._verify(Operation(setup.context, setup.scope), imported, import_._Device(serial), asks=False)


def test_a_secret_that_aws_refuses_leaves_the_one_before(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    with pytest.raises(AwsRefused) as refusal:
        proved(setup, "dev", OTHER)
    what, _, remedy = refusal.value.lines()
    assert what == f"AWS did not accept the codes of this secret for {setup.device.serial}."
    assert remedy == "The previous secret is still kept; to restore it: mfa-tui device forget dev"
    assert setup.context.seeds.remove(setup.device.serial, setup.scope)
    assert stored(setup.home) == {setup.device.serial: setup.device.seed}


def test_the_first_secret_that_aws_refuses_can_be_removed(new_setup: NewLoginSetup) -> None:
    with pytest.raises(AwsRefused) as refusal:
        proved(new_setup(seed=False), "dev", OTHER)
    assert refusal.value.remedy == "Remove it: mfa-tui device forget dev; then import the right one."


def test_a_valid_session_of_a_role_verifies_nothing(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    role = setup.aws.add_role(f"role-{setup.user.name}", trust(setup.user.arn, mfa=True))
    with setup.home.config.open("a") as file:
        file.write(f"[profile admin]\nrole_arn = {role}\nsource_profile = dev\nmfa_serial = {setup.device.serial}\n")
    setup.login()
    proved(setup, "admin", setup.device.seed)
    assert (setup.aws.count("GetSessionToken"), setup.aws.count("AssumeRole")) == (2, 1)
    assert "[admin-mfa]" in setup.home.credentials.read_text()


def test_a_device_that_aws_does_not_list_must_be_named(home: Home, aws: StrictAws) -> None:
    user = aws.add_user(policy=NOTHING_BEFORE_MFA)
    device = user.add_device(user.name)
    home.add_profile("dev", user)
    result = home.run("device", "import", "dev", stdin=device.seed)
    assert (result.returncode, nothing_stored(home)) == (3, True)
    assert "AWS does not let this user list MFA devices before MFA." in result.stderr
    assert "Use --serial ARN" in result.stderr


def test_there_must_be_a_device_that_generates_codes(home: Home, user: User) -> None:
    home.add_profile("dev", user)
    assert home.run("device", "import", "dev", stdin=OTHER).returncode == 2
    user.add_fido_device("key")
    result = home.run("device", "import", "dev", stdin=OTHER)
    assert (result.returncode, "FIDO keys or passkeys only" in result.stderr) == (2, True)
    assert nothing_stored(home)
    # Before the secret: nobody should type it for nothing.
    nothing = home.run("device", "import", "dev", stdin="")
    assert (nothing.returncode, nothing.stderr) == (2, result.stderr)


@pytest.mark.parametrize("command", ["code", "device import", "device export", "device forget"])
def test_a_profile_that_cannot_log_in_is_not_told_to(home: Home, command: str) -> None:
    home.config.write_text("[profile old]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = gone\n")
    refused = home.run(*command.split(), "old", stdin="")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Source 'gone' is missing." in refused.stderr


def test_a_fido_key_has_no_codes_to_resync_it_with(home: Home, user: User) -> None:
    home.add_profile("dev", user)
    key = user.add_fido_device("key")
    unclear = home.run("device", "resync", "dev")
    assert (unclear.returncode, f"The only one is {key}, which generates no codes." in unclear.stderr) == (2, True)
    refused = home.run("device", "resync", "dev", "--type", "--serial", key)
    assert (refused.returncode, "The MFA device in --serial is a FIDO key or passkey" in refused.stderr) == (2, True)


def test_on_a_terminal_from_a_picture_to_a_session(home: Home, user: User, device: Device) -> None:
    """Choose an account, store and verify it, and save the device in the profile that did not name it."""
    home.add_profile("plain", user)
    export = migration(account(OTHER, kind=HOTP), account(device.seed, "work", "AWS"))
    (home.path / "export.png").write_bytes(qr_code(Secret(export)).png())
    with terminal(home, "mfa-tui device import plain --image export.png") as screen:
        screen.wait_for(f"Using {device.serial}, the user's only virtual MFA device.")
        screen.wait_for(r"1  AWS: ana   \(It is of the kind 'hotp'")
        screen.wait_for(r"2  AWS: work.*Which one \(1-2\): ")
        screen.type("3\r")
        screen.wait_for(r"Which one \(1-2\): ")
        screen.type("1\r")
        screen.wait_for("This secret cannot be used for")
        screen.wait_for(r"Which one \(1-2\): ")
        screen.type("2\r")
        screen.wait_for(r"Store it\? \[Y/n\] ")
        screen.type("sure\r")
        screen.wait_for("y or n: ")
        screen.type("y\r")
        screen.wait_for("still contains the secret: delete it")
        screen.wait_for(r"Log in now to verify it\? \[Y/n\] ")
        screen.type("\r")
        screen.wait_for(r"Save the device as mfa_serial in plain if it works\? \[Y/n\] ")
        screen.type("\r")
        assert screen.status() == 0
    assert "plain: saved as plain-mfa" in screen.screen
    assert f"mfa_serial = {device.serial}" in home.config.read_text().split("[profile plain]")[1]
    assert device.seed not in screen.screen


def test_on_a_terminal_a_doubtful_secret_is_asked_about(home: Home, user: User, device: Device) -> None:
    home.store_seed(device)
    user.add_device(f"{user.name}-2")
    home.add_profile("plain", user)
    with terminal(home, "mfa-tui device import plain") as screen:
        screen.wait_for("number 1-2, or serial: ")
        screen.type("1\r")
        screen.wait_for(r"Save it as mfa_serial in plain if it works\? ")
        screen.type("n\r")
        screen.wait_for(r"Secret key or otpauth:// address for plain \(not shown\): ")
        screen.type(f"{device.seed[:-1]}\r")
        screen.wait_for("this one has 63")
        screen.wait_for("A secret is already stored for .*\\.")
        screen.wait_for(r"Store it\? \[Y/n\] ")
        screen.type("n\r")
        assert screen.status() == 0
    assert "Nothing was stored." in screen.screen
    assert stored(home) == {device.serial: device.seed}


@long
def test_after_declining_the_login_the_user_sees_how_to_save_the_device(home: Home, user: User) -> None:
    devices = [user.add_device(f"{user.name}-{number}") for number in range(2)]
    home.add_profile("plain", user)
    with terminal(home, "mfa-tui device import plain") as screen:
        screen.wait_for("number 1-2, or serial: ")
        screen.type(f"{devices[1].serial}\r")
        screen.wait_for("if it works")
        screen.type("y\r")
        screen.wait_for("not shown")
        screen.type(f"{devices[1].seed}\r")
        screen.wait_for(r"Store it\? ")
        screen.type("\r")
        screen.wait_for("Log in now")
        screen.type("n\r")
        assert screen.status() == 0
    assert "To save mfa_serial as well: mfa-tui login plain --save-serial" in screen.screen
    assert stored(home) == {devices[1].serial: devices[1].seed}
    assert "mfa_serial" not in home.config.read_text()


def test_the_rest_of_a_paste_answers_no_question(home: Home, device: Device) -> None:
    command = f"mfa-tui device import dev --serial {device.serial}; read -t 0.3 -r line; echo left: $line."
    with terminal(home, command) as shown:
        shown.wait_for("Secret key or otpauth")
        shown.type(f"{device.seed}\ry\ry\recho hush\r")
        shown.wait_for("Store it?")
        shown.type("n\r")
        shown.wait_for("left: .")
        assert "hush" not in shown.screen
        assert device.seed not in shown.screen
    assert nothing_stored(home)


def test_no_line_of_a_pasted_text_is_sent_as_a_code(home: Home, aws: StrictAws, device: Device) -> None:
    with terminal(home, "mfa-tui login dev") as shown:
        shown.wait_for("MFA code for dev")
        shown.type(f"my secret {device.seed}\r{device.code()}\r")
        shown.wait_for("An MFA code has six digits")
        shown.wait_for("MFA code for dev")
        shown.type("\x04")
        assert shown.status() == 130
    assert aws.count("GetSessionToken") == 0
