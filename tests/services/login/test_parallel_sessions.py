"""The sessions of several roles at a time: in order, within AWS's limits, and stopped at once."""

import threading
from collections.abc import Callable
from contextlib import closing

import pytest

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.errors import AwsRefused, Cancelled, MfaTuiError
from mfa_tui.services.login import parallel_sessions
from mfa_tui.services.login.login_many import PlannedLogin
from mfa_tui.services.login.parallel_sessions import AT_ONCE, Throttle, get_sessions
from mfa_tui.services.operation import Operation
from mfa_tui.services.sessions.outcomes import Continuation, LoginRequest, ObtainedSession
from tests.support.awsfiles.saved_sessions import new_session
from tests.support.homes.bench import Bench
from tests.support.runner.timeouts import scaled

THROTTLED = AwsRefused("throttled", "AWS is throttling this account's requests.", "", "")


def plan(count: int) -> list[PlannedLogin]:
    return [PlannedLogin(LoginRequest(profile=f"r{number}"), Continuation()) for number in range(count)]


@pytest.fixture
def answer(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Operation, str], None]], None]:
    """Lets a function run before each session is given; what it raises is the answer."""
    profile = read_profile(bench.context.files.load(), "dev")

    def use(before: Callable[[Operation, str], None]) -> None:
        def get(operation: Operation, request: LoginRequest, _: Continuation) -> ObtainedSession:
            before(operation, request.profile or "")
            return ObtainedSession(profile, new_session(serial=request.profile or ""), kept=False, cached=True)

        monkeypatch.setattr(parallel_sessions, "get_session", get)

    return use


def test_several_at_a_time_in_the_order_of_the_plan(bench: Bench, answer: Callable[..., None]) -> None:
    together = threading.Barrier(AT_ONCE, timeout=scaled(10))

    def meet(operation: Operation, name: str) -> None:
        together.wait()
        operation.notify(f"{name} was asked for.")

    answer(meet)
    names, notices = [], []
    for login, outcome in get_sessions(bench.context, plan(2 * AT_ONCE)):
        assert isinstance(outcome, ObtainedSession)
        names.append(outcome.session.serial)
        notices += login.notices
    assert names == [f"r{number}" for number in range(2 * AT_ONCE)]
    assert notices == [f"{name} was asked for." for name in names]


def test_an_error_is_an_outcome(bench: Bench, answer: Callable[..., None]) -> None:
    def fail(_: Operation, name: str) -> None:
        if name == "r1":
            raise AwsRefused("role-denied", "No.", "", "")

    answer(fail)
    outcomes = [outcome for _, outcome in get_sessions(bench.context, plan(3))]
    assert [getattr(outcome, "slug", "") for outcome in outcomes] == ["", "role-denied", ""]


def test_nothing_more_is_asked_for_once_it_is_closed(bench: Bench, answer: Callable[..., None]) -> None:
    asked: list[str] = []
    ended: list[str] = []

    def wait(operation: Operation, name: str) -> None:
        asked.append(name)
        if name != "r0":
            try:
                operation.cancel.sleep(scaled(60))
            except Cancelled:
                ended.append(name)
                raise

    answer(wait)
    with closing(get_sessions(bench.context, plan(50))) as outcomes:
        next(outcomes)
    assert len(asked) <= AT_ONCE + 1
    assert sorted(ended) == sorted(name for name in asked if name != "r0")


class Waiting(CancelScope):
    """Waits in no time, and notes how long it would have been."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.waited.append(seconds)


@pytest.mark.parametrize(("refusals", "pauses"), [(0, 0), (1, 1), (4, 4)])
def test_a_throttled_request_is_sent_again_after_a_pause(bench: Bench, refusals: int, pauses: int) -> None:
    scope, left = Waiting(), [THROTTLED] * refusals

    def get() -> ObtainedSession:
        if left:
            raise left.pop()
        return done

    done = ObtainedSession(read_profile(bench.context.files.load(), "dev"), new_session(), kept=False, cached=True)
    assert Throttle(bench.context.clock).run(scope, get) is done
    assert [round(seconds) for seconds in scope.waited] == [1, 2, 4, 8][:pauses]


def test_all_wait_once_one_was_throttled_and_it_is_given_up_in_the_end(bench: Bench) -> None:
    throttle, scope, other = Throttle(bench.context.clock), Waiting(), Waiting()

    def refuse() -> ObtainedSession:
        raise THROTTLED

    def deny() -> ObtainedSession:
        raise AwsRefused("role-denied", "No.", "", "")

    with pytest.raises(AwsRefused, match="throttling"):
        throttle.run(scope, refuse)
    with pytest.raises(MfaTuiError, match="No"):
        throttle.run(other, deny)
    assert len(scope.waited) == 4
    assert len(other.waited) == 1
