"""What a rotation will do, and how it is said."""

import os

import pytest

from mfa_tui.adapters.keys import rotation_journal
from mfa_tui.adapters.keys.rotation_journal import Phase, Rotation
from mfa_tui.errors import MfaTuiError, ProfileProblem, UsageError, WriteProblem
from mfa_tui.services.keys.key_owner import KeyOwner
from mfa_tui.services.keys.rotation_plan import RotationPlan, describe_rotation, key_words, orphans, plan_rotation
from tests.services.keys.conftest import OTHER, own_key, owner_of
from tests.support.aws.iam_double import ACCOUNT, DAY, SECRET, IamDouble, KeyRecord, denied
from tests.support.homes.bench import DEV, KEY, NOW


def rotation(
    phase: str, *, new: str = OTHER, old: str = KEY, since: int = NOW - 60, place: str = "keyring"
) -> Rotation:
    return Rotation(ACCOUNT, "ana", phase, old, new, place, (old,), since)


def plan_of(owner: KeyOwner, **changes: object) -> RotationPlan:
    return plan_rotation(owner)._replace(**changes)  # type: ignore[arg-type]


def test_of_one_key_in_the_file(iam: IamDouble) -> None:
    iam.bench.write("", DEV + DEV.replace("[dev]", "[ops]"))
    owner = owner_of(iam)
    plan = plan_rotation(owner)
    assert plan == RotationPlan(KEY, plan.keys, ("dev", "ops"), "credentials", None, None, ())
    assert plan.unfinished is None
    assert describe_rotation(owner, plan) == [
        "ana gets a new access key. The old one, AKIA…MPLE, 100 days old, is deactivated once the new one works.",
        "Profiles that get the new key: 'dev' and 'ops'.",
        "Sessions of the old key may stop working at once.",
    ]


def test_variables_that_hold_the_key(iam: IamDouble) -> None:
    iam.bench.env["AWS_SECRET_ACCESS_KEY"] = SECRET
    owner = owner_of(iam)
    plan = plan_rotation(owner)
    assert plan.copies == ("AWS_SECRET_ACCESS_KEY",)
    assert describe_rotation(owner, plan)[-1] == (
        "The old key is also in AWS_SECRET_ACCESS_KEY, which mfa-tui does not change."
    )


def test_the_second_key_makes_room(iam: IamDouble) -> None:
    iam.keys[OTHER] = KeyRecord(active=False, created_at=NOW - 30 * DAY, used_at=None)
    owner = owner_of(iam)
    plan = plan_rotation(owner)
    assert plan.in_the_way is not None
    assert plan.in_the_way.access_key_id == OTHER
    assert describe_rotation(owner, plan)[1] == (
        "To make room, the key AKIA…HER1 (inactive, 30 days old, never used) is deleted first: AWS allows a user two "
        "keys."
    )
    named = plan_rotation(owner, retire=OTHER)
    assert named.in_the_way == plan.in_the_way


@pytest.mark.parametrize(("retire", "slug"), [(KEY, "key-in-use"), ("AKIAUNKNOWN", "key-not-owned")])
def test_only_the_other_key_can_make_room(iam: IamDouble, retire: str, slug: str) -> None:
    for keys in ({}, {OTHER: KeyRecord()}):
        iam.keys.update(keys)
        with pytest.raises(UsageError) as error:
            plan_rotation(owner_of(iam), retire=retire)
        assert error.value.slug == slug


def test_a_key_that_another_profile_uses_is_never_deleted(iam: IamDouble) -> None:
    other = DEV.replace("[dev]", "[ops]").replace(KEY, OTHER)
    iam.bench.write("", DEV + other)
    iam.keys[OTHER] = KeyRecord()
    with pytest.raises(UsageError) as error:
        plan_rotation(owner_of(iam))
    assert error.value.slug == "keys-both-used"
    assert "'ops' uses AKIA…HER1" in error.value.why
    # With room for a new key, the other one does not matter.
    del iam.keys[OTHER]
    assert plan_rotation(owner_of(iam)).in_the_way is None


def test_what_is_left_of_a_rotation(iam: IamDouble) -> None:
    iam.keys[OTHER] = KeyRecord(active=False)
    owner = owner_of(iam)
    owner.journal.put(rotation(Phase.STORED))
    plan = plan_rotation(owner)
    assert plan.unfinished == plan.last == rotation(Phase.STORED)
    assert (plan.old_key_id, plan.place, plan.in_the_way) == (KEY, "keyring", None)
    assert describe_rotation(owner, plan)[0] == (
        "The rotation of the key AKIA…MPLE of ana was interrupted, and is finished now."
    )


