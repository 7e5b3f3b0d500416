"""``credential-process`` as AWS SDKs run it, and targets that are set up to ask it."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.faults import Fault
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.cli.sessions.test_roles import identity
from tests.support.clocks.moved_time import MovedTime
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled

pytestmark = pytest.mark.both_ways

SESSIONS = ".cache/mfa-tui/sessions"


def answer(home: Home, profile: str = "dev") -> dict[str, object]:
    result = home.run("credential-process", profile)
    assert (result.returncode, result.stderr) == (0, "")
    found: dict[str, object] = json.loads(result.stdout)
    return found


def shorten(home: Home, left: int) -> None:
    """Make all cached sessions expire in *left* seconds, as far as this machine knows."""
    for path in (home.path / SESSIONS).iterdir():
        _, process, about = path.read_text().splitlines()
        path.write_text(f"{int(time.time()) + left}\n{process}\n{about}\n")


def test_the_format(home: Home, aws: StrictAws, device: Device) -> None:
    home.store_seed(device)
    found = answer(home)
    assert found.keys() == {"Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}
    assert found["Version"] == 1
    assert str(found["Expiration"]).endswith("Z")
    # The second time it comes from the cache, and the third time without reading the AWS files.
    assert [answer(home), answer(home)] == [found, found]
    assert aws.count() == 1


def test_a_change_of_the_files_is_seen_at_once(
    home: Home, aws: StrictAws, user: User, device: Device, moved_time: MovedTime
) -> None:
    home.store_seed(device)
    found = answer(home)
    moved_time.move(60)
    other = aws.add_user()
    home.credentials.write_text(
        home.credentials.read_text()
        .replace(user.access_key_id, other.access_key_id)
        .replace(user.secret_access_key, other.secret_access_key)
    )
    result = home.run("credential-process", "dev")
    # Another user's keys: neither the old session nor the device is theirs.
    assert result.returncode == 1
    assert str(found["AccessKeyId"]) not in result.stdout
    home.config.write_text("[profile other]\nregion = eu-west-1\n")
    home.credentials.write_text("")
    assert home.run("credential-process", "dev").returncode == 2


@pytest.mark.usefixtures("device")
def test_without_a_seed_or_a_terminal_it_says_what_to_run(home: Home, aws: StrictAws) -> None:
    result = home.run("credential-process", "dev")
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr == "mfa-tui: dev needs an MFA code: run mfa-tui login dev\n"
    assert aws.count() == 0


def test_it_renews_in_time_where_it_can(
    home: Home, aws: StrictAws, user: User, device: Device, moved_time: MovedTime
) -> None:
    role = aws.add_role(f"renew-{user.name}", trust(user.arn))
    home.add_role_profile("admin", role)
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
    first = answer(home, "admin")
    shorten(home, 880)
    # The role's session by the user's, which needs no code.
    second = answer(home, "admin")
    assert second["AccessKeyId"] != first["AccessKeyId"]
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 2)
    # The user's own needs a code that nobody types: the valid session is used until it expires.
    dev = answer(home)
    assert (aws.count("GetSessionToken"), dev["Version"]) == (1, 1)
    shorten(home, -1)
    assert home.run("credential-process", "dev").returncode == 3
    assert home.run("credential-process", "admin").returncode == 3
    home.store_seed(device)
    moved_time.move(60)
    assert answer(home, "admin")["AccessKeyId"] != second["AccessKeyId"]
    assert aws.count("GetSessionToken") == 2


def test_a_session_of_the_least_length_is_not_renewed_at_every_use(home: Home, aws: StrictAws, device: Device) -> None:
    home.store_seed(device)
    assert home.run("login", "dev", "--duration", "15m").returncode == 0
    assert answer(home) == answer(home)
    assert aws.count() == 1


def test_a_failed_renewal_uses_the_valid_session(home: Home, device: Device, moved_time: MovedTime) -> None:
    home.store_seed(device)
    answer(home)
    moved_time.move(60)
    shorten(home, 300)
    assert home.run("credential-process", "dev", env={"AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1"}).returncode == 0
    shorten(home, -1)
    result = home.run("credential-process", "dev", env={"AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1"})
    assert (result.returncode, result.stdout) == (1, "")


@long
def test_a_hundred_at_once_make_one_session(home: Home, aws: StrictAws, device: Device) -> None:
    home.store_seed(device)
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda _: answer(home), range(100)))
    assert len({str(found) for found in answers}) == 1
    assert aws.count("GetSessionToken") == 1


@long
def test_aws_commands_at_once_by_a_target_that_asks(
    home: Home, aws: StrictAws, user: User, device: Device, moved_time: MovedTime
) -> None:
    home.store_seed(device)
    result = home.run("login", "dev", "--process")
    assert result.returncode == 0, result.stderr
    assert "dev-mfa" not in home.credentials.read_text()
    assert "credential_process = " in home.config.read_text()
    shorten(home, -1)
    moved_time.move(60)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: identity(home, "dev-mfa"), range(4))) == [user.arn] * 4
    assert aws.count("GetSessionToken") == 2


def test_one_that_is_killed_does_not_block_the_others(
    home: Home, aws: StrictAws, device: Device, moved_time: MovedTime
) -> None:
    home.store_seed(device)
    aws.fault(Fault(delay=30), action="GetSessionToken")
    holder = subprocess.Popen(
        [sys.executable, "-m", "mfa_tui", "credential-process", "dev"],
        env=home.env,
        cwd=home.path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + scaled(30)
    while aws.count("GetSessionToken") == 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    moved_time.move(60)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(home.run, "credential-process", "dev")
        time.sleep(1)
        assert not other.done()
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        assert other.result(timeout=scaled(60)).returncode == 0


def test_login_and_logout_of_a_target_that_asks(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    home.store_seed(device)
    before = (home.config.read_bytes(), home.credentials.read_bytes())
    assert home.run("login", "dev", "--process").returncode == 0
    listed = json.loads(home.run("list", "--json").stdout)
    assert listed["profiles"][0]["session"]["state"] == "live"
    assert [target["name"] for target in listed["targets"]] == ["dev-mfa"]
    # A plain login undoes it: keys in the credentials file, no process in the config file.
    assert home.run("login", "dev").returncode == 0
    assert "credential_process" not in home.config.read_text()
    assert identity(home, "dev-mfa") == user.arn
    # And back: the keys are removed, since SDKs would prefer them.
    assert home.run("login", "dev", "--process").returncode == 0
    assert "[dev-mfa]" not in home.credentials.read_text()
    assert identity(home, "dev-mfa") == user.arn
    assert aws.count("GetSessionToken") == 1
    assert home.run("logout", "dev").returncode == 0
    assert (home.config.read_bytes(), home.credentials.read_bytes()) == before
    assert list((home.path / SESSIONS).iterdir()) == []


@long
def test_the_users_own_settings_are_not_changed_without_asking(home: Home, user: User, device: Device) -> None:
    home.store_seed(device)
    own = "[profile dev-mfa]\n# mine\nregion = ap-south-1\noutput = json\n"
    with home.config.open("a") as file:
        file.write(own)
    before = home.config.read_bytes()
    result = home.run("login", "dev", "--process")
    assert result.returncode == 2
    assert "The target [dev-mfa] holds settings of yours" in result.stderr
    assert home.config.read_bytes() == before
    assert home.run("login", "dev", "--process", "--overwrite").returncode == 0
    assert identity(home, "dev-mfa") == user.arn
    assert "region = ap-south-1" in home.config.read_text()
    assert home.run("logout", "dev").returncode == 0
    assert home.config.read_bytes() == before


@pytest.mark.parametrize(
    "directory", [pytest.param("plain", marks=long), pytest.param("with space", marks=long), "qu'ote"]
)
def test_the_command_in_the_files_works_from_anywhere(home: Home, user: User, device: Device, directory: str) -> None:
    """Called as a script from a strange directory: the line in the files works for the real `aws` command."""
    home.store_seed(device)
    script = home.path / directory / "mfa-tui"
    script.parent.mkdir()
    script.write_text(f"#!{sys.executable}\nimport sys\nfrom mfa_tui import main\nsys.exit(main())\n", encoding="utf-8")
    script.chmod(0o755)
    result = subprocess.run(
        [str(script), "login", "dev", "--process"],
        env=home.env,
        cwd="/",
        check=False,
        capture_output=True,
        timeout=scaled(60),
    )
    assert result.returncode == 0, result.stderr
    assert str(script) in shlex.split(home.config.read_text().split("credential_process = ")[1].splitlines()[0])
    assert identity(home, "dev-mfa") == user.arn


def test_it_runs_nothing_from_the_current_directory(home: Home, user: User, device: Device) -> None:
    """`aws` may be called in a directory that somebody else has filled."""
    home.store_seed(device)
    assert home.run("login", "dev", "--process").returncode == 0
    for name in ("mfa_tui", "json", "botocore"):
        (home.path / f"{name}.py").write_text("raise SystemExit('run')")
    assert identity(home, "dev-mfa") == user.arn


@long
@pytest.mark.parametrize(
    "name", ["we ird$(touch x)'\"", *(pytest.param(name, marks=long) for name in ("ünï", "a%b", "-dash"))]
)
def test_strange_names(home: Home, user: User, name: str) -> None:
    device = user.add_device(user.name)
    home.store_seed(device)
    header = name.replace("\\", "\\\\").replace('"', '\\"')
    home.config.write_text(f'[profile "{header}"]\nmfa_serial = {device.serial}\nregion = eu-west-1\n')
    home.credentials.write_text(
        f"[{name}]\naws_access_key_id = {user.access_key_id}\naws_secret_access_key = {user.secret_access_key}\n"
    )
    result = home.run("login", "--process", "--", name)
    assert result.returncode == 0, result.stderr
    assert identity(home, f"{name}-mfa") == user.arn
    assert not (home.path / "x").exists()


@long
def test_loops_are_refused_at_login_and_at_run_time(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    home.store_seed(device)
    line = f"{sys.executable} -m mfa_tui credential-process"
    before = home.config.read_text()
    role = aws.add_role(f"ring-{user.name}", trust(user.arn))
    # Of itself.
    home.config.write_text(before + f"[profile self]\ncredential_process = {line} self\n")
    result = home.run("credential-process", "self")
    assert (result.returncode, result.stdout) == (2, "")
    assert "It asks mfa-tui for the credentials of 'self'" in result.stderr
    # A role whose source is its own target.
    home.config.write_text(before + f"[profile r-mfa]\ncredential_process = {line} r\n")
    home.add_role_profile("r", role, source="r-mfa")
    for arguments in (("login", "r", "--process"), ("credential-process", "r")):
        result = home.run(*arguments)
        assert result.returncode == 2
        assert "Its sources form a loop: r → r." in result.stderr
    # At set-up: the target is one of the sources.
    home.config.write_text(before + f"[profile tool]\ncredential_process = {sys.executable} keys.py\n")
    home.add_role_profile("r", role, source="tool")
    result = home.run("login", "r", "--process", "--as", "tool", "--overwrite")
    assert result.returncode == 2
    assert "The credentials of 'r' depend on themselves." in result.stderr
    # The same by a session that its source holds, which means another profile; and without a process, too.
    home.config.write_text(before)
    assert home.run("login", "dev").returncode == 0
    holding = home.config.read_text()
    home.add_role_profile("r", role, source="dev-mfa")
    for options in (["--process"], []):
        result = home.run("login", "r", "--as", "dev-mfa", *options)
        assert result.returncode == 2
        assert "[dev-mfa] is one of its sources: r ← dev" in result.stderr
    assert home.config.read_text().startswith(holding)
    assert home.run("logout", "dev").returncode == 0
    aws.reset()
    # Behind a program that we know nothing about.
    hidden = home.path / "hidden.py"
    hidden.write_text(
        "import subprocess, sys\n"
        f"sys.exit(subprocess.run([{sys.executable!r}, '-m', 'mfa_tui', 'credential-process', 'r']).returncode)\n"
    )
    home.config.write_text(before + f"[profile tool]\ncredential_process = {sys.executable} {hidden}\n")
    home.add_role_profile("r", role, source="tool")
    result = home.run("credential-process", "r")
    assert result.returncode == 1
    assert "The credentials of 'r' depend on themselves." in result.stderr
    assert aws.count() == 0


def test_the_sdk_sees_why_there_are_none(home: Home, device: Device) -> None:
    assert home.run("login", "dev", "--process", "--code", device.code()).returncode == 0
    shorten(home, -1)
    result = home.run_aws("sts", "get-caller-identity", "--profile", "dev-mfa")
    assert "dev needs an MFA code: run mfa-tui login dev" in result.stderr


def test_sessions_are_found_by_other_names_of_the_profile(home: Home, aws: StrictAws, device: Device) -> None:
    """A target means its source, written already or not."""
    home.store_seed(device)
    assert answer(home, "dev-mfa") == answer(home, "dev")
    assert aws.count() == 1


def test_bad_usage(home: Home) -> None:
    for arguments in ((), ("a", "b"), ("--json", "dev")):
        assert home.run("credential-process", *arguments).returncode == 2
    assert "PROFILE" in home.run("credential-process", "--help").stdout
    assert Path(home.path / SESSIONS).exists() is False
