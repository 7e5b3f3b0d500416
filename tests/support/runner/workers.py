"""Runs the tests in several processes, forked when all tests are collected and what they use is loaded.

A worker that starts from nothing would import and collect five thousand tests, and load botocore, moto, Textual and a
server of forks of its own, before it runs one of them. Here this is done once. The workers take the tests in batches
from one list, in which those that start processes or screens come first, so that all end together.
"""

import gc
import itertools
import multiprocessing
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.runner import sources

BATCH = 12
"""How many tests of a module a worker takes at once: what a module prepares for its tests is made in each worker."""

_fork: Any = multiprocessing.get_context("fork") if "fork" in multiprocessing.get_all_start_methods() else None


def run(session: pytest.Session, number: int) -> bool:
    """Run all tests that were collected in so many processes; what they report is reported here.

    A test whose process ends has failed, and another process goes on with what that one had taken.
    """
    if any("new_home" in getattr(item, "fixturenames", ()) for item in session.items):
        _load()
    if any(getattr(getattr(item, "function", None), "is_hypothesis_test", False) for item in session.items):
        learn_constants()
    gc.collect()
    gc.freeze()
    pool = _Pool(session)
    pool.start(number)
    try:
        pool.report_all()
    finally:
        pool.stop()
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    if session.shouldstop:
        raise session.Interrupted(session.shouldstop)
    return True


def _load() -> None:
    """Load what most tests use, and start the servers of forks that all workers share."""
    import mfa_tui.demo.aws.server  # noqa: F401 - for the workers
    import tests.support.interface.interface  # noqa: F401 - for the workers
    from tests.support.processes.forkserver import AWS, ForkServer
    from tests.support.quick import quick_botocore

    ForkServer.shared()
    ForkServer.shared(AWS, "awscli.handlers")
    sources.load_modules("ui")
    quick_botocore.load_data()


def learn_constants() -> None:
    """Have hypothesis read the constants of all modules and the tables of characters, as before any first example.

    It keeps them in a directory; where that is new, this takes seconds, and each worker would do it.
    """

    @settings(max_examples=1, database=None)
    @given(st.integers(), st.characters())
    def draw(_number: int, _character: str) -> None:
        pass

    draw()


class _Pool:
    """The workers, and what they have still to do."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session
        self._batches = batches(session.items)
        self._next = _fork.Value("l", 0)
        self._stopping = _fork.Event()
        self._base = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
        self._numbers = itertools.count()
        self._workers: dict[Connection, Any] = {}
        self._taken: dict[Connection, deque[pytest.Item]] = {}
        self._reported = 0

    def start(self, number: int, first: Sequence[pytest.Item] = ()) -> None:
        """Fork so many workers; they run *first* before what is in the list."""
        for _ in range(number):
            ours, theirs = _fork.Pipe(duplex=False)
            worker = _fork.Process(target=self._work, args=(next(self._numbers), theirs, first))
            worker.start()
            theirs.close()
            self._workers[ours], self._taken[ours] = worker, deque(first)

    def report_all(self) -> None:
        """Report what the workers tell until the last one has ended."""
        while self._workers:
            for told in wait(list(self._workers)):
                assert isinstance(told, Connection)
                try:
                    message = told.recv()
                except EOFError:
                    self._bury(told)
                    continue
                if isinstance(message, int):
                    self._taken[told].extend(self._batches[message])
                else:
                    self._report(self._taken[told].popleft(), message)
        missing = len(self._session.items) - self._reported
        if missing and not self._stopping.is_set():
            self._session.shouldfail = f"{missing} tests were not run"

    def stop(self) -> None:
        """End what still runs."""
        self._stopping.set()
        for worker in self._workers.values():
            worker.join(timeout=10)
            worker.kill()
            worker.join()

    def _bury(self, told: Connection) -> None:
        """Report the test that a worker ended in, if it did, and leave its others to a new one."""
        worker, left = self._workers.pop(told), self._taken.pop(told)
        told.close()
        worker.join()
        if left and not self._stopping.is_set():
            self._report(left[0], [_crashed(left.popleft())])
            self.start(1, list(left))
        elif worker.exitcode:
            self._session.shouldfail = f"a process that ran tests ended with {worker.exitcode}"

    def _report(self, item: pytest.Item, reports: Sequence[Any]) -> None:
        self._reported += 1
        hook = self._session.config.hook
        for data in reports:
            report = hook.pytest_report_from_serializable(config=self._session.config, data=data)
            hook.pytest_runtest_logreport(report=report)
        hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        if self._session.shouldfail or self._session.shouldstop:
            self._stopping.set()

    def _work(self, number: int, told: Connection, first: Sequence[pytest.Item]) -> None:
        """In a worker: run what is to be run."""
        config: Any = self._session.config
        # The parent's files for what is captured are open here too.
        capture = config.pluginmanager.getplugin("capturemanager")
        capture.stop_global_capturing()
        capture.start_global_capturing()
        config._tmp_path_factory._basetemp = self._base / f"worker-{number}"
        config._tmp_path_factory._basetemp.mkdir()
        config.pluginmanager.register(_Teller(told))
        items = itertools.chain(first, self._take(told))
        item = next(items, None)
        while item is not None:
            following = next(items, None)
            config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            item = None if self._stopping.is_set() else following

    def _take(self, told: Connection) -> Iterator[pytest.Item]:
        """The next tests that nobody has taken, until there are none left."""
        while True:
            with self._next.get_lock():
                at = self._next.value
                self._next.value += 1
            if at >= len(self._batches):
                return
            told.send(at)
            yield from self._batches[at]


class _Teller:
    """Tells the parent what a worker finds, in place of what would print it."""

    def __init__(self, told: Connection) -> None:
        self._told = told

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        serializable = item.config.hook.pytest_report_to_serializable
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
        self._told.send([serializable(config=item.config, report=report) for report in reports])
        return True


def batches(items: Sequence[pytest.Item]) -> list[list[pytest.Item]]:
    """The tests in the order in which they are taken: few of a module at once, and quick ones last."""
    readers = [item for item in items if _reads_sources(item)]
    found = [readers] if readers else []
    others = (item for item in items if not _reads_sources(item))
    for _, module in itertools.groupby(others, lambda item: item.nodeid.partition("::")[0]):
        found += [list(batch) for batch in _batched(module)]
    return sorted(found, key=lambda batch: not any(_is_slow(item) for item in batch))


def _reads_sources(item: pytest.Item) -> bool:
    """Whether its module reads what ``runner.sources`` parses, once in a process: all such go to one worker."""
    return vars(getattr(item, "module", None) or type).get("parsed") is sources.parsed


def _batched(items: Iterator[pytest.Item]) -> Iterator[list[pytest.Item]]:
    while batch := list(itertools.islice(items, BATCH)):
        yield batch


def _is_slow(item: pytest.Item) -> bool:
    """Whether a test may take a second: it starts something, or looks through all sources."""
    return "new_home" in getattr(item, "fixturenames", ()) or "/project/" in item.nodeid


def _crashed(item: pytest.Item) -> dict[str, Any]:
    """What is reported of a test that ended its process."""
    report = pytest.TestReport(
        nodeid=item.nodeid, location=item.location, keywords={}, outcome="failed", when="call",
        longrepr=f"The process that ran {item.nodeid} ended.",
    )  # fmt: skip
    data = item.config.hook.pytest_report_to_serializable(config=item.config, report=report)
    assert isinstance(data, dict)
    return data
