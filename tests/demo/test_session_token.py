"""GetSessionToken and GetCallerIdentity: who gets a session, and what it is worth."""

import datetime as dt
from typing import Any

import pytest

from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.aws.clients import Keys, client, refusal

WRONG_CODE = (403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ")
UNVERIFIABLE = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  "
    "Please verify your MFA serial number is valid and associated with this user."
)
UNKNOWN_SERIAL = (403, "AccessDenied", UNVERIFIABLE)
INVALID_TOKEN = (403, "InvalidClientTokenId", "The security token included in the request is invalid.")


@pytest.fixture
def user(aws: StrictAws) -> User:
    return aws.add_user()


@pytest.fixture
def device(user: User) -> Device:
    return user.add_device(user.name)


def test_a_session_with_a_code_acts_as_its_user(aws: StrictAws, user: User, device: Device) -> None:
    answer = client(aws, "sts", user).get_session_token(SerialNumber=device.serial, TokenCode=device.code())
    identity = client(aws, "sts", Keys.of(answer)).get_caller_identity()
    assert identity["Arn"] == user.arn == f"arn:aws:iam::{identity['Account']}:user/{user.name}"
    assert aws.count("GetSessionToken", user=user.name) == 1
    assert aws.requests[0].status == 200
    assert aws.requests[0].serial == device.serial
    assert aws.requests[0].step == aws.steps(device.serial).accepted[0]


def test_every_session_has_credentials_of_its_own(aws: StrictAws, user: User) -> None:
    sts = client(aws, "sts", user)
    first, second = sts.get_session_token()["Credentials"], sts.get_session_token()["Credentials"]
    assert first["AccessKeyId"].startswith("ASIA")
    assert len({*first.values(), *second.values()} - {first["Expiration"], second["Expiration"]}) == 6


@pytest.mark.parametrize(("asked", "seconds"), [({}, 43_200), ({"DurationSeconds": 900}, 900)])
def test_a_session_lasts_as_long_as_asked_by_the_servers_clock(
    aws: StrictAws, user: User, asked: dict[str, Any], seconds: int
) -> None:
    aws.clock.offset = 200
    before = int(aws.clock.now())
    answer = client(aws, "sts", user).get_session_token(**asked)
    assert before + seconds <= answer["Credentials"]["Expiration"].timestamp() <= aws.clock.now() + seconds


def test_an_ended_session_is_refused(aws: StrictAws, user: User) -> None:
    keys = Keys.of(client(aws, "sts", user).get_session_token(DurationSeconds=900))
    aws.end_session(keys.access_key_id)
    assert refusal(client(aws, "sts", keys).get_caller_identity) == (
        403,
        "ExpiredToken",
        "The security token included in the request is expired",
    )


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_the_step_before_or_after_is_taken(aws: StrictAws, user: User, device: Device, steps: int) -> None:
    client(aws, "sts", user).get_session_token(SerialNumber=device.serial, TokenCode=device.code(steps))
    assert len(aws.steps(device.serial).accepted) == 1


@pytest.mark.parametrize("steps", [-8, -3, 3, 8])
def test_a_code_of_another_time_is_refused_and_its_step_recorded(
    aws: StrictAws, user: User, device: Device, steps: int
) -> None:
    current = int(aws.clock.now()) // 30
    code = device.code(steps)
    assert refusal(client(aws, "sts", user).get_session_token, SerialNumber=device.serial, TokenCode=code) == WRONG_CODE
    record = aws.steps(device.serial)
    assert record.accepted == []
    assert record.attempted in ([current + steps], [current + steps + 1])


def test_a_step_is_taken_once(aws: StrictAws, user: User, device: Device) -> None:
    sts = client(aws, "sts", user)
    code = device.code()
    sts.get_session_token(SerialNumber=device.serial, TokenCode=code)
    assert refusal(sts.get_session_token, SerialNumber=device.serial, TokenCode=code) == WRONG_CODE
    sts.get_session_token(SerialNumber=device.serial, TokenCode=device.code(1))
    record = aws.steps(device.serial)
    assert record.attempted == [record.accepted[0], record.accepted[0], record.accepted[1]]


def test_codes_follow_the_servers_clock(aws: StrictAws, user: User, device: Device) -> None:
    own_code = device.code()
    aws.clock.offset = 240
    sts = client(aws, "sts", user)
    assert refusal(sts.get_session_token, SerialNumber=device.serial, TokenCode=own_code) == WRONG_CODE
    sts.get_session_token(SerialNumber=device.serial, TokenCode=device.code())


