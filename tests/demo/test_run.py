"""``mfa-tui demo``: a home of its own, and nothing left of it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pexpect
import pytest

from mfa_tui import __version__
from mfa_tui.adapters.filesystem import private_files
from mfa_tui.demo import cleanup_process
from mfa_tui.demo.home.keyring_file import HOME_VARIABLE
from tests.support.processes.terminals import hang_up
from tests.support.runner.thoroughness import long, quick_cases
from tests.support.runner.timeouts import scaled

ROOT = Path(__file__).parents[2]

DEMO = """
import sys
from mfa_tui.errors import MfaTuiError
from mfa_tui.demo.run import demo
try:
    status = demo(sys.argv[1:])
except MfaTuiError as error:
    print(error.slug, *error.lines(), sep="\\n", file=sys.stderr)
    status = error.exit_status
sys.exit(status)
"""


def start(tmp_path: Path, *command: str, before: str = "", **env: str) -> "subprocess.Popen[str]":
    """Starts the demo away from any terminal; its home will be in ``tmp_path``."""
    return subprocess.Popen(
        [sys.executable, "-c", before + DEMO, *command],
        cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT), **env},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def finish(process: "subprocess.Popen[str]", tmp_path: Path) -> tuple[int, str, str]:
    """Exit status, standard output and error; nothing may be left in ``tmp_path``."""
    output, errors = process.communicate(timeout=scaled(60))
    assert list(tmp_path.iterdir()) == []
    return process.returncode, output, errors


INSIDE = """
import json, os, pathlib, stat, subprocess
import boto3, botocore.session, keyring
from mfa_tui.demo.aws.accounts.one_time_codes import code_of, step_of
import time

home = pathlib.Path.home()
found = {"home": str(home), "env": dict(os.environ), "dir": os.getcwd()}
found["modes"] = {p.relative_to(home).as_posix(): stat.S_IMODE(p.stat().st_mode) for p in [home, *home.rglob("*")]}
found["demo"] = json.loads(pathlib.Path(os.environ["MFA_TUI_DEMO"]).read_text())
full = botocore.session.Session().full_config["profiles"]
found["profiles"] = full
serial = full["dev"]["mfa_serial"]
seed = json.loads(keyring.get_password("mfa-tui", serial))["seed"]
sts = boto3.Session(profile_name="dev").client("sts")
kept = full["stored"]["mfa_tui_access_key_id"]
secret = keyring.get_password("mfa-tui keys", kept)
found["stored"] = boto3.client("iam", aws_access_key_id=kept, aws_secret_access_key=secret, region_name="us-east-1")
found["stored"] = found["stored"].list_access_keys()["AccessKeyMetadata"][0]
found["session"] = sts.get_session_token(SerialNumber=serial, TokenCode=code_of(seed, step_of(time.time())))
found["devices"] = {
    name: [d["SerialNumber"] for d in boto3.Session(profile_name=name).client("iam").list_mfa_devices()["MFADevices"]]
    for name in ("ops", "new", "discover", "fido", "wrong-serial")
}
iam = boto3.Session(profile_name="new").client("iam")
made = [iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"] for name in ("sam", "sam-2")]
iam.delete_virtual_mfa_device(SerialNumber=made[0]["SerialNumber"])
found["seed"] = made[1]["Base32StringSeed"].decode()
found["scanned"] = json.loads(pathlib.Path(os.environ["MFA_TUI_DEMO"]).read_text())
found["version"] = subprocess.run(["mfa-tui", "--version"], cwd="/", capture_output=True, text=True).stdout
print(json.dumps(found, default=str))
"""


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a command sees in the demo."""
    tmp_path = tmp_path_factory.mktemp("demo")
    process = start(
        tmp_path, sys.executable, "-c", INSIDE,
        AWS_PROFILE="mine", AWS_CONFIG_FILE="/mine", AWS_ACCESS_KEY_ID="AKIAMINE", MFA_TUI_CONFIG="/mine",
        HTTP_PROXY="http://127.0.0.1:9", http_proxy="http://127.0.0.1:9", NO_PROXY="example.org",
    )  # fmt: skip
    status, output, errors = finish(process, tmp_path)
    assert (status, errors) == (0, "")
    found: dict[str, Any] = json.loads(output)
    return found


def test_the_environment_leads_into_the_home_only(inside: dict[str, Any]) -> None:
    env, home = inside["env"], inside["home"]
    assert Path(home).name.startswith("mfa-tui-demo-")
    assert {name for name in env if name.startswith("AWS_")} == {"AWS_ENDPOINT_URL", "AWS_EC2_METADATA_DISABLED"}
    assert env["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert {name for name in env if name.startswith("MFA_TUI_")} == {"MFA_TUI_DEMO", "MFA_TUI_DEMO_HOME"}
    assert all(value.startswith(home) for name, value in env.items() if name.startswith(("XDG_", "MFA_TUI_", "HOME")))
    assert env["NO_PROXY"] == "127.0.0.1,example.org"
    assert inside["dir"] == str(ROOT)


def test_nobody_else_can_look_in(inside: dict[str, Any]) -> None:
    assert all(mode & 0o077 == 0 for mode in inside["modes"].values())
    assert {".aws/config", ".aws/credentials", "keyring.json", "demo.json", "bin/mfa-tui"} <= inside["modes"].keys()


def test_the_cast(inside: dict[str, Any]) -> None:
    profiles = inside["profiles"]
    assert next(iter(profiles)) == "dev"
    assert {
        "ops",
        "stored",
        "new",
        "staging-admin",
        "staging-read",
        "discover",
        "fido",
        "wrong-serial",
        "old",
    } < profiles.keys()
    assert profiles["stored"]["mfa_tui_access_key_id"] == inside["stored"]["AccessKeyId"]
    assert "aws_access_key_id" not in profiles["stored"]
    assert profiles["staging-admin"]["source_profile"] == "dev"
    assert profiles["old"]["source_profile"] not in profiles
    devices = inside["devices"]
    assert devices["new"] == []
    assert "mfa_serial" not in profiles["new"]
    assert devices["ops"] == [profiles["ops"]["mfa_serial"]]
    assert len(devices["discover"]) == 2
    assert [":u2f/" in serial for serial in devices["fido"]] == [True]
    assert profiles["wrong-serial"]["mfa_serial"] not in devices["wrong-serial"]


def test_the_stored_seed_makes_a_session(inside: dict[str, Any]) -> None:
    assert inside["session"]["Credentials"]["AccessKeyId"].startswith("ASIA")


def test_mfa_tui_is_at_hand_from_everywhere(inside: dict[str, Any]) -> None:
    assert inside["version"] == f"mfa-tui {__version__}\n"


def test_the_interface_is_reported(inside: dict[str, Any]) -> None:
    told = inside["demo"]
    assert "demo" in told["banner"]
    assert told["phone"][0]["label"] == "ops phone"
    assert all(entry["uri"].startswith("otpauth://totp/") for entry in told["phone"])


def test_the_phone_scans_new_devices_and_forgets_deleted_ones(inside: dict[str, Any]) -> None:
    before, after = inside["demo"], inside["scanned"]
    assert after["banner"] == before["banner"]
    assert after["phone"][:-1] == before["phone"]
    assert after["phone"][-1] == {
        "label": "sam-2",
        "uri": f"otpauth://totp/sam-2@111122223333?secret={inside['seed']}&issuer=AWS",
    }


@long
@quick_cases(1)
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 42), (signal.SIGHUP, 129)])
def test_a_signal_leaves_nothing_behind(tmp_path: Path, number: signal.Signals, status: int) -> None:
    process = start(tmp_path, "sh", "-c", "trap 'exit 42' TERM; echo ready; while :; do sleep 0.05; done")
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    assert finish(process, tmp_path)[0] == status


