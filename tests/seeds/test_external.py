"""Secrets that are kept elsewhere: what commands print, and a YubiKey that ykman asks."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mfa_tui.adapters.aws.caller import AwsError, Caller
from mfa_tui.adapters.programs.user_prompts import UserPrompts
from mfa_tui.adapters.seeds.external import CodeCommand, SeedCommand, YubiKey
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.seeds.totp import code_at_step, step_at
from mfa_tui.demo.aws.server import Device, StrictAws
from mfa_tui.errors import Cancelled, KeyringProblem
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.sessions.refusals import error_for
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal

SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    "printed",
    [
        SEED,
        f"{SEED.lower()}\\n",
        f"\\n \\r\\n{' '.join(SEED[at : at + 4] for at in range(0, 32, 4))}\\r\\n\\n",
        f"otpauth://totp/ana@111122223333?secret={SEED}",
    ],
)
def test_a_command_prints_base32_or_an_address(printed: str) -> None:
    assert SeedCommand(f"printf '{printed}'", UserPrompts()).seed(CancelScope()) == Secret(SEED)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("no-such-program read", "It cannot be run: No such file or directory."),
        (f"sh -c 'echo {SEED}; echo {SEED} >&2; exit 4'", "It failed with exit status 4."),
        ("printf 'GEZD GNB1 and more'", "Character 8 is '1', but base32 is A-Z and 2-7; it is probably I or L."),
        ("true", "It is empty."),
        (f"sh -c 'echo hello; echo {SEED}'", "It printed several lines."),
        (f"sh -c 'echo {SEED}; cat /dev/zero'", "It printed more than 64 KiB, and was stopped."),
        ("head -c 65537 /dev/zero", "It printed more than 64 KiB, and was stopped."),
        (f"echo otpauth://hotp/x?secret={SEED}", "It is of the kind 'hotp'; AWS uses time-based codes (totp)."),
        ("printf '\\377\\376'", "Character 1 is '\ufffd', but base32 is A-Z and 2-7."),
    ],
)
def test_a_command_that_prints_no_secret(command: str, why: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyringProblem) as caught:
        SeedCommand(command, UserPrompts()).seed(CancelScope())
    assert (caught.value.slug, caught.value.why) == ("seed-command", why)
    assert command.split(maxsplit=1)[0] in caught.value.what
    assert SEED not in " ".join(caught.value.lines())
    assert capfd.readouterr() == ("", "")


def test_a_command_is_no_shell(tmp_path: Path) -> None:
    with pytest.raises(KeyringProblem):
        SeedCommand(f"echo {SEED}; touch {tmp_path}/made", UserPrompts()).seed(CancelScope())
    assert not (tmp_path / "made").exists()


def test_a_command_that_hangs_is_killed(tmp_path: Path) -> None:
    scope = CancelScope()
    threading.Timer(0.3, scope.cancel).start()
    with pytest.raises(Cancelled):
        SeedCommand(f"sh -c 'echo $$ > {tmp_path}/pid; exec sleep 60'", UserPrompts()).seed(scope)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.parametrize("printed", ["123456", "123 456\\n", "123456\\r\\n"])
def test_a_command_prints_a_code(printed: str) -> None:
    code = CodeCommand(f"printf '{printed}'", UserPrompts()).code(now(), CancelScope(), lambda: None)
    assert code == Secret("123456")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("no-such-program otp", "It cannot be run: No such file or directory."),
        ("sh -c 'echo 123456; exit 4'", "It failed with exit status 4."),
        (f"echo {SEED}", "It did not print six digits."),
        ("true", "It did not print six digits."),
        ("printf '123\\n456\\n'", "It printed several lines."),
        ("yes", "It printed more than 64 KiB, and was stopped."),
    ],
)
def test_a_command_that_prints_no_code(command: str, why: str) -> None:
    with pytest.raises(KeyringProblem) as caught:
        CodeCommand(command, UserPrompts()).code(now(), CancelScope(), lambda: None)
    assert (caught.value.slug, caught.value.why) == ("code-command", why)
    assert SEED not in " ".join(caught.value.lines())


@pytest.fixture
def ykman(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a ``ykman`` that runs a shell script onto the PATH; its arguments are noted in the file that is returned."""

    def put(script: str) -> Path:
        program, noted = tmp_path / "bin" / "ykman", tmp_path / "arguments"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {noted}\n{script}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        return noted

    return put


