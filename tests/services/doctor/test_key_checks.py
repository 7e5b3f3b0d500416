"""What the doctor finds about stored keys: what the files say, what was not finished, and how old they are."""

import pytest

from mfa_tui.adapters.keys.index import Phase as Stored
from mfa_tui.adapters.keys.index import StoredKey
from mfa_tui.adapters.keys.key_dates import KeyDates
from mfa_tui.adapters.keys.rotation_journal import Phase, Rotation, RotationJournal
from mfa_tui.core.keys.profile_edits import UNKNOWN
from mfa_tui.core.problems.finding import Finding
from mfa_tui.services.doctor.key_checks import check_keys
from tests.support.aws.iam_double import ACCOUNT, DAY, IamDouble
from tests.support.homes.bench import DEV, KEY, NOW, Bench

OTHER = "AKIAOTHEROTHEROTHER1"
MARKED = f"[profile dev]\nmfa_tui_access_key_id = {KEY}\n"
PROCESS = "credential_process = mfa-tui credential-process dev\n"


def findings(bench: Bench, *names: str) -> dict[str, Finding]:
    aws = bench.aws()
    return {each.code: each for each in check_keys(bench.context, aws, frozenset(names or aws.names))}


def note(bench: Bench, phase: str, store: str = "vault", *, also: str = "") -> None:
    """What the list of stored keys says of the key of ``dev``."""
    entry = StoredKey(store, phase, "2026-01-01T00:00:00Z", {"dev": UNKNOWN}, also)
    bench.context.key_store.index.update(KEY, entry)


def begin(bench: Bench, phase: str, place: str, *, old: str = KEY, new: str = "") -> None:
    RotationJournal(bench.context.paths).put(Rotation(ACCOUNT, "ana", phase, old, new, place, (old,), NOW))


def rotation_remedy(bench: Bench) -> str:
    return findings(bench)["rotation-unfinished"].remedy


def test_nothing_is_wrong(bench: Bench) -> None:
    assert findings(bench) == {}
    bench.write(MARKED + PROCESS, "")
    note(bench, Stored.STORED)
    begin(bench, Phase.RETIRED, "keyring")
    assert findings(bench) == {}


@pytest.mark.parametrize(
    ("config", "credentials", "file", "line"),
    [(MARKED, DEV, "credentials", 2), (MARKED + DEV.partition("\n")[2], "", "config", 3)],
)
def test_a_stored_key_that_is_in_a_file_too(bench: Bench, config: str, credentials: str, file: str, line: int) -> None:
    bench.write(config, credentials)
    found = findings(bench)
    assert list(found) == ["key-stored-and-in-file"]
    about = found["key-stored-and-in-file"]
    assert about.what.endswith(f"/.aws/{file} has keys for it as well.")
    assert about.place is not None
    assert about.place.as_json()["line"] == line
    assert findings(bench, "other") == {}


def test_a_process_that_is_not_ours(bench: Bench) -> None:
    bench.write(MARKED + PROCESS.replace("process dev", "process ops"), "")
    assert list(findings(bench)) == ["key-process-changed"]


@pytest.mark.parametrize(
    ("phase", "store", "also", "in_file", "remedy"),
    [
        (Stored.STORING, "vault", "", False, "Finish it: mfa-tui keys store dev"),
        (Stored.RESTORING, "vault", "", False, "Finish it: mfa-tui keys restore dev"),
        (Stored.STORING, "keyring", "", False, "Finish it once the keyring responds: mfa-tui keys store dev"),
        (Stored.STORING, "vault", "keyring", False, "Finish it once the keyring responds: mfa-tui keys store dev"),
        (Stored.STORING, "keyring", "", True, "Finish it: mfa-tui keys store dev --to vault"),
        (Stored.RESTORING, "keyring", "", True, "Finish it once the keyring responds: mfa-tui keys restore dev"),
    ],
)
def test_a_move_that_was_interrupted(
    bench: Bench, phase: str, store: str, also: str, *, in_file: bool, remedy: str
) -> None:
    bench.write("" if in_file else "[profile dev]\n", DEV if in_file else "")
    note(bench, phase, store, also=also)
    about = findings(bench)["key-move-unfinished"]
    assert about.remedy == remedy
    assert about.what == "Moving the key AKIA…MPLE of 'dev' was not finished."
    assert findings(bench, "other") == {}


