"""``mfa-tui device``: the secrets of MFA devices, imported, replaced and removed."""

import re

import pytest

from mfa_tui.cli.commands.device import enroll
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.homes.home import Home
from tests.support.runner.timeouts import scaled


def spaced(seed: str) -> str:
    return " ".join(seed[at : at + 4] for at in range(0, len(seed), 4)).lower() + "\n"


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ("{seed}", ""),
        ("\n  {spaced}", ""),
        ("otpauth://totp/ana@company?secret={seed}", " (ana@company)"),
        ("otpauth://totp/ana?secret={seed}&issuer=AWS&digits=6&period=30&algorithm=SHA1\n", " (AWS: ana)"),
    ],
)
def test_a_secret_is_imported_and_used(home: Home, aws: StrictAws, device: Device, given: str, label: str) -> None:
    # As AWS names it.
    name = device.serial.rpartition("/")[2]
    text = given.format(seed=device.seed, spaced=spaced(device.seed), name=name)
    result = home.run("device", "import", "dev", stdin=text)
    assert result.stdout == f"dev: stored the secret of {device.serial}{label.format(name=name)}\n"
    assert re.fullmatch(
        r"Found: .*; time-based codes \(TOTP\): SHA-1, 6 digits, every 30 s; a secret of 64 characters\.\n",
        result.stderr,
    )
    assert result.returncode == 0
    assert home.run("login", "dev").returncode == 0
    assert aws.count() == 1


UNUSABLE = "This is not a usable TOTP secret."
UNFIT = "This secret cannot be used for an AWS MFA device."


@pytest.mark.parametrize(
    ("given", "what", "why"),
    [
        ("", UNUSABLE, "It is empty."),
        ("{seed}!", UNUSABLE, "Character 65 is '!', but base32 is A-Z and 2-7."),
        ("otpauth://hotp/a?secret={seed}", UNFIT, "It is of the kind 'hotp'; AWS uses time-based codes (totp)."),
        (
            "otpauth-migration://offline?data=Q0FOQVJZ",
            "This Google Authenticator export is damaged.",
            "It is cut short, or part of it was changed.",
        ),
    ],
)  # fmt: skip
def test_a_secret_that_is_refused(home: Home, device: Device, given: str, what: str, why: str) -> None:
    result = home.run("device", "import", "dev", stdin=given.format(seed=device.seed))
    assert result.stderr.startswith(f"mfa-tui: {what}\n  {why}\n")
    assert len(result.stderr.splitlines()) == 3
    assert (result.returncode, result.stdout) == (2, "")
    assert not (home.path / "keyring.json").exists()


def test_a_secret_that_is_one_character_short_is_stored_with_a_warning(home: Home, device: Device) -> None:
    result = home.run("device", "import", "dev", stdin=device.seed[:-1])
    assert result.returncode == 0
    assert result.stderr.splitlines()[1].startswith(
        "mfa-tui: warning: AWS secrets have 64 characters, this one has 63: "
    )


def test_bytes_that_are_not_text(home: Home, device: Device) -> None:
    import subprocess
    import sys

    command = [sys.executable, "-m", "mfa_tui", "device", "import", "dev"]
    given = b"\xff" + device.seed.encode()
    result = subprocess.run(command, env=home.env, input=given, capture_output=True, check=False, timeout=scaled(60))
    assert result.stderr.decode().startswith(f"mfa-tui: {UNUSABLE}\n  Character 1 is ")
    assert result.returncode == 2


def test_a_secret_on_the_command_line_is_refused_and_not_echoed(home: Home, device: Device) -> None:
    result = home.run("device", "import", "dev", device.seed)
    assert (result.returncode, result.stdout, device.seed in result.stderr) == (2, "", False)
    assert "Secrets are not accepted on the command line" in result.stderr


