"""The policy that enforces MFA in words, and the limits that AWS sets."""

import pytest

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.core.account.enforce_policy import NAME
from mfa_tui.errors import AwsRefused, MfaTuiError, UsageError
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.account.enforce import (
    Enforcement,
    EnforcementPlan,
    PolicyState,
    check_entity_name,
    describe_plan,
)
from tests.support.homes.bench import KEY, Bench

ARN = f"arn:aws:iam::111122223333:policy/{NAME}"
PLAN = EnforcementPlan(
    "111122223333",
    "devs",
    NAME,
    ARN,
    "{}",
    PolicyState.MISSING,
    attached=False,
    members=3,
    without_mfa=(),
    fido_only=(),
)
CREATES = "Creates the policy P and attaches it to the group devs (account 1111-2222-3333)."


@pytest.mark.parametrize(
    ("state", "attached", "replace", "words"),
    [
        (PolicyState.MISSING, False, False, CREATES),
        (PolicyState.SAME, False, False, "Attaches the policy P, which exists with this text, to the group devs."),
        (PolicyState.SAME, True, False,
         "The policy P is already attached to the group devs, with this text. There is nothing to do."),
        (PolicyState.DIFFERENT, False, True,
         "Replaces the text of the policy P, wherever it is attached, and enforces it for devs."),
        (PolicyState.DIFFERENT, True, False,
         "The policy P exists with another text. It is not overwritten without --replace-policy."),
        (PolicyState.MISSING, True, False, CREATES),
    ],
)  # fmt: skip
def test_what_it_does(*, state: str, attached: bool, replace: bool, words: str) -> None:
    plan = PLAN._replace(policy_name="P", state=state, attached=attached)
    assert describe_plan(plan, replace=replace)[0] == words
    assert plan.done == words.endswith("nothing to do.")


def test_who_is_affected() -> None:
    alone = "Those with MFA need a session made with it: their access keys alone are denied."
    assert describe_plan(PLAN)[1:] == ["The group has 3 users.", "All of them have MFA.", alone]
    assert describe_plan(PLAN._replace(members=0))[1:] == ["The group has 0 users."]
    without = PLAN._replace(members=2, without_mfa=("ana", "bob"), administrator="bob")
    assert describe_plan(without)[1:] == [
        "The group has 2 users.",
        "Without MFA now (2): ana and bob.",
        "They can still enroll an MFA device of their own (mfa-tui device enroll) and log in with it.",
        "Until then everything else is denied to them, with their keys and in the console.",
        "bob, whose session signs these requests, is one of them.",
    ]
    assert alone in describe_plan(without._replace(members=3))
    assert "carl, whose" not in " ".join(describe_plan(without._replace(administrator="carl")))
    fido = describe_plan(PLAN._replace(fido_only=tuple(f"u{number}" for number in range(12))))
    assert fido[3].startswith("With FIDO keys or passkeys only (12): u0, u1, ")
    assert "u10 and u11. Everything is denied" in fido[3]


@pytest.mark.parametrize("name", ["a", "x" * 128, "a_+=,.@-9"])
def test_names_that_are_possible(name: str) -> None:
    check_entity_name(name)


@pytest.mark.parametrize("name", ["", "x" * 129, "a b", "arn:aws:iam::1:group/a", "a\n"])
def test_names_that_are_not(name: str) -> None:
    with pytest.raises(UsageError) as error:
        check_entity_name(name)
    assert error.value.slug == "group-name"


class Policies:
    """IAM's policies, where some requests fail."""

    def __init__(self, **failures: Exception) -> None:
        self.failures = failures
        self.done: list[str] = []

    def _do(self, name: str) -> None:
        self.done.append(name)
        if name in self.failures:
            raise self.failures[name]

    def create(self, *_: str) -> None:
        self._do("create")

    def create_version(self, *_: str) -> None:
        self._do("create_version")

    def attach(self, *_: str) -> None:
        self._do("attach")


def apply(bench: Bench, plan: EnforcementPlan, *, replace: bool = False, **failures: Exception) -> list[str]:
    """What was done."""
    enforcement = Enforcement(bench.operation(), Caller("boss", AccessKeys(KEY, Secret("s"))))
    policies = Policies(**failures)
    enforcement._policies = policies  # type: ignore[assignment]
    outcome = enforcement.apply(plan, replace=replace)
    assert (outcome.created, outcome.replaced) == ("create" in policies.done, "create_version" in policies.done)
    assert outcome.attached == ("attach" in policies.done)
    return policies.done


def test_what_is_done(bench: Bench) -> None:
    assert apply(bench, PLAN) == ["create", "attach"]
    assert apply(bench, PLAN._replace(state=PolicyState.SAME)) == ["attach"]
    assert apply(bench, PLAN._replace(state=PolicyState.SAME, attached=True)) == []
    different = PLAN._replace(state=PolicyState.DIFFERENT)
    assert apply(bench, different, replace=True) == ["create_version", "attach"]
    with pytest.raises(UsageError) as error:
        apply(bench, different)
    assert error.value.slug == "policy-differs"


@pytest.mark.parametrize(
    ("state", "call", "what"),
    [
        (PolicyState.DIFFERENT, "create_version", f"The policy {NAME} has 5 versions already."),
        (PolicyState.MISSING, "create", "The group devs or the account has as many policies as AWS allows."),
        (PolicyState.SAME, "attach", "The group devs or the account has as many policies as AWS allows."),
    ],
)
def test_limits(bench: Bench, state: str, call: str, what: str) -> None:
    failure = AwsError("LimitExceeded", "", 409)
    with pytest.raises(AwsRefused) as error:
        apply(bench, PLAN._replace(state=state), replace=True, **{call: failure})
    assert (error.value.slug, error.value.what) == ("policy-limit", what)


@pytest.mark.parametrize(
    ("failure", "slug"),
    [
        (AwsError("AccessDenied", "No", 403), "policy-denied"),
        (AwsError("Throttling", "", 400), "throttled"),
        (AwsUnreachable("dropped", "iam.amazonaws.com"), "network-dropped"),
    ],
)
def test_other_refusals(bench: Bench, failure: Exception, slug: str) -> None:
    with pytest.raises(MfaTuiError) as error:
        apply(bench, PLAN, create=failure)
    assert error.value.slug == slug
    if slug == "policy-denied":
        assert error.value.what == "AWS does not let boss call iam:CreatePolicy."


def test_a_new_policy_may_not_be_known_everywhere(bench: Bench) -> None:
    gone = AwsError("NoSuchEntity", "", 404)
    for state, tries in ((PolicyState.MISSING, 5), (PolicyState.SAME, 1)):
        with pytest.raises(MfaTuiError):
            apply(bench, PLAN._replace(state=state), attach=gone)
        assert len(bench.cancel.waited) == tries - 1
        bench.cancel.waited.clear()