def test_with_a_keyring_that_responds(iam: IamDouble) -> None:
    note(iam.bench, Stored.STORING, "keyring")
    begin(iam.bench, Phase.CREATING, "keyring")
    assert findings(iam.bench)["key-move-unfinished"].remedy == "Finish it: mfa-tui keys store dev"
    assert rotation_remedy(iam.bench) == "Finish it: mfa-tui keys rotate dev"


def test_a_damaged_list(bench: Bench) -> None:
    note(bench, Stored.STORED)
    (bench.path / ".local/share/mfa-tui/keys.json").write_text("{")
    assert list(findings(bench)) == ["keys-index"]


def test_a_rotation_that_was_interrupted(bench: Bench) -> None:
    finish = "Finish it: mfa-tui keys rotate dev"
    later = (
        "Finish it once the keyring responds: mfa-tui keys rotate dev; or use another key: "
        "mfa-tui keys import dev --to vault"
    )
    for phase, place, remedy in (
        (Phase.CREATING, "credentials", finish),
        (Phase.CREATING, "keyring", later),
        (Phase.STORED, "keyring", finish),
        (Phase.RETIRING, "keyring", finish),
    ):
        begin(bench, phase, place, new="" if phase == Phase.CREATING else OTHER)
        assert rotation_remedy(bench) == remedy
    # The new key is in the keyring, and needed until the profiles use it.
    bench.context.key_store.index.update(OTHER, StoredKey("keyring", Stored.STORED, "", {}))
    for phase, remedy in ((Phase.STORED, later), (Phase.PROVEN, later), (Phase.RETIRING, finish)):
        begin(bench, phase, "keyring", new=OTHER)
        assert rotation_remedy(bench) == remedy
    # So is the profile's own key.
    bench.write(MARKED, "")
    note(bench, Stored.STORED, "keyring")
    begin(bench, Phase.RETIRING, "keyring", new=OTHER)
    assert rotation_remedy(bench) == later
    note(bench, Stored.STORED, "vault")
    assert rotation_remedy(bench) == finish


def test_whose_rotation_it_is(bench: Bench) -> None:
    begin(bench, Phase.RETIRING, "keyring", old=OTHER, new=KEY)
    assert findings(bench)["rotation-unfinished"].what == "The rotation of the key AKIA…HER1 of 'dev' was not finished."
    assert findings(bench, "other") == {}
    begin(bench, Phase.CREATING, "keyring", old=OTHER)
    assert findings(bench) == {}
    bench.write("", DEV + DEV.replace("[dev]", "[a]"))
    begin(bench, Phase.STORED, "keyring")
    assert "'dev'" in findings(bench)["rotation-unfinished"].what
    assert "'a'" in findings(bench, "a")["rotation-unfinished"].what
    (bench.path / ".local/share/mfa-tui/key-rotations.json").write_text("{")
    assert list(findings(bench)) == ["rotations-damaged"]


@pytest.mark.parametrize(("days", "old"), [(89, False), (90, True), (91, True)])
def test_old_keys(bench: Bench, days: int, old: bool) -> None:
    KeyDates(bench.context.paths).remember({KEY: NOW - days * DAY, OTHER: NOW - 999 * DAY})
    found = findings(bench)
    assert list(found) == (["key-old"] if old else [])
    if old:
        assert found["key-old"].what == f"The access key AKIA…MPLE of 'dev' is {days} days old."
    assert findings(bench, "other") == {}