def test_of_several_imports_in_a_row_the_secret_that_worked_is_kept(home: Home, user: User, device: Device) -> None:
    home.store_seed(device)
    others = [user.add_device(f"{user.name}-{number}") for number in range(2)]
    for other in others:
        assert "is kept until the new one has worked" in home.run("device", "import", "dev", stdin=other.seed).stderr
    assert home.run("device", "forget", "dev", "--yes").stderr.endswith("The secret that it replaced was restored.\n")
    assert home.run("code", "dev").stdout.strip() in (device.code(), device.code(-1))


def test_a_secret_that_replaces_another_can_be_taken_back(home: Home, user: User, device: Device) -> None:
    other = user.add_device(user.name + "-other")
    home.store_seed(device)
    replaced = home.run("device", "import", "dev", stdin=other.seed)
    assert replaced.stderr.endswith(
        f"A secret is already stored for {device.serial}. It is kept until the new one has worked.\n"
    )
    back = home.run("device", "forget", "dev", "--yes")
    assert back.stdout == f"dev: removed the secret of {device.serial}\n"
    assert back.stderr.endswith("\nThe secret that it replaced was restored.\n")
    assert home.run("login", "dev").returncode == 0


def test_removing_a_secret_leaves_aws_alone(home: Home, aws: StrictAws, device: Device) -> None:
    home.store_seed(device)
    result = home.run("device", "forget", "dev", "--yes")
    assert (result.returncode, aws.count()) == (0, 0)
    assert result.stderr.startswith(f"Removes the secret of {device.serial} from this machine.\n")
    assert device.seed not in (home.path / "keyring.json").read_text()
    again = home.run("device", "forget", "dev", "--yes")
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == f"mfa-tui: No secret is stored for dev.\n  Its MFA device is {device.serial}.\n"


def test_a_secret_for_a_serial_that_is_not_in_the_profile(home: Home, user: User) -> None:
    device = user.add_device(user.name)
    home.add_profile("dev", user)
    found = home.run("device", "import", "dev", stdin=device.seed)
    assert found.stderr.startswith(f"Using {device.serial}, the user's only virtual MFA device.\n")
    assert found.stdout == f"dev: stored the secret of {device.serial}\n"
    tablet = user.add_device(user.name + "-tablet")
    unclear = home.run("device", "import", "dev", stdin=tablet.seed)
    assert (unclear.returncode, unclear.stdout) == (3, "")
    assert f"They are {device.serial} and {tablet.serial}." in unclear.stderr
    assert "--serial ARN" in unclear.stderr
    # Of several devices, login takes the one with a stored secret.
    assert home.run("login", "dev").returncode == 0
    assert home.run("device", "import", "dev", "--serial", tablet.serial, stdin=tablet.seed).returncode == 0


def test_a_secret_that_cannot_be_listed_is_not_stored(home: Home, device: Device) -> None:
    (home.path / ".local/share").mkdir(parents=True)
    (home.path / ".local/share/mfa-tui").write_text("a file in the way")
    failed = home.run("device", "import", "dev", stdin=device.seed)
    assert failed.returncode == 1
    keyring = home.path / "keyring.json"
    assert not keyring.exists() or device.seed not in keyring.read_text()


def test_far_too_long_a_secret_is_refused(home: Home, device: Device) -> None:
    assert device.serial
    refused = home.run("device", "import", "dev", stdin="A" * 100_000)
    assert refused.returncode == 2
    assert "more than 256 characters" in refused.stderr
    assert home.run("code", "dev").returncode == 2


def test_nothing_is_removed_without_a_terminal(home: Home, device: Device) -> None:
    home.store_seed(device)
    result = home.run("device", "forget", "dev")
    assert (result.returncode, result.stdout) == (3, "")
    assert "Use --yes to do it. Nothing was removed." in result.stderr
    assert home.run("code", "dev").returncode == 0


def test_the_old_name_of_an_option_still_works_and_is_not_shown() -> None:
    assert enroll.parser().parse_args(["dev", "--anew"]).start_over
    assert "--anew" not in enroll.parser().format_help()
