"""Which browser is used, and what it is started with."""

import os
import sys
from pathlib import Path

import pytest

from mfa_tui.adapters.console.browser import Browser, find_browser, hand_over, open_page
from mfa_tui.adapters.console.one_time_address import OneTimeAddress
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.errors import BrowserProblem, Cancelled
from mfa_tui.models import Secret

URL = "http://127.0.0.1:4711/path"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only directory in PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(programs: Path, *names: str) -> None:
    for name in names:
        (programs / name).write_text("#!/bin/sh\nexit 0\n")
        (programs / name).chmod(0o755)


def test_the_setting_comes_first(programs: Path) -> None:
    install(programs, "firefox", "other", "xdg-open")
    env = {"BROWSER": "other", "DISPLAY": ":0"}
    container = find_browser("firefox 'ext+container:name={profile}&url={encoded_url}'", env, "dev")
    assert container.command(URL, "dev") == [
        "firefox",
        "ext+container:name=dev&url=http%3A%2F%2F127.0.0.1%3A4711%2Fpath",
    ]
    assert find_browser("firefox --profile {profile} --new-tab {url}", env, "a b").command(URL, "a b") == [
        "firefox", "--profile", "a b", "--new-tab", URL,
    ]  # fmt: skip
    assert find_browser("firefox -P work", env, "dev").command(URL, "dev") == ["firefox", "-P", "work", URL]


def test_then_the_variable_then_the_system(programs: Path) -> None:
    install(programs, "other", "xdg-open")
    env = {"BROWSER": os.pathsep.join(("missing %s", "other --new '%s'")), "DISPLAY": ":0"}
    assert find_browser("", env, "dev").command(URL, "dev") == ["other", "--new", URL]
    assert find_browser("", {"DISPLAY": ":0"}, "dev").command(URL, "dev") == ["xdg-open", URL]
    assert find_browser("", {"WAYLAND_DISPLAY": "w"}, "dev").command(URL, "dev") == ["xdg-open", URL]
    assert find_browser("", {}, "dev", "darwin").command(URL, "dev") == ["open", URL]


@pytest.mark.parametrize(
    ("template", "env", "why"),
    [
        ("", {}, "There is no display"),
        ("", {"SSH_CONNECTION": "1 2 3 4"}, "This is an SSH session without a display."),
        ("", {"DISPLAY": ":0"}, "None of the usual programs"),
        ("missing {url}", {"DISPLAY": ":0"}, "The setting browser names it."),
        ("", {"BROWSER": "missing"}, "BROWSER names it."),
        ("", {"BROWSER": "'"}, "BROWSER names it."),
    ],
)
@pytest.mark.usefixtures("programs")
def test_without_one_it_says_so(template: str, env: dict[str, str], why: str) -> None:
    with pytest.raises(BrowserProblem) as caught:
        find_browser(template, env, "dev", "linux")
    assert caught.value.slug == "console-no-browser"
    assert why in caught.value.why
    assert "mfa-tui console dev --print" in caught.value.remedy


def test_a_browser_that_fails_is_told(tmp_path: Path) -> None:
    failing = Browser([sys.executable, "-c", "import sys; sys.exit(3)"])
    with OneTimeAddress(Secret("https://example.com/")) as address, pytest.raises(BrowserProblem) as caught:
        hand_over(failing, address, "dev", CancelScope(), lambda: 0.0)
    assert (caught.value.slug, caught.value.why) == ("console-browser-failed", "It ended with exit status 3.")
    with pytest.raises(BrowserProblem):
        open_page(failing, URL, "dev")
    unrunnable = tmp_path / "browser"
    unrunnable.write_bytes(b"\x7fELF")
    unrunnable.chmod(0o755)
    with pytest.raises(BrowserProblem) as caught:
        open_page(Browser([str(unrunnable)]), URL, "dev")
    assert "cannot be run" in caught.value.why


def test_a_browser_that_fetches_nothing_is_given_up() -> None:
    clock = iter([0.0, 1.0, 100.0])
    idle = Browser([sys.executable, "-c", "pass"])
    with OneTimeAddress(Secret("https://example.com/")) as address, pytest.raises(BrowserProblem) as caught:
        hand_over(idle, address, "dev", CancelScope(), lambda: next(clock))
    assert "did not fetch the address within 45 s" in caught.value.why


def test_the_wait_can_be_cancelled() -> None:
    scope = CancelScope()
    scope.cancel()
    idle = Browser([sys.executable, "-c", "pass"])
    with OneTimeAddress(Secret("https://example.com/")) as address, pytest.raises(Cancelled):
        hand_over(idle, address, "dev", scope, lambda: 0.0)
