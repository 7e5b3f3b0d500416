"""The messages for AWS answers that the embedded AWS does not give."""

import pytest
from botocore.exceptions import SSLError

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.aws.sdk.errors import translate_errors
from mfa_tui.core.aws.error_kinds import AwsErrorKind, classify, without_codes
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.sessions.refusals import clock_words, error_for

CALLER = Caller("dev", AccessKeys("AKIAIOSFODNN7EXAMPLE", Secret("secret")))


@pytest.mark.parametrize(
    ("code", "message", "status", "means"),
    [
        (
            "AccessDenied",
            "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
            403,
            AwsErrorKind.CODE,
        ),
        ("AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.  …", 403, AwsErrorKind.SERIAL),
        ("AccessDenied", "Cannot call GetSessionToken with session credentials", 403, AwsErrorKind.SESSION_KEYS),
        ("AccessDenied", "User: … is not authorized to perform: iam:ListMFADevices", 403, AwsErrorKind.DENIED),
        ("AccessDeniedException", "", 403, AwsErrorKind.DENIED),
        ("InvalidClientTokenId", "The security token included in the request is invalid.", 403, AwsErrorKind.KEY),
        ("SignatureDoesNotMatch", "The request signature we calculated does not match …", 403, AwsErrorKind.SECRET),
        ("SignatureDoesNotMatch", "Signature expired: 20261124T115542Z is now earlier than …", 403, AwsErrorKind.CLOCK),
        ("SignatureDoesNotMatch", "Signature not yet current: …", 403, AwsErrorKind.CLOCK),
        ("RequestExpired", "", 400, AwsErrorKind.CLOCK),
        ("ExpiredToken", "The security token included in the request is expired", 403, AwsErrorKind.SESSION_KEYS),
        (
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit …",
            400,
            AwsErrorKind.DURATION,
        ),
        (
            "ValidationError",
            "1 validation error detected: Value 'x' at 'serialNumber' failed …",
            400,
            AwsErrorKind.OTHER,
        ),
        ("Throttling", "Rate exceeded", 400, AwsErrorKind.THROTTLED),
        ("RegionDisabledException", "STS is not activated in this region for account", 403, AwsErrorKind.OTHER),
        ("InternalFailure", "", 500, AwsErrorKind.TROUBLE),
        ("", "", 502, AwsErrorKind.TROUBLE),
        ("", "", 400, AwsErrorKind.OTHER),
    ],
)
def test_what_an_answer_means(code: str, message: str, status: int, means: str) -> None:
    assert classify(code, message, status) == means
    error = error_for(AwsError(code, message, status), CALLER, serial="arn:aws:iam::111122223333:mfa/ana", offset=600)
    assert (error.slug, error.exit_status) == (means, 1)
    lines = error.lines()
    assert len(lines) == 3
    assert all(text and "{" not in text and text == text.strip() for text in lines)


def test_the_key_is_shown_shortened_and_messages_without_codes() -> None:
    error = error_for(AwsError("InvalidClientTokenId", "", 403), CALLER)
    assert error.what == "AWS does not recognize the access key AKIA…MPLE of dev."
    message = "1 validation error detected: Value '123456' at 'tokenCode' failed\n for 111122223333"
    assert without_codes(message) == (
        "1 validation error detected: Value '••••••' at 'tokenCode' failed for 111122223333"
    )
    assert len(without_codes("x" * 1000)) == 160
    shown = error_for(AwsError("ValidationError", message, 400), CALLER)
    assert "123456" not in " ".join(shown.lines())


def test_a_message_that_looks_like_a_template_is_shown_as_it_is() -> None:
    error = error_for(AwsError("Odd{code}", "about {profile} {0}", 400), CALLER)
    assert error.lines()[:2] == ["AWS refused: Odd{code}.", "about {profile} {0}."]


@pytest.mark.parametrize(
    ("offset", "words"),
    [(20, "20 s behind AWS's"), (-89, "1 m ahead of AWS's"), (119, "2 m behind AWS's"), (-3600, "1 h ahead of AWS's")],
)
def test_how_far_a_clock_is_off(offset: float, words: str) -> None:
    assert clock_words(offset) == words


def test_a_clock_that_is_off_by_an_unknown_time() -> None:
    error = error_for(AwsError("RequestExpired", "", 400), CALLER)
    assert error.what == "This machine's clock is wrong, so AWS refuses its requests."


@pytest.mark.parametrize(
    ("reason", "slug"),
    [
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate is not yet valid",
            "network-tls-time",
        ),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired", "network-tls-time"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate", "network-tls"),
    ],
)
def test_a_certificate_that_is_not_valid_now_points_to_the_clock(reason: str, slug: str) -> None:
    def refuse() -> None:
        raise SSLError(endpoint_url="https://sts.amazonaws.com", error=OSError(reason))

    with pytest.raises(AwsUnreachable) as caught:
        translate_errors(refuse, ["sts.amazonaws.com"])
    error = error_for(caught.value, CALLER)
    assert error.slug == slug
    assert error.what.startswith("sts.amazonaws.com")
