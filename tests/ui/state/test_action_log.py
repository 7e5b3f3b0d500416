"""What is shown of a profile's actions."""

from mfa_tui.errors import NetworkProblem
from mfa_tui.ui.state.action_log import ActionLog


def failed() -> ActionLog:
    log = ActionLog()
    log.begin("dev")
    log.end("dev", problem=NetworkProblem("offline", "AWS did not answer."), notices=("Try later.",))
    return log


def test_a_cancelled_action_leaves_what_the_one_before_has_said() -> None:
    log = failed()
    scope = log.begin("dev")
    assert log.entry("dev").problem is None
    # A second action in the same place, such as the next try of a dialog.
    log.begin("dev")
    log.cancel("dev")
    entry = log.entry("dev")
    assert entry.problem is not None
    assert (entry.problem.slug, entry.notices, entry.running) == ("offline", ("Try later.",), False)
    assert scope not in log.running()


def test_a_success_ends_it() -> None:
    log = failed()
    log.begin("dev")
    log.end("dev")
    assert log.entry("dev").problem is None


def test_cancelling_what_was_never_begun_leaves_nothing() -> None:
    log = ActionLog()
    log.cancel("dev")
    assert (log.entry("dev").problem, log.entry("dev").running) == (None, False)
