"""Full collections of garbage stop everything, so they wait until the user rests."""

import gc
import threading
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from mfa_tui.ui.commands.profile_commands import COMMANDS
from mfa_tui.ui.profiles import actions
from mfa_tui.ui.runtime import garbage
from mfa_tui.ui.runtime.garbage import FullCollections
from tests.support.home import Home
from tests.support.interface import interface
from tests.ui.conftest import AddPerson


@pytest.fixture(autouse=True, scope="module")
def _frozen_again() -> Iterator[None]:
    """What the test process has loaded is left out of its own collections; see ``tests/conftest.py``."""
    yield
    gc.collect()
    gc.freeze()


def test_no_full_collection_begins_by_itself_while_the_interface_runs() -> None:
    before = gc.get_threshold()
    with FullCollections():
        assert gc.get_threshold() == (*before[:2], 1_000)
        # What was imported is visited no more.
        assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_what_remains_is_left_out_if_it_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    due = gc.get_threshold()[2]
    with FullCollections() as collections:
        monkeypatch.setattr(gc, "get_count", lambda: (0, 0, due - 1))
        assert not collections.collect()
        monkeypatch.setattr(gc, "get_count", lambda: (0, 0, due))
        monkeypatch.setattr(garbage, "_MANY", 500)
        before = gc.get_freeze_count()
        kept = [[number] for number in range(1_000)]
        assert collections.collect()
        assert gc.get_freeze_count() >= before + len(kept)
        monkeypatch.setattr(garbage, "_MANY", 1_000_000)
        before = gc.get_freeze_count()
        kept += [[number] for number in range(1_000)]
        assert collections.collect()
        assert gc.get_freeze_count() <= before


async def test_garbage_is_collected_while_the_user_rests(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("dev")
    async with interface(home) as driver:
        collected: list[bool] = []
        monkeypatch.setattr(driver.app.collections, "collect", lambda: collected.append(True))
        await driver.press("down")
        driver.app._rest()
        assert not collected
        driver.app._rest()
        assert len(collected) == 1
        # Not while another screen is open, which would remain for good.
        await driver.press("question_mark")
        await driver.sees("Keys")
        driver.app._rest()
        driver.app._rest()
        assert len(collected) == 1


async def test_a_thread_imports_what_commands_need(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    imported: list[tuple[str, bool]] = []

    def record(module: str) -> None:
        assert find_spec(module)
        imported.append((module, threading.current_thread() is threading.main_thread()))

    monkeypatch.setattr(actions, "import_module", record)
    async with interface(home) as driver:
        await driver.until(lambda: len(imported) == len(actions._MODULES), "the end of the imports")
    assert not any(in_main for _, in_main in imported)
    assert set(actions._MODULES) <= {command.id for command in COMMANDS}
