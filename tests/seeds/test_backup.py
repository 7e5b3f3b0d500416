"""All stored secrets in one file of the age format, and back; the stock ``age`` tool on both sides."""

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from mfa_tui.adapters.secretstores import age
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.errors import KeyringProblem, MfaTuiError
from mfa_tui.models import Secret
from mfa_tui.services.context import Context
from mfa_tui.services.seeds.backup import RestoreResult, back_up, restore
from tests.seeds.stores import Memory
from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled

PASSPHRASE = "four words of nonsense"
ANA, BEN = "arn:aws:iam::111122223333:mfa/ana", "arn:aws:iam::111122223333:mfa/ben"
SEED, OTHER = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
IDENTITY = age.new_identity()
RECIPIENT = age.recipient_of(IDENTITY)

needs_age = pytest.mark.skipif(
    not shutil.which("age") and not os.environ.get("MFA_TUI_CI"), reason="age is not on this machine"
)


@pytest.fixture
def machine(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Context]:
    """Machines of their own, each with a keyring of its own that keeps everything in memory."""

    def make() -> Context:
        context = Context({"HOME": str(tmp_path_factory.mktemp("home"))}, warn=pytest.fail)
        context.seeds._stores = {"keyring": Memory()}  # type: ignore[dict-item]
        return context

    return make


def nobody() -> Secret:
    pytest.fail("it asked for a passphrase")


def known() -> Secret:
    return Secret(PASSPHRASE)


def keep(context: Context, serial: str, seed: str, label: str = "") -> None:
    context.seeds.store(serial, Secret(seed), label, CancelScope())


def seed_of(context: Context, serial: str) -> str | None:
    entry = context.seeds.entry(serial, CancelScope())
    return entry.seed.reveal() if entry else None


@pytest.fixture
def key_file(tmp_path: Path) -> str:
    path = tmp_path / "key"
    path.write_text(f"# a comment\n# public key: {RECIPIENT}\n{IDENTITY.reveal()}\n")
    return str(path)


@pytest.fixture
def backup(machine: Callable[[], Context], tmp_path: Path) -> str:
    """A backup of the secrets of ANA and BEN, encrypted to RECIPIENT."""
    context, path = machine(), str(tmp_path / "backup.age")
    keep(context, ANA, OTHER)
    keep(context, ANA, SEED, "AWS: ana")
    keep(context, BEN, OTHER)
    done = back_up(context, path, CancelScope(), recipient=RECIPIENT, passphrase=nobody)
    assert done.saved == (ANA, BEN)
    return path


def test_a_round_trip_with_a_key_brings_everything_back(
    backup: str, machine: Callable[[], Context], key_file: str
) -> None:
    assert stat.S_IMODE(os.stat(backup).st_mode) == 0o600
    context = machine()
    done = restore(context, backup, CancelScope(), identity=key_file, passphrase=nobody)
    assert done == RestoreResult((ANA, BEN), (), (), (), ())
    entry = context.seeds.entry(ANA, CancelScope())
    assert entry is not None
    assert (entry.seed, entry.label, entry.previous) == (Secret(SEED), "AWS: ana", Secret(OTHER))
    assert entry.created.endswith("Z")
    assert context.seeds.serials() == {ANA, BEN}
    again = restore(context, backup, CancelScope(), identity=key_file, passphrase=nobody)
    assert again == RestoreResult((), (ANA, BEN), (), (), ())


def test_a_round_trip_with_a_passphrase_and_what_the_stock_tool_says_of_it(
    machine: Callable[[], Context], tmp_path: Path
) -> None:
    context, path = machine(), str(tmp_path / "backup.age")
    keep(context, ANA, SEED)
    back_up(context, path, CancelScope(), passphrase=known)
    other = machine()
    assert restore(other, path, CancelScope(), passphrase=known).added == (ANA,)
    assert seed_of(other, ANA) == SEED
    if shutil.which("age") or os.environ.get("MFA_TUI_CI"):
        shown = by_age(f"-d {path}", PASSPHRASE)
        assert json.loads(shown[shown.index("{") :])["seeds"][0]["seed"] == SEED


