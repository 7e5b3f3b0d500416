"""Calls to AWS as a record shows them."""

import pytest

from mfa_tui.core.aws.api_call import ApiCall, call_words

CALL = ApiCall("iam", "EnableMFADevice", {"UserName": "ana"}, "id-1")


def test_in_one_line() -> None:
    assert call_words(CALL) == "iam:EnableMFADevice UserName=ana  (request ID id-1)"
    assert call_words(CALL._replace(error="AccessDenied")) == (
        "iam:EnableMFADevice UserName=ana  (refused: AccessDenied; request ID id-1)"
    )
    assert call_words(CALL._replace(error="no-answer", request_id="")) == (
        "iam:EnableMFADevice UserName=ana  (no answer)"
    )
    assert call_words(CALL._replace(parameters={})) == "iam:EnableMFADevice  (request ID id-1)"


def test_long_parameters_are_cut_and_stay_on_the_line() -> None:
    for length in (120, 121):
        words = call_words(CALL._replace(parameters={"P": "x" * length}))
        assert words.partition("  ")[0] == f"iam:EnableMFADevice P={'x' * 120}{'…' if length > 120 else ''}"
    assert call_words(CALL._replace(parameters={"P": "{\n  a\t}"})).startswith("iam:EnableMFADevice P={ a }  ")


@pytest.mark.parametrize(
    ("action", "changes"),
    [
        ("CreateUser", True), ("GetSessionToken", True), ("GetScopedCredentials", True), ("AssumeRole", True),
        ("GetUser", False), ("ListUsers", False), ("LookupEvents", False), ("GenerateCredentialReport", False),
        ("SimulatePrincipalPolicy", False),
    ],
)  # fmt: skip
def test_which_calls_change_something(action: str, changes: bool) -> None:
    assert CALL._replace(action=action).changes == changes