def now() -> int:
    return step_at(time.time())


def test_a_yubikey_is_asked_for_one_account_and_its_touch_is_reported(ykman: Callable[[str], Path]) -> None:
    noted = ykman("echo 'Touch your YubiKey...' >&2; echo 123456")
    touched: list[bool] = []
    code = YubiKey("AWS:ana", UserPrompts()).code(now(), CancelScope(), lambda: touched.append(True))
    assert (code, touched) == (Secret("123456"), [True])
    assert noted.read_text().split() == ["oath", "accounts", "code", "--single", "--", "AWS:ana"]


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ("ERROR: No YubiKey detected!", "No YubiKey is plugged in."),
        ("ERROR: No matching account found.", "It has no account with that name."),
        ("Error: Multiple matches, make the query more specific.", "Several of its accounts match that name."),
        ("ERROR: Touch account timed out!", "It was not touched in time."),
        ("Enter the password: Aborted!", "Its OATH application requires its password."),
        (
            "ERROR: Authentication to the YubiKey failed. Wrong password?",
            "It did not accept the password of its OATH application.",
        ),
        ("something new", "ykman failed with exit status 1."),
    ],
)
def test_why_a_yubikey_returns_no_code(ykman: Callable[[str], Path], says: str, why: str) -> None:
    ykman(f"echo '{says}' >&2; exit 1")
    with pytest.raises(KeyringProblem) as caught:
        YubiKey("AWS:ana", UserPrompts()).code(now(), CancelScope(), lambda: None)
    assert (caught.value.slug, caught.value.why) == ("yubikey", why)
    assert caught.value.remedy


def test_what_is_no_code_of_six_digits_is_not_shown(ykman: Callable[[str], Path]) -> None:
    ykman("echo 12345678")
    with pytest.raises(KeyringProblem) as caught:
        YubiKey("AWS:ana", UserPrompts()).code(now(), CancelScope(), lambda: None)
    assert "12345678" not in " ".join(caught.value.lines())


def test_a_yubikey_cannot_generate_the_code_of_another_time(ykman: Callable[[str], Path]) -> None:
    noted = ykman("echo 123456")
    with pytest.raises(KeyringProblem) as caught:
        YubiKey("AWS:ana", UserPrompts()).code(now() + 8, CancelScope(), lambda: None)
    assert (caught.value.slug, noted.exists()) == ("yubikey-clock", False)


def test_without_ykman_it_is_said_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(KeyringProblem) as caught:
        YubiKey("AWS:ana", UserPrompts()).code(now(), CancelScope(), lambda: None)
    assert (caught.value.slug, "yubikey-manager" in caught.value.remedy) == ("yubikey-ykman", True)


@pytest.fixture
def device(aws: StrictAws, home: Home) -> Device:
    """The device of profile ``dev``, of which nothing is stored here."""
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    return device


@pytest.fixture
def elsewhere(home: Home, device: Device) -> Callable[[str], None]:
    """Writes what the settings say of the device."""

    def write(line: str) -> None:
        directory = home.path / ".config/mfa-tui"
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "config.toml").write_text(f'[devices."{device.serial}"]\n{line}\n')

    return write


def codes_of(seed: str) -> str:
    """The rest of a shell script that prints the current code of *seed*, for three minutes from now."""
    step = now()
    codes = " ".join(code_at_step(Secret(seed), step + after).reveal() for after in range(6))
    return f"set -- {codes}\nshift $(($(date +%s) / 30 - {step}))\necho $1\n"


def key_with(home: Home, seed: str) -> None:
    """Puts a YubiKey on the PATH of *home* that wants a touch, and holds *seed*."""
    program = home.path / "bin/ykman"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\necho 'Touch your YubiKey...' >&2\n{codes_of(seed)}")
    program.chmod(0o755)
    home.env["PATH"] = f"{program.parent}{os.pathsep}{home.env['PATH']}"


