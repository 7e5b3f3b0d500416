"""A rotation: create, store, wait, switch, retire; and what becomes of one that was interrupted at any of these."""

import pytest

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.aws.iam import CreatedKey
from mfa_tui.adapters.keys.key_dates import KeyDates
from mfa_tui.adapters.keys.rotation_journal import Phase, Rotation
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.errors import AwsRefused, KeyringProblem, MfaTuiError, NetworkProblem, ProfileProblem, WriteProblem
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.keys.key_owner import KeyOwner
from mfa_tui.services.keys.rotation import RotationResult, rotate_key
from mfa_tui.services.keys.rotation_plan import plan_rotation
from tests.services.keys.conftest import in_keyring, owner_of, store
from tests.support.aws.iam_double import ACCOUNT, SECRET, IamDouble, KeyRecord, denied
from tests.support.homes.bench import DEV, KEY, NOW, SERIAL, session

STRAY = "AKIASTRAYSTRAYSTRAY1"
UNREACHABLE = AwsUnreachable("dropped", "iam.amazonaws.com")


def rotate(iam: IamDouble) -> RotationResult:
    owner = owner_of(iam)
    return rotate_key(owner, plan_rotation(owner))


def key_in_file(iam: IamDouble, profile: str = "dev") -> tuple[str, str]:
    values = iam.bench.aws().in_credentials(profile)
    return text(values, "aws_access_key_id"), text(values, "aws_secret_access_key")


def begun(iam: IamDouble, phase: str, *, new: str = STRAY, place: str = "credentials", **changes: object) -> KeyOwner:
    """What an interrupted rotation left in the journal."""
    owner = owner_of(iam)
    owner.journal.put(Rotation(ACCOUNT, "ana", phase, KEY, new, place, (KEY,), NOW)._replace(**changes))  # type: ignore[arg-type]
    return owner


def check_done(iam: IamDouble) -> str:
    """The profile has the new key, the old one is inactive, and the journal says so."""
    new = iam.other_key()
    assert (iam.keys[KEY].active, iam.keys[new].active) == (False, True)
    entry = owner_of(iam).rotation()
    assert entry is not None
    assert (entry.phase, entry.old_key_id, entry.new_key_id) == (Phase.RETIRED, KEY, new)
    return new


def test_of_a_key_in_the_file(iam: IamDouble) -> None:
    iam.bench.write("[default]\n", "# mine\n" + DEV + DEV.replace("[dev]", "[ops]"))
    before = iam.bench.credentials.read_text()
    iam.spread = 5
    owner = owner_of(iam)
    del iam.calls[:]
    done = rotate_key(owner, plan_rotation(owner))
    new = iam.other_key()
    assert done == RotationResult(KEY, new, ("dev", "ops"))
    assert iam.bench.credentials.read_text() == before.replace(KEY, new).replace(SECRET, iam.keys[new].secret)
    # The old key signs all but the calls that try the new one, every two seconds.
    assert iam.calls == [
        ("list_access_keys", KEY), ("last_use", KEY), ("create_access_key", KEY),
        *[("get_identity", new)] * 4, ("set_key_status", KEY),
    ]  # fmt: skip
    assert iam.bench.cancel.waited == [2.0, 2.0, 2.0]
    assert KeyDates(iam.bench.context.paths).read()[new] == NOW
    check_done(iam)
    assert owner.files.in_credentials("dev")["aws_access_key_id"] == new


def test_of_a_stored_key(iam: IamDouble) -> None:
    store(iam)
    rotate(iam)
    new = check_done(iam)
    assert in_keyring(iam) == {KEY: SECRET, new: iam.keys[new].secret}
    index = iam.bench.context.key_store.index.read()
    assert (index[new].store, index[new].phase) == ("keyring", "stored")
    assert index[new].profiles == index[KEY].profiles != {}
    assert new not in iam.bench.credentials.read_text()
    assert text(iam.bench.aws().in_config("dev"), "mfa_tui_access_key_id") == new


