"""``mfa-tui device export``: a stored secret for another phone, and for nobody else."""

import io
import os
import re

import pytest
from PIL import Image

from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.core.seeds.test_qr_drawing import decoded, raster
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal

_DRAWN = re.compile("\033\\[38;5;16;48;5;231m(.*?)\033\\[0m")


@pytest.fixture
def uri(home: Home, user: User, device: Device) -> str:
    """The address of the device, whose secret is stored."""
    home.store_seed(device)
    return f"otpauth://totp/AWS:{user.name}@111122223333?secret={device.seed}"


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (100, 50)])
def test_a_phone_scans_it_from_the_terminal(home: Home, device: Device, uri: str, columns: int, rows: int) -> None:
    with terminal(home, "mfa-tui device export dev", rows=rows, columns=columns) as screen:
        screen.wait_for(rf"Shows the secret of {device.serial}, as a QR code\.")
        screen.wait_for(r"Anyone who sees the secret .* forever\.\s+Show the secret now\? \[y/N\] ")
        screen.type("y\r")
        screen.wait_for("Press Enter when you are done. ")
        drawn = _DRAWN.findall(screen.screen)
        screen.type("\r")
        assert screen.status() == 0
    assert decoded(raster(drawn)).startswith(uri)
    # On the alternate screen, which leaves nothing in the scrollback.
    before, _, rest = screen.screen.partition("\033[?1049h")
    shown, _, after = rest.partition("\033[?1049l")
    assert (bool(_DRAWN.search(shown)), _DRAWN.search(before + after)) == (True, None)
    assert device.seed not in screen.screen


def test_on_too_small_a_terminal_it_can_be_typed(home: Home, device: Device, uri: str) -> None:
    assert uri
    with terminal(home, "mfa-tui device export dev --yes", rows=23, columns=80) as screen:
        screen.wait_for("needs 41 columns and 24 rows. This terminal has 80 and 23")
        screen.wait_for("--image FILE.svg")
        screen.wait_for("Press Enter")
        screen.type("\r")
        assert screen.status() == 0
    assert " ".join(device.seed[at : at + 4] for at in range(0, 64, 4)) in screen.screen


def test_nothing_is_shown_after_a_no(home: Home, device: Device, uri: str) -> None:
    assert uri
    with terminal(home, "mfa-tui device export dev --text") as screen:
        screen.wait_for("Show the secret now")
        screen.type("\r")
        assert screen.status() == 0
    assert "Nothing was shown." in screen.screen
    assert device.seed not in screen.screen


def test_scripts_must_ask_for_text_or_a_picture(home: Home, device: Device, uri: str) -> None:
    for words in ([], ["--yes"], ["--text"], ["--qr", "--yes"], ["--image", "code.png"]):
        refused = home.run("device", "export", "dev", *words)
        assert (refused.returncode, refused.stdout) == (3, "")
        assert "Use --yes with --text or --image FILE. Nothing was shown." in refused.stderr
        assert device.seed not in refused.stderr
    text = home.run("device", "export", "dev", "--text", "--yes")
    assert text.returncode == 0
    assert "Anyone who sees the secret can generate your codes forever." in text.stderr
    assert text.stdout.startswith(uri)
    assert len(text.stdout.splitlines()) == 1
    # What was exported can be imported again.
    again = home.run("device", "import", "dev", stdin=text.stdout)
    assert (again.returncode, "that one is kept" in again.stderr) == (0, False)


def test_pictures_are_their_owners_alone_and_overwrite_nothing(home: Home, uri: str) -> None:
    for name in ("code.png", "code.SVG"):
        result = home.run("device", "export", "dev", "--image", name, "--yes")
        assert result.returncode == 0
        assert "Writes the secret of" in result.stderr
        assert result.stdout == f"dev: the QR code is in {name}; scan it, then delete the file\n"
        if os.name == "posix":
            assert (home.path / name).stat().st_mode & 0o777 == 0o600
    written = (home.path / "code.png").read_bytes()
    assert decoded(Image.open(io.BytesIO(written))).startswith(uri)
    assert (home.path / "code.SVG").read_text().startswith("<?xml")
    for name in ("code.png", "code.jpg", "none/code.png"):
        assert home.run("device", "export", "dev", "--image", name, "--yes").returncode == 2
    assert (home.path / "code.png").read_bytes() == written


def test_there_must_be_a_secret(home: Home, aws: StrictAws, device: Device) -> None:
    result = home.run("device", "export", "dev", "--text", "--yes")
    assert (result.returncode, result.stdout, aws.count()) == (2, "", 0)
    assert f"The device is {device.serial}." in result.stderr


def test_a_secret_that_aws_has_not_accepted_yet_is_a_warning(home: Home, user: User, device: Device, uri: str) -> None:
    assert uri
    other = user.add_device(f"{user.name}-2")
    assert home.run("device", "import", "dev", stdin=other.seed).returncode == 0
    result = home.run("device", "export", "dev", "--text", "--yes")
    assert f"secret={other.seed}" in result.stdout
    assert "AWS has not accepted a code of this secret yet" in result.stderr
    assert device.seed not in result.stdout