def test_a_login_by_a_command(home: Home, device: Device, elsewhere: Callable[[str], None], aws: StrictAws) -> None:
    (home.path / "secret").write_text(device.seed)
    elsewhere(f'seed_command = "cat {home.path}/secret"')
    assert home.run("code", "dev").stdout.strip() in {device.code(steps) for steps in (-1, 0)}
    assert home.run("credential-process", "dev").returncode == 0
    assert aws.count("GetSessionToken") == 1
    assert '"seed_stored": true' in home.run("list", "--json").stdout
    for command in ("import", "forget"):
        refused = home.run("device", command, "dev", *(["--yes"] if command == "forget" else []), stdin=device.seed)
        assert (refused.returncode, "is kept elsewhere" in refused.stderr) == (2, True)
    assert not (home.path / "keyring.json").exists()


def test_a_command_that_fails_keeps_nobody_out(home: Home, device: Device, elsewhere: Callable[[str], None]) -> None:
    elsewhere("seed_command = \"sh -c 'echo hush >&2; exit 9'\"")
    shown = home.run("code", "dev")
    assert shown.stderr == (
        "mfa-tui: No secret came from sh.\n"
        "  It failed with exit status 9.\n"
        "  Run the command in seed_command of the settings yourself to see what it does; or type the code.\n"
    )
    asked = home.run("login", "dev")
    assert (shown.returncode, asked.returncode) == (1, 3)
    assert asked.stderr.splitlines()[1] == "  No secret came from sh."
    assert home.run("login", "dev", "--code", device.code()).returncode == 0


def test_a_login_by_a_yubikey(home: Home, device: Device, elsewhere: Callable[[str], None], aws: StrictAws) -> None:
    elsewhere('yubikey = "AWS:ana"')
    key_with(home, device.seed)
    result = home.run("login", "dev")
    assert (result.returncode, result.stderr) == (0, "Touch your YubiKey …\n")
    assert aws.count("GetSessionToken") == 1
    code = home.run("code", "dev")
    assert (code.returncode, code.stderr) == (0, "Touch your YubiKey …\n")


def test_a_login_by_a_command_that_prints_codes_only(
    home: Home, device: Device, elsewhere: Callable[[str], None], aws: StrictAws
) -> None:
    (home.path / "otp").write_text(codes_of(device.seed))
    elsewhere(f'code_command = "sh {home.path}/otp"')
    assert home.run("login", "dev").returncode == 0
    assert home.run("code", "dev").stdout.strip() in {device.code(steps) for steps in (-1, 0)}
    assert aws.count("GetSessionToken") == 1
    exported = home.run("device", "export", "dev", "--yes", "--text")
    assert (exported.returncode, "only the current code can be generated" in exported.stderr) == (1, True)
    assert home.run("device", "resync", "dev", stdin="").returncode == 3


@pytest.mark.parametrize(
    ("place", "what", "remedy"),
    [
        ("keyring", "the stored secret", "Import the right secret: mfa-tui device import dev"),
        ("vault", "the stored secret", "Import the right secret: mfa-tui device import dev"),
        ("command", "the secret that seed_command prints", "Correct seed_command of the device in the settings"),
        ("code-command", "code_command", "Correct code_command of the device in the settings"),
        ("yubikey", "the YubiKey", "Correct yubikey of the device in the settings (see ykman oath accounts list)"),
    ],
)
def test_a_refused_code_is_put_down_to_where_its_secret_is(place: str, what: str, remedy: str) -> None:
    refusal = AwsError("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ", 403)
    caller = Caller("dev", AccessKeys("AKIAIOSFODNN7EXAMPLE", Secret("x")), "", "aws")
    error = error_for(refusal, caller, serial="arn:aws:iam::111122223333:mfa/ana", made_by=place)
    assert error.what == f"AWS did not accept two codes from {what} for dev."
    assert error.remedy == f"{remedy}, or type a code from your phone: --code CODE."


def test_a_command_may_ask_on_the_terminal(home: Home, device: Device, elsewhere: Callable[[str], None]) -> None:
    elsewhere("seed_command = \"sh -c 'printf Unlock: >&2; read secret; echo $secret'\"")
    with terminal(home, "mfa-tui code dev") as screen:
        screen.wait_for("Unlock:")
        screen.type(f"{device.seed}\n")
        assert screen.status() == 0
