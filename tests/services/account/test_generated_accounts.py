"""Accounts that hypothesis makes up: the audit finds what the server was set up with, and nothing else."""

from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mfa_tui.core.aws.mfa_serial import FIDO
from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR, SELF_SERVICE, trust
from mfa_tui.services.account.examination import AuditOptions
from tests.support.aws.audits import AuditBench
from tests.support.runner.thoroughness import examples

HARMLESS = {"Statement": [{"Effect": "Allow", "Action": ["s3:*", "iam:Get*"], "Resource": "*"}]}
ALL_OF_IAM = {"Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]}


class Key(NamedTuple):
    age: int
    used: int | None
    active: bool


class Person(NamedTuple):
    password: bool
    devices: list[str]
    keys: list[Key]
    power: str
    credentials: list[str]


POWERS = {
    "": False, "harmless": False, "self-service": False, "group-harmless": False,
    "inline": True, "managed": True, "aws": True, "iam": True, "group-inline": True, "group-aws": True,
}  # fmt: skip
"""How a person is given rights, and whether that makes an administrator."""

ages = st.sampled_from([1, 44, 46, 89, 91, 400])
people = st.builds(
    Person,
    st.booleans(),
    st.lists(st.sampled_from(["virtual", "fido", "hardware"]), max_size=3),
    st.lists(st.builds(Key, ages, st.none() | ages, st.booleans()), max_size=2),
    st.sampled_from(sorted(POWERS)),
    st.lists(st.sampled_from(["Active", "Inactive", "Expired"]), max_size=2),
)
sign_ins = st.tuples(
    st.sampled_from(["root", "person0", "person1"]),
    st.sampled_from([1, 30, 89, 91]),
    st.booleans(),
    st.sampled_from(["us-east-1", "us-east-2", "eu-north-1", "ap-southeast-2", "eu-central-1"]),
    st.sampled_from(["", "", "AssumedRole", "SAMLUser"]),
    st.booleans(),
)


def set_up(bench: AuditBench, name: str, person: Person) -> None:
    account = bench.account
    account.add_user(name, password=person.password)
    for kind in person.devices:
        account.add_device(name, kind)
    for key in person.keys:
        account.add_key(name, age=key.age, used=key.used, active=key.active)
    for status in person.credentials:
        account.add_credential(name, status=status)
    holder, in_group = name, person.power.startswith("group-")
    if in_group:
        holder = f"group-of-{name}"
        account.add_group(holder, [name])
    power = person.power.removeprefix("group-")
    if power == "aws":
        account.attach_of_aws(holder, group=in_group)
    elif power == "managed":
        account.attach(holder, "everything", ADMINISTRATOR, group=in_group)
    elif power:
        document = {"inline": ADMINISTRATOR, "iam": ALL_OF_IAM, "harmless": HARMLESS, "self-service": SELF_SERVICE}
        account.allow(holder, document[power], group=in_group)


def expected_of(name: str, person: Person) -> list[tuple[str, str]]:
    active = [key for key in person.keys if key.active]
    found = ["service-specific-credential"] * person.credentials.count("Active")
    if person.password or active:
        if not person.devices:
            found.append("admin-no-mfa" if POWERS[person.power] else "user-no-mfa")
        found += ["user-one-device"] * (len(person.devices) == 1)
        found += ["user-fido-only"] * (set(person.devices) == {FIDO})
        for key in active:
            found += ["key-old"] * (key.age > 90)
            if key.used is None:
                found.append("key-never-used")
            elif key.used > 45:
                found.append("key-unused")
        found += ["two-active-keys"] * (len(active) == 2)
    return [(one, name) for one in found]


class Account(NamedTuple):
    persons: list[Person]
    root: tuple[bool, bool, int]
    """Password, MFA, and how many keys."""
    policy: tuple[int, int] | None
    logins: list[Any]
    roles: set[str]


accounts = st.builds(
    Account,
    st.lists(people, max_size=5),
    st.tuples(st.booleans(), st.booleans(), st.integers(0, 2)),
    st.none() | st.tuples(st.sampled_from([8, 13, 14, 15, 20]), st.sampled_from([0, 1, 23, 24])),
    st.lists(sign_ins, max_size=6),
    st.sets(st.sampled_from(["open", "mfa"])),
)


def set_up_account(bench: AuditBench, made: Account) -> None:
    bench.new_account()
    account = bench.account
    for number, person in enumerate(made.persons):
        set_up(bench, f"person{number}", person)
    state = account.state
    state.root.password, state.root.keys = made.root[0], made.root[2]
    if not made.root[1]:
        state.root.device = ""
    if made.policy is None:
        state.password_policy = None
    else:
        account.set_password_policy(*made.policy)
    for user, age, with_mfa, region, kind, success in made.logins:
        account.add_sign_in(user, age=age, mfa=with_mfa, region=region, kind=kind, success=success)
    for role in made.roles:
        trusted = trust(f"arn:aws:iam::{bench.id}:root", mfa=role == "mfa")
        bench.aws.add_role(role, trusted, account=bench.id)


def expected_of_account(account: str, made: Account) -> list[tuple[str, str]]:
    password, mfa, keys = made.root
    found = [("root-access-key", "root")] * (keys > 0)
    found += [("root-no-mfa", "root")] * ((password or keys > 0) and not mfa)
    alone = any(person.password and not person.devices for person in made.persons)
    if made.policy is None:
        found.append(("password-policy-missing", account))
    elif made.policy[0] < (15 if alone else 14) or made.policy[1] < 24:
        found.append(("password-policy-weak", account))
    found += [
        ("sign-in-no-mfa", name)
        for name in {
            user
            for user, age, with_mfa, _, kind, success in made.logins
            if age < 90 and success and not kind and not with_mfa
        }
    ]
    found += [("role-trust-no-mfa", "open")] * ("open" in made.roles)
    return found + [one for number, person in enumerate(made.persons) for one in expected_of(f"person{number}", person)]


@settings(
    max_examples=examples(150, short=12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(accounts)
def test_nothing_is_missed_and_nothing_invented(audit_bench: AuditBench, made: Account) -> None:
    set_up_account(audit_bench, made)
    audit = audit_bench.examine(AuditOptions())
    assert sorted((one.id, one.name) for one in audit.findings) == sorted(expected_of_account(audit_bench.id, made))
    assert audit.denied == ()
    assert audit.failed == ()
