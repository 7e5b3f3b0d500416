"""Stored keys that go back into the files, and what stops them."""

import pytest

from mfa_tui.adapters.keys.index import Phase
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.errors import KeyringProblem, ProfileProblem, WriteProblem
from mfa_tui.services.keys.restore import plan_restore, restore_keys
from tests.services.keys.conftest import files, in_keyring, index, note, restore, store
from tests.support.aws.iam_double import SECRET, IamDouble
from tests.support.homes.bench import DEV, KEY

MARKED = f"[profile dev]\nmfa_tui_access_key_id = {KEY}\n"


def test_nothing_to_restore(iam: IamDouble) -> None:
    with pytest.raises(ProfileProblem) as error:
        restore(iam)
    assert error.value.slug == "keys-not-stored"


@pytest.mark.parametrize(("key", "secret"), [("AKIAOTHEROTHEROTHER1", SECRET), (KEY, "t" * 40)])
def test_another_key_in_the_file_is_not_overwritten(iam: IamDouble, key: str, secret: str) -> None:
    store(iam)
    iam.bench.write(MARKED, DEV.replace(KEY, key).replace(SECRET, secret))
    with pytest.raises(ProfileProblem) as error:
        restore(iam)
    assert error.value.slug == "keys-others"
    assert in_keyring(iam) == {KEY: SECRET}


def test_a_restore_that_was_interrupted(iam: IamDouble) -> None:
    store(iam)
    about = index(iam)[KEY]
    # The file has it, the store does not any more.
    iam.bench.context.key_store.discard(KEY, "keyring", iam.bench.cancel)
    note(iam, about._replace(phase=Phase.RESTORING))
    iam.bench.write(MARKED, DEV)
    restore(iam)
    assert text(iam.bench.aws().in_config("dev"), "mfa_tui_access_key_id") == ""
    assert index(iam) == {}
    # Of a key that is in neither, nothing is written.
    iam.bench.write(MARKED, "")
    with pytest.raises(KeyringProblem) as error:
        restore(iam)
    assert error.value.slug == "key-missing"


def test_the_list_knows_nothing_of_the_key(iam: IamDouble) -> None:
    store(iam)
    iam.bench.context.key_store.index.update(KEY, None)
    iam.bench.write(MARKED, "")
    restore(iam)
    assert text(iam.bench.aws().in_credentials("dev"), "aws_secret_access_key") == SECRET
    assert (in_keyring(iam), index(iam)) == ({}, {})


def test_another_program_removes_what_was_restored(iam: IamDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    store(iam)
    action = iam.operation()
    wanted, before = plan_restore(action, "dev"), files(iam)[1]
    edit = action.context.files.edit

    def edit_then_undo(*args: object, **options: object) -> None:
        edit(*args, **options)  # type: ignore[arg-type]
        iam.bench.credentials.write_text(before)

    monkeypatch.setattr(action.context.files, "edit", edit_then_undo)
    with pytest.raises(WriteProblem) as error:
        restore_keys(action, wanted)
    assert error.value.slug == "keys-not-restored"
    assert in_keyring(iam) == {KEY: SECRET}
    assert index(iam)[KEY].phase == Phase.RESTORING