def test_the_last_rotation_is_named_if_it_made_this_key(iam: IamDouble) -> None:
    owner = owner_of(iam)
    for old, new, named in ((OTHER, KEY, True), (KEY, OTHER, False)):
        owner.journal.put(rotation(Phase.RETIRED, old=old, new=new, since=NOW - 7200))
        plan = plan_rotation(owner)
        assert plan.unfinished is None
        assert plan.place == "credentials"
        assert ("The last rotation finished 2 h ago." in describe_rotation(owner, plan)) == named


def test_a_plan_in_words_where_less_is_known(iam: IamDouble) -> None:
    owner = owner_of(iam)
    assert describe_rotation(owner, plan_of(owner, keys=(), profiles=())) == [
        "ana gets a new access key. The old one, AKIA…MPLE, is deactivated once the new one works.",
        "Sessions of the old key may stop working at once.",
    ]


def test_keys_of_another_program(iam: IamDouble) -> None:
    printed = f'{{"Version": 1, "AccessKeyId": "{KEY}", "SecretAccessKey": "{SECRET}"}}'
    iam.bench.write(f"[profile dev]\ncredential_process = echo '{printed}'\n", "")
    with pytest.raises(ProfileProblem) as error:
        plan_rotation(owner_of(iam))
    assert error.value.slug == "keys-unrotatable"


def test_a_key_that_was_rotated_meanwhile(iam: IamDouble) -> None:
    owner = owner_of(iam)
    iam.bench.write("", DEV.replace(KEY, OTHER))
    iam.connect()
    with pytest.raises(WriteProblem) as error:
        plan_rotation(owner)
    assert error.value.slug == "rotated-meanwhile"
    assert error.value.why == "The key of the profile is AKIA…HER1 now."


def test_a_refusal_is_explained_by_a_rotation_meanwhile(iam: IamDouble) -> None:
    iam.failures["list_access_keys"] = denied("ListAccessKeys")

    def rotate(name: str) -> None:
        if name == "list_access_keys":
            iam.bench.credentials.write_text(DEV.replace(KEY, OTHER))

    owner = owner_of(iam)
    with pytest.raises(MfaTuiError) as error:
        plan_rotation(owner)
    assert error.value.slug == "keys-denied"
    iam.on_call = rotate
    with pytest.raises(MfaTuiError) as error:
        plan_rotation(owner)
    assert error.value.slug == "rotated-meanwhile"


def test_another_rotation_is_under_way(iam: IamDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation_journal, "_PATIENCE", 0.0)
    owner, other = owner_of(iam), owner_of(iam)
    with other.journal.hold(ACCOUNT, "ana", cancelled=lambda: False), pytest.raises(WriteProblem) as error:
        plan_rotation(owner)
    assert error.value.slug == "rotation-under-way"
    assert f"It is process {os.getpid()} on " in error.value.why


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "inactive, 30 days old, never used"),
        ({"active": True, "created_at": NOW - DAY}, "active, 1 day old, never used"),
        ({"created_at": NOW - DAY + 1, "use_known": False}, "inactive, less than a day old, last use unknown"),
        ({"used_at": NOW - DAY + 1}, "inactive, 30 days old, last used today"),
        ({"used_at": NOW - DAY}, "inactive, 30 days old, last used 1 day ago"),
        ({"used_at": NOW - 3 * DAY + 1}, "inactive, 30 days old, last used 2 days ago"),
    ],
)
def test_a_key_in_words(changes: dict[str, object], words: str) -> None:
    assert key_words(own_key(**changes), NOW) == f"the key AKIA…HER1 ({words})"


@pytest.mark.parametrize(
    ("created", "found"), [(NOW - 901, False), (NOW - 900, True), (NOW + 900, True), (NOW + 901, False)]
)
def test_which_key_an_interrupted_rotation_may_have_created(iam: IamDouble, created: int, found: bool) -> None:
    keys = (own_key(access_key_id=KEY, created_at=NOW), own_key(created_at=created))
    plan = plan_of(owner_of(iam), keys=keys, last=rotation(Phase.CREATING, new="", since=NOW))
    assert orphans(plan) == (keys[1:] if found else ())
    for phase in (Phase.STORED, Phase.RETIRED):
        assert orphans(plan._replace(last=rotation(phase, since=NOW))) == ()
    assert orphans(plan._replace(last=None)) == ()
