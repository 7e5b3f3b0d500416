"""The cache in front of all that makes sessions: which one is used, and that a new one is made once and kept."""

import os
import threading
import time
from collections.abc import Callable

import pytest

from mfa_tui.errors import Cancelled, KeyringProblem
from mfa_tui.models import Session
from mfa_tui.services.sessions.cached_sessions import CachedSessions
from mfa_tui.services.sessions.outcomes import Continuation
from tests.support.homes.bench import ROLES, Bench, role_session, session


def found(bench: Bench, *, profile: str = "dev", first: int | None = None, **given: object) -> str:
    """The access key ID of the session that a login would use; empty if it would make one."""
    known = Continuation(**{name: given.pop(name) for name in ("stale", "refused_source") if name in given})  # type: ignore[arg-type]
    login = bench.prepare(profile, known, **given)
    session = CachedSessions(bench.operation()).find(login, login.profile.roles[:first])
    return session.access_key_id if session else ""


@pytest.mark.parametrize(("left", "used"), [(901, True), (900, False)])
def test_the_profiles_own_session_has_the_margin_left(bench: Bench, left: int, *, used: bool) -> None:
    bench.keep(session(left))
    assert bool(found(bench)) == used


@pytest.mark.parametrize(("left", "used"), [(61, True), (60, False)])
def test_one_on_the_way_to_a_role_is_used_at_once(bench: Bench, left: int, *, used: bool) -> None:
    bench.write(ROLES)
    bench.keep(session(left))
    assert bool(found(bench, profile="admin", first=0)) == used


def test_the_session_to_be_replaced_is_not_used(bench: Bench) -> None:
    kept = bench.keep(session()).access_key_id
    assert found(bench, renew=True, stale="ASIAOTHER") == kept
    assert found(bench, renew=True, stale=kept) == ""
    assert found(bench, stale=kept) == kept
    # What is there now is what a login that begins is to replace.
    assert found(bench, renew=True) == ""


def test_renewing_a_role_keeps_the_session_before_it(bench: Bench) -> None:
    bench.write(ROLES)
    user = bench.keep(session(name="user")).access_key_id
    role = bench.keep(role_session(bench.profile("admin"))).access_key_id
    assert found(bench, profile="admin", renew=True, stale=role) == ""
    assert found(bench, profile="admin", first=0, renew=True, stale=user) == user


def test_a_session_that_a_role_was_refused_to_is_not_used_again(bench: Bench) -> None:
    bench.write(ROLES)
    user = bench.keep(session()).access_key_id
    role = bench.keep(role_session(bench.profile("admin"))).access_key_id
    assert found(bench, profile="admin", first=0, refused_source=user) == ""
    assert found(bench, profile="admin", first=0, refused_source="ASIAOTHER") == user
    assert found(bench, profile="admin", refused_source=role) == role


def test_a_keyring_that_does_not_give_the_session_is_mentioned(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.keep(session())
    cached = CachedSessions(bench.operation())

    def locked(*_: object) -> Session:
        raise KeyringProblem("keyring-locked", "The keyring is locked.")

    monkeypatch.setattr(bench.context.cache, "load_secrets", locked)
    assert cached.find(bench.prepare(), ()) is None
    assert cached.unreadable == "The keyring did not return the session that is still valid: The keyring is locked."
    assert bench.notices == [cached.unreadable]


def test_a_new_session_is_made_once_and_kept(bench: Bench) -> None:
    made: list[Session] = []

    def make() -> Session:
        made.append(session(name=f"new{len(made)}"))
        return made[-1]

    cached, login = CachedSessions(bench.operation()), bench.prepare()
    first, second = (cached.find_or_make(login, (), make, timeout=5) for _ in range(2))
    assert len(made) == 1
    assert isinstance(first, Session)
    assert isinstance(second, Session)
    assert first.access_key_id == second.access_key_id == cached.made
    assert (cached.is_cached, bench.notices) == (True, [])


def test_what_is_missing_for_a_session_is_passed_on(bench: Bench) -> None:
    cached = CachedSessions(bench.operation())
    assert cached.find_or_make(bench.prepare(), (), lambda: "a code", timeout=5) == "a code"
    assert (cached.made, bench.context.cache.valid_sessions()) == ("", [])


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        (PermissionError(13, os.strerror(13)), "permission denied"),
        (KeyringProblem("keyring-locked", "The keyring is locked."), "The keyring is locked"),
        (Cancelled(), ""),
    ],
)
def test_a_session_that_cannot_be_kept_is_used_all_the_same(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, failure: Exception, why: str
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(bench.context.cache, "store", fail)
    cached = CachedSessions(bench.operation())
    assert isinstance(cached.find_or_make(bench.prepare(), (), session, timeout=5), Session)
    assert not cached.is_cached
    (notice,) = bench.notices
    assert notice.startswith("The session could not be cached (")
    assert notice.endswith("): the next login needs a code again.")
    assert why.casefold() in notice.casefold()


def test_another_that_makes_it_is_waited_for(bench: Bench) -> None:
    login = bench.prepare()
    begun, may_end = threading.Event(), threading.Event()

    def make_slowly() -> Session:
        begun.set()
        assert may_end.wait(30)
        return session(name="slow")

    def in_a_thread(make: Callable[[], Session], results: list[object]) -> threading.Thread:
        cached = CachedSessions(bench.operation())
        thread = threading.Thread(target=lambda: results.append(cached.find_or_make(login, (), make, timeout=30)))
        thread.start()
        return thread

    results: list[object] = []
    first = in_a_thread(make_slowly, results)
    assert begun.wait(30)
    second = in_a_thread(pytest.fail, results)
    end = time.monotonic() + 30
    while "waiting" not in bench.phases and time.monotonic() < end:
        time.sleep(0.01)
    may_end.set()
    for thread in (first, second):
        thread.join(30)
    assert [getattr(each, "access_key_id", each) for each in results] == [session(name="slow").access_key_id] * 2
    assert bench.phases == ["waiting"]
