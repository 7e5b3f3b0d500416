"""What is remembered of AWS's answers."""

import pytest

from mfa_tui.adapters.aws.iam import Device, Identity
from mfa_tui.adapters.keys.known_users import KnownUsers
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.keys.known_user import KnownUser
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.profiles.known_user import (
    remember_alias,
    remember_devices,
    remember_identity,
    remember_login,
)
from tests.support.homes.bench import Bench, session

ID, OTHER = "111122223333", "444455556666"
KEY = "AKIAIOSFODNN7EXAMPLE"
KEYS = AccessKeys(KEY, Secret("x"))
ANA, OLD, FIDO = (f"arn:aws:iam::{ID}:{name}" for name in ("mfa/ana", "mfa/old", "u2f/user/ana/key"))


def known(bench: Bench) -> KnownUser | None:
    return KnownUsers(bench.context.paths).read().get(KEY)


def devices(*serials: str) -> list[Device]:
    return [Device(MfaSerial(serial)) for serial in serials]


@pytest.mark.parametrize(
    ("listed", "before", "serial", "fido_only"),
    [
        ((ANA,), "", ANA, False),
        ((ANA, FIDO), "", ANA, False),
        ((ANA, OLD), "", "", False),
        ((ANA, OLD), OLD, OLD, False),
        ((ANA,), OLD, ANA, False),
        ((FIDO,), OLD, "", True),
        ((), OLD, "", False),
    ],
)
def test_a_device_is_remembered_where_there_is_one_choice(
    bench: Bench, listed: tuple[str, ...], before: str, serial: str, fido_only: bool
) -> None:
    paths = bench.context.paths
    KnownUsers(paths).update(KEY, lambda _: KnownUser(ID, "acme", before, not fido_only))
    remember_devices(paths, KEYS, devices(*listed))
    assert known(bench) == KnownUser(ID, "acme", serial, fido_only)


def test_account_and_alias_are_remembered(bench: Bench) -> None:
    paths = bench.context.paths
    remember_devices(paths, KEYS, devices("GAHT12345678", ANA))
    assert known(bench) == KnownUser(ID)
    remember_identity(paths, KEYS, Identity(OTHER, "aws", "ana"))
    remember_alias(paths, session(key=KEY), "acme")
    assert known(bench) == KnownUser(OTHER, "acme")
    remember_login(paths, session(key=KEY, serial=ANA))
    assert known(bench) == KnownUser(OTHER, "acme", ANA)


def test_what_is_not_of_a_users_long_term_key_is_not_remembered(bench: Bench) -> None:
    paths = bench.context.paths
    remember_identity(paths, session(key=KEY, roles=("r",)), Identity(ID, "aws", ""))
    remember_identity(paths, KEYS, Identity(ID, "aws", "", is_role=True))
    remember_identity(paths, AccessKeys("ASIAIOSFODNN7EXAMPLE", Secret("x")), Identity(ID, "aws", "ana"))
    remember_devices(paths, session(key="process"), devices(ANA))
    remember_login(paths, session(key=KEY, serial=""))
    remember_login(paths, session(key="process", serial=ANA))
    assert KnownUsers(paths).read() == {}
