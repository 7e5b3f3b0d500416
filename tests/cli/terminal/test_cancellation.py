"""Ctrl+C and deadlines: what is interrupted, and what is not."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mfa_tui.adapters.filesystem.atomic_replace import Replacement
from mfa_tui.adapters.system.cancellation import CancelScope, TimedOut
from mfa_tui.demo.aws import faults
from mfa_tui.errors import Cancelled
from tests.support.clocks.frozen_clock import NewLoginSetup
from tests.support.runner.sources import ROOT
from tests.support.runner.timeouts import scaled


def press_ctrl_c() -> None:
    identity = threading.main_thread().ident
    assert identity is not None
    signal.pthread_kill(identity, signal.SIGINT)


def wait_until_cancelled(scope: CancelScope) -> None:
    deadline = time.monotonic() + scaled(20)
    while not scope.cancelled():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_commit_is_not_interrupted_halfway() -> None:
    scope = CancelScope()
    done: list[str] = []

    def work() -> None:
        done.append("first file")
        press_ctrl_c()
        wait_until_cancelled(scope)
        done.append("second file")

    with pytest.raises(KeyboardInterrupt):
        scope.run_uninterrupted(work)
    assert done == ["first file", "second file"]


def test_a_commit_hands_over_result_and_failure_and_does_not_start_when_cancelled() -> None:
    scope = CancelScope()
    assert scope.run_uninterrupted(lambda: 5) == 5
    with pytest.raises(ZeroDivisionError):
        scope.run_uninterrupted(lambda: 1 // 0)
    scope.cancel()
    with pytest.raises(Cancelled):
        scope.run_uninterrupted(lambda: 5)


def test_exit_waits_for_a_commit_in_a_thread_that_it_does_not_wait_for(tmp_path: Path) -> None:
    script = """
import pathlib, sys, threading, time
from mfa_tui.adapters.system.cancellation import CancelScope

begun = threading.Event()

def work():
    begun.set()
    time.sleep(0.3)
    pathlib.Path(sys.argv[1]).write_text("whole")

threading.Thread(target=lambda: CancelScope().run_uninterrupted(work), daemon=True).start()
begun.wait()
"""
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "file")], check=True, timeout=scaled(60), cwd=ROOT)
    assert (tmp_path / "file").read_text() == "whole"


def test_blocking_work_is_abandoned_when_cancelled_or_late() -> None:
    scope, forever = CancelScope(), threading.Event()
    with pytest.raises(TimedOut):
        scope.run(forever.wait, 0.1)
    threading.Timer(0.1, scope.cancel).start()
    with pytest.raises(Cancelled):
        scope.run(forever.wait, 60)
    with pytest.raises(Cancelled):
        scope.sleep(60)
    forever.set()


def test_an_interrupted_login_whose_write_has_begun_writes_both_files(
    new_setup: NewLoginSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = new_setup()
    commit = Replacement.commit
    replaced: list[str] = []

    def slowly(self: Replacement, *, new: bool = False) -> None:
        if not replaced:
            press_ctrl_c()
            wait_until_cancelled(setup.scope)
        replaced.append(self.path)
        commit(self, new=new)

    monkeypatch.setattr(Replacement, "commit", slowly)
    with pytest.raises(KeyboardInterrupt):
        setup.login()
    assert "[profile dev-mfa]" in setup.home.config.read_text()
    assert "[dev-mfa]" in setup.home.credentials.read_text()


def test_a_cancelled_login_drops_the_late_answer_and_keeps_the_step_used(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    before = setup.files()
    setup.aws.fault(faults.delay(1))
    threading.Timer(0.3, setup.scope.cancel).start()
    with pytest.raises(Cancelled):
        setup.login()
    assert setup.files() == before
    assert setup.context.used_codes.used_steps(setup.device.serial) == {setup.step()}
