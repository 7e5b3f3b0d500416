"""MFA serials: kinds of devices, and which of them the API can use."""

import pytest

from mfa_tui.core.aws.mfa_serial import FIDO, HARDWARE, SMS, VIRTUAL, MfaSerial, checked_serial
from mfa_tui.errors import UsageError


@pytest.mark.parametrize(
    ("text", "kind", "account", "name", "partition"),
    [
        ("arn:aws:iam::111122223333:mfa/ana", VIRTUAL, "111122223333", "ana", "aws"),
        ("arn:aws-cn:iam::111122223333:mfa/team/ana", VIRTUAL, "111122223333", "ana", "aws-cn"),
        ("arn:aws-us-gov:iam::111122223333:mfa/ana", VIRTUAL, "111122223333", "ana", "aws-us-gov"),
        ("GAHT12345678", HARDWARE, "", "GAHT12345678", ""),
        ("arn:aws:iam::111122223333:u2f/user/ana/key-AB12", FIDO, "111122223333", "key-AB12", "aws"),
        ("arn:aws:iam::111122223333:sms-mfa/ana", SMS, "111122223333", "ana", "aws"),
    ],
)
def test_a_serial_is_parsed(text: str, kind: str, account: str, name: str, partition: str) -> None:
    serial = MfaSerial(text)
    assert (serial.kind, serial.account, serial.name, serial.partition) == (kind, account, name, partition)
    assert serial.usable == (kind in (VIRTUAL, HARDWARE))


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("", "serial-malformed"),
        ("12345678", "serial-malformed"),
        ("x" * 257, "serial-malformed"),
        ("arn:aws:iam::111122223333:mfa/a b", "serial-malformed"),
        ("arn:aws:iam::111122223333:mfa/änä", "serial-malformed"),
        ("arn:aws:iam::111122223333:mfa/ana\nx", "serial-malformed"),
        ("arn:aws:iam::111122223333:u2f/user/ana/key", "serial-fido"),
        ("arn:aws:iam::111122223333:sms-mfa/ana", "serial-sms"),
    ],
)
def test_serials_that_the_api_cannot_use_are_refused(text: str, slug: str) -> None:
    with pytest.raises(UsageError) as refusal:
        checked_serial(text, "the profile 'dev'")
    assert refusal.value.slug == slug
    assert "the profile 'dev'" in refusal.value.what
