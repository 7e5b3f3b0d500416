"""An audit brought up to date with what was changed since."""

from mfa_tui.core.account.account import Facts, Key, User
from mfa_tui.core.account.audit import Audit
from mfa_tui.core.account.rules import Thresholds
from mfa_tui.core.account.updates import with_devices, with_key_status, with_users
from mfa_tui.core.aws.mfa_serial import VIRTUAL

NOW = 1_790_000_000
ANA = User("ana", "arn:aws:iam::111122223333:user/ana", has_password=True, has_mfa=False, devices=())
BOB = User("bob", "arn:aws:iam::111122223333:user/bob", has_password=True, has_mfa=False, devices=())


def test_users_that_have_changed() -> None:
    audit = Audit(NOW, Facts("111122223333", users=(ANA, BOB)))
    changed = with_users(audit, {ANA.arn: with_devices(ANA, (VIRTUAL, VIRTUAL))}, Thresholds())
    assert changed.facts.users is not None
    assert [(user.name, user.has_mfa) for user in changed.facts.users] == [("ana", True), ("bob", False)]
    assert [(one.id, one.name) for one in changed.findings] == [("user-no-mfa", "bob")]
    assert with_users(audit, {}, Thresholds()) is audit
    unknown = audit._replace(facts=Facts("111122223333"))
    assert with_users(unknown, {ANA.arn: ANA}, Thresholds()) is unknown


def test_devices_of_a_user() -> None:
    reset = with_devices(with_devices(ANA, (VIRTUAL,)), ())
    assert (reset.devices, reset.has_mfa) == ((), False)


def test_the_key_that_was_disabled() -> None:
    keys = tuple(Key(slot, active=True, created_at=NOW - slot, used_at=None) for slot in (1, 2))
    user = with_key_status(ANA._replace(keys=keys), NOW - 2, active=False)
    assert [key.active for key in user.keys] == [True, False]
    assert [key.active for key in with_key_status(user, NOW - 2, active=True).keys] == [True, True]