def test_a_session_signs_if_there_is_a_device(iam: IamDouble) -> None:
    iam.add_device(SERIAL)
    kept = iam.bench.keep(session())
    rotate(iam)
    new = check_done(iam)
    signers = dict(iam.calls)
    assert signers["create_access_key"] == signers["set_key_status"] == kept.access_key_id
    assert ("get_identity", new) in iam.calls


def test_a_second_key_is_deleted_first(iam: IamDouble) -> None:
    iam.keys[STRAY] = KeyRecord(active=False)
    owner = owner_of(iam)
    plan = plan_rotation(owner)
    del iam.keys[STRAY]  # Somebody else was quicker, which is no error.
    rotate_key(owner, plan)
    assert iam.names().index("delete_access_key") < iam.names().index("create_access_key")
    check_done(iam)


@pytest.mark.parametrize("failure", ["denied", "limit"])
def test_nothing_is_left_of_a_refused_creation(iam: IamDouble, failure: str) -> None:
    refused = denied("CreateAccessKey") if failure == "denied" else AwsError("LimitExceeded", "", 409)
    iam.failures["create_access_key"] = refused
    with pytest.raises(AwsRefused) as error:
        rotate(iam)
    assert error.value.slug == f"keys-{failure}"
    assert owner_of(iam).rotation() is None
    assert list(iam.keys) == [KEY]


def test_a_creation_without_an_answer_is_remembered(iam: IamDouble) -> None:
    iam.failures["create_access_key"] = UNREACHABLE
    with pytest.raises(NetworkProblem):
        rotate(iam)
    entry = owner_of(iam).rotation()
    assert entry == Rotation(ACCOUNT, "ana", Phase.CREATING, KEY, "", "credentials", (KEY,), NOW)
    # AWS had created it, and its secret is lost: it is deleted, and the rotation begins again.
    iam.keys[STRAY] = KeyRecord(created_at=NOW + 3, used_at=None)
    iam.failures.clear()
    rotate(iam)
    assert check_done(iam) != STRAY
    assert "Deleting the key AKIA…RAY1: an interrupted rotation created it, and nobody has its secret." in (
        iam.bench.notices
    )


@pytest.mark.parametrize("used", [None, NOW - 5])
def test_a_stray_key_that_may_be_used_is_not_deleted(iam: IamDouble, used: int | None) -> None:
    iam.keys[STRAY] = KeyRecord(created_at=NOW, used_at=used)
    begun(iam, Phase.CREATING, new="")
    if used is None:
        iam.failures["last_use"] = denied("GetAccessKeyLastUsed")
    with pytest.raises(AwsRefused) as error:
        rotate(iam)
    assert error.value.slug == "keys-limit"
    assert STRAY in iam.keys
    assert iam.bench.notices == []


def test_a_creation_that_was_stored_goes_on(iam: IamDouble) -> None:
    iam.keys[STRAY] = KeyRecord("other", created_at=NOW, used_at=None)
    waiting = DEV.replace("[dev]", "[dev-new-key]").replace(KEY, STRAY).replace(SECRET, "other")
    note = "# mfa-tui keys rotate: the new key of dev. The section goes when the rotation is finished."
    iam.bench.write("", DEV + waiting.replace("]\n", f"]\n{note}\n"))
    begun(iam, Phase.CREATING, new="")
    rotate(iam)
    assert check_done(iam) == STRAY
    assert iam.bench.aws().names == ("dev",)
    assert key_in_file(iam) == (STRAY, "other")


@pytest.mark.parametrize("deletable", [True, False])
def test_a_key_that_cannot_be_stored_is_deleted_again(iam: IamDouble, deletable: bool) -> None:
    if not deletable:
        iam.failures["delete_access_key"] = UNREACHABLE
    owner = owner_of(iam)
    plan = plan_rotation(owner)._replace(place="vault")
    with pytest.raises(KeyringProblem) as error:
        rotate_key(owner, plan)
    assert error.value.slug == "vault-locked"
    entry = owner_of(iam).rotation()
    if deletable:
        assert entry is None
        assert list(iam.keys) == [KEY]
        assert iam.bench.context.key_store.index.read() == {}
    else:
        assert entry is not None
        assert entry.phase == Phase.CREATING
        assert len(iam.keys) == 2