def test_a_wrong_passphrase(machine: Callable[[], Context], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "backup.age"
    path.write_bytes(b"age-encryption.org/v1\n-> scrypt x 18\n")

    def refuse(*_: object) -> None:
        raise age.WrongKey

    monkeypatch.setattr(age, "decrypt_by_passphrase", refuse)
    with pytest.raises(MfaTuiError) as caught:
        restore(machine(), str(path), CancelScope(), passphrase=known)
    assert (caught.value.slug, caught.value.exit_status) == ("backup-passphrase", 2)


def by_age(arguments: str, *answers: str) -> str:
    """What the ``age`` tool shows on a terminal."""
    child = pexpect.spawn(f"age {arguments}", encoding="utf-8")
    for answer in answers:
        child.expect("passphrase.*: ", timeout=scaled(20))
        child.sendline(answer)
    child.expect(pexpect.EOF, timeout=scaled(20))
    child.close()
    assert child.exitstatus == 0, child.before
    return str(child.before)


@needs_age
def test_the_stock_tool_opens_one_with_its_key(backup: str, key_file: str) -> None:
    shown = subprocess.run(["age", "-d", "-i", key_file, backup], capture_output=True, check=True, text=True).stdout
    assert {entry["serial"]: entry["seed"] for entry in json.loads(shown)["seeds"]} == {ANA: SEED, BEN: OTHER}


@long
@needs_age
@pytest.mark.parametrize("armor", ["", "-a "])
def test_what_the_stock_tool_has_encrypted_is_restored(
    backup: str, machine: Callable[[], Context], key_file: str, tmp_path: Path, armor: str
) -> None:
    plain, sealed = tmp_path / "plain", tmp_path / "sealed"
    plain.write_text(age.decrypt_with(IDENTITY, Path(backup).read_bytes()).reveal())
    context = machine()
    if armor:
        subprocess.run(["age", "-a", "-r", RECIPIENT, "-o", sealed, plain], check=True)
        restore(context, str(sealed), CancelScope(), identity=key_file, passphrase=nobody)
    else:
        by_age(f"-p -o {sealed} {plain}", PASSPHRASE, PASSPHRASE)
        restore(context, str(sealed), CancelScope(), passphrase=known)
    assert (seed_of(context, ANA), seed_of(context, BEN)) == (SEED, OTHER)


def test_another_secret_is_replaced_on_request_only_and_kept_beside(
    backup: str, machine: Callable[[], Context], key_file: str
) -> None:
    context = machine()
    keep(context, BEN, SEED)
    done = restore(context, backup, CancelScope(), identity=key_file, passphrase=nobody)
    assert done == RestoreResult((ANA,), (), (), (BEN,), ())
    assert seed_of(context, BEN) == SEED
    done = restore(context, backup, CancelScope(), identity=key_file, replace=True, passphrase=nobody)
    assert (done.same, done.replaced, seed_of(context, BEN)) == ((ANA,), (BEN,), OTHER)
    context.seeds.remove(BEN, CancelScope())
    assert seed_of(context, BEN) == SEED


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def altered(data: bytes) -> bytes:
    return data[:-100] + b"AAAA" + data[-96:]


@pytest.mark.parametrize(
    ("spoil", "slug"),
    [
        (truncated, "backup-damaged"),
        (altered, "backup-damaged"),
        (lambda _: b"", "backup-damaged"),
        (lambda _: b"-----BEGIN PGP MESSAGE-----\n", "backup-damaged"),
        (lambda _: b"-----BEGIN AGE ENCRYPTED FILE-----\n\xff\n", "backup-damaged"),
        (lambda _: age.encrypt_to(RECIPIENT, Secret("shopping list")), "backup-foreign"),
        (
            lambda _: age.encrypt_to(RECIPIENT, Secret('{"format": "mfa-tui backup", "version": 9}')),
            "backup-version",
        ),
        (lambda _: age.encrypt_to(age.recipient_of(age.new_identity()), Secret("{}")), "backup-key"),
        (lambda _: b"x" * 1_000_001, "given-large"),
    ],
)
def test_what_is_no_usable_backup_changes_nothing(
    backup: str, machine: Callable[[], Context], key_file: str, spoil: Callable[[bytes], bytes], slug: str
) -> None:
    path, context = Path(backup), machine()
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(MfaTuiError) as caught:
        restore(context, backup, CancelScope(), identity=key_file, passphrase=nobody)
    assert (caught.value.slug, caught.value.exit_status) == (slug, 2)
    assert 2 <= len(caught.value.lines()) <= 3
    assert context.seeds.serials() == frozenset()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("nothing of the kind", "It has no line that starts with AGE-SECRET-KEY-1."),
        ("AGE-SECRET-KEY-1NONSENSE", "Its AGE-SECRET-KEY-1… is damaged."),
        ("age-encryption.org/v1\n-> scrypt", "It is encrypted itself: decrypt it first, with age -d."),
    ],
)
def test_a_file_that_is_not_a_key_file(
    backup: str, machine: Callable[[], Context], tmp_path: Path, content: str, why: str
) -> None:
    (tmp_path / "key").write_text(content)
    with pytest.raises(MfaTuiError) as caught:
        restore(machine(), backup, CancelScope(), identity=str(tmp_path / "key"), passphrase=nobody)
    assert (caught.value.slug, caught.value.why) == ("age-identity", why)


