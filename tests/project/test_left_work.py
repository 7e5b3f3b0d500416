"""Work that a test leaves to threads is waited for, or the test has failed."""

import threading
import time

import pytest

from tests.support.runner import left_work


def test_its_end_is_waited_for() -> None:
    thread = threading.Thread(target=time.sleep, args=(0.05,), name="mfa-tui-work", daemon=True)
    thread.start()
    left_work.wait_for_work()
    assert not thread.is_alive()


def test_what_does_not_end_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(left_work, "_LONGEST", 0.01)
    end = threading.Event()

    def hang() -> None:
        end.wait()

    threading.Thread(target=hang, name="mfa-tui-work", daemon=True).start()
    with pytest.raises(AssertionError, match="in hang"):
        left_work.wait_for_work()
    end.set()