def test_a_store_that_gives_back_another_key(iam: IamDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    store(iam)
    owner = owner_of(iam)
    plan = plan_rotation(owner)
    found = AccessKeys(KEY, Secret("another"))
    monkeypatch.setattr(owner.context.key_store, "load", lambda *_: found)
    with pytest.raises(KeyringProblem) as error:
        rotate_key(owner, plan)
    assert error.value.slug == "key-store-unreadable"
    assert error.value.what == "The keyring returned a different key from the one that was stored."
    assert list(iam.keys) == [KEY]


def test_a_file_that_another_program_replaces_at_once(iam: IamDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = owner_of(iam)
    plan = plan_rotation(owner)
    monkeypatch.setattr(owner.context.files, "edit", lambda *_, **__: None)
    with pytest.raises(KeyringProblem) as error:
        rotate_key(owner, plan)
    assert error.value.what == "The credentials file returned a different key from the one that was stored."
    assert list(iam.keys) == [KEY]


def test_aws_does_not_know_the_key_for_two_minutes(iam: IamDouble) -> None:
    iam.spread = 121
    with pytest.raises(AwsRefused) as error:
        rotate(iam)
    assert error.value.slug == "key-not-known-yet"
    assert sum(iam.bench.cancel.waited) == 120
    assert key_in_file(iam) == (KEY, SECRET)
    assert iam.keys[KEY].active
    # The next run goes on with the same key.
    rotate(iam)
    assert iam.names().count("create_access_key") == 1
    check_done(iam)


@pytest.mark.parametrize("failure", [denied(), UNREACHABLE])
def test_another_answer_than_unknown_ends_the_wait(iam: IamDouble, failure: AwsError | AwsUnreachable) -> None:
    owner = owner_of(iam)
    plan = plan_rotation(owner)
    iam.failures["get_identity"] = failure
    with pytest.raises(MfaTuiError):
        rotate_key(owner, plan)
    assert iam.bench.cancel.waited == []
    assert key_in_file(iam) == (KEY, SECRET)


@pytest.mark.parametrize("phase", [Phase.PROVEN, Phase.RETIRING])
def test_a_later_phase_goes_on_where_it_was(iam: IamDouble, phase: str) -> None:
    iam.keys[STRAY] = KeyRecord("other", created_at=NOW)
    if phase == Phase.RETIRING:
        iam.bench.write("", DEV.replace(KEY, STRAY).replace(SECRET, "other"))
    else:
        iam.bench.write("", DEV + DEV.replace("[dev]", "[tmp]").replace(KEY, STRAY).replace(SECRET, "other"))
    begun(iam, phase)
    del iam.calls[:]
    assert rotate(iam).new_key_id == STRAY
    check_done(iam)
    assert "create_access_key" not in iam.names()
    assert key_in_file(iam) == (STRAY, "other")
    # Only load() asked whose key it is.
    assert iam.names().count("get_identity") == 2


def test_an_old_key_that_is_gone_or_inactive_is_retired_already(iam: IamDouble) -> None:
    for change in (lambda: setattr(iam.keys[KEY], "active", False), lambda: iam.keys.pop(KEY)):
        iam.keys[STRAY] = KeyRecord("other", created_at=NOW)
        iam.bench.write("", DEV.replace(KEY, STRAY).replace(SECRET, "other"))
        begun(iam, Phase.RETIRING)
        change()
        rotate(iam)
        assert "set_key_status" not in iam.names()


def test_the_new_key_is_missing(iam: IamDouble) -> None:
    iam.keys[STRAY] = KeyRecord("other", created_at=NOW)
    for place in ("credentials", "keyring"):
        begun(iam, Phase.STORED, place=place)
        with pytest.raises(KeyringProblem) as error:
            rotate(iam)
        assert error.value.slug == "key-new-missing"


def test_the_key_was_stored_since_the_rotation_began(iam: IamDouble) -> None:
    iam.spread = 200
    with pytest.raises(AwsRefused):
        rotate(iam)
    store(iam)
    rotate(iam)
    new = check_done(iam)
    entry = owner_of(iam).rotation()
    assert entry is not None
    assert entry.place == "keyring"
    assert new not in iam.bench.credentials.read_text()
    assert in_keyring(iam)[new] == iam.keys[new].secret


def test_the_key_was_put_back_into_the_file_since_the_rotation_began(iam: IamDouble) -> None:
    store(iam)
    iam.spread = 200
    with pytest.raises(AwsRefused):
        rotate(iam)
    iam.bench.write("", DEV)
    iam.connect()
    rotate(iam)
    new = check_done(iam)
    assert key_in_file(iam) == (new, iam.keys[new].secret)
    assert new not in in_keyring(iam)
    assert new not in iam.bench.context.key_store.index.read()


def test_another_program_writes_the_old_key_again(iam: IamDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = owner_of(iam)
    plan = plan_rotation(owner)
    edit = owner.context.files.edit

    def edit_then_undo(*args: object, **options: object) -> None:
        before = iam.bench.credentials.read_text()
        edit(*args, **options)  # type: ignore[arg-type]
        if "-new-key" in before:
            iam.bench.credentials.write_text(before)

    monkeypatch.setattr(owner.context.files, "edit", edit_then_undo)
    with pytest.raises(ProfileProblem) as error:
        rotate_key(owner, plan)
    assert error.value.slug == "keys-not-switched"
    assert iam.keys[KEY].active


def test_a_rotation_ran_since_the_plan_was_made(iam: IamDouble) -> None:
    owner = owner_of(iam)
    plan = plan_rotation(owner)
    for phase, why in (
        (Phase.STORED, "It was not finished: the next one goes on with it."),
        (Phase.RETIRED, "It is done."),
    ):
        begun(iam, phase)
        with pytest.raises(WriteProblem) as error:
            rotate_key(owner, plan)
        assert (error.value.slug, error.value.why) == ("rotated-meanwhile", why)
    assert "create_access_key" not in iam.names()


def test_a_new_key_of_somebody_else_is_given_to_no_profile(iam: IamDouble) -> None:
    owner = owner_of(iam)
    plan = plan_rotation(owner)

    def move(call: str) -> None:
        if call == "get_identity":
            iam.account_of[iam.other_key()] = "999988887777"

    iam.on_call = move
    with pytest.raises(NetworkProblem, match="STS"):
        rotate_key(owner, plan)
    assert key_in_file(iam) == (KEY, SECRET)
    assert iam.keys[KEY].active
    assert "set_key_status" not in iam.names()


def test_a_new_key_that_is_the_old_one(iam: IamDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = owner_of(iam)
    plan = plan_rotation(owner)
    create = iam.create_access_key

    def mix_up(caller: Caller, user: str, cancel: CancelScope) -> CreatedKey:
        made = create(caller, user, cancel)
        return CreatedKey(AccessKeys(KEY, made.keys.secret_access_key), made.created_at)

    with monkeypatch.context() as mixed:
        mixed.setattr(iam, "create_access_key", mix_up)
        with pytest.raises(NetworkProblem, match="IAM"):
            rotate_key(owner, plan)
    assert key_in_file(iam) == (KEY, SECRET)
    # The next run deletes the key whose secret nobody has, and makes another.
    rotate(iam)
    check_done(iam)


def test_a_list_without_the_key_that_asks(iam: IamDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = owner_of(iam)
    monkeypatch.setattr(iam, "list_access_keys", lambda *_: [])
    with pytest.raises(NetworkProblem, match="IAM"):
        plan_rotation(owner)


def test_an_old_key_that_aws_does_not_know_everywhere(iam: IamDouble) -> None:
    iam.failures["set_key_status"] = AwsError("NoSuchEntity", "It cannot be found.", 404)
    with pytest.raises(AwsRefused):
        rotate(iam)
    assert iam.keys[KEY].active
    del iam.failures["set_key_status"]
    rotate(iam)
    check_done(iam)
