"""The dates of keys: what several processes learn at once is not lost."""

import pytest

from mfa_tui.adapters.keys.key_dates import KeyDates
from tests.support.homes.bench import Bench

KEY, OTHER = "AKIAEXAMPLEEXAMPLE01", "AKIAEXAMPLEEXAMPLE02"


def test_forgetting_one_keeps_what_another_process_adds_meanwhile(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    dates, elsewhere = KeyDates(bench.context.paths), KeyDates(bench.context.paths)
    dates.remember({KEY: 1})
    read = dates.read

    def read_before_another_writes() -> dict[str, int]:
        monkeypatch.setattr(dates, "read", read)
        known = read()
        elsewhere.remember({OTHER: 2})
        return known

    monkeypatch.setattr(dates, "read", read_before_another_writes)
    dates.forget(KEY)
    assert elsewhere.read() == {OTHER: 2}