def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    status, output, errors = finish(start(tmp_path, "no-such-command", "-x"), tmp_path)
    assert (status, output) == (127, "")
    assert errors.splitlines()[:2] == ["command-not-found", "no-such-command: command not found."]


def test_the_demo_extra_is_missing(tmp_path: Path) -> None:
    process = start(tmp_path, "true", before="import sys; sys.modules['moto'] = None\n")
    status, _, errors = finish(process, tmp_path)
    assert status == 2
    assert errors.splitlines() == [
        "demo-extra",
        "The demo is an extra that is not installed.",
        "Python cannot find the module 'moto'.",
        "Install it with its demo extra; in a clone of the project: pipx install '.[demo]'",
    ]


def test_killed_as_it_starts_the_process_that_cleans_up_it_leaves_no_home(tmp_path: Path) -> None:
    killed = textwrap.dedent("""
        import os, signal, subprocess
        subprocess.Popen.__init__ = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
    """)
    assert finish(start(tmp_path, "true", before=killed), tmp_path)[0] == -signal.SIGKILL


def test_a_command_that_the_killed_demo_was_starting_is_ended_too(tmp_path: Path) -> None:
    home = tmp_path / "mfa-tui-demo-home"
    home.mkdir()
    with subprocess.Popen(
        [sys.executable, "-I", "-S", cleanup_process.__file__, str(home)], stdin=subprocess.PIPE
    ) as it:
        assert it.stdin is not None
        it.stdin.close()
        time.sleep(0.2)
        with subprocess.Popen(["sleep", "300"], env={HOME_VARIABLE: str(home)}) as command:
            try:
                assert command.wait(scaled(30)) == -signal.SIGTERM
            finally:
                command.kill()
        assert it.wait(scaled(30)) == 0
    assert not home.exists()


