"""When a login that had nothing to do is noted, so that the next one need not read the files."""

import os

import pytest

from mfa_tui.hot_commands import saved_target_path
from mfa_tui.services.login.login import log_in
from mfa_tui.services.login.saved_target import note_saved_target
from mfa_tui.services.sessions.outcomes import LoginRequest, LoginResult
from tests.support.homes.bench import DEV, NOW, SERIAL, Bench, session

REQUEST = LoginRequest("dev")


def login(bench: Bench) -> LoginResult:
    done = log_in(bench.operation(), REQUEST)
    assert isinstance(done, LoginResult)
    return done


def second_login(bench: Bench) -> LoginResult:
    """A login that had nothing to do, an hour after the files were written."""
    bench.keep(session())
    login(bench)
    for file in (bench.config, bench.credentials):
        os.utime(file, (NOW - 3600,) * 2)
    bench.renew()
    return login(bench)


def is_noted(bench: Bench, done: LoginResult) -> bool:
    note_saved_target(bench.context, "login", "dev", REQUEST, done)
    return os.path.exists(saved_target_path(bench.context.paths, "login", "dev"))


def test_a_login_that_had_nothing_to_do_is_noted(bench: Bench) -> None:
    assert is_noted(bench, second_login(bench))


def test_one_that_wrote_is_not(bench: Bench) -> None:
    bench.keep(session())
    assert not is_noted(bench, login(bench))


def test_files_may_change_within_a_tick_of_their_times(bench: Bench) -> None:
    done = second_login(bench)
    os.utime(bench.config, (NOW, NOW))
    assert not is_noted(bench, done)


def test_a_clock_that_was_set_says_nothing_of_file_times(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    done = second_login(bench)
    monkeypatch.setattr(type(bench.clock), "was_set", True)
    assert not is_noted(bench, done)


def test_without_a_serial_any_devices_session_will_do(bench: Bench) -> None:
    bench.write(credentials=DEV.replace(f"mfa_serial = {SERIAL}\n", ""))
    assert not is_noted(bench, second_login(bench))


def test_whether_the_sdk_reads_other_letters_depends_on_the_locale(bench: Bench) -> None:
    bench.write(credentials=f"# für Ana\n{DEV}")
    assert not is_noted(bench, second_login(bench))


def test_the_session_and_the_target_are_those_of_the_files(bench: Bench) -> None:
    done = second_login(bench)
    assert not is_noted(bench, done._replace(session=session(name="other")))
    assert not is_noted(bench, done._replace(target="other"))
    assert not is_noted(bench, done._replace(scope="read-only"))
    assert is_noted(bench, done)
