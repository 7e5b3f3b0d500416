"""Keys that come into a profile: from where, into which, what is said, and what is written."""

from pathlib import Path

import pytest

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.adapters.aws.iam import Identity
from mfa_tui.adapters.keys.index import Phase
from mfa_tui.adapters.keys.key_dates import KeyDates
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.text.display import format_account
from mfa_tui.errors import AwsRefused, FileProblem, KeyringProblem, MfaTuiError, NetworkProblem, WriteProblem
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.keys.import_keys import import_keys
from mfa_tui.services.keys.import_plan import (
    ImportPlan,
    describe_import,
    import_target,
    plan_import,
    read_key_file,
)
from tests.services.keys.conftest import files, in_keyring, store
from tests.support.aws.iam_double import ACCOUNT, SECRET, IamDouble, KeyRecord, denied
from tests.support.homes.bench import DEV, KEY, NOW, ROLES

NEW = "AKIANEWNEWNEWNEWNEW1"
KEYS = AccessKeys(NEW, Secret("n" * 40))
WITHOUT_SERIAL = f"[dev]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\nregion = eu-west-1\n"


@pytest.fixture(autouse=True)
def _new_key(iam: IamDouble) -> None:
    """AWS knows the key that is imported."""
    iam.keys[NEW] = KeyRecord("n" * 40, created_at=NOW - 7)


def plan(iam: IamDouble, name: str | None = "dev", *, place: str = "credentials", region: str = "") -> ImportPlan:
    action = iam.operation()
    return plan_import(action, import_target(action, name), KEYS, place=place, region=region)


def do(iam: IamDouble, name: str = "dev", *, place: str = "credentials", region: str = "") -> None:
    wanted = plan(iam, name, place=place, region=region)
    import_keys(iam.bench.operation(), wanted)


