"""MFA serials: kinds of devices, and which of them the API can use."""

import re

import hypothesis.strategies as st
import pytest
from hypothesis import given

from mfa_tui.core.aws import mfa_serial
from mfa_tui.core.aws.mfa_serial import FIDO, HARDWARE, SMS, VIRTUAL, MfaSerial, checked_serial
from mfa_tui.core.profiles.role import parse_role
from mfa_tui.core.profiles.value_checks import bad_value
from mfa_tui.errors import UsageError
from tests.support.runner.examples import generated

_SERIAL = r"arn:(?P<partition>aws[a-z-]*):iam::(?P<account>\d{12}):(?P<kind>[a-z0-9-]+)/(?P<name>.+)\Z"
_OF = "arn:aws:iam::111122223333:"
_ROLE = r"arn:aws[a-z-]*:iam::(\d{12}):role/[\w+=,.@/-]+\Z"
ARNS = st.lists(
    st.sampled_from(
        ("arn:aws:iam::", "arn:aws-cn:iam::", "arn", ":", "aws", "AWS", "iam", "111122223333", "1", "١", "mfa/", "u2f/",
         "sms-mfa/", "role/", ":mfa/", ":role/", ":user/", "ana", "x", "/", "-", "+", "ä", " ", "\n",
         "arn:aws:iam::111122223333:")
    ),
    max_size=7,
).map("".join)  # fmt: skip
"""What is nearly an ARN of IAM, or one."""


@pytest.mark.parametrize(
    ("text", "kind", "account", "name", "partition"),
    [
        ("arn:aws:iam::111122223333:mfa/ana", VIRTUAL, "111122223333", "ana", "aws"),
        ("arn:aws-cn:iam::111122223333:mfa/team/ana", VIRTUAL, "111122223333", "ana", "aws-cn"),
        ("arn:aws-us-gov:iam::111122223333:mfa/ana", VIRTUAL, "111122223333", "ana", "aws-us-gov"),
        ("GAHT12345678", HARDWARE, "", "GAHT12345678", ""),
        ("arn:aws:iam::111122223333:u2f/user/ana/key-AB12", FIDO, "111122223333", "key-AB12", "aws"),
        ("arn:aws:iam::111122223333:sms-mfa/ana", SMS, "111122223333", "ana", "aws"),
        ("arn:aws:iam::111122223333:hard-1/ana", HARDWARE, "111122223333", "ana", "aws"),
        # Not ARNs of devices: they are taken as the whole serial.
        *((text, HARDWARE, "", text, "") for text in (_OF + "MFA/ana", _OF + "m_a/ana", _OF + "/ana", _OF + "mfa/")),
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


@generated(100, 5000)
@given(ARNS)
def test_any_serial_is_parsed_as_by_a_pattern(text: str) -> None:
    serial, found = MfaSerial(text), re.match(_SERIAL, text)
    kinds = {"u2f": FIDO, "sms-mfa": SMS, "mfa": VIRTUAL}
    expected = ("", "", text, HARDWARE)
    if found:
        name = found["name"].rpartition("/")[2]
        expected = (found["partition"], found["account"], name, kinds.get(found["kind"], HARDWARE))
    assert (serial.partition, serial.account, serial.name, serial.kind) == expected


USUAL = st.tuples(
    ARNS | st.just("arn:aws:iam::111122223333:mfa/"), st.text("aä1-", max_size=3), st.integers(1, 99)
).map(lambda parts: parts[0] + parts[1] * parts[2])


@generated(200, 5000)
@given(USUAL)
def test_a_serial_that_is_called_usual_passes_every_check(text: str) -> None:
    usual = MfaSerial(text).is_usual
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mfa_serial, "_USUAL_NAME", -1)
        try:
            taken = checked_serial(text, "").text == text
        except UsageError:
            taken = False
    assert not usual or (taken and bad_value("mfa_serial", text) is None)


def test_a_serial_as_most_have_it_is_called_usual() -> None:
    assert MfaSerial("arn:aws:iam::111122223333:mfa/ana").is_usual
    assert not MfaSerial("arn:aws:iam::xxxx:mfa/ana").is_usual


@generated(100, 5000)
@given(ARNS)
def test_any_role_is_taken_as_by_a_pattern(text: str) -> None:
    arn = text.strip()
    try:
        taken = parse_role("dev", {"role_arn": text}).arn == arn
    except ValueError:
        taken = False
    assert taken == (re.match(_ROLE, arn, re.ASCII) is not None)
