"""Whose credentials they are, asked of AWS and completed in the history."""

import pytest

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.aws.iam import Identity
from mfa_tui.core.history.entry import Entry
from mfa_tui.errors import Cancelled, MfaTuiError
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.sessions.identity import ask_identity, with_arn
from tests.support.aws.iam_double import ACCOUNT, SECRET, IamDouble
from tests.support.homes.bench import KEY, NOW

ARN = f"arn:aws:iam::{ACCOUNT}:user/ana"
ENTRY = Entry(NOW, "dev", "login", "refused", "No.", signer=KEY)


def caller(secret: str = SECRET) -> Caller:
    return Caller("dev", AccessKeys(KEY, Secret(secret)))


def test_whose_they_are(iam: IamDouble) -> None:
    assert ask_identity(iam.bench.operation(), caller()) == Identity(ACCOUNT, "aws", "ana")


def test_errors_name_the_profile_that_is_meant(iam: IamDouble) -> None:
    for profile, named in (("", "dev"), ("new", "new")):
        with pytest.raises(MfaTuiError) as error:
            ask_identity(iam.bench.operation(), caller("wrong"), profile=profile)
        assert error.value.slug == "secret-wrong"
        assert f"{named}" in f"{error.value.what} {error.value.remedy}"
    iam.failures["get_identity"] = AwsUnreachable("dropped", "sts.amazonaws.com")
    with pytest.raises(MfaTuiError):
        ask_identity(iam.bench.operation(), caller())


def test_an_entry_gets_the_arn_that_aws_says(iam: IamDouble) -> None:
    history = iam.bench.context.history
    iam.on_call = lambda _: history._arns.update({KEY: ARN})
    assert with_arn(iam.bench.operation(), ENTRY).arn == ARN
    assert iam.names() == ["get_identity"]
    # It is asked only where it is not known, and for the profile's present key.
    assert with_arn(iam.bench.operation(), ENTRY._replace(arn="x")).arn == "x"
    other = ENTRY._replace(signer="AKIAOTHEROTHEROTHER1")
    assert with_arn(iam.bench.operation(), other) == other
    assert iam.names() == ["get_identity"]


def test_without_an_answer_it_stays_as_it_is(iam: IamDouble) -> None:
    for failure in (AwsError("X", "", 500), AwsUnreachable("dropped", "sts.amazonaws.com")):
        iam.failures["get_identity"] = failure
        assert with_arn(iam.bench.operation(), ENTRY) is ENTRY
    gone = ENTRY._replace(profile="gone")
    assert with_arn(iam.bench.operation(), gone) is gone
    iam.bench.cancel.cancel()
    with pytest.raises(Cancelled):
        with_arn(iam.bench.operation(), ENTRY)
