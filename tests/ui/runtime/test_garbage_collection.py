"""Full collections of garbage stop everything, so they wait until the user rests."""

import gc
import threading
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from mfa_tui.ui.profiles import actions
from mfa_tui.ui.runtime import garbage_collection
from mfa_tui.ui.runtime.garbage_collection import FullCollections
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.ui.conftest import AddPerson


@pytest.fixture(autouse=True)
def _frozen_again() -> Iterator[None]:
    """What the test process has loaded is left out of its own collections; see ``tests/conftest.py``."""
    yield
    gc.freeze()


def test_no_collection_begins_before_the_first_frame_and_no_full_one_while_the_interface_runs() -> None:
    before = gc.get_threshold()
    gc.unfreeze()
    with FullCollections() as collections:
        assert not gc.isenabled()
        collections.begin()
        assert gc.isenabled()
        assert gc.get_threshold() == (*before[:2], 1_000)
        # What was imported is visited no more.
        assert gc.get_freeze_count() > 10_000
    assert gc.isenabled()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
    # A first frame that comes too late changes nothing.
    collections.begin()
    assert gc.get_freeze_count() == 0


async def test_the_first_frame_lets_garbage_be_collected(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    began: list[bool] = []
    monkeypatch.setattr(FullCollections, "begin", lambda _: began.append(True))
    async with interface(home):
        assert began == [True]


def test_what_remains_is_left_out_if_it_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    due = gc.get_threshold()[2]
    with FullCollections() as collections:
        monkeypatch.setattr(gc, "get_count", lambda: (0, 0, due - 1))
        assert not collections.collect()
        monkeypatch.setattr(gc, "get_count", lambda: (0, 0, due))
        monkeypatch.setattr(garbage_collection, "_MANY", 500)
        before = gc.get_freeze_count()
        kept = [[number] for number in range(1_000)]
        assert collections.collect()
        assert gc.get_freeze_count() >= before + len(kept)
        monkeypatch.setattr(garbage_collection, "_MANY", 1_000_000)
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
