"""When a limited session is used again, what is asked of AWS, and what a refusal means; without AWS."""

from typing import Any

import pytest

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.core.scopes.scope import Scope
from mfa_tui.errors import AwsRefused, Cancelled, KeyringProblem, MfaTuiError
from mfa_tui.models import Session
from mfa_tui.services.sessions.limit_session import find_limited, find_live_limited, limit_session
from tests.support.homes.bench import DEV, ROLES, Bench, role_session, session

POLICY = Scope("mine", "{}")
REFUSED = AwsError("AccessDenied", "No", 403)


class Sts:
    """Limits sessions to half an hour less than they have, or as long as it is asked to, and notes it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.failure: Exception | None = None
        self.asked: list[tuple[Caller, int | None]] = []
        bench.context._aws = self  # type: ignore[assignment]

    def get_scoped_credentials(
        self, caller: Caller, parent: Session, scope: Scope, duration: int | None, _: object
    ) -> Session:
        self.asked.append((caller, duration))
        if self.failure is not None:
            raise self.failure
        return limited(parent, scope, duration or 3600, name=f"new{len(self.asked)}")


@pytest.fixture
def sts(bench: Bench) -> Sts:
    return Sts(bench)


def limited(parent: Session, scope: Scope, left: int, **changes: Any) -> Session:
    values = {"duration": left, "roles": parent.roles, "scope": scope.session_scope(parent.access_key_id), **changes}
    return session(left, key=parent.source_key_id, serial=parent.serial, **values)


def ask(bench: Bench, parent: Session, scope: Scope = POLICY, name: str = "dev", *, renewing: bool = False) -> str:
    """The access key ID of the limited session."""
    found = limit_session(bench.operation(), bench.context.resolve(name), parent, scope, renewing=renewing)
    return found.access_key_id


def test_it_is_asked_for_once(bench: Bench, sts: Sts) -> None:
    parent = session()
    first = ask(bench, parent)
    assert ask(bench, parent) == first
    assert len(sts.asked) == 1
    # One of another parent, or for another scope, is another.
    assert ask(bench, session(name="other")) != first
    assert ask(bench, parent, Scope("mine", "{ }")) != first
    assert len(sts.asked) == 3


@pytest.mark.parametrize(
    ("parent_left", "left", "again"),
    [
        # As long as its parent but for a minute, a new one would be no better.
        (3_059, 3_000, False),
        (500, 441, False),
        (500, 440, True),
        # Else the margin of 15 minutes counts, or a quarter of what it was made for.
        (9_000, 901, False),
        (9_000, 900, True),
    ],
)
def test_until_when_it_is_used_again(bench: Bench, sts: Sts, parent_left: int, left: int, *, again: bool) -> None:
    parent = session(parent_left)
    kept = bench.keep(limited(parent, POLICY, left, duration=3_600, name="kept"))
    assert (find_live_limited(bench.operation(), parent, POLICY) is None) == again
    assert (ask(bench, parent) != kept.access_key_id) == again
    assert len(sts.asked) == again


@pytest.mark.parametrize(("left", "again"), [(900, False), (899, True)])
def test_when_a_credential_process_renews_it(bench: Bench, sts: Sts, left: int, *, again: bool) -> None:
    parent = session()
    kept = bench.keep(limited(parent, POLICY, left, duration=3_600, name="kept"))
    assert (ask(bench, parent, renewing=True) != kept.access_key_id) == again
    # Where that fails, the one that is still valid is handed out; else it is an error.
    bench.keep(kept)
    sts.failure = REFUSED
    assert ask(bench, parent, renewing=True) == kept.access_key_id
    if again:
        with pytest.raises(MfaTuiError):
            ask(bench, parent)
        sts.failure = Cancelled()
        with pytest.raises(Cancelled):
            ask(bench, parent, renewing=True)


def test_without_one_a_failure_is_an_error(bench: Bench, sts: Sts) -> None:
    sts.failure = REFUSED
    with pytest.raises(MfaTuiError):
        ask(bench, session(), renewing=True)


def test_one_that_would_outlive_its_parent_is_not_used(bench: Bench) -> None:
    parent = session(1_000)
    for left, used in ((1_000, True), (1_001, False)):
        bench.keep(limited(parent, POLICY, left))
        assert (find_limited(bench.operation(), parent, POLICY) is not None) == used


def test_a_keyring_that_does_not_answer(bench: Bench, sts: Sts, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = session()
    bench.keep(limited(parent, POLICY, 3_000))

    def locked(*_: object) -> None:
        raise KeyringProblem("keyring-locked", "It is locked.")

    monkeypatch.setattr(bench.context.cache, "load_secrets", locked)
    monkeypatch.setattr(bench.context.cache, "store", locked)
    assert find_limited(bench.operation(), parent, POLICY) is None
    assert find_live_limited(bench.operation(), parent, POLICY) is None
    assert ask(bench, parent) == "ASIANEW1XXXXXXXXXXXX"
    assert len(sts.asked) == 1


@pytest.mark.parametrize(
    ("scope", "left", "asked"),
    [
        (Scope("mine", "{}"), 9_000, None),
        (Scope("mine", "{}", 3_600), 9_000, 3_600),
        (Scope("mine", "{}", 3_600), 3_610, 3_600),
        (Scope("mine", "{}", 3_600), 3_609, None),
        (Scope("mine", "", 3_600), 3_609, 3_599),
        (Scope("mine", "", 60), 5, 1),
    ],
)
def test_how_long_it_is_asked_to_last(bench: Bench, sts: Sts, scope: Scope, left: int, asked: int | None) -> None:
    ask(bench, session(left), scope)
    assert sts.asked[0][1] == asked


def test_who_asks(bench: Bench) -> None:
    bench.write(ROLES.replace("arn:aws:", "arn:aws-cn:"), DEV)
    sts = Sts(bench)
    ask(bench, session())
    ask(bench, role_session(bench.profile("admin")), name="admin")
    ask(bench, session(serial="GAHT12345678"))
    assert [(caller.profile, caller.region, caller.partition) for caller, _ in sts.asked] == [
        ("dev", "eu-west-1", "aws"), ("admin", "", "aws-cn"), ("dev", "eu-west-1", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("failure", "why", "remedy"),
    [
        (("AccessDenied", "No"), "No.", "Ask an administrator to allow sts:GetScopedCredentials for this identity."),
        (("AccessDeniedException", "No."), "No.", "Ask an administrator to allow sts:GetScopedCredentials for this"),
        (("InvalidAction", "x"), "This endpoint does not know GetScopedCredentials; ", "Use a regional STS endpoint"),
        (("PackedPolicyTooLarge", "x"), "The policy is too large once", "Shorten the scope"),
        (("ExpiredToken", "Old"), "Old.", "Get a new session: mfa-tui login dev --force"),
        (("Strange", ""), "Strange.", "See the message, and docs/scopes.md"),
        (("", ""), "HTTP status 418.", "See the message, and docs/scopes.md"),
    ],
)
def test_why_aws_refused(bench: Bench, sts: Sts, failure: tuple[str, str], why: str, remedy: str) -> None:
    sts.failure = AwsError(*failure, 418)
    with pytest.raises(AwsRefused) as error:
        ask(bench, session())
    assert error.value.slug == "scope-refused"
    assert error.value.what == ("AWS did not limit the session of 'dev' to the scope mine, so nothing was handed out.")
    assert error.value.why.startswith(why)
    assert error.value.remedy.startswith(remedy)


@pytest.mark.parametrize(
    ("failure", "slug"),
    [
        (AwsError("Throttling", "", 400), "throttled"),
        (AwsError("RequestExpired", "", 400), "clock-off"),
        (AwsError("X", "", 500), "aws-trouble"),
        (AwsUnreachable("dropped", "sts.amazonaws.com"), "network-dropped"),
    ],
)
def test_failures_that_have_nothing_to_do_with_scopes(bench: Bench, sts: Sts, failure: Exception, slug: str) -> None:
    sts.failure = failure
    with pytest.raises(MfaTuiError) as error:
        ask(bench, session())
    assert error.value.slug == slug
