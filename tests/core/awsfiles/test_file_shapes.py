"""The corpus of file shapes: botocore reads each, a profile in each can log in, and they vary."""

from collections.abc import Iterator

import pytest

from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.awsfiles.section_headers import config_header
from tests.core.awsfiles import oracle
from tests.support.awsfiles.shapes import ACCESS_KEY_ID, MFA_SERIAL, SECRET_ACCESS_KEY, Shape, pairs

REDIRECTING = (
    "role_arn",
    "sso_session",
    "sso_start_url",
    "credential_process",
    "web_identity_token_file",
    "endpoint_url",
)
"""Keys with which a profile would not use its own access keys, or not with AWS."""


@pytest.fixture(scope="module")
def botocore_says() -> Iterator[oracle.Oracle]:
    reader = oracle.Oracle()
    yield reader
    reader.close()


def test_there_are_enough_shapes_and_all_differ() -> None:
    shapes = pairs()
    assert len(shapes) >= 200
    assert len({shape.name for shape in shapes}) == len(shapes)
    assert len({(shape.config, shape.credentials) for shape in shapes}) >= 0.99 * len(shapes)


def test_each_has_a_profile_that_can_log_in(botocore_says: oracle.Oracle) -> None:
    for shape in pairs():
        assert botocore_says.read(shape.config) is not None, shape
        assert botocore_says.read(shape.credentials) is not None, shape
        profile = {
            **botocore_says.profiles(shape.config, "config").get("dev", {}),
            **botocore_says.profiles(shape.credentials, "credentials").get("dev", {}),
        }
        assert profile["aws_access_key_id"] == ACCESS_KEY_ID, shape
        assert profile["aws_secret_access_key"] == SECRET_ACCESS_KEY, shape
        assert profile.get("mfa_serial", MFA_SERIAL) == MFA_SERIAL, shape
        assert profile.get("region", "eu-central-1") in ("eu-central-1", "eu-west-1"), shape
        assert not set(REDIRECTING) & set(profile), shape
        assert "dev-mfa" not in Document.parse(shape.config, "config").profiles(), shape
        assert "dev-mfa" not in Document.parse(shape.credentials, "credentials").profiles(), shape


def test_a_session_is_added_to_each_shape_and_removed(botocore_says: oracle.Oracle) -> None:
    for shape in pairs():
        for data, kind, header in (
            (shape.config, "config", config_header("dev-mfa")),
            (shape.credentials, "credentials", "dev-mfa"),
        ):
            before = Document.parse(data, kind)
            source = before.section_of("dev")
            copied = list(before.raw(source).items()) if source else []
            after = before.with_section(header, ["# copied", *copied, ("mfa_tui_source", "dev")])
            assert after.render().startswith(data), shape
            assert after.without_section(header).render() == data, shape
            old, new = botocore_says.read(data), botocore_says.read(after.render())
            assert old is not None
            assert new is not None
            # What was copied means what it meant, in blocks too.
            written = new.pop(header)
            assert written.pop("mfa_tui_source") == "dev"
            assert new == old, shape
            assert source is None or written == old[source], shape


def test_a_shape_takes_a_user_of_its_own() -> None:
    shape = Shape("x", MFA_SERIAL.encode(), f"{ACCESS_KEY_ID} {SECRET_ACCESS_KEY}".encode())
    assert shape.for_user("AKIAX", "secret", "arn") == Shape("x", b"arn", b"AKIAX secret")
