"""Prompts on a real pseudo-terminal, also while standard input and output are redirected."""

import json

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import NOTHING_BEFORE_MFA
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal
from tests.support.runner.thoroughness import long

PROMPT = r"MFA code for dev \(device {name}, account 1111-2222-3333\): "


@pytest.fixture
def prompt(user: User, device: Device) -> str:
    """The prompt for a code of that device."""
    assert device.serial.endswith(user.name)
    return PROMPT.format(name=user.name)


@pytest.mark.parametrize("redirection", ["", "</dev/null", ">out", "2>err", "</dev/null >out 2>err"])
def test_the_prompt_is_on_the_terminal_even_if_streams_are_redirected(
    home: Home, device: Device, prompt: str, redirection: str
) -> None:
    code = device.code()
    with terminal(home, f"mfa-tui login dev {redirection}") as tty:
        tty.wait_for(prompt)
        tty.type(f"{code}\r")
        assert tty.status() == 0
        assert code not in tty.screen
    shown = tty.screen + (home.path / "out").read_text() if ">out" in redirection else tty.screen
    assert "dev: saved as dev-mfa, valid until " in shown
    if ">out" in redirection:
        assert "session in" not in tty.screen
    if "2>err" in redirection:
        assert (home.path / "err").read_text() == ""
    else:
        assert "To use it: export AWS_PROFILE=dev-mfa" in tty.screen


def test_a_mistyped_code_is_asked_again_before_anything_is_sent(
    home: Home, aws: StrictAws, device: Device, prompt: str
) -> None:
    with terminal(home, "mfa-tui login dev") as tty:
        tty.wait_for(prompt)
        tty.type("12345\r")
        tty.wait_for("It has 5 digits.")
        tty.wait_for(prompt)
        assert aws.count() == 0
        tty.type(f" {device.code()} \r")
        assert tty.status() == 0


def test_a_refused_code_may_be_typed_again_up_to_three_times(
    home: Home, aws: StrictAws, device: Device, prompt: str
) -> None:
    before = home.credentials.read_bytes()
    with terminal(home, "mfa-tui login dev") as tty:
        for _ in range(3):
            tty.wait_for(prompt)
            tty.type("000000\r")
            tty.wait_for("AWS did not accept the code for dev.")
        assert tty.status() == 1
    assert (aws.count(), home.credentials.read_bytes()) == (3, before)
    with terminal(home, "mfa-tui login dev") as tty:
        tty.wait_for(prompt)
        tty.type("000000\r")
        tty.wait_for(prompt)
        tty.type(f"{device.code()}\r")
        assert tty.status() == 0


@pytest.mark.parametrize(
    ("key", "said"), [("\x03", "mfa-tui: Interrupted."), ("\x04", "mfa-tui: Cancelled; nothing was changed.")]
)
def test_ctrl_c_and_ctrl_d_at_the_prompt(home: Home, aws: StrictAws, prompt: str, key: str, said: str) -> None:
    before = {path: path.read_bytes() for path in home.aws_dir.iterdir()}
    with terminal(home, "mfa-tui login dev") as tty:
        tty.wait_for(prompt)
        tty.type(key)
        assert tty.status() == 130
        assert tty.screen.splitlines()[-1] == said
    assert ({path: path.read_bytes() for path in home.aws_dir.iterdir()}, aws.count()) == (before, 0)


def test_the_terminal_echoes_again_after_an_interrupted_prompt(home: Home, prompt: str) -> None:
    with terminal(home, "trap : INT; mfa-tui login dev; stty -a") as tty:
        tty.wait_for(prompt)
        tty.type("\x03")
        tty.wait_for("Interrupted")
        assert tty.status() == 0
        assert " echo " in tty.screen


def test_ctrl_c_while_aws_does_not_answer(home: Home, aws: StrictAws, device: Device) -> None:
    from mfa_tui.demo.aws import faults

    aws.fault(faults.delay(20))
    before = home.credentials.read_bytes()
    with terminal(home, f"mfa-tui login dev --code {device.code()}") as tty:
        tty.wait_for("Asking AWS for a session …")
        tty.type("\x03")
        assert tty.status() == 130
    assert home.credentials.read_bytes() == before


def test_which_of_several_devices(home: Home, user: User, device: Device) -> None:
    tablet = user.add_device(user.name + "-tablet")
    fido = user.add_fido_device("key")
    home.config.write_text(home.config.read_text().replace(f"mfa_serial = {device.serial}\n", ""))
    with terminal(home, "mfa-tui login dev") as tty:
        tty.wait_for("MFA device of dev, number 1-3, or serial: ")
        numbers = {text.strip(): number for number, text in _choices(tty.screen)}
        assert f"{fido}   (works only in the browser)" in tty.screen
        tty.type(f"{numbers[fido + '   (works only in the browser)']}\r")
        tty.wait_for("FIDO key or passkey")
        tty.wait_for("number 1-3, or serial: ")
        tty.type("9\r")
        tty.wait_for("There is no number 9 in the list.")
        tty.wait_for("number 1-3, or serial: ")
        tty.type(f"{numbers[tablet.serial]}\r")
        tty.wait_for(r"Save it as mfa_serial in dev if it works\? \[Y/n\] ")
        tty.type("\r")
        tty.wait_for(r"MFA code for dev \(device \S+-tablet, ")
        tty.type(f"{tablet.code()}\r")
        assert tty.status() == 0
    assert f"mfa_serial = {tablet.serial}\n" in home.config.read_text()


