"""Responses of AWS: which ones are accepted, and which are implausible."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.aws import response_checks
from mfa_tui.core.aws.response_checks import (
    ImplausibleResponse,
    check_credentials,
    check_external_credentials,
    checked_lifetime,
)
from mfa_tui.models import Secret, Session

KEY_ID, SECRET, TOKEN = (
    "ASIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "IQoJb3JpZ2luX2Vj" * 30 + "==",
)


@pytest.mark.parametrize(
    ("key_id", "secret", "token"),
    [
        (KEY_ID, SECRET, TOKEN),
        ("LSIAQAAAAAAVNCBMPNSG", SECRET, "FQoGZXIvYXdzE" * 20),
        (KEY_ID, SECRET, "eyJhbGciOiJIUzUxMiJ9.eyJhY2Nlc3NLZXkiOiJ-_In0.h4sh"),
        ("A" * 128, "s" * 1024, "t" * 65536),
    ],
)
def test_credentials(key_id: str, secret: str, token: str) -> None:
    check_credentials(key_id, secret, token)
    check_external_credentials(key_id, secret, token)


@pytest.mark.parametrize(
    "key_id",
    [
        "",
        "ASIA",
        "A" * 129,
        f"{KEY_ID}\n",
        f"{KEY_ID}\n[default]",
        "ASIAIOSFODNN7 EXAMPLE",
        "ASIA\u202eELPMAXE7NNDOF",
        None,
    ],
)
def test_malformed_key_ids(key_id: str | None) -> None:
    with pytest.raises(ImplausibleResponse, match="the access key ID is malformed"):
        check_credentials(key_id, SECRET, TOKEN)


@pytest.mark.parametrize("secret", ["", "short", SECRET + "\n", "s s" * 20, SECRET + "\u00e9", "s" * 5000, None])
def test_malformed_secrets(secret: str | None) -> None:
    with pytest.raises(ImplausibleResponse, match="the secret access key is malformed"):
        check_credentials(KEY_ID, secret, TOKEN)


@pytest.mark.parametrize("token", ["", TOKEN + "\t", TOKEN + "\r\n[default]", "<html>" * 9, "t" * 70000, None])
def test_malformed_tokens(token: str | None) -> None:
    with pytest.raises(ImplausibleResponse, match="the session token is malformed"):
        check_credentials(KEY_ID, SECRET, token)


@given(st.text(max_size=40))
def test_accepted_credentials_are_visible_ascii(text: str) -> None:
    for keys in ((text, SECRET, TOKEN), (KEY_ID, text, TOKEN), (KEY_ID, SECRET, text or TOKEN)):
        try:
            check_external_credentials(*keys)
        except ImplausibleResponse:
            continue
        assert all("!" <= letter <= "~" for letter in "".join(keys))


def test_credentials_of_other_programs_may_lack_a_token() -> None:
    check_external_credentials("test", "test", "")


@pytest.mark.parametrize(
    ("expires_at", "lasts"),
    [(4600, 3600), (4590, 3600), (4541, 3600), (4540, 3540), (4900, 3600), (4000, 3000), (1001, 1)],
)
def test_how_long_a_session_lasts(expires_at: int, lasts: int) -> None:
    assert checked_lifetime(expires_at, 1000, 3600) == lasts


@pytest.mark.parametrize("expires_at", [1000, 999, 0, -1, 4901, 10**12])
def test_implausible_expiries(expires_at: int) -> None:
    with pytest.raises(ImplausibleResponse):
        checked_lifetime(expires_at, 1000, 3600)


@pytest.mark.parametrize(
    ("arn", "found"),
    [
        ("arn:aws:iam::123456789012:user/ana", ("aws", "123456789012", "ana")),
        ("arn:aws-eusc:iam::123456789012:user/division/sub/ana+1=,.@-_", ("aws-eusc", "123456789012", "ana+1=,.@-_")),
        ("arn:aws-iso-b:iam::123456789012:root", ("aws-iso-b", "123456789012", "")),
        ("arn:aws:sts::123456789012:assumed-role/admin/ana", ("aws", "123456789012", "")),
        ("arn:aws:sts::123456789012:federated-user/ana", ("aws", "123456789012", "")),
    ],
)
def test_identities(arn: str, found: tuple[str, str, str]) -> None:
    assert response_checks.parse_identity(arn) == found


@pytest.mark.parametrize(
    "arn",
    [
        "", "a:b:c:d:e:f", "arn:aws:s3:::bucket", "arn:aws:iam::1:user/ana", "arn:aws:iam::123456789012:user/",
        "arn:aws:iam::123456789012:user/a b", "arn:aws:iam::123456789012:user/ana\n", None,
        "arn:aws:iam::\u0661\u0662\u0663456789012:user/ana", "arn:aws:iam::123456789012:user/\u202eana",
    ],
)  # fmt: skip
def test_malformed_identities(arn: str | None) -> None:
    with pytest.raises(ImplausibleResponse):
        response_checks.parse_identity(arn)


def test_seeds_and_serials() -> None:
    assert response_checks.parse_new_seed(b"A2" * 32) == "A2" * 32
    assert response_checks.parse_new_serial("arn:aws:iam::123456789012:mfa/ana", "ana").name == "ana"
    for seed in (b"", b"A2", b"a2" * 32, b"A1" * 32, b"A2" * 32 + b"\n", b"\xff" * 64, None):
        with pytest.raises(ImplausibleResponse):
            response_checks.parse_new_seed(seed)
    for serial in (
        "",
        "short",
        "arn:aws:iam::123456789012:mfa/a b",
        "x" * 257,
        "arn:aws:iam::123456789012:mfa/a\n",
        None,
    ):
        with pytest.raises(ImplausibleResponse):
            response_checks.parse_serial(serial)
    for other in ("arn:aws:iam::123456789012:mfa/bob", "GAHT12345678", "arn:aws:iam::123456789012:u2f/ana"):
        with pytest.raises(ImplausibleResponse):
            response_checks.parse_new_serial(other, "ana")


@pytest.mark.parametrize("code", ["", "x" * 101, "a b", "a\n", "<html>", None, 7])
def test_malformed_error_codes_are_not_shown(code: object) -> None:
    assert response_checks.checked_error_code(code) == ""
    assert response_checks.checked_error_code("AccessDenied") == "AccessDenied"


@pytest.mark.parametrize(
    ("changes", "policies", "why"),
    [
        ({}, 1, ""),
        ({}, None, ""),
        ({"expires_at": 1_001}, 1, "the limited session expires later than the one that it was made from"),
        ({"access_key_id": "ASIAPARENT"}, 1, "the limited session is the one that it was made from"),
        ({"session_token": Secret("parent")}, 1, "the limited session is the one that it was made from"),
        ({}, 0, "no policy limits the session"),
    ],
)
def test_limited_sessions(changes: dict[str, Any], policies: int | None, why: str) -> None:
    def made(**values: Any) -> Session:
        about = {"secret_access_key": Secret("s"), "duration": 900, "source_key_id": "AKIA", "serial": ""}
        return Session(**{**about, "expires_at": 1_000, **values})

    parent = made(access_key_id="ASIAPARENT", session_token=Secret("parent"))
    limited = made(**{"access_key_id": "ASIALIMITED", "session_token": Secret("limited"), **changes})
    if why:
        with pytest.raises(ImplausibleResponse, match=why):
            response_checks.check_scoped_session(limited, parent, policies)
    else:
        response_checks.check_scoped_session(limited, parent, policies)


def test_aliases() -> None:
    for alias in ("abc", "a-b-c1", "x" * 63):
        assert response_checks.parse_alias(alias) == alias
    for wrong in ("", "ab", "x" * 64, "-abc", "abc-", "a--b", "ABC", "a.b", "abc\n", None):
        with pytest.raises(ImplausibleResponse):
            response_checks.parse_alias(wrong)
