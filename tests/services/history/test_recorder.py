"""Which actions become entries, and what of them."""

from typing import Any

import pytest

from mfa_tui.adapters.aws.caller import Caller
from mfa_tui.core.aws.api_call import ApiCall
from mfa_tui.core.history.entry import Entry, Result
from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts import policy_documents
from mfa_tui.errors import AwsRefused, Cancelled, KeyringProblem, MfaTuiError, UsageError
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.devices.enrollment import Enrollment, Keep
from mfa_tui.services.devices.iam_user import IamUser
from mfa_tui.services.devices.refusals import DeviceRefused
from mfa_tui.services.devices.resync import resync_by_codes
from mfa_tui.services.history.recorder import Action
from mfa_tui.services.operation import Operation
from mfa_tui.services.sessions.outcomes import LoginRequest, NeedsCode
from tests.support.clocks.frozen_clock import LoginSetup, NewLoginSetup
from tests.support.homes.bench import Bench

CALLER = Caller("dev", AccessKeys("AKIAEXAMPLE", Secret("s")))
REFUSED = AwsRefused("denied", "AWS said no.", "Because.", "Ask.")


def call(action: str, error: str = "", message: str = "") -> ApiCall:
    return ApiCall("iam", action, {}, f"id-{action}", error, message)


def run(bench: Bench, *calls: ApiCall, words: str = "", error: BaseException | None = None) -> None:
    history = bench.context.history

    def work() -> str:
        for each in calls:
            history.add_call(CALLER, each)
        if error is not None:
            raise error
        return words

    history.run(Action("login", "dev"), work, str)


def only(bench: Bench) -> Entry:
    (entry,) = bench.context.history.entries()
    return entry


@pytest.mark.parametrize(
    ("calls", "words", "wanted"),
    [
        ([call("TagUser")], "", (Result.DONE, "iam:TagUser was done.", "id-TagUser")),
        ([call("TagUser"), call("ListUsers")], "Done.", (Result.DONE, "Done.", "id-TagUser")),
        (
            [call("TagUser"), call("UntagUser", "AccessDenied")],
            "",
            (Result.DONE, "iam:TagUser was done.", "id-TagUser"),
        ),
        ([call("TagUser", "AccessDenied", "No.")], "", (Result.REFUSED, "No.", "id-TagUser")),
        ([call("TagUser", "no-answer")], "", (Result.FAILED, "", "id-TagUser")),
        ([call("TagUser", "AccessDenied", "No.")], "Done.", (Result.DONE, "Done.", "id-TagUser")),
        ([], "Done.", (Result.DONE, "Done.", "")),
    ],
)
def test_what_was_done(bench: Bench, calls: list[ApiCall], words: str, wanted: tuple[str, ...]) -> None:
    run(bench, *calls, words=words)
    entry = only(bench)
    assert (entry.result, entry.text, entry.request_id) == wanted
    assert (entry.profile, entry.action, entry.calls) == ("dev", "login", tuple(calls))
    assert entry.signer == ("AKIAEXAMPLE" if calls else "")


@pytest.mark.parametrize(
    ("error", "result", "slug"),
    [
        (REFUSED, Result.REFUSED, "denied"),
        (KeyringProblem("keyring-locked", "It is locked."), Result.FAILED, "keyring-locked"),
        (Cancelled(), Result.CANCELLED, "cancelled"),
        (KeyboardInterrupt(), Result.CANCELLED, "unexpected"),
        (ValueError(), Result.FAILED, "unexpected"),
        (UsageError("usage", "What?"), Result.FAILED, "usage"),
    ],
)
def test_what_was_not_done(bench: Bench, error: BaseException, result: str, slug: str) -> None:
    with pytest.raises(type(error)):
        run(bench, call("TagUser"), call("ListUsers", "AccessDenied"), error=error)
    entry = only(bench)
    assert (entry.result, entry.error, entry.request_id) == (result, slug, "id-ListUsers")
    if isinstance(error, MfaTuiError):
        assert (entry.text, entry.why) == (error.what, error.why)


def test_what_is_no_entry(bench: Bench) -> None:
    run(bench)
    run(bench, call("ListUsers"), call("GetUser", "AccessDenied"))
    for error in (UsageError("usage", "What?"), Cancelled(), KeyboardInterrupt()):
        with pytest.raises(type(error)):
            run(bench, call("ListUsers"), error=error)
    bench.context.history.add_call(CALLER, call("ListUsers"))
    assert bench.context.history.entries() == []
    with pytest.raises(KeyringProblem):
        run(bench, error=KeyringProblem("keyring-locked", "It is locked."))
    assert only(bench).calls == ()


