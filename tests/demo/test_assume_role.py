"""AssumeRole: trust policies, MFA conditions, durations and chaining."""

from typing import Any

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import SELF_SERVICE, trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.aws.clients import Keys, client, refusal


@pytest.fixture
def user(aws: StrictAws) -> User:
    return aws.add_user()


@pytest.fixture
def device(user: User) -> Device:
    return user.add_device(user.name)


def denied(user_arn: str, role: str) -> tuple[int, str, str]:
    return (
        403,
        "AccessDenied",
        f"User: {user_arn} is not authorized to perform: sts:AssumeRole on resource: {role}",
    )


def assume(aws: StrictAws, keys: User | Keys, role: str, **parameters: Any) -> Keys:
    return Keys.of(client(aws, "sts", keys).assume_role(RoleArn=role, RoleSessionName="me", **parameters))


def refused(aws: StrictAws, keys: User | Keys, role: str, **parameters: Any) -> tuple[int, str, str]:
    return refusal(client(aws, "sts", keys).assume_role, RoleArn=role, RoleSessionName="me", **parameters)


def mfa_session(aws: StrictAws, user: User, device: Device) -> Keys:
    return Keys.of(client(aws, "sts", user).get_session_token(SerialNumber=device.serial, TokenCode=device.code()))


def test_a_trusted_user_becomes_the_role(aws: StrictAws, user: User) -> None:
    role = aws.add_role(f"admin-{user.name}", trust(user.arn))
    answer = client(aws, "sts", user).assume_role(RoleArn=role, RoleSessionName="me")
    expected = f"arn:aws:sts::{user.account}:assumed-role/admin-{user.name}/me"
    assert answer["AssumedRoleUser"]["Arn"] == expected
    assert client(aws, "sts", Keys.of(answer)).get_caller_identity()["Arn"] == expected


def test_roles_that_do_not_exist_or_trust_someone_else(aws: StrictAws, user: User) -> None:
    stranger = aws.add_user()
    role = aws.add_role(f"theirs-{user.name}", trust(stranger.arn))
    assert refused(aws, user, role) == denied(user.arn, role)
    missing = f"arn:aws:iam::{user.account}:role/missing"
    assert refused(aws, user, missing) == denied(user.arn, missing)
    assert refused(aws, user, "arn:aws:iam::999999999999:role/missing")[1] == "AccessDenied"


def test_an_account_in_the_trust_policy_leaves_it_to_the_users_policies(aws: StrictAws, user: User) -> None:
    role = aws.add_role(f"any-{user.name}", trust(f"arn:aws:iam::{user.account}:root"))
    assume(aws, user, role)
    user.set_policy({"Version": "2012-10-17", "Statement": []})
    assert refused(aws, user, role) == denied(user.arn, role)
    deny = {"Effect": "Deny", "Action": "sts:*", "Resource": "*"}
    user.set_policy({"Version": "2012-10-17", "Statement": [*SELF_SERVICE["Statement"], deny]})
    assert refused(aws, user, role) == denied(user.arn, role)


def test_roles_of_another_account(aws: StrictAws, user: User) -> None:
    role = aws.add_role(f"far-{user.name}", trust(user.arn), account="444455556666")
    session = assume(aws, user, role)
    assert client(aws, "sts", session).get_caller_identity()["Account"] == "444455556666"
    user.set_policy({"Version": "2012-10-17", "Statement": []})
    assert refused(aws, user, role) == denied(user.arn, role)


def test_a_role_that_asks_for_mfa(aws: StrictAws, user: User, device: Device) -> None:
    role = aws.add_role(f"mfa-{user.name}", trust(user.arn, mfa=True))
    assert refused(aws, user, role) == denied(user.arn, role)
    plain = Keys.of(client(aws, "sts", user).get_session_token())
    assert refused(aws, plain, role) == denied(user.arn, role)
    assume(aws, mfa_session(aws, user, device), role)
    assume(aws, user, role, SerialNumber=device.serial, TokenCode=device.code(1))
    assert len(aws.steps(device.serial).accepted) == 2


