"""Whose credentials sign, what a refusal is called, the list of the keys, and switching single keys off."""

import pytest

from mfa_tui.adapters.aws.caller import AwsUnreachable
from mfa_tui.adapters.keys.index import Phase as StoredPhase
from mfa_tui.adapters.keys.index import StoredKey
from mfa_tui.adapters.keys.key_dates import KeyDates
from mfa_tui.adapters.keys.rotation_journal import Phase, Rotation
from mfa_tui.errors import AwsRefused, MfaTuiError, NetworkProblem, ProfileProblem, UsageError
from mfa_tui.services.keys.key_owner import KeyAction, KeyOwner
from mfa_tui.services.keys.list_keys import own_keys
from mfa_tui.services.keys.retirement import (
    ChosenKey,
    check_deletable,
    choose_key,
    delete_key,
    describe_deletion,
    describe_status,
    set_status,
)
from tests.services.keys.conftest import OTHER, own_key, owner_of
from tests.support.aws.iam_double import ACCOUNT, DAY, IamDouble, KeyRecord, denied, no_such_entity
from tests.support.homes.bench import DEV, KEY, NOW, SERIAL, session

OLDER = "AKIAOLDEROLDEROLDER1"


def retired(phase: str = Phase.RETIRED, *, old: str = OTHER, new: str = KEY, since: int = NOW - 60) -> Rotation:
    return Rotation(ACCOUNT, "ana", phase, old, new, "credentials", (old,), since)


def refusal(owner: KeyOwner, code: str, *, action: str = "", key: str = "") -> MfaTuiError:
    return owner.refusal(code, 403, action=action, device=key)


def test_the_list_has_the_current_key_first_then_the_oldest(iam: IamDouble) -> None:
    iam.bench.write("", DEV + DEV.replace("[dev]", "[ops]"))
    iam.keys = {
        OTHER: KeyRecord(created_at=NOW - 200 * DAY, used_at=None, active=False),
        OLDER: KeyRecord(created_at=NOW - 300 * DAY),
        **iam.keys,
    }
    owner = owner_of(iam)
    current = {"active": True, "created_at": NOW - 100 * DAY, "used_at": NOW - DAY, "current": True}
    assert own_keys(owner) == (
        own_key(access_key_id=KEY, kept="credentials", profiles=("dev", "ops"), **current),
        own_key(access_key_id=OLDER, active=True, created_at=NOW - 300 * DAY, used_at=NOW - DAY),
        own_key(access_key_id=OTHER, created_at=NOW - 200 * DAY),
    )
    assert KeyDates(iam.bench.context.paths).read() == {key: about.created_at for key, about in iam.keys.items()}


def test_a_policy_may_hide_when_a_key_was_used(iam: IamDouble) -> None:
    iam.failures["last_use"] = denied("GetAccessKeyLastUsed")
    (key,) = own_keys(owner_of(iam))
    assert (key.used_at, key.use_known) == (None, False)
    iam.failures["last_use"] = AwsUnreachable("dropped", "iam.amazonaws.com")
    with pytest.raises(NetworkProblem):
        own_keys(owner_of(iam))
    iam.failures["last_use"] = no_such_entity()
    with pytest.raises(AwsRefused):
        own_keys(owner_of(iam))


def test_where_a_key_is_kept(iam: IamDouble) -> None:
    index = iam.bench.context.key_store.index
    iam.keys.update({OTHER: KeyRecord(), OLDER: KeyRecord()})
    iam.bench.write(f"[profile old]\nmfa_tui_access_key_id = {OLDER}\n", DEV)
    index.update(OTHER, StoredKey("vault", StoredPhase.STORED, "", {}))
    index.update(KEY, StoredKey("vault", StoredPhase.STORED, "", {}))
    # What the list does not know is where a stored key would be.
    assert {key.access_key_id: key.kept for key in own_keys(owner_of(iam))} == {
        KEY: "credentials",
        OTHER: "vault",
        OLDER: "keyring",
    }


