"""One renewal at a time, and nobody is kept waiting while there is a live session."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from mfa_tui.adapters.sessions.shared_session import SharedSession
from mfa_tui.errors import NetworkProblem
from mfa_tui.models import Secret, Session


def session(number: int, expires_at: int = 1000) -> Session:
    return Session(
        access_key_id=f"ASIA{number}",
        secret_access_key=Secret("s"),
        session_token=Secret("t"),
        expires_at=expires_at,
        duration=900,
        source_key_id="AKIA",
        serial="",
    )


class Renewals:
    """Renewals that end when the test says so."""

    def __init__(self) -> None:
        self.now = 500.0
        self.begun = 0
        self.result: Session | Exception = session(2, 5000)
        self._may_end = threading.Event()
        self._may_end.set()
        self.supply = SharedSession(self._renew, session(1), lambda: self.now)

    def _renew(self) -> Session:
        self.begun += 1
        assert self._may_end.wait(30)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    @contextmanager
    def held_up(self) -> Iterator[Callable[[], None]]:
        self._may_end.clear()
        try:
            yield self._may_end.set
        finally:
            self._may_end.set()


def test_each_is_given_what_the_renewal_brings() -> None:
    renewals = Renewals()
    assert renewals.supply.current().access_key_id == "ASIA2"
    renewals.result = session(3)
    assert renewals.supply.current().access_key_id == "ASIA3"


def test_while_a_renewal_takes_long_the_valid_session_is_used() -> None:
    renewals = Renewals()
    with renewals.held_up():
        assert [renewals.supply.current().access_key_id for _ in range(2)] == ["ASIA1", "ASIA1"]
    assert renewals.supply.current().access_key_id == "ASIA2"


def test_without_a_valid_session_all_requests_wait_for_the_renewal() -> None:
    renewals = Renewals()
    renewals.now = 1000.0
    with ThreadPoolExecutor(20) as pool, renewals.held_up() as end:
        waiting = [pool.submit(renewals.supply.current) for _ in range(20)]
        end()
        assert {future.result(30).access_key_id for future in waiting} == {"ASIA2"}


def test_twenty_at_once_cause_one_renewal() -> None:
    renewals = Renewals()
    with ThreadPoolExecutor(20) as pool, renewals.held_up():
        served = [future.result(30) for future in [pool.submit(renewals.supply.current) for _ in range(20)]]
    assert ({each.access_key_id for each in served}, renewals.begun) == ({"ASIA1"}, 1)


def test_a_failure_is_reported_and_the_next_may_succeed() -> None:
    renewals = Renewals()
    renewals.result = NetworkProblem("offline", "AWS did not answer.")
    with pytest.raises(NetworkProblem):
        renewals.supply.current()
    renewals.result = session(4)
    assert renewals.supply.current().access_key_id == "ASIA4"