def test_a_serial_must_be_the_callers_own(aws: StrictAws, user: User, device: Device) -> None:
    stranger = aws.add_user()
    fido = user.add_fido_device("key")
    ask = client(aws, "sts", stranger).get_session_token
    assert refusal(ask, SerialNumber=device.serial, TokenCode=device.code()) == UNKNOWN_SERIAL
    ask = client(aws, "sts", user).get_session_token
    assert refusal(ask, SerialNumber=device.serial + "x", TokenCode="123456") == UNKNOWN_SERIAL
    assert refusal(ask, SerialNumber=fido, TokenCode="123456") == UNKNOWN_SERIAL
    assert aws.steps(device.serial).attempted == []


def test_serial_and_code_go_together(aws: StrictAws, user: User, device: Device) -> None:
    ask = client(aws, "sts", user).get_session_token
    expected = (
        403,
        "AccessDenied",
        "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
    )
    assert refusal(ask, SerialNumber=device.serial) == expected
    assert refusal(ask, TokenCode="123456") == expected


@pytest.mark.parametrize(
    ("parameters", "failures"),
    [
        (
            {"DurationSeconds": 899},
            ["'899' at 'durationSeconds' … Member must have value greater than or equal to 900"],
        ),
        (
            {"DurationSeconds": 129_601},
            ["'129601' at 'durationSeconds' … Member must have value less than or equal to 129600"],
        ),
        (
            {"SerialNumber": "arn:aws:iam::111122223333:mfa/ana", "TokenCode": "1234567"},
            ["'1234567' at 'tokenCode' … Member must have length less than or equal to 6"],
        ),
        (
            {"SerialNumber": "a serial!", "TokenCode": "12345x"},
            [
                r"'a serial!' at 'serialNumber' … Member must satisfy regular expression pattern: [\w+=/:,.@-]*",
                r"'12345x' at 'tokenCode' … Member must satisfy regular expression pattern: [\d]*",
            ],
        ),
        (
            {"SerialNumber": "arn:aws:iam::111122223333:mfa/ana", "TokenCode": "１２３４５６"},
            [r"'１２３４５６' at 'tokenCode' … Member must satisfy regular expression pattern: [\d]*"],
        ),
    ],
)
def test_parameters_out_of_range(
    aws: StrictAws, user: User, parameters: dict[str, str | int], failures: list[str]
) -> None:
    plural = "" if len(failures) == 1 else "s"
    listed = "; ".join(f"Value {failure.replace('…', 'failed to satisfy constraint:')}" for failure in failures)
    assert refusal(client(aws, "sts", user).get_session_token, **parameters) == (
        400,
        "ValidationError",
        f"{len(failures)} validation error{plural} detected: {listed}",
    )


def test_a_session_cannot_ask_for_a_session(aws: StrictAws, user: User, device: Device) -> None:
    keys = Keys.of(client(aws, "sts", user).get_session_token())
    ask = client(aws, "sts", keys).get_session_token
    assert refusal(ask, SerialNumber=device.serial, TokenCode=device.code()) == (
        403,
        "AccessDenied",
        "Cannot call GetSessionToken with session credentials",
    )


def test_deleted_inactive_and_unknown_keys(aws: StrictAws, user: User) -> None:
    ask = client(aws, "sts", user).get_caller_identity
    user.deactivate_key()
    assert refusal(ask) == INVALID_TOKEN
    user.delete_key()
    assert refusal(ask) == INVALID_TOKEN
    assert refusal(client(aws, "sts", Keys("AKIAIOSFODNN7EXAMPLE", "secret")).get_caller_identity) == INVALID_TOKEN
    assert [request.user for request in aws.requests] == [None, None, None]


def test_a_session_is_nothing_without_its_whole_token(aws: StrictAws, user: User) -> None:
    keys = Keys.of(client(aws, "sts", user).get_session_token())
    assert keys.session_token is not None
    for token in (None, keys.session_token[:-1], keys.session_token + "A"):
        cut = Keys(keys.access_key_id, keys.secret_access_key, token)
        assert refusal(client(aws, "sts", cut).get_caller_identity) == INVALID_TOKEN
    long_term = Keys(user.access_key_id, user.secret_access_key, keys.session_token)
    assert refusal(client(aws, "sts", long_term).get_caller_identity) == INVALID_TOKEN


def test_dates_come_from_the_servers_clock(aws: StrictAws, user: User) -> None:
    aws.clock.offset = -250
    headers = client(aws, "sts", user).get_caller_identity()["ResponseMetadata"]["HTTPHeaders"]
    date = dt.datetime.strptime(headers["date"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=dt.UTC)
    assert 0 <= aws.clock.now() - date.timestamp() < 60