def test_a_change_outside_of_every_use_case_is_an_entry(bench: Bench) -> None:
    bench.context.history.add_call(CALLER, call("TagUser"))
    entry = only(bench)
    assert (entry.action, entry.text) == ("iam:TagUser", "iam:TagUser was done.")


def test_use_cases_within_use_cases_are_one_entry(bench: Bench) -> None:
    history = bench.context.history

    def whole() -> str:
        run(bench, call("TagUser"), words="Part.")
        history.set_profile("ops")
        return "Whole."

    history.run(Action("logout", "x"), whole, str)
    entry = only(bench)
    assert (entry.action, entry.profile, entry.text, len(entry.calls)) == ("logout", "ops", "Whole.", 1)
    run(bench, call("TagUser"))
    assert len(history.entries()) == 2


def entries(setup: LoginSetup) -> list[tuple[str, str, str]]:
    found = reversed(setup.context.history.entries())
    return [(entry.action, entry.result, entry.text) for entry in found]


def load(setup: LoginSetup) -> IamUser:
    user = IamUser(Operation(setup.context, setup.scope, setup.report), "dev")
    user.load()
    return user


def test_a_login_that_asks_is_an_entry_once_it_is_answered(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    needed = setup.outcome(LoginRequest("dev", type_code=True))
    assert isinstance(needed, NeedsCode)
    assert entries(setup) == []
    setup.login(needed.request._replace(code=Secret(setup.device.code())))
    assert setup.login().kept
    assert setup.login(LoginRequest("dev", target="other")).kept
    assert entries(setup) == [
        ("login", "done", "Logged in for 12 h; saved as dev-mfa."),
        ("login", "done", "Saved the valid session as other."),
    ]


def test_a_code_that_is_sent_again_is_one_entry(new_setup: NewLoginSetup) -> None:
    """Each request is in it, the refused one too."""
    setup = new_setup(ahead=90)
    setup.context.seeds.store(setup.device.serial, Secret(setup.device.seed), "", setup.scope)
    setup.login()
    (entry,) = setup.context.history.entries()
    assert (entry.result, entry.request_id) == ("done", entry.calls[-1].request_id)
    sent = [request.request_id for request in setup.aws.requests]
    assert [each.request_id for each in entry.calls] == sent
    assert [bool(each.error) for each in entry.calls] == [True, False]


def test_an_enrollment(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    setup.login(LoginRequest("dev", code=Secret(setup.device.code())))
    user = load(setup)
    enrollment = Enrollment(user)
    made = enrollment.create("", Keep.HERE)
    enrollment.enable(made)
    enrollment.finish(made)
    assert entries(setup)[1:] == [
        ("device-enroll", "done", f"Created the MFA device {made.serial.name}."),
        ("device-enroll", "done", f"Enabled the MFA device {made.serial.name}."),
    ]
    entry = setup.context.history.entries()[0]
    assert entry.arn == setup.user.arn
    assert "AuthenticationCode1" not in entry.calls[-1].parameters


def test_a_refused_resync(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    document: dict[str, Any] = {**policy_documents.ADMINISTRATOR}
    deny = {"Effect": "Deny", "Action": "iam:ResyncMFADevice", "Resource": "*"}
    setup.user.set_policy({**document, "Statement": [*document["Statement"], deny]})
    with pytest.raises(DeviceRefused):
        resync_by_codes(load(setup), setup.device.serial, (Secret("111111"), Secret("222222")))
    (entry,) = setup.context.history.entries()
    assert (entry.action, entry.result, entry.error, entry.arn) == (
        "device-resync",
        "refused",
        "device-denied",
        setup.user.arn,
    )
    assert entry.denied is not None
    assert entry.denied.message.endswith("with an explicit deny in an identity-based policy")


def test_what_never_got_an_answer(new_setup: NewLoginSetup) -> None:
    setup = new_setup()
    setup.aws.fault(faults.dropped(), action="GetSessionToken")
    with pytest.raises(MfaTuiError):
        setup.login(LoginRequest("dev", code=Secret("123456")))
    (entry,) = setup.context.history.entries()
    assert (entry.result, entry.error, entry.request_id) == ("failed", "network-dropped", "")
    assert entry.calls[0].error == "no-answer"