def test_the_session_of_the_old_key_signs_while_a_rotation_is_unfinished(iam: IamDouble) -> None:
    iam.add_device(SERIAL)
    iam.keys[OTHER] = KeyRecord()
    old = iam.bench.keep(session(60, key=OTHER, name="old"))
    new = iam.bench.keep(session(name="new"))
    owner = owner_of(iam)

    def signer() -> str:
        found = owner.find_session()
        return found.access_key_id if found else ""

    assert signer() == new.access_key_id
    owner.journal.put(retired(Phase.RETIRED))
    assert signer() == new.access_key_id
    owner.journal.put(retired(Phase.RETIRING))
    assert signer() == new.access_key_id  # A minute left is too little.
    iam.bench.clock.time -= 1
    assert signer() == old.access_key_id
    # A rotation that has not switched the profiles yet: the profile's own sessions are those of the old key.
    owner.journal.put(retired(Phase.STORED, old=KEY, new=OTHER))
    assert signer() == new.access_key_id


def test_a_session_that_stopped_working_is_not_used_again(iam: IamDouble) -> None:
    iam.add_device(SERIAL)
    iam.keys[OTHER] = KeyRecord()
    old = iam.bench.keep(session(key=OTHER, name="old"))
    owner = owner_of(iam)
    assert owner.session_works()  # Without any.
    owner.journal.put(retired(Phase.RETIRING))
    del iam.calls[:]
    assert owner.session_works()
    assert iam.calls == [("get_identity", old.access_key_id)]
    for failure in (denied(), AwsUnreachable("dropped", "sts.amazonaws.com")):
        iam.failures["get_identity"] = failure
        with pytest.raises(MfaTuiError):
            owner.session_works()
    iam.failures.clear()
    iam.keys[OTHER].active = False
    assert not owner.session_works()
    assert owner.find_session() is None
    # One of the profile's own key is not tried.
    iam.bench.keep(session(name="new"))
    del iam.calls[:]
    assert owner.session_works()
    assert iam.calls == []


def test_what_refusals_are_called(iam: IamDouble) -> None:
    owner = owner_of(iam)
    assert refusal(owner, "LimitExceeded").slug == "keys-limit"
    assert refusal(owner, "NoSuchEntity", key=KEY).slug == "key-gone"
    assert refusal(owner, "NoSuchEntity").slug == "aws-refused"
    assert refusal(owner, "AccessDenied").slug == "denied"
    error = refusal(owner, "AccessDenied", action=KeyAction.DELETE)
    assert (error.slug, error.what) == ("keys-denied", "AWS does not let ana delete an access key.")
    assert error.remedy == "An administrator can allow iam:DeleteAccessKey for that user, or do it."


def test_keys_of_root(iam: IamDouble) -> None:
    iam.user = ""
    with pytest.raises(ProfileProblem) as error:
        owner_of(iam)
    assert error.value.slug == "root-keys"


def test_an_unknown_user_in_a_refusal(iam: IamDouble) -> None:
    owner = KeyOwner(iam.operation(), "dev")
    assert refusal(owner, "LimitExceeded").what == "the user has two access keys, and AWS allows no third."


def test_which_key_is_meant(iam: IamDouble) -> None:
    iam.keys[OTHER] = KeyRecord(active=False)
    owner = owner_of(iam)
    with pytest.raises(UsageError) as error:
        choose_key(owner, "")
    assert error.value.slug == "key-unnamed"
    owner.journal.put(retired(Phase.RETIRING))
    with pytest.raises(UsageError) as error:
        choose_key(owner, "")
    assert error.value.slug == "key-unnamed"
    owner.journal.put(retired())
    chosen = choose_key(owner, "")
    assert (chosen.key.access_key_id, chosen.retired) == (OTHER, retired())
    assert choose_key(owner, OTHER) == chosen
    assert choose_key(owner, KEY).retired is None
    with pytest.raises(UsageError) as error:
        choose_key(owner, OLDER)
    assert (error.value.slug, error.value.what) == (
        "key-not-owned",
        "ana, the user of 'dev', has no access key AKIA…DER1.",
    )


