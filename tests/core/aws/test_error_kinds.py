"""Kinds of AWS errors, by their codes and messages."""

import pytest

from mfa_tui.core.aws.error_kinds import AwsErrorKind, classify, without_codes


@pytest.mark.parametrize(
    ("code", "message", "status", "kind"),
    [
        (
            "AccessDenied",
            "failed with invalid MFA one time pass code.",
            403,
            AwsErrorKind.CODE,
        ),
        ("AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.", 403, AwsErrorKind.SERIAL),
        ("AccessDenied", "Cannot call GetSessionToken with session credentials", 403, AwsErrorKind.SESSION_KEYS),
        ("AccessDenied", "User: x is not authorized to perform: y", 403, AwsErrorKind.DENIED),
        ("AccessDeniedException", "", 400, AwsErrorKind.DENIED),
        ("SignatureDoesNotMatch", "The request signature we calculated does not match", 403, AwsErrorKind.SECRET),
        ("SignatureDoesNotMatch", "Signature expired: 20261124T0000Z is now earlier", 403, AwsErrorKind.CLOCK),
        ("SignatureDoesNotMatch", "Signature not yet current: x is still later", 403, AwsErrorKind.CLOCK),
        ("RequestExpired", "", 400, AwsErrorKind.CLOCK),
        ("ValidationError", "The requested DurationSeconds exceeds the limit", 400, AwsErrorKind.DURATION),
        ("ValidationError", "1 validation error detected", 400, AwsErrorKind.OTHER),
        ("OtherError", "the duration is wrong", 400, AwsErrorKind.OTHER),
        ("InvalidClientTokenId", "", 403, AwsErrorKind.KEY),
        ("Throttling", "", 400, AwsErrorKind.THROTTLED),
        ("ExpiredToken", "", 403, AwsErrorKind.SESSION_KEYS),
        ("InternalFailure", "", 500, AwsErrorKind.TROUBLE),
        ("InternalFailure", "", 499, AwsErrorKind.OTHER),
        ("ServiceUnavailable", "", 503, AwsErrorKind.TROUBLE),
    ],
)
def test_the_kind_of_an_error(code: str, message: str, status: int, kind: str) -> None:
    assert classify(code, message, status) == kind


def test_a_message_shows_no_code() -> None:
    assert without_codes("invalid code\n 123456, not  1234567 or 12345") == "invalid code ••••••, not 1234567 or 12345"
    # Digits of a name are no code.
    arn = "arn:aws:iam::111122223333:user/u-123456"
    assert (
        without_codes(f"{arn} and mfa/123456: code '123456', 123456.")
        == f"{arn} and mfa/123456: code '••••••', ••••••."
    )
    assert without_codes("x" * 161) == "x" * 160
