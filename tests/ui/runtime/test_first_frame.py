"""What the first frame costs, by counts: each user waits for it at each start."""

import json
import threading
from collections import Counter
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widget import Widget

from mfa_tui.adapters.aws.sts import Aws
from mfa_tui.ui.profiles.list_widget import ProfileList
from tests.support.interface.interface import interface

if TYPE_CHECKING:
    from tests.support.homes.home import Home
    from tests.ui.conftest import AddPerson

MOST_RULES = 115
"""Of style sheets: each takes about as long to read as a module to find."""


async def test_the_styles_of_each_widget_are_computed_once(
    home: "Home", person: "AddPerson", monkeypatch: pytest.MonkeyPatch
) -> None:
    person("dev")
    computed: Counter[str] = Counter()
    apply = Stylesheet.apply

    def counted(self: Stylesheet, node: DOMNode, **options: Any) -> None:
        if isinstance(node, Widget):
            computed[repr(node)] += 1
        apply(self, node, **options)

    monkeypatch.setattr(Stylesheet, "apply", counted)
    async with interface(home) as driver:
        # Getting the focus changes styles.
        focused = repr(driver.main.query_one(ProfileList))
        assert {node: times for node, times in computed.items() if times > 1} == {focused: 2}
        assert len(computed) > 15


async def test_no_more_is_styled_and_mounted_for_it_than_it_shows(home: "Home", person: "AddPerson") -> None:
    person("dev")
    async with interface(home) as driver:
        assert len(driver.app.stylesheet.rules) <= MOST_RULES
        assert not driver.main.query("#banner, #phone"), "only the demo has them"
        # Those of what is typed into come with the first dialog.
        await driver.press("?")
        await driver.until(lambda: len(driver.app.stylesheet.rules) > MOST_RULES, "the styles of dialogs")


async def test_what_a_request_takes_is_loaded_when_one_is_likely(
    home: "Home", person: "AddPerson", monkeypatch: pytest.MonkeyPatch
) -> None:
    person("dev")
    person("ops", seed=True)
    loaded: list[tuple[str, bool]] = []

    def record(_: Aws, profile: str = "") -> None:
        loaded.append((profile, threading.current_thread() is threading.main_thread()))

    monkeypatch.setattr(Aws, "preload", record)
    async with interface(home, profile="dev") as driver:
        await driver.press("enter")
        await driver.sees("Code for dev")
        await driver.until(lambda: loaded == [("dev", False)], "the dialog has it loaded")
        await driver.press("escape", "down")
        # Its code is shown, so Enter sends it at once.
        await driver.until(lambda: loaded[1:] == [("ops", False)], "the code has it loaded")


LOADED = """
import json, os, sys
from mfa_tui.program import prepare_interface
prepare_interface()
from mfa_tui.cli.sessions.context import open_context
from mfa_tui.ui.app import MfaTuiApp
from mfa_tui.ui.profiles.screen import MainScreen
def show(_):
    os.write(1, json.dumps(sorted(sys.modules)).encode())
    os._exit(0)
MainScreen._first_frame = show
MfaTuiApp(open_context(secrets=True)).run(headless=True, size=(120, 36))
"""
MOST_MODULES = 180
"""Of ours, packages included: each takes a three-thousandth of the time until the first frame, just to be found."""
LATER = {
    "ctypes",
    "mfa_tui.adapters.programs.launch",
    "mfa_tui.adapters.seeds.external",
    "mfa_tui.core.listing.fuzzy_match",
    "mfa_tui.core.listing.search",
    "mfa_tui.services.profiles.resolve",
    "mfa_tui.services.profiles.switching",
    "mfa_tui.ui.runtime.lent_terminal",
    "mfa_tui.ui.seeds.read_flow",
    "mfa_tui.ui.sessions.heartbeat",
    "ssl",
}
"""What was loaded before it once, and is not needed for it."""


def test_what_it_does_not_need_is_not_loaded_before_it(home: "Home", person: "AddPerson") -> None:
    assert all(map(find_spec, LATER))
    person("dev", seed=True)
    loaded = set(json.loads(home.run_python("-c", LOADED).stdout))
    assert loaded & LATER == set()
    assert len([name for name in loaded if name.partition(".")[0] == "mfa_tui"]) <= MOST_MODULES


def test_openssl_is_not_loaded_for_it_but_can_be_later(home: "Home") -> None:
    script = """
import gc, json, sys
from mfa_tui.program import prepare_interface
prepare_interface()
import mfa_tui.ui.app
before = [gc.isenabled(), "_ssl" in sys.modules]
import asyncio, ssl
print(json.dumps([*before, "_ssl" in sys.modules, asyncio.run(asyncio.sleep(0, 7))]))
"""
    assert json.loads(home.run_python("-c", script).stdout) == [False, False, True, 7]


def test_asyncio_is_left_as_it_is_where_openssl_is_loaded_already(home: "Home") -> None:
    script = """
import ssl
from mfa_tui.program import prepare_interface
prepare_interface()
import asyncio.sslproto, sys
print(sys.modules["ssl"] is ssl is asyncio.sslproto.ssl)
"""
    assert home.run_python("-c", script).stdout == "True\n"