def test_one_that_wants_a_key_says_so(backup: str, machine: Callable[[], Context]) -> None:
    with pytest.raises(MfaTuiError) as caught:
        restore(machine(), backup, CancelScope(), passphrase=nobody)
    assert (caught.value.slug, "--identity" in caught.value.remedy) == ("backup-key", True)


def test_an_existing_file_is_not_overwritten_and_the_user_is_not_asked_in_vain(
    machine: Callable[[], Context], tmp_path: Path
) -> None:
    context, path = machine(), tmp_path / "there"
    for slug, recipient in (("no-seeds", ""), ("age-recipient", "age1nonsense"), ("given-exists", "")):
        if slug == "given-exists":
            keep(context, ANA, SEED)
            path.write_text("mine")
        with pytest.raises(MfaTuiError) as caught:
            back_up(context, str(path), CancelScope(), recipient=recipient, passphrase=nobody)
        assert caught.value.slug == slug
    assert path.read_text() == "mine"


def test_an_entry_that_is_damaged_is_reported_and_the_others_are_saved(
    machine: Callable[[], Context], tmp_path: Path
) -> None:
    context = machine()
    keep(context, ANA, SEED)
    keep(context, BEN, OTHER)
    context.seeds._stores["keyring"].put("", BEN, Secret("{}"), CancelScope())
    done = back_up(context, str(tmp_path / "backup"), CancelScope(), recipient=RECIPIENT, passphrase=nobody)
    assert (done.saved, done.lost) == ((ANA,), (BEN,))


def test_a_keyring_that_fails_makes_no_backup_of_the_rest(
    machine: Callable[[], Context], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = machine()
    keep(context, ANA, SEED)

    def fail(*_: object) -> None:
        raise KeyringProblem("keyring-locked", "The keyring is locked.")

    monkeypatch.setattr(Memory, "get", fail)
    with pytest.raises(KeyringProblem):
        back_up(context, str(tmp_path / "backup"), CancelScope(), recipient=RECIPIENT, passphrase=nobody)
    assert not (tmp_path / "backup").exists()


def test_what_is_stored_but_listed_no_more_is_listed_again(
    backup: str, machine: Callable[[], Context], key_file: str
) -> None:
    """As after a damaged list of stored secrets was moved away."""
    context = machine()
    keep(context, ANA, SEED)
    (Path(context.paths.data) / "seeds.json").unlink()
    restore(context, backup, CancelScope(), identity=key_file, passphrase=nobody)
    assert context.seeds.serials() == {ANA, BEN}
    assert seed_of(context, ANA) == SEED