def test_switching_a_key_off_and_on(iam: IamDouble) -> None:
    iam.keys[OTHER] = KeyRecord()
    owner = owner_of(iam)
    for active in (False, True):
        set_status(owner, own_key(), active=active)
        assert iam.keys[OTHER].active == active
    with pytest.raises(AwsRefused) as error:
        set_status(owner, own_key(access_key_id=OLDER), active=False)
    assert error.value.slug == "key-gone"


def test_switching_a_key_in_words(iam: IamDouble) -> None:
    owner = owner_of(iam)
    what = "the key AKIA…HER1 (inactive, 30 days old, never used)"
    assert describe_status(owner, own_key(kept="vault"), active=True) == [f"Activates {what}: AWS accepts it again."]
    assert describe_status(owner, own_key(), active=True)[1:] == ["mfa-tui does not have its secret."]
    off = [
        f"Deactivates {what}: AWS no longer accepts it.",
        "Sessions that were made with it may stop working at once.",
    ]
    after = (
        "Afterwards only another active key of the user can activate it again, or an administrator: "
        f"mfa-tui keys enable PROFILE --user ana --key {own_key().access_key_id}"
    )
    assert describe_status(owner, own_key(), active=False) == off
    assert describe_status(owner, own_key(profiles=("a",)), active=False) == [*off, f"'a' uses it. {after}"]
    assert describe_status(owner, own_key(profiles=("a", "b")), active=False)[2] == f"'a' and 'b' use it. {after}"


def test_which_key_may_be_deleted(iam: IamDouble) -> None:
    owner = owner_of(iam)

    def slug(rotation: Rotation | None = None, **changes: object) -> str:
        try:
            check_deletable(owner, ChosenKey(own_key(**changes), rotation))
        except UsageError as error:
            return error.slug
        return ""

    assert slug() == slug(used_at=NOW) == ""
    assert slug(profiles=("dev",)) == "key-in-use"
    assert slug(active=True) == "key-active"
    since = retired(since=NOW - 1000)
    assert slug(since) == slug(since, used_at=NOW - 700) == ""
    assert slug(since, used_at=NOW - 699) == "key-used-since"


def test_a_deletion_in_words(iam: IamDouble) -> None:
    owner = owner_of(iam)
    about = ["Deletes the key AKIA…HER1 (inactive, 30 days old, never used) at AWS.", "That cannot be undone."]
    assert describe_deletion(owner, ChosenKey(own_key(), None)) == about
    assert describe_deletion(owner, ChosenKey(own_key(kept="vault"), None)) == [
        *about,
        "Its secret is removed from the vault, too.",
    ]


def test_nothing_is_left_of_a_deleted_key(iam: IamDouble) -> None:
    for gone_already in (False, True):
        owner = owner_of(iam)
        owner.journal.put(retired())
        index, dates = owner.context.key_store.index, KeyDates(owner.context.paths)
        index.update(OTHER, StoredKey("keyring", StoredPhase.STORED, "", {}))
        dates.remember({OTHER: 1, KEY: 2})
        if not gone_already:
            iam.keys[OTHER] = KeyRecord()
        delete_key(owner, ChosenKey(own_key(), retired()))
        assert list(iam.keys) == [KEY]
        assert index.read() == {}
        assert dates.read() == {KEY: 2}
        assert owner.rotation() is None


def test_another_key_than_the_retired_one_is_deleted(iam: IamDouble) -> None:
    iam.keys[OLDER] = KeyRecord()
    owner = owner_of(iam)
    owner.journal.put(retired())
    delete_key(owner, ChosenKey(own_key(access_key_id=OLDER), None))
    assert owner.rotation() == retired()
