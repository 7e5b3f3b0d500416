"""A typed code that mfa-tui used itself is named as used; a code that AWS cannot have seen is still unused."""

import re
import socket
import time
from contextlib import ExitStack

import pytest

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.server import Device, StrictAws
from mfa_tui.errors import AwsRefused, MfaTuiError
from mfa_tui.models import Secret
from mfa_tui.services.sessions.outcomes import LoginRequest
from mfa_tui.services.sessions.send_code import code_sent_at
from tests.support.clocks.frozen_clock import LoginSetup, NewLoginSetup
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal
from tests.support.runner.thoroughness import long

pytestmark = pytest.mark.both_ways

DEV = LoginRequest("dev")
AGAIN = DEV._replace(renew=True)
NAMED = r"mfa-tui used this code itself at (\d\d:\d\d)\."


def used(setup: LoginSetup, code: str) -> bool:
    return code_sent_at(setup.new_process(), setup.device.serial, Secret(code)) is not None


def test_code_option_is_sent_and_named_when_it_is_refused(home: Home, aws: StrictAws, device: Device) -> None:
    code = device.code()
    assert home.run("login", "dev", "--code", code).returncode == 0
    (step,) = aws.steps(device.serial).accepted
    # It may have been sent in the step after its own.
    sent = {time.strftime("%H:%M", time.localtime(each * 30)) for each in (step, step + 1)}
    again = home.run("login", "dev", "--code", code, "--force")
    assert again.returncode == 1
    assert again.stderr.splitlines() in [
        [
            "mfa-tui: AWS did not accept the code for dev.",
            f"  mfa-tui used this code itself at {at}. AWS takes each code once.",
            "  Wait for the next code, then try again.",
        ]
        for at in sent
    ]
    assert aws.count("GetSessionToken") == 2


def test_other_refused_code_is_not_named(home: Home, device: Device) -> None:
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
    wrong = "000000" if device.code() != "000000" else "000001"
    for _ in range(2):
        refused = home.run("login", "dev", "--code", wrong, "--force")
        assert "It may be mistyped, from another device, or already used" in refused.stderr


def test_code_of_the_stored_secret_is_known_when_it_is_typed(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    code = setup.device.code()
    setup.login()
    assert used(setup, code)
    with pytest.raises(AwsRefused) as refused:
        setup.login(AGAIN._replace(code=Secret(code)))
    assert re.match(NAMED, refused.value.why)
    # Ten minutes later the same digits are another code.
    setup.scope.sleep(700)
    setup.login(AGAIN._replace(code=Secret(setup.device.code())))
    assert not used(setup, code)


def test_prompt_names_it_before_it_is_sent(home: Home, aws: StrictAws, device: Device) -> None:
    code = device.code()
    assert home.run("login", "dev", "--code", code).returncode == 0
    with terminal(home, "mfa-tui login dev --force") as tty:
        tty.wait_for("MFA code for dev")
        tty.type(f"{code}\r")
        tty.wait_for(NAMED)
        tty.wait_for("MFA code for dev")
        assert aws.count("GetSessionToken") == 1
        # A typed code is never blocked.
        tty.type(f"{code}\r")
        tty.wait_for("AWS did not accept the code for dev.")
        tty.wait_for("MFA code for dev")
        assert aws.count("GetSessionToken") == 2
        tty.type("\x03")
        assert tty.status() == 130


def test_code_whose_answer_was_lost_counts_as_used(new_setup: NewLoginSetup) -> None:
    setup = new_setup(seed=False)
    code = setup.device.code()
    setup.aws.fault(faults.dropped(after=True))
    with pytest.raises(MfaTuiError):
        setup.login(DEV._replace(code=Secret(code)))
    assert used(setup, code)


@pytest.mark.parametrize("failure", ["refused", "no such host", "tls", "proxy", "bad proxy", "plain"])
def test_code_that_was_never_sent_is_not_used(
    new_setup: NewLoginSetup, aws: StrictAws, failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = new_setup(seed=False)
    code = setup.device.code()
    endpoint = {
        "refused": "http://127.0.0.1:1",
        "no such host": "https://sts.invalid",
        "tls": aws.url.replace("http:", "https:"),
        "plain": "http://sts.example",
    }.get(failure, "https://sts.eu-central-1.amazonaws.com")
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_STS", endpoint)
        if "proxy" in failure:
            patch.setenv("HTTPS_PROXY", "http://127.0.0.1:1" if failure == "proxy" else "http://[::bad")
        with pytest.raises(MfaTuiError):
            setup.login(DEV._replace(code=Secret(code)))
    assert not used(setup, code)
    assert setup.context.used_codes.used_steps(setup.device.serial) == set()
    setup.login(DEV._replace(code=Secret(code)))
    assert used(setup, code)


def test_code_is_not_used_where_no_connection_was_made_in_time(
    new_setup: NewLoginSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = new_setup(seed=False)
    settings = setup.home.path / ".config/mfa-tui/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("timeout = 3\n")
    setup.new_process()
    code = setup.device.code()
    with ExitStack() as sockets, monkeypatch.context() as patch:
        # It has no room for another connection, so the system keeps callers waiting.
        full = sockets.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):
            caller = sockets.enter_context(socket.socket())
            caller.settimeout(0)
            caller.connect_ex(full.getsockname())
        patch.setenv("AWS_ENDPOINT_URL_STS", f"http://127.0.0.1:{full.getsockname()[1]}")
        with pytest.raises(MfaTuiError) as refused:
            setup.login(DEV._replace(code=Secret(code)))
    assert refused.value.slug == "network-timeout"
    assert "may count as used" not in refused.value.remedy
    assert not used(setup, code)


def test_step_that_was_used_before_stays_used(new_setup: NewLoginSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    """A typed code of that step that is never sent does not release the step that another login took."""
    setup = new_setup()
    setup.login()
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
        with pytest.raises(MfaTuiError):
            setup.login(AGAIN._replace(code=Secret(setup.device.code())))
    setup.new_process()
    setup.login(AGAIN)
    assert setup.attempted == setup.accepted == [setup.accepted[0], setup.accepted[0] + 1]


def test_no_code_is_kept_in_the_clear(home: Home, device: Device) -> None:
    code = device.code()
    assert home.run("login", "dev", "--code", code).returncode == 0
    kept = [path for path in home.path.rglob("*") if path.is_file() and code in path.read_text(errors="replace")]
    assert kept == []


@long
def test_the_next_step_is_really_waited_for(home: Home, new_setup: NewLoginSetup) -> None:
    """Two processes within one step of the machine's own clock: elsewhere such waits pass at once."""
    setup = new_setup()
    setup.aws.clock.offset = 0.0
    first = home.run("login", "dev")
    second = home.run("login", "dev", "--force")
    assert (first.returncode, second.returncode) == (0, 0)
    assert second.stderr == "" or second.stderr.startswith("The current code was already used; the next one comes in ")
    before, after = setup.accepted
    assert after > before
