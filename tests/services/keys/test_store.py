"""Keys that leave the files: what is planned and said, what is done, and what a failure leaves."""

import pytest

from mfa_tui.adapters.aws.caller import AwsUnreachable
from mfa_tui.adapters.aws.iam import Identity
from mfa_tui.adapters.keys.index import Phase, StoredKey
from mfa_tui.errors import KeyringProblem, MfaTuiError, ProfileProblem, WriteProblem
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.keys.restore import describe_restore, plan_restore
from mfa_tui.services.keys.store import StoreResult, store_keys
from mfa_tui.services.keys.store_plan import StorePlan, describe_store, plan_store
from tests.services.keys.conftest import files, in_keyring, index, note, restore, store
from tests.support.aws.iam_double import ACCOUNT, SECRET, IamDouble
from tests.support.homes.bench import DEV, KEY, ROLES, SERIAL

MARKED = f"[profile dev]\nmfa_tui_access_key_id = {KEY}\n"
OPS = DEV.replace("[dev]", "[ops]")
STORED = StoredKey("keyring", Phase.STORED, "2026-01-01T00:00:00Z", {})
PROCESS = "[profile dev]\ncredential_process = mfa-tui credential-process dev\n"


def plan(iam: IamDouble, name: str = "dev", **options: object) -> StorePlan:
    return plan_store(iam.operation(), name, **options)  # type: ignore[arg-type]


def put(iam: IamDouble, secret: str = SECRET, key: str = KEY) -> None:
    """Put a key into the keyring."""
    context = iam.bench.context
    context.key_store.put(AccessKeys(key, Secret(secret)), "keyring", iam.bench.cancel)


def refusal(iam: IamDouble, name: str = "dev") -> tuple[str, str]:
    with pytest.raises(MfaTuiError) as error:
        plan(iam, name)
    return error.value.slug, error.value.why


def test_out_of_the_files_and_back(iam: IamDouble) -> None:
    iam.bench.write("", DEV + OPS)
    before = files(iam)
    done = store(iam)
    assert done == StoreResult(("dev", "ops"), "keyring", moved=True, identity=Identity(ACCOUNT, "aws", "ana"))
    assert in_keyring(iam) == {KEY: SECRET}
    assert KEY not in files(iam)[1]
    assert iam.names() == ["get_identity"]
    assert (index(iam)[KEY].phase, set(index(iam)[KEY].profiles)) == (Phase.STORED, {"dev", "ops"})
    assert plan(iam).profiles == ("dev", "ops")
    assert plan(iam, "ops").profiles == ("ops", "dev")
    action = iam.operation()
    assert describe_restore(plan_restore(action, "ops")) == [
        "The key AKIA…MPLE of 'ops' and 'dev' goes back into the AWS files, and out of the keyring.",
        "It is in plain text on the disk again.",
    ]
    restore(iam, "ops")
    assert files(iam) == before
    assert (in_keyring(iam), index(iam)) == ({}, {})


def test_what_was_done_already_changes_nothing(iam: IamDouble) -> None:
    store(iam)
    again = plan(iam)
    assert (again.in_files, again.moves, again.edits, again.changes) == (False, False, False, False)
    assert again.place == "keyring"
    stored = index(iam)[KEY].stored
    iam.bench.clock.time += 60
    assert store(iam).identity is None
    assert index(iam)[KEY].stored == stored
    # A move that was not finished is finished, even if the files are right already.
    note(iam, index(iam)[KEY]._replace(phase=Phase.STORING))
    half = plan(iam)
    assert (half.moves, half.edits, half.changes) == (False, False, True)
    assert describe_store(half)[0] == (
        "The key AKIA…MPLE of 'dev' is in the keyring already. What an earlier run left is finished."
    )
    store(iam)
    assert index(iam)[KEY].phase == Phase.STORED
    note(iam, index(iam)[KEY]._replace(also="vault"))
    assert plan(iam).moves


def test_a_key_that_is_moved_again_is_dated_again(iam: IamDouble) -> None:
    store(iam)
    first = index(iam)[KEY].stored
    iam.bench.clock.time += 60
    iam.bench.write("", DEV)
    store(iam)
    assert index(iam)[KEY].stored != first


