"""The fixtures of the trials, and the table at the end of a run."""

import gc
from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

from tests.fire.tally import PROPERTY, Fire, table

if TYPE_CHECKING:
    # Imported on use: it brings the stores.
    from tests.fire.secretkeeping import Keeper


@pytest.fixture
def fire(request: pytest.FixtureRequest) -> Fire:
    """The counts of this trial; the test fails if anything was lost, leaked, claimed falsely or hung."""
    marker = request.node.get_closest_marker("trial")
    if marker is None:
        pytest.fail("a trial needs a name: @pytest.mark.trial(…)")
    return Fire(marker.args[0], long=bool(request.config.getoption("--fire")))


@pytest.fixture(scope="module")
def keeper() -> "Keeper":
    """Runs mfa-tui for the trials of a module."""
    from tests.fire.secretkeeping import Keeper

    return Keeper()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Fails a trial with what it reported, in the call itself: at teardown it would count as an error of the set-up.

    What is left open is closed here too, so that the warning about it names this trial and not a later one.
    """
    trial = pyfuncitem.funcargs.get("fire")
    try:
        result = yield
    finally:
        if isinstance(trial, Fire):
            pyfuncitem.user_properties.append((PROPERTY, [trial.name, trial.counts]))
    if isinstance(trial, Fire):
        if trial.faults:
            shown = "\n".join(f"{kind}: {what}" for kind, what in trial.faults[:20])
            pytest.fail(f"{len(trial.faults)} faults in {trial.count} tries:\n{shown}", pytrace=False)
        assert trial.count, "nothing was tried"
        gc.collect()
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    trials = [
        (value[0], value[1])
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "teardown"
        for name, value in report.user_properties
        if name == PROPERTY
    ]
    if trials:
        terminalreporter.section("trials by fire")
        for line in table(trials):
            terminalreporter.write_line(line)