def test_ctrl_c_at_a_question_ends_its_line(home: Home, user: User, device: Device) -> None:
    user.add_device(user.name + "-tablet")
    home.config.write_text(home.config.read_text().replace(f"mfa_serial = {device.serial}\n", ""))
    with terminal(home, "mfa-tui login dev; echo at the margin") as tty:
        tty.wait_for("number 1-2, or serial: ")
        tty.type("\x03")
        tty.wait_for(r"\r\nmfa-tui: Interrupted\.\r\n")


def _choices(screen: str) -> list[tuple[int, str]]:
    lines = [text.strip().partition("  ") for text in screen.splitlines() if text.startswith("  ")]
    return [(int(number), rest) for number, _, rest in lines]


def test_a_serial_that_aws_does_not_list(home: Home, user: User, device: Device) -> None:
    user.set_policy(NOTHING_BEFORE_MFA)
    home.config.write_text(home.config.read_text().replace(f"mfa_serial = {device.serial}\n", ""))
    with terminal(home, "mfa-tui login dev") as tty:
        tty.wait_for(r"MFA device of dev, serial \(ARN\): ")
        tty.type("nonsense\r")
        tty.wait_for("The MFA serial in your answer is malformed.")
        tty.wait_for(r"serial \(ARN\): ")
        tty.type(f"{device.serial}\r")
        tty.wait_for(r"\[Y/n\] ")
        tty.type("n\r")
        tty.wait_for("MFA code for dev")
        tty.type(f"{device.code()}\r")
        assert tty.status() == 0
    assert "mfa_serial" not in home.config.read_text()


def test_ctrl_d_ends_a_login_of_several_profiles(home: Home, user: User, device: Device, prompt: str) -> None:
    home.add_profile("ops", user, device)
    with terminal(home, "mfa-tui login dev ops") as tty:
        tty.wait_for(prompt)
        tty.type("\x04")
        assert tty.status() == 130
        assert "ops" not in tty.screen


def test_a_secret_is_typed_without_echo(home: Home, device: Device) -> None:
    with terminal(home, "mfa-tui device import dev") as tty:
        tty.wait_for(r"Secret key or otpauth:// address for dev \(not shown\): ")
        tty.type(f"{device.seed}\r")
        tty.wait_for(r"Compare it with the other device\..*Store it\? \[Y/n\] ")
        tty.type("\r")
        tty.wait_for(r"Log in now to verify it\? \[Y/n\] ")
        tty.type("\r")
        assert tty.status() == 0
        assert "dev: saved as dev-mfa" in tty.screen
        assert device.seed not in tty.screen
        assert f"dev: stored the secret of {device.serial}" in tty.screen


@pytest.mark.parametrize(("answer", "kept"), [("\r", True), ("n\r", True), ("y\r", False)])
def test_removing_a_secret_is_confirmed(home: Home, device: Device, answer: str, *, kept: bool) -> None:
    home.store_seed(device)
    with terminal(home, "mfa-tui device forget dev") as tty:
        tty.wait_for("Without another copy of the secret, its codes are lost.")
        tty.wait_for(r"Remove the secret\? \[y/N\] ")
        tty.type(answer)
        assert tty.status() == 0
    assert (home.run("code", "dev").returncode == 0) == kept


def test_removing_a_secret_asks_nothing_with_yes(home: Home, device: Device) -> None:
    home.store_seed(device)
    with terminal(home, "mfa-tui device forget dev --yes") as tty:
        assert tty.status() == 0
        assert "[y/N]" not in tty.screen
    assert home.run("code", "dev").returncode == 2


def test_the_interface_does_not_open_on_an_unknown_profile(home: Home) -> None:
    with terminal(home, "mfa-tui --profile nope") as tty:
        assert tty.status() == 2
        assert "There is no profile 'nope'" in tty.screen


def test_a_code_is_sent_to_the_terminals_clipboard(home: Home, device: Device) -> None:
    import base64

    home.store_seed(device)
    with terminal(home, "mfa-tui code dev --copy >out") as tty:
        assert tty.status() == 0
    sent = {f"\x1b]52;c;{base64.b64encode(device.code(steps).encode()).decode()}\x07" for steps in (-1, 0)}
    assert any(sequence in tty.screen for sequence in sent)
    assert "Code sent to the clipboard." in tty.screen
    assert (home.path / "out").read_text() == ""


def test_a_code_is_shown_with_the_seconds_left(home: Home, device: Device) -> None:
    home.store_seed(device)
    with terminal(home, "mfa-tui code dev") as tty:
        tty.wait_for(r"\d{6}\r\n\d+ s left\r\n")
        assert tty.status() == 0


@long
def test_logins_before_a_cancellation_are_in_the_json(home: Home, aws: StrictAws, device: Device) -> None:
    home.store_seed(device)
    other = aws.add_user()
    home.add_profile("other", other, other.add_device(other.name))
    with terminal(home, "mfa-tui login dev other --json >out") as tty:
        tty.wait_for("MFA code for other")
        tty.type("\x04")
        assert tty.status() == 130
    document = json.loads((home.path / "out").read_text())
    assert [login["target"] for login in document["logins"]] == ["dev-mfa"]
