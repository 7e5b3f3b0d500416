"""Sessions near their end: which are renewed, of which it is told, and how often."""

import stat
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from keyring.errors import KeyringLocked

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.programs import desktop_notification
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.faults import dropped
from mfa_tui.demo.home.keyring_file import FileKeyring
from mfa_tui.services.listing.overview import ProfileRow
from mfa_tui.services.listing.preferences import load_preferences
from mfa_tui.services.sessions.lookup import SessionState, State
from mfa_tui.ui.commands.keymap import keys_of
from mfa_tui.ui.commands.profile_commands import COMMANDS
from mfa_tui.ui.state import keep_alive
from mfa_tui.ui.state.keep_alive import RETRY, Due, KeepAlive
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, ShiftedClock, interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson
from tests.ui.text.test_status_lines import AWS, NOW, row

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws

MARGIN = 900
RUN = desktop_notification._run
"""The real one, which no other test runs."""


def lasting(name: str, *, has_seed: bool = False, process: bool = False, ends: int = NOW + 3600) -> ProfileRow:
    session = SessionState(State.LIVE, ends, ends - MARGIN)
    return ProfileRow(read_profile(AWS, name), f"{name}-mfa", session, has_seed=has_seed, process=process)


def idle(_: str) -> bool:
    return False


@pytest.fixture
def watch(home: Home) -> KeepAlive:
    return KeepAlive(Paths(home.env))


def test_the_expiry_of_a_session_is_announced_once(watch: KeepAlive) -> None:
    rows = [lasting("dev"), lasting("token", ends=NOW + 7200)]
    assert watch.check(rows, idle, NOW, 0) == Due()
    within = NOW + 3600 - MARGIN
    assert watch.check(rows, idle, within, 0) == Due(expiring=(rows[0],))
    assert watch.check(rows, idle, within + 1, 1) == Due()
    assert watch.check(rows, idle, NOW + 3600, 2) == Due()
    # The session that came in its place is another one.
    assert watch.check([lasting("dev", ends=NOW + 7200)], idle, NOW + 7100, 3).expiring


def test_sessions_renewed_on_demand_are_announced_only_if_they_need_a_code(watch: KeepAlive) -> None:
    assert watch.check([lasting("dev", process=True, has_seed=True)], idle, NOW + 3500, 0) == Due()
    assert watch.check([lasting("admin", process=True)], idle, NOW + 3500, 0) == Due()
    assert watch.check([lasting("dev", process=True)], idle, NOW + 3500, 0).expiring


def test_sessions_kept_alive_are_renewed_one_at_a_time_and_failures_wait(watch: KeepAlive) -> None:
    rows = [lasting("dev", has_seed=True), lasting("token", has_seed=True)]
    assert watch.toggle("dev")
    assert watch.toggle("token")
    assert watch.check(rows, idle, NOW, 0) == Due()
    assert watch.check(rows, lambda name: name == "dev", NOW + 3500, 0) == Due("token")
    assert watch.check(rows, idle, NOW + 3500, 1) == Due()
    watch.end_renewal("token", renewed=False)
    # Also one whose end was slept through.
    assert watch.check(rows, idle, NOW + 3601, 2) == Due("dev")
    watch.end_renewal("dev", renewed=False)
    assert watch.check(rows, idle, NOW + 3602, 3) == Due()
    assert watch.check(rows, idle, NOW + 3900, RETRY) == Due("token")
    watch.end_renewal("token", renewed=False)
    watch.retry_now()
    assert watch.check(rows, idle, NOW + 3901, RETRY + 1) == Due("dev")
    # After a success nothing has to wait.
    watch.end_renewal("dev", renewed=True)
    assert watch.check(rows, idle, NOW + 3902, RETRY + 2) == Due("dev")


def test_keep_alive_is_remembered(watch: KeepAlive, home: Home) -> None:
    assert watch.toggle("dev")
    assert KeepAlive(Paths(home.env)).kept == {"dev"}
    assert not watch.toggle("dev")
    assert load_preferences(Paths(home.env)).kept == ()


def test_only_sessions_renewable_without_a_person_can_be_kept_alive() -> None:
    assert "no secret is stored" in keep_alive.why_not(row("dev"))
    assert keep_alive.why_not(row("dev", has_seed=True)) == ""
    assert keep_alive.why_not(row("admin")) == ""


