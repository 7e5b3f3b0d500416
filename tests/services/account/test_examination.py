"""Who asks about an account, and how its requests are made."""

from typing import Any

import pytest

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.core.account.rules import Thresholds
from mfa_tui.core.settings.values import Settings
from mfa_tui.errors import ProfileProblem
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.account.examination import AuditOptions, Examination
from mfa_tui.services.account.examine import account_caller, caller_without_login, thresholds
from mfa_tui.services.account.requests import Failed, Refused, Requests
from mfa_tui.services.sessions.outcomes import ObtainedSession
from tests.support.homes.bench import DEV, KEY, ROLES, SERIAL, Bench, session

KEYS = AccessKeys(KEY, Secret("s"))
THROTTLED = AwsError("Throttling", "Rate exceeded", 400)


@pytest.mark.parametrize(("partition", "found"), [("", "aws"), ("aws", "aws"), ("aws-cn", "aws-cn")])
def test_the_partition_until_aws_says_it(bench: Bench, partition: str, found: str) -> None:
    caller = Caller("dev", KEYS, partition=partition)
    assert Examination(bench.operation(), caller, AuditOptions(), lambda _: None).facts.partition == found


def test_with_a_login(bench: Bench) -> None:
    made = session()
    caller = account_caller(ObtainedSession(bench.profile(), made, kept=False))
    assert (caller.profile, caller.keys, caller.region, caller.partition) == ("dev", made, "eu-west-1", "aws")


@pytest.mark.parametrize("slug", ["no-device", "fido-only", "profile-kind", "profile-broken"])
def test_without_a_login(bench: Bench, slug: str) -> None:
    bench.write(ROLES + "[profile none]\nregion = x\n", DEV.replace(f"mfa_serial = {SERIAL}\n", ""))
    problem = ProfileProblem(slug, "It cannot log in.")
    for name, possible in (("dev", True), ("admin", False), ("none", False)):
        if possible and slug != "profile-broken":
            caller = caller_without_login(bench.operation(), name, problem)
            assert (caller.profile, caller.keys.access_key_id, caller.region) == ("dev", KEY, "eu-west-1")
        else:
            with pytest.raises(ProfileProblem) as error:
                caller_without_login(bench.operation(), name, problem)
            assert error.value is problem


def test_limits_of_the_settings() -> None:
    settings = Settings()
    settings.key_age_days, settings.key_unused_days = 7, 3
    assert thresholds(settings) == Thresholds(7, 3)


class Calls:
    """A request that fails in turn as said, then answers."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)

    def __call__(self) -> str:
        if self.failures:
            raise self.failures.pop(0)
        return "answer"


def make(bench: Bench, *failures: Exception, **options: Any) -> str:
    return Requests(bench.operation(), Caller("dev", KEYS)).make("iam:ListUsers", Calls(*failures), **options)


def test_throttled_requests_are_made_again(bench: Bench) -> None:
    assert make(bench) == make(bench, *[THROTTLED] * 2) == "answer"
    waits = list(bench.cancel.waited)
    assert len(waits) == 2
    assert waits == sorted(waits)
    with pytest.raises(Failed) as error:
        make(bench, *[THROTTLED] * 99)
    assert error.value.error.slug == "throttled"


def test_other_failures_are_told_apart(bench: Bench) -> None:
    denied = AwsError("AccessDenied", "No 123456 way", 403)
    with pytest.raises(Refused) as refused:
        make(bench, denied)
    assert (refused.value.action, refused.value.why) == ("iam:ListUsers", "No •••••• way")
    assert refused.value.in_regions(("a",)).regions == ("a",)
    with pytest.raises(AwsError):
        make(bench, denied, expected=("AccessDenied",))
    for failure in (AwsError("X", "", 500), AwsUnreachable("dropped", "iam.amazonaws.com")):
        with pytest.raises(Failed) as failed:
            make(bench, failure, expected=("AccessDenied",))
        assert failed.value.in_regions(("a",)).regions == ("a",)
    assert bench.cancel.waited == []


def test_pages_until_there_is_no_other(bench: Bench) -> None:
    requests = Requests(bench.operation(), Caller("dev", KEYS))
    following = {"": ("one", "m"), "m": ("two", "n"), "n": ("three", "")}
    assert list(requests.pages("x:List", lambda at: following[at])) == ["one", "two", "three"]
