"""What the interface does while nobody does anything, by counts: each of them is paid for each second."""

import asyncio
import contextlib
import os
import pty
import select
import threading
import tty
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from mfa_tui.services.listing.overview import ProfileRow
from mfa_tui.ui.profiles import columns, screen, timeline
from mfa_tui.ui.profiles.list_widget import ProfileList
from mfa_tui.ui.runtime.terminal_input import WakingEvent, read_keys
from mfa_tui.ui.runtime.threads import Threads
from mfa_tui.ui.runtime.watch import Watch
from mfa_tui.ui.sessions.heartbeat import LOOK_EVERY
from mfa_tui.ui.widgets.styled import Lines
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, ShiftedClock, interface
from tests.support.runner.timeouts import scaled
from tests.ui.conftest import AddPerson


@contextlib.asynccontextmanager
async def counting_down(home: Home, person: AddPerson) -> AsyncIterator[tuple[Driver, ShiftedClock]]:
    """The interface with a code that counts down, and its clock."""
    person("dev", seed=True)
    person("ops")
    clock = ShiftedClock()
    async with interface(home, clock=clock) as driver:
        await driver.until(lambda: "━" in driver.screen, "the countdown")
        yield driver, clock


async def test_a_second_draws_one_line_of_one_widget_and_starts_no_thread(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with counting_down(home, person) as (driver, clock):
        driver.main.query_one(ProfileList).tick()
        drawn: list[tuple[type[Widget], int]] = []
        made: list[object] = []
        refresh, cells = Widget.refresh, columns.cells

        def refreshed(self: Widget, *regions: Region, **options: bool) -> Widget:
            drawn.extend((type(self), region.height) for region in regions or [self.size.region])
            return refresh(self, *regions, **options)

        def made_again(row: ProfileRow, *of: Any, **more: Any) -> columns.Cells:
            made.append(row)
            return cells(row, *of, **more)

        monkeypatch.setattr(Widget, "refresh", refreshed)
        monkeypatch.setattr(columns, "cells", made_again)
        monkeypatch.setattr(Threads, "run", lambda *of, **_: made.append(of))
        for _ in range(LOOK_EVERY):
            clock.shift += 1
            driver.main.heartbeat.beat()
        assert set(drawn) == {(Lines, 1)}
        assert made == []


async def test_a_second_makes_nothing_again_that_only_sessions_change(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with counting_down(home, person) as (driver, clock):
        # A new minute, so that the next does not come meanwhile.
        clock.shift += 61 - clock.now() % 60
        driver.main.heartbeat.beat()
        asked: list[str] = []
        monkeypatch.setattr(driver.main.query_one(ProfileList), "_cells", asked.append)
        monkeypatch.setattr(screen, "header", lambda *_: asked.append("the top line"))
        monkeypatch.setattr(screen, "main_bar", lambda *_: asked.append("the bottom line"))
        monkeypatch.setattr(timeline, "lines", lambda *_, **__: asked.append("the timeline"))
        for _ in range(LOOK_EVERY):
            clock.shift += 1
            driver.main.heartbeat.beat()
        assert asked == []


async def test_the_rows_of_sessions_follow_the_time(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    person("ops")
    clock = ShiftedClock()
    async with interface(home, clock=clock) as driver:
        await driver.press("enter")
        await driver.until(lambda: "1 live" in driver.screen, "the session")
        before = driver.screen
        clock.shift += 2 * 3600
        driver.main.heartbeat.beat()
        await driver.until(lambda: _line(driver.screen, "dev") != _line(before, "dev"), "the row after two hours")
        assert _line(driver.screen, "ops") == _line(before, "ops")
        clock.shift += 48 * 3600
        driver.main.heartbeat.beat()
        await driver.until(lambda: "1 live" not in driver.screen, "the end of the session")


def _line(screen: str, name: str) -> str:
    """The line of a profile in the list."""
    return next(line for line in screen.splitlines() if f" {name} " in line)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(scaled(20)):
        while not condition():  # noqa: ASYNC110 - a thread changes it
            await asyncio.sleep(0.001)


async def test_what_has_not_changed_does_not_wake_the_event_loop() -> None:
    looks, told = [], []
    news, blocked = threading.Event(), threading.Event()

    def has_changed() -> bool:
        looks.append(threading.current_thread())
        assert blocked.wait(scaled(20))
        return news.is_set()

    watch = Watch(has_changed, lambda: told.append(1))
    for _ in range(3):
        # While a look is not over, there is no other.
        watch.look()
    blocked.set()
    await until(lambda: not watch._busy)
    assert (len(looks), told) == (1, [])
    news.set()
    watch.look()
    await until(lambda: told == [1])
    watch.look()
    assert (len(looks), told) == (2, [1])
    assert len(set(looks)) == 1
    watch.resume()
    watch.look()
    await until(lambda: told == [1, 1])
    watch.stop()


def test_keys_are_waited_for_without_looking_at_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    waits: list[float | None] = []
    got: list[str] = []
    wait, came = select.select, threading.Condition()

    def noted(read: list[int], write: list[int], other: list[int], timeout: float | None) -> Any:
        with came:
            waits.append(timeout)
            came.notify_all()
        return wait(read, write, other, timeout)

    def handle(message: Message) -> None:
        assert isinstance(message, events.Key)
        got.append(message.key)

    monkeypatch.setattr(select, "select", noted)
    tty.setraw(theirs)
    ended = WakingEvent()
    reader = threading.Thread(target=read_keys, args=(theirs, ended, handle))
    reader.start()
    try:
        with came:
            assert came.wait_for(lambda: waits == [None], scaled(20))
        # An Escape by itself is one once nothing has followed it for a while.
        os.write(ours, b"a\x1b[B\x1b")
        with came:
            assert came.wait_for(lambda: got == ["a", "down", "escape"] and waits[-1] is None, scaled(20))
            assert all(waits[1:-1])
    finally:
        ended.set()
        reader.join(scaled(20))
        os.close(ours)
        os.close(theirs)
    assert not reader.is_alive()
    ended.clear()
    assert not wait([ended.descriptor], [], [], 0)[0]