def test_the_files_changed_since_the_plan_was_made(iam: IamDouble) -> None:
    action = iam.operation()
    wanted = plan_store(action, "dev")
    changed = DEV.replace("aws_access_key_id = ", "aws_access_key_id=")
    iam.bench.credentials.write_text(changed)
    store_keys(action, wanted)
    restore(iam)
    assert files(iam)[1] == changed


def test_a_copy_in_a_keyring_that_is_not_there(iam: IamDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    store(iam)
    for slug, goes_on in (("keyring-missing", True), ("keyring-unsafe", True), ("keyring-locked", False)):
        note(iam, index(iam)[KEY]._replace(also="vault"))
        action = iam.operation()
        failure = KeyringProblem(slug, "There is none.")

        def discard(*_: object, failure: KeyringProblem = failure) -> None:
            raise failure

        monkeypatch.setattr(action.context.key_store, "discard", discard)
        if goes_on:
            store_keys(action, plan_store(action, "dev"))
            assert index(iam)[KEY].also == ""
        else:
            with pytest.raises(KeyringProblem):
                store_keys(action, plan_store(action, "dev"))
            assert index(iam)[KEY].also == "vault"
    assert iam.bench.notices[0] == (
        "There is none. If another session's keyring holds a copy of this key, remove it there: "
        f"keyring del 'mfa-tui keys' {KEY}"
    )


def test_what_is_said_before(iam: IamDouble) -> None:
    iam.bench.write(ROLES, DEV)
    asked = (
        "No MFA secret is stored for 'dev': AWS tools ask for the code on the terminal, and fail where there is none, "
        "unless you have logged in."
    )
    tools = "AWS tools that use this profile get sessions with MFA from mfa-tui (credential_process)."
    without_tools = (
        "AWS tools can then no longer use this profile, nor roles with it as source_profile: use what mfa-tui login "
        "saves, or mfa-tui exec."
    )
    moved = "The key AKIA…MPLE of 'dev' goes into the {}, and out of the AWS files."
    assert describe_store(plan(iam)) == [moved.format("keyring"), tools, asked]
    assert describe_store(plan(iam, place="vault", bare=True)) == [
        moved.format("vault"),
        without_tools,
    ]
    iam.bench.write("", DEV.replace(f"mfa_serial = {SERIAL}\n", "") + OPS)
    assert describe_store(plan(iam))[1:] == [
        tools.replace("this profile", "these profiles"),
        "No MFA device is named in 'dev': if the user has none, AWS tools cannot use it any more.",
        asked.replace("dev", "ops"),
    ]
    store(iam)
    assert describe_store(plan(iam, bare=True))[0].endswith(
        "of 'dev' and 'ops' is in the keyring already. Only its profiles in the AWS files change."
    )
    assert describe_store(plan(iam, place="vault"))[0].endswith("goes from the keyring into the vault.")


def test_copies_that_stay_are_named(iam: IamDouble) -> None:
    copy = iam.bench.credentials.with_name("credentials.bak")
    copy.write_text(DEV)
    iam.bench.env["AWS_SECRET_ACCESS_KEY"] = SECRET
    assert plan(iam).copies == (str(copy), "AWS_SECRET_ACCESS_KEY")
    assert describe_store(plan(iam))[-1] == (
        f"Copies of the secret stay, which mfa-tui does not touch: {copy} and AWS_SECRET_ACCESS_KEY."
    )


def test_roles_of_more_than_an_hour(iam: IamDouble) -> None:
    def role(name: str, seconds: int, source: str = "dev") -> str:
        return (
            f"[profile {name}]\nrole_arn = arn:aws:iam::111122223333:role/{name}\nsource_profile = {source}\n"
            f"duration_seconds = {seconds}\n"
        )

    about = (
        "configured for more than an hour: a session gets a role for one hour at most. mfa-tui login and exec still get"
    )
    iam.bench.write(role("hour", 3600) + role("long", 3601) + role("far", 7200, "long"), DEV)
    assert plan(iam).long_roles == ("long",)
    assert describe_store(plan(iam))[-1] == f"AWS tools will fail with the role 'long', {about} it."
    other = DEV.replace("[dev]", "[else]").replace(KEY, "AKIAELSEELSEELSEELSE")
    iam.bench.write(role("long", 3601) + role("day", 7200) + role("other", 7200, "else"), DEV + other)
    assert describe_store(plan(iam))[-1] == f"AWS tools will fail with the roles 'long' and 'day', {about} them."


@pytest.mark.parametrize(
    ("config", "credentials", "slug", "why"),
    [
        ("[profile dev]\nregion = x\n", "", "keys-none", "It has no credentials."),
        ("[profile dev]\nsource_profile = ops\nrole_arn = arn:aws:iam::111122223333:role/x\n", OPS, "keys-none",
         "It uses those of 'ops'."),
        ("", DEV + OPS.replace(SECRET, "t" * 40), "keys-unmovable",
         "The files have different secrets for the same access key ID."),
        ("[profile dev]\ncredential_process = other-program\n", DEV, "keys-unmovable",
         "The config file has a credential_process for it, which AWS tools would use once the keys are gone."),
        ("[profile dev]\nlogin_session = x\n", DEV, "keys-unmovable",
         "The config file has a login_session for it, which AWS tools would use once the keys are gone."),
        (ROLES, DEV + DEV.replace("[dev]", "[admin]"), "keys-unmovable",
         "It is a role that has its own access keys: AWS tools need them in the file."),
        ("", DEV.replace("[dev]", "[DEFAULT]") + "[dev]\n", "keys-unmovable",
         "They are in a section [DEFAULT], which gives them to every profile."),
    ],
)  # fmt: skip
def test_keys_that_cannot_be_moved(iam: IamDouble, config: str, credentials: str, slug: str, why: str) -> None:
    iam.bench.write(config, credentials)
    assert refusal(iam) == (slug, why)


def test_the_profile_that_was_named_is_named_in_the_refusal(iam: IamDouble) -> None:
    iam.bench.write("", DEV + OPS.replace(SECRET, "t" * 40))
    for name in ("dev", "ops"):
        with pytest.raises(ProfileProblem) as error:
            plan(iam, name)
        assert error.value.what == f"The keys of '{name}' cannot be taken out of the files."


def test_a_role_with_keys_of_its_own(iam: IamDouble) -> None:
    iam.bench.write(ROLES.replace("source_profile = dev", "source_profile = admin"), DEV.replace("[dev]", "[admin]"))
    assert refusal(iam, "admin")[1].startswith("It is a role")


def test_our_own_process_stays(iam: IamDouble) -> None:
    iam.bench.write(PROCESS, DEV)
    store(iam)
    assert files(iam)[0] == f"{PROCESS}mfa_tui_access_key_id = {KEY}\n"
    restore(iam)
    assert files(iam) == (PROCESS, DEV)


def test_a_mark_that_was_removed_by_hand(iam: IamDouble) -> None:
    store(iam)
    about = index(iam)[KEY].profiles
    put(iam, "older", "AKIAOLDEROLDEROLDER1")
    note(iam, StoredKey("keyring", Phase.STORED, "2025-01-01T00:00:00Z", about), "AKIAOLDEROLDEROLDER1")
    note(iam, StoredKey("keyring", Phase.STORED, "2099-01-01T00:00:00Z", {"x": about["dev"]}), "AKIAOTHER")
    for config in (PROCESS, "[profile dev]\nregion = x\n"):
        iam.bench.write(config, "")
        assert plan(iam).keys.access_key_id == KEY
        assert plan(iam).edits
        assert plan_restore(iam.operation(), "dev").keys.access_key_id == KEY
    iam.bench.write("[profile dev]\nsso_session = x\nsso_account_id = 1\nsso_role_name = y\n", "")
    assert refusal(iam)[0] == "keys-none"


def test_profiles_that_an_interrupted_move_has_taken_the_key_from(iam: IamDouble) -> None:
    iam.bench.write("", DEV + OPS)
    store(iam)
    about = index(iam)[KEY]
    iam.bench.write(MARKED, "[ops]\nregion = y\n[gone]\n")
    assert plan(iam).profiles == ("dev",)
    note(iam, about._replace(phase=Phase.STORING))
    assert plan(iam).profiles == ("dev", "ops")
    assert plan_restore(iam.operation(), "dev").profiles == ("dev", "ops")
    iam.bench.write(MARKED, OPS.replace(KEY, "AKIAOTHEROTHEROTHER1"))
    assert plan(iam).profiles == ("dev",)


def test_a_move_to_the_other_store(iam: IamDouble) -> None:
    store(iam)
    before = index(iam)[KEY]
    note(iam, before._replace(store="vault", also="keyring"))
    moved = plan(iam, place="keyring")
    assert (moved.moves, moved.in_files) == (True, False)
    assert plan(iam).place == "vault"
    with pytest.raises(MfaTuiError) as error:
        store(iam, place="vault")
    assert error.value.slug == "vault-locked"
    assert in_keyring(iam) == {KEY: SECRET}


@pytest.mark.parametrize("failure", ["unreachable", "refused", "unreadable"])
def test_a_key_that_is_not_proven_stays_in_the_files(
    iam: IamDouble, monkeypatch: pytest.MonkeyPatch, failure: str
) -> None:
    before = files(iam)
    if failure == "unreachable":
        iam.failures["get_identity"] = AwsUnreachable("dropped", "sts.amazonaws.com")
    elif failure == "refused":
        iam.keys[KEY].secret = "another"
    action = iam.operation()
    wanted = plan_store(action, "dev")
    if failure == "unreadable":
        found = AccessKeys(KEY, Secret("another"))
        monkeypatch.setattr(action.context.key_store, "get", lambda *_: found)
    with pytest.raises(MfaTuiError) as error:
        store_keys(action, wanted)
    assert (error.value.slug == "key-store-unreadable") == (failure == "unreadable")
    assert files(iam) == before
    assert index(iam) == {}
    if failure != "unreadable":
        assert in_keyring(iam) == {}


def test_a_stored_secret_is_replaced_only_by_one_that_works(iam: IamDouble) -> None:
    put(iam, "stored")
    iam.keys[KEY].secret = "stored"
    with pytest.raises(MfaTuiError) as error:
        store(iam)
    assert error.value.slug == "secret-wrong"
    assert in_keyring(iam) == {KEY: "stored"}
    iam.keys[KEY].secret = SECRET
    del iam.calls[:]
    store(iam)
    assert in_keyring(iam) == {KEY: SECRET}
    assert iam.names() == ["get_identity"] * 2


def test_a_failure_leaves_a_key_that_was_stored_there(iam: IamDouble) -> None:
    store(iam)
    before = index(iam)[KEY]
    iam.bench.write("", DEV)
    iam.failures["get_identity"] = AwsUnreachable("dropped", "sts.amazonaws.com")
    with pytest.raises(MfaTuiError):
        store(iam)
    assert in_keyring(iam) == {KEY: SECRET}
    assert index(iam)[KEY] == before


def test_another_program_writes_the_key_again(iam: IamDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    action = iam.operation()
    wanted, before = plan_store(action, "dev"), files(iam)[1]
    edit = action.context.files.edit

    def edit_then_undo(*args: object, **options: object) -> None:
        edit(*args, **options)  # type: ignore[arg-type]
        iam.bench.credentials.write_text(before)

    monkeypatch.setattr(action.context.files, "edit", edit_then_undo)
    with pytest.raises(WriteProblem) as error:
        store_keys(action, wanted)
    assert error.value.slug == "keys-still-there"
    assert index(iam)[KEY].phase == Phase.STORING


def test_a_problem_of_the_keyring_names_the_vault(iam: IamDouble) -> None:
    iam.bench.env["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    from keyring.backends.null import Keyring

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("keyring.get_keyring", Keyring)
        with pytest.raises(KeyringProblem) as error:
            store(iam)
        assert error.value.remedy.endswith(" Or use the vault: mfa-tui keys store dev --to vault")
        with pytest.raises(KeyringProblem) as error:
            store(iam, place="vault")
        assert "Or use" not in error.value.remedy
    assert index(iam) == {}
