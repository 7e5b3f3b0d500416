"""The ``fire`` fixture, and the table at the end of a run."""

from collections.abc import Iterator

import pytest

from tests.fire.tally import PROPERTY, Fire, table


@pytest.fixture
def fire(request: pytest.FixtureRequest) -> Iterator[Fire]:
    """The counts of this trial; at its end the test fails if anything was lost, leaked, claimed falsely or hung."""
    marker = request.node.get_closest_marker("trial")
    if marker is None:
        pytest.fail("a trial needs a name: @pytest.mark.trial(…)")
    trial = Fire(marker.args[0], long=bool(request.config.getoption("--fire")))
    yield trial
    request.node.user_properties.append((PROPERTY, [trial.name, trial.counts]))
    if trial.faults:
        shown = "\n".join(f"{kind}: {what}" for kind, what in trial.faults[:20])
        pytest.fail(f"{len(trial.faults)} faults in {trial.count} tries:\n{shown}", pytrace=False)
    assert trial.count, "nothing was tried"


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