def test_many_expiries_are_one_warning() -> None:
    keys = keys_of({}, COMMANDS)
    title, text = keep_alive.expiry_warning((lasting("dev"),), NOW, keys)
    assert title == "dev: session expires soon"
    assert text.endswith(". Press r to renew it.")
    assert keep_alive.expiry_warning((lasting("dev", has_seed=True),), NOW, keys)[1].endswith(
        "Press r to renew it, or a to keep it alive."
    )
    title, text = keep_alive.expiry_warning((lasting("dev"), *(lasting("admin") for _ in range(6))), NOW, keys)
    assert title == "7 sessions expire soon"
    assert text.startswith("dev, admin, admin, admin, admin and 2 more. The first expires at ")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the desktop was told."""
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(desktop_notification, "send", lambda title, body: told.append((title, body)))
    return told


async def have_session(driver: Driver, name: str) -> str:
    """Logs in to the profile under the cursor; its access key ID."""
    await driver.press("enter")
    await driver.until(lambda: driver.key_in_file(f"{name}-mfa") != "", f"a session of {name}")
    await driver.idle(name)
    driver.main.heartbeat.beat()
    return driver.key_in_file(f"{name}-mfa")


def told_in_toasts(driver: Driver, what: str) -> int:
    return len([toast for toast in driver.toasts if what in toast])


async def test_a_session_about_to_expire_is_announced_once_by_toast_bell_and_desktop(
    home: Home, person: AddPerson, sent: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    person("dev", seed=True)
    clock = ShiftedClock()
    rung: list[int] = []
    async with interface(home, clock=clock) as driver:
        monkeypatch.setattr(driver.app, "bell", lambda: rung.append(1))
        await have_session(driver, "dev")
        clock.shift = 11 * 3600 + 50 * 60
        await driver.sees("! 9 m left")
        await driver.until(lambda: told_in_toasts(driver, "expires soon") == 1)
        for _ in range(3):
            driver.main.heartbeat.beat()
            await driver.pilot.pause()
        assert told_in_toasts(driver, "expires soon") == len(sent) == len(rung) == 1
        assert sent[0][0] == "dev: session expires soon"
        clock.shift = 13 * 3600
        await driver.sees("! expired")


@long
async def test_desktop_notifications_can_be_turned_off(
    home: Home, person: AddPerson, sent: list[tuple[str, str]]
) -> None:
    person("dev", seed=True)
    settings = home.path / "settings.toml"
    settings.write_text("notify = false\n")
    clock = ShiftedClock()
    async with interface(home, clock=clock, MFA_TUI_CONFIG=str(settings)) as driver:
        await have_session(driver, "dev")
        clock.shift = 11 * 3600 + 50 * 60
        await driver.until(lambda: told_in_toasts(driver, "expires soon") == 1)
    assert not sent


async def test_a_kept_session_renews_by_itself(
    home: Home, person: AddPerson, aws: "StrictAws", sent: list[tuple[str, str]]
) -> None:
    person("dev", seed=True)
    clock = ShiftedClock()
    async with interface(home, clock=clock) as driver:
        await driver.press("a")
        await driver.until(lambda: told_in_toasts(driver, "Keep-alive is on for dev") == 1)
        first = await have_session(driver, "dev")
        await driver.sees("↻ kept alive while mfa-tui runs")
        assert "✓ 11 h 59 m ↻" in driver.line_of("dev")
        clock.shift = aws.clock.offset = 11 * 3600 + 50 * 60
        await driver.until(lambda: driver.key_in_file("dev-mfa") != first)
        await driver.idle("dev")
        await driver.sees("✓ 11 h 59 m")
        assert aws.count("GetSessionToken") == 2
        await driver.press("a")
        assert "↻" not in driver.line_of("dev")
    assert not sent


@long
async def test_a_kept_role_renews_with_its_user_s_session(
    home: Home, person: AddPerson, aws: "StrictAws", sent: list[tuple[str, str]]
) -> None:
    dev = person("dev")
    role = aws.add_role("kept", trust(dev.user.arn, mfa=True))
    with home.config.open("a") as file:
        file.write(f"[profile admin]\nrole_arn = {role}\nsource_profile = dev\nregion = eu-central-1\n")
    clock = ShiftedClock()
    async with interface(home, profile="admin", clock=clock) as driver:
        await driver.press("a")
        await driver.type(dev.device.code())
        await driver.press("enter")
        await driver.until(lambda: driver.key_in_file("admin-mfa") != "")
        await driver.idle("admin")
        first = driver.key_in_file("admin-mfa")
        clock.shift = aws.clock.offset = 50 * 60
        await driver.until(lambda: driver.key_in_file("admin-mfa") != first)
        await driver.idle("admin")
        assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 2)
        # The user's session is over: now it takes a code, for which nobody is asked.
        clock.shift = aws.clock.offset = 13 * 3600
        await driver.sees("! The session was not renewed. It needs a code from dev-")
        assert driver.app.screen is driver.main
        assert "! expired ↻" in driver.line_of("admin")
    assert not sent


@long
async def test_a_renewal_that_fails_says_why_once_and_waits(
    home: Home, person: AddPerson, aws: "StrictAws", sent: list[tuple[str, str]]
) -> None:
    person("dev", seed=True)
    clock = ShiftedClock()
    async with interface(home, clock=clock) as driver:
        await driver.press("a")
        await have_session(driver, "dev")
        aws.fault(dropped(), action="GetSessionToken")
        clock.shift = aws.clock.offset = 11 * 3600 + 50 * 60
        await driver.sees("✗ The connection to", "Try again")
        await driver.until(lambda: told_in_toasts(driver, "session was not renewed") == 1)
        assert "! 9 m left ↻" in driver.line_of("dev")
        tried = aws.count("GetSessionToken")
        for _ in range(3):
            driver.main.heartbeat.beat()
            await driver.pilot.pause()
        assert (aws.count("GetSessionToken"), len(sent)) == (tried, 1)
        # One key tries at once.
        first = driver.key_in_file("dev-mfa")
        clock.shift = aws.clock.offset = clock.shift + 60
        await driver.press("r")
        await driver.until(lambda: driver.key_in_file("dev-mfa") != first)
        await driver.idle("dev")


@long
async def test_renewing_by_itself_asks_nothing(
    home: Home, person: AddPerson, aws: "StrictAws", monkeypatch: pytest.MonkeyPatch, sent: list[tuple[str, str]]
) -> None:
    person("dev", seed=True)
    clock = ShiftedClock()
    async with interface(home, clock=clock) as driver:
        await driver.press("a")
        await have_session(driver, "dev")

        def locked(*_: object) -> None:
            raise KeyringLocked

        monkeypatch.setattr(FileKeyring, "get_password", locked)
        clock.shift = aws.clock.offset = 11 * 3600 + 50 * 60
        await driver.sees("! The session was not renewed. The keyring is locked.")
        assert driver.app.screen is driver.main
        await driver.until(lambda: len(sent) == 1)


async def test_a_session_that_needs_a_code_cannot_be_kept_alive(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home) as driver:
        await driver.press("a")
        await driver.sees("– Keep alive: each renewal needs a code, and no secret is stored to generate it.")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of its own, with programs that leave a sign of having been run."""
    directory = tmp_path / "bin"
    directory.mkdir()
    for name in ("notify-send", "osascript"):
        program = directory / name
        program.write_text(f"#!/bin/sh\necho > '{tmp_path}/told'\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(directory))
    return directory


def test_the_desktop_s_program_gets_texts_that_are_neither_options_nor_code(programs: Path) -> None:
    title, body = "--help", "we <b>ird</b> & $(touch x)'\""
    linux = desktop_notification.command_for(title, body, "linux")
    escaped = "we &lt;b&gt;ird&lt;/b&gt; &amp; $(touch x)'\""
    assert linux == [str(programs / "notify-send"), "--app-name=mfa-tui", "--", title, escaped]
    mac = desktop_notification.command_for(title, body, "darwin")
    assert mac[0] == str(programs / "osascript")
    assert mac[-2:] == [title, body]
    assert not any("ird" in word for word in mac[1:-1])
    assert desktop_notification.command_for(title, body, "win32") == []


def test_without_the_program_nothing_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for platform in ("linux", "darwin"):
        assert desktop_notification.command_for("a", "b", platform) == []
    desktop_notification.send("a", "b")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such program on Windows")
def test_the_program_is_run(programs: Path, tmp_path: Path) -> None:
    RUN([str(programs / "notify-send"), "title", "body"])
    assert (tmp_path / "told").exists()
    # One that is gone in the meantime is no trouble.
    RUN([str(programs / "gone"), "title", "body"])


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="elsewhere no program is known")
def test_no_caller_waits_for_the_notification(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    went, go_on = threading.Event(), threading.Event()

    def slow(command: list[str]) -> None:
        assert command[0].startswith(str(programs))
        went.set()
        go_on.wait(30)

    monkeypatch.setattr(desktop_notification, "_run", slow)
    desktop_notification.send("title", "body")
    assert went.wait(30)
    go_on.set()