def test_a_wrong_code_for_a_role(aws: StrictAws, user: User, device: Device) -> None:
    role = aws.add_role(f"mfa-{user.name}", trust(user.arn, mfa=True))
    answer = refused(aws, user, role, SerialNumber=device.serial, TokenCode=device.code(9))
    assert answer == (403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ")


def test_bool_if_exists_lets_long_term_keys_through(aws: StrictAws, user: User) -> None:
    document = trust(user.arn)
    document["Statement"][0]["Condition"] = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}
    role = aws.add_role(f"lax-{user.name}", document)
    assume(aws, user, role)
    plain = Keys.of(client(aws, "sts", user).get_session_token())
    assert refused(aws, plain, role) == denied(user.arn, role)


def test_a_role_that_asks_for_recent_mfa(aws: StrictAws, user: User, device: Device) -> None:
    role = aws.add_role(f"fresh-{user.name}", trust(user.arn, mfa=True, mfa_max_age=200))
    session = mfa_session(aws, user, device)
    assume(aws, session, role)
    aws.clock.offset = 250
    assert refused(aws, session, role) == denied(user.arn, role)
    assert refused(aws, user, role) == denied(user.arn, role)


def test_a_role_session_carries_no_mfa(aws: StrictAws, user: User, device: Device) -> None:
    hop = aws.add_role(f"hop-{user.name}", trust(user.arn), policy=SELF_SERVICE)
    role = aws.add_role(f"goal-{user.name}", trust(hop, mfa=True))
    session = assume(aws, user, hop, SerialNumber=device.serial, TokenCode=device.code())
    assert refused(aws, session, role)[1] == "AccessDenied"


def test_an_external_id(aws: StrictAws, user: User) -> None:
    role = aws.add_role(f"partner-{user.name}", trust(user.arn, external_id="abc-1"))
    assert refused(aws, user, role) == denied(user.arn, role)
    assert refused(aws, user, role, ExternalId="abc-2") == denied(user.arn, role)
    assume(aws, user, role, ExternalId="abc-1")


def test_durations(aws: StrictAws, user: User) -> None:
    role = aws.add_role(f"long-{user.name}", trust(user.arn), max_duration=7200)
    answer = client(aws, "sts", user).assume_role(RoleArn=role, RoleSessionName="me")
    assert 3590 < answer["Credentials"]["Expiration"].timestamp() - aws.clock.now() <= 3600
    assume(aws, user, role, DurationSeconds=7200)
    assert refused(aws, user, role, DurationSeconds=7201) == (
        400,
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    )
    assert refused(aws, user, role, DurationSeconds=43_201)[1] == "ValidationError"


def test_chained_roles_last_an_hour(aws: StrictAws, user: User, device: Device) -> None:
    first = aws.add_role(f"one-{user.name}", trust(user.arn), max_duration=43_200, policy=SELF_SERVICE)
    second = aws.add_role(f"two-{user.name}", trust(first), max_duration=43_200)
    chaining = (
        400,
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    )
    assert refused(aws, mfa_session(aws, user, device), first, DurationSeconds=3601) == chaining
    session = assume(aws, user, first, DurationSeconds=43_200)
    assert refused(aws, session, second, DurationSeconds=3601) == chaining
    assume(aws, session, second, DurationSeconds=3600)


def test_names_are_checked(aws: StrictAws, user: User) -> None:
    role = aws.add_role(f"names-{user.name}", trust(user.arn))
    ask = client(aws, "sts", user).assume_role
    _, code, message = refusal(ask, RoleArn=role, RoleSessionName="two words")
    assert code == "ValidationError"
    assert message == (
        "1 validation error detected: Value 'two words' at 'roleSessionName' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [\w+=,.@-]*"
    )