def found_in(file: Path) -> tuple[str, str]:
    keys = read_key_file(str(file)).keys
    return keys.access_key_id, keys.secret_access_key.reveal()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_with_a_key(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "key"
    mark = "\ufeff" if encoding.endswith("e") else ""
    file.write_bytes((mark + f"aws_access_key_id={NEW}\naws_secret_access_key={'n' * 40}\n").encode(encoding))
    file.chmod(0o600)
    assert found_in(file) == (NEW, "n" * 40)


def test_a_file_that_is_too_large_for_a_key(tmp_path: Path) -> None:
    file = tmp_path / "key"
    pair = f"aws_access_key_id={NEW}\naws_secret_access_key={'n' * 40}\n"
    file.write_text(pair.ljust(65_536))
    assert found_in(file) == (NEW, "n" * 40)
    file.write_text(pair.ljust(65_537))
    with pytest.raises(FileProblem):
        read_key_file(str(file))


def test_which_profile_gets_it(iam: IamDouble) -> None:
    iam.bench.write(
        ROLES + "[profile bare]\nregion = x\n[profile sso]\nsso_start_url = x\n"
        "[profile lost]\nrole_arn = arn:aws:iam::444455556666:role/x\n",
        DEV,
    )
    action = iam.operation()
    for name, known in (("dev", True), ("bare", True), ("new", False)):
        target = import_target(action, name)
        assert (target.name, target.profile is not None) == (name, known)
    assert import_target(action, None).name == "default"
    iam.bench.env["AWS_PROFILE"] = "dev"
    assert import_target(iam.operation(), None).name == "dev"

    def refusal(name: str) -> tuple[str, str, str]:
        with pytest.raises(MfaTuiError) as error:
            import_target(action, name)
        return error.value.slug, error.value.what, error.value.why

    assert refusal("admin") == (
        "keys-import-kind",
        "A key cannot be imported into the profile 'admin'.",
        "Its credentials are of another kind: role.",
    )
    assert refusal("sso")[2] == "It signs in through IAM Identity Center: run aws sso login --profile sso."
    assert refusal("lost")[2] == "source_profile is missing."
    assert refusal("a]b")[:2] == ("keys-import-name", "A profile cannot be called 'a]b'.")


def test_a_plan(iam: IamDouble) -> None:
    made = plan(iam, place="")
    assert (made.identity, made.place, made.replaces) == (Identity(ACCOUNT, "aws", "ana"), "keyring", KEY)
    assert iam.calls == [("get_identity", NEW)]  # The account of the present key is in its serial.
    assert plan(iam, "new").replaces == ""


def test_aws_does_not_take_the_key(iam: IamDouble) -> None:
    iam.keys[NEW].secret = "another"
    for slug, what in (
        ("secret-wrong", "This secret access key does not belong to the access key AKIA…NEW1."),
        ("key-unknown", "AWS does not recognize the access key AKIA…NEW1."),
    ):
        with pytest.raises(AwsRefused) as error:
            plan(iam)
        assert (error.value.slug, error.value.what) == (slug, what)
        iam.keys[NEW] = KeyRecord("n" * 40, active=False)
    iam.failures["get_identity"] = denied()
    with pytest.raises(AwsRefused) as error:
        plan(iam)
    assert error.value.slug == "denied"


@pytest.mark.parametrize("known_by", ["serial", "present key"])
def test_a_key_of_another_account(iam: IamDouble, known_by: str) -> None:
    if known_by == "serial":
        iam.bench.write("", DEV.replace(ACCOUNT, "9" * 12))
    else:
        iam.bench.write("", WITHOUT_SERIAL)
        iam.account_of[KEY] = "9" * 12
    with pytest.raises(MfaTuiError) as error:
        plan(iam)
    assert error.value.slug == "keys-other-account"
    account = format_account(ACCOUNT)
    assert error.value.what == f"This key is of the account {account}, and the profile 'dev' of 9999-9999-9999."


def test_a_present_key_that_does_not_work_is_a_reason_to_import(iam: IamDouble) -> None:
    iam.bench.write("", WITHOUT_SERIAL)
    assert plan(iam).replaces == KEY
    assert iam.calls == [("get_identity", NEW), ("get_identity", KEY)]
    del iam.keys[KEY]
    assert plan(iam).replaces == KEY


def test_what_is_said_before(iam: IamDouble) -> None:
    key = "The key AKIA…NEW1 of ana, account 1111-2222-3333, goes into"
    everybody = "Everybody who can read that file can use the key."
    stays = "It takes the place of the key AKIA…MPLE of 'dev', which stays active at AWS."
    lost = " Its secret is gone from the file then."
    assert describe_import(plan(iam)) == [f"{key} the credentials file.", stays + lost, everybody]
    assert describe_import(plan(iam, place="vault")) == [f"{key} the vault.", stays + lost]
    assert describe_import(plan(iam, region="eu-west-1", place="vault")) == [f"{key} the vault.", stays + lost]
    assert describe_import(plan(iam, region="us-east-1", place="vault"))[1] == ("Its region stays eu-west-1.")
    assert describe_import(plan(iam, "new")) == [
        f"{key} the credentials file.",
        "The profile 'new' is created.",
        everybody,
    ]
    assert describe_import(plan(iam, "new", region="x"))[1] == "The profile 'new' is created, with the region x."
    store(iam)
    assert describe_import(plan(iam, place="vault")) == [f"{key} the vault.", stays]
    iam.bench.write("", DEV.replace(KEY, NEW).replace(SECRET, "n" * 40).replace("region = eu-west-1\n", ""))
    assert describe_import(plan(iam, region="x")) == [
        f"{key} the credentials file.",
        "It gets the region x.",
        everybody,
    ]
    iam.user = ""
    assert describe_import(plan(iam, place="vault"))[:2] == [
        "The key AKIA…NEW1 of the root user, account 1111-2222-3333, goes into the vault.",
        "Nobody should use access keys of the root user: delete them in the console.",
    ]


def test_into_the_file(iam: IamDouble) -> None:
    do(iam)
    assert files(iam) == ("", DEV.replace(KEY, NEW).replace(SECRET, "n" * 40))
    assert in_keyring(iam) == {}
    assert KeyDates(iam.bench.context.paths).read() == {KEY: NOW - 100 * 86_400, NEW: NOW - 7}


@pytest.mark.parametrize("region", ["", "eu-central-1"])
def test_a_new_profile(iam: IamDouble, region: str) -> None:
    do(iam, "new", region=region)
    assert files(iam)[0] == (f"[profile new]\nregion = {region}\n" if region else "")
    pair = f"aws_access_key_id = {NEW}\naws_secret_access_key = {'n' * 40}\n"
    assert files(iam)[1] == f"{DEV}\n[new]\n{pair}"


def test_an_existing_profile_without_a_region_gets_it(iam: IamDouble) -> None:
    iam.bench.write("[profile bare]\noutput = json\n", DEV)
    do(iam, "bare", region="x")
    assert files(iam)[0] == "[profile bare]\noutput = json\nregion = x\n"
    assert text(iam.bench.aws().in_credentials("bare"), "aws_access_key_id") == NEW


def test_into_the_keyring(iam: IamDouble) -> None:
    do(iam, place="keyring")
    config, credentials = files(iam)
    assert f"mfa_tui_access_key_id = {NEW}\n" in config
    assert "credential-process dev\n" in config
    assert KEY not in credentials
    assert in_keyring(iam) == {NEW: "n" * 40}
    entry = iam.bench.context.key_store.index.read()[NEW]
    assert (entry.store, entry.phase, entry.stored) == ("keyring", Phase.STORED, "2026-11-24T11:55:42Z")
    assert [line.key for line in entry.profiles["dev"].credentials.lines] == [
        "aws_access_key_id", "aws_secret_access_key",
    ]  # fmt: skip


def test_a_stored_key_is_replaced_in_its_store_or_in_the_file(iam: IamDouble) -> None:
    store(iam)
    do(iam, place="keyring")
    assert text(iam.bench.aws().in_config("dev"), "mfa_tui_access_key_id") == NEW
    assert in_keyring(iam) == {KEY: SECRET, NEW: "n" * 40}
    # Where the first key was written is known still.
    do(iam, place="credentials")
    assert files(iam) == ("", DEV.replace(KEY, NEW).replace(SECRET, "n" * 40))


def test_a_key_in_both_files_changes_in_both(iam: IamDouble) -> None:
    both = DEV.replace("[dev]", "[profile dev]")
    iam.bench.write(both, DEV)
    do(iam)
    assert files(iam) == tuple(each.replace(KEY, NEW).replace(SECRET, "n" * 40) for each in (both, DEV))
    iam.bench.write(both, "")
    do(iam)
    assert files(iam) == (both.replace(KEY, NEW).replace(SECRET, "n" * 40), "")
    iam.bench.write(both, DEV)
    do(iam, place="keyring")
    assert KEY not in "".join(files(iam))


def test_a_key_and_a_mark(iam: IamDouble) -> None:
    iam.bench.write(f"[profile dev]\nmfa_tui_access_key_id = {KEY}\n", DEV)
    do(iam)
    assert files(iam) == ("[profile dev]\n", DEV.replace(KEY, NEW).replace(SECRET, "n" * 40))


def test_a_store_that_gives_back_another_key(iam: IamDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    before, wanted = files(iam), plan(iam, place="keyring")
    found = AccessKeys(NEW, Secret("another"))
    monkeypatch.setattr(iam.bench.context.key_store, "load", lambda *_: found)
    with pytest.raises(KeyringProblem) as error:
        import_keys(iam.bench.operation(), wanted)
    assert error.value.slug == "key-store-unreadable"
    assert files(iam) == before
    assert iam.bench.context.key_store.index.read() == {}


def test_another_program_undoes_it(iam: IamDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = plan(iam)
    monkeypatch.setattr(iam.bench.context.files, "edit", lambda *_, **__: None)
    with pytest.raises(WriteProblem) as error:
        import_keys(iam.bench.operation(), wanted)
    assert error.value.slug == "keys-not-imported"


@pytest.mark.parametrize("failure", [denied("ListAccessKeys"), AwsUnreachable("dropped", "iam.amazonaws.com")])
def test_the_age_may_stay_unknown(iam: IamDouble, failure: AwsError | AwsUnreachable) -> None:
    iam.failures["list_access_keys"] = failure
    do(iam)
    assert KeyDates(iam.bench.context.paths).read() == {}
    iam.failures.clear()
    iam.user = ""
    del iam.calls[:]
    do(iam)
    assert "list_access_keys" not in iam.names()


def test_no_answer_from_aws(iam: IamDouble) -> None:
    iam.failures["get_identity"] = AwsUnreachable("dropped", "sts.amazonaws.com")
    with pytest.raises(NetworkProblem):
        plan(iam)
