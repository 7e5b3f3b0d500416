"""Sessions limited to a scope: handed out, kept, and refused."""

import pytest

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.faults import Fault
from mfa_tui.demo.aws.protocol.aws_errors import not_authorized
from mfa_tui.errors import MfaTuiError
from mfa_tui.models import Session
from mfa_tui.services.operation import Operation
from mfa_tui.services.scopes.find_scope import find_scope
from mfa_tui.services.sessions.limit_session import limit_session
from mfa_tui.services.sessions.obtain import get_session
from mfa_tui.services.sessions.outcomes import Continuation, LoginRequest, ObtainedSession
from tests.support.clocks.frozen_clock import LoginSetup, NewLoginSetup

ACTION = "GetScopedCredentials"


def limited(setup: LoginSetup, scope: str = "read-only") -> Session:
    operation = Operation(setup.context, setup.scope)
    parent = get_session(operation, LoginRequest("dev"), Continuation())
    assert isinstance(parent, ObtainedSession)
    context = setup.context
    return limit_session(operation, context.resolve("dev"), parent.session, find_scope(context, scope))


def test_the_same_session_serves_until_it_is_too_old(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    first = limited(setup)
    assert limited(setup).access_key_id == first.access_key_id
    assert limited(setup, "no-iam").access_key_id != first.access_key_id
    assert setup.aws.count(ACTION) == 2


@pytest.mark.parametrize(
    ("fault", "slug"),
    [
        (faults.throttled(), "throttled"),
        (faults.server_error(), "aws-trouble"),
        (
            Fault(refusal=not_authorized("arn:aws:iam::111122223333:user/ana", "sts:GetScopedCredentials", "*")),
            "scope-refused",
        ),
    ],
    ids=["throttled", "trouble", "denied"],
)
def test_what_has_nothing_to_do_with_scopes_is_told_as_always(
    new_setup: NewLoginSetup, fault: Fault, slug: str
) -> None:
    setup = new_setup()
    setup.aws.fault(fault, action=ACTION, times=9)
    with pytest.raises(MfaTuiError) as caught:
        limited(setup)
    assert (caught.value.slug == "scope-refused") == (slug == "scope-refused")
    assert ("GetScopedCredentials" in caught.value.remedy) == (slug == "scope-refused")