def test_it_runs_nothing_but_its_command_and_the_process_that_cleans_up(tmp_path: Path) -> None:
    """A compiler, which keyring's backend for macOS runs, would leave its temporary files if a signal ended it."""
    told = textwrap.dedent("""
        import os, sys
        sys.addaudithook(lambda event, given: event == "subprocess.Popen" and print(os.path.basename(given[1][-1])))
    """)
    _, output, _ = finish(start(tmp_path, "true", before=told, PYTHON_KEYRING_BACKEND=""), tmp_path)
    cleanup, command = output.splitlines()
    assert (cleanup[:13], command) == ("mfa-tui-demo-", "true")


def test_without_a_terminal_and_a_command_nothing_is_started(tmp_path: Path) -> None:
    loaded = textwrap.dedent("""
        import atexit, sys
        atexit.register(lambda: print([name for name in ("moto", "boto3", "keyring") if name in sys.modules]))
    """)
    status, output, errors = finish(start(tmp_path, before=loaded), tmp_path)
    assert (status, output) == (3, "[]\n")
    assert errors.startswith("demo-terminal\n")


def on_terminal(tmp_path: Path, command: str) -> "pexpect.spawn[str]":
    """The demo's interface on a terminal; its home will be in ``tmp_path``."""
    child = pexpect.spawn(
        "/bin/sh", ["-c", command], env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}, cwd=str(ROOT),
        dimensions=(30, 100), encoding="utf-8", codec_errors="replace", timeout=scaled(60),
    )  # fmt: skip
    child.delaybeforesend = None
    child.expect("Log in")
    return child


def processes(tmp_path: Path) -> dict[int, str]:
    """The command lines of all that was started with this directory for temporary files."""
    found = {}
    for directory in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"TMPDIR={tmp_path}\0".encode() in (directory / "environ").read_bytes():
                found[int(directory.name)] = (directory / "cmdline").read_text().replace("\0", " ").strip()
    return found


def nothing_stays(tmp_path: Path) -> None:
    deadline = time.monotonic() + scaled(30)
    while processes(tmp_path) or list(tmp_path.iterdir()):
        assert time.monotonic() < deadline, (processes(tmp_path), list(tmp_path.iterdir()))
        time.sleep(0.1)


RUN = f"{sys.executable} -m mfa_tui demo"


@quick_cases(2)
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(
    ("command", "part", "number"),
    [
        (f"exec {RUN}", " demo", signal.SIGINT),
        pytest.param(f"exec {RUN}", " demo", signal.SIGQUIT, marks=long),
        pytest.param(f"exec {RUN}", " demo", signal.SIGKILL, marks=long),
        (f"{RUN}; true", "launcher.py", signal.SIGKILL),
        pytest.param(f"{RUN}; true", "/bin/sh", signal.SIGKILL, marks=long),
        ("make -s -f Makefile.test demo", "make", signal.SIGINT),
        pytest.param("make -s -f Makefile.test demo", "make", signal.SIGKILL, marks=long),
        pytest.param("make -s -f Makefile.test demo", "make", signal.SIGTERM, marks=long),
        ("make -s -f Makefile.test demo", "", None),
    ],
)
def test_however_the_demo_ends_it_leaves_no_process_and_no_home(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, command: str, part: str, number: signal.Signals | None
) -> None:
    """*part* of a command line tells which process gets the signal; without one the terminal is closed."""
    makefile = tmp_path_factory.mktemp("make") / "Makefile"
    makefile.write_text(f"demo:\n\t@{RUN}\n")
    child = on_terminal(tmp_path, command.replace("Makefile.test", str(makefile)))
    if number is None:
        hang_up(child)
    else:
        process = next(
            number
            for number, line in processes(tmp_path).items()
            if part in line and (part == "/bin/sh" or "sh -c" not in line)
        )
        os.kill(process, number)
    nothing_stays(tmp_path)
    if number is not None:
        child.close(force=True)


@long
@quick_cases(1)
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, None])
def test_what_its_command_has_left_in_the_background_is_ended(tmp_path: Path, number: signal.Signals | None) -> None:
    """Whether the demo is killed, or its command ends."""
    command = "sleep 77 & exec sleep 78" if number else "sleep 77 & sleep 3"
    env = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-m", "mfa_tui", "demo", "--", "sh", "-c", command], env=env) as demo:
        deadline = time.monotonic() + scaled(60)
        while "sleep 77" not in processes(tmp_path).values():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        if number:
            demo.send_signal(number)
    nothing_stays(tmp_path)


def test_a_process_that_survives_the_demo_does_not_create_its_home_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    with pytest.raises(FileNotFoundError):
        private_files.write(str(home / ".cache/mfa-tui/sessions/one"), "keys")
    assert not home.exists()
    home.mkdir()
    private_files.write(str(home / ".cache/mfa-tui/sessions/one"), "keys")
