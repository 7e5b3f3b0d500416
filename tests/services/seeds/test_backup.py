"""A backup encrypted to a public key: what goes into it, and what is done with what comes out of it."""

from pathlib import Path

import pytest

from mfa_tui.adapters.secretstores import age
from mfa_tui.errors import FileProblem, MfaTuiError, UsageError
from mfa_tui.models import Secret
from mfa_tui.services.seeds.backup import RestoreResult, back_up, check_backup, restore, secrets_in_words
from tests.seeds.stores import Memory
from tests.support.homes.bench import Bench

ANA, BEN, CARL = (f"arn:aws:iam::111122223333:mfa/{name}" for name in ("ana", "ben", "carl"))
SEED, OTHER = "GEZDGNBVGY3TQOJQ" * 2, "KRSXG5CTMVRXEZLU" * 2
IDENTITY = age.new_identity()


def nobody() -> Secret:
    pytest.fail("it asked for a passphrase")


def keep(bench: Bench, serial: str, seed: str) -> None:
    bench.context.seeds.store(serial, Secret(seed), "", bench.cancel)


def key_file(tmp_path: Path, identity: Secret = IDENTITY) -> str:
    file = tmp_path / "key"
    file.write_text(identity.reveal())
    return str(file)


def restored(bench: Bench, path: str, *, replace: bool = False) -> RestoreResult:
    return restore(bench.context, path, bench.cancel, identity=key_file(bench.path), replace=replace, passphrase=nobody)


@pytest.fixture
def saved(stores: Bench) -> str:
    """A backup of ana's and ben's secrets."""
    keep(stores, ANA, SEED)
    keep(stores, BEN, SEED)
    path = str(stores.path / "backup.age")
    done = back_up(stores.context, path, stores.cancel, recipient=age.recipient_of(IDENTITY), passphrase=nobody)
    assert (done.saved, done.lost, done.elsewhere, done.left_out) == ((ANA, BEN), (), (), ())
    return path


def test_what_is_there_already(stores: Bench, saved: str) -> None:
    assert restored(stores, saved) == RestoreResult((), (ANA, BEN), (), (), ())
    keep(stores, BEN, OTHER)
    differing = restored(stores, saved)
    assert differing == RestoreResult((), (ANA,), (), (BEN,), ())
    assert differing.left_out == (f"Another secret is stored for {BEN}, and was left as it was.",)
    assert restored(stores, saved, replace=True) == RestoreResult((), (ANA,), (BEN,), (), ())
    assert stores.context.seeds.load(BEN, stores.cancel).seed == Secret(SEED)  # type: ignore[union-attr]


def test_on_a_new_machine(stores: Bench, saved: str) -> None:
    stores.context.seeds.remove(ANA, stores.cancel)
    assert restored(stores, saved) == RestoreResult((ANA,), (BEN,), (), (), ())
    stores.set(f'[devices."{ANA}"]\nseed_command = "true"\n')
    stores.context.seeds._stores = {"keyring": Memory()}  # type: ignore[dict-item]
    elsewhere = restored(stores, saved)
    assert (elsewhere.elsewhere, elsewhere.added) == ((ANA,), (BEN,))
    assert elsewhere.left_out[0].startswith(f"The settings say that the secret of {ANA} is not stored here")


def test_a_secret_that_is_listed_no_more_is_listed_again(stores: Bench, saved: str) -> None:
    memory = stores.context.seeds._stores
    for file in (stores.path / ".local/share/mfa-tui").glob("seeds*"):
        if file.is_file():
            file.unlink()
    stores.renew().seeds._stores = memory
    assert stores.context.seeds.stored() == {}
    assert restored(stores, saved).added == (ANA, BEN)
    assert set(stores.context.seeds.stored()) == {ANA, BEN}


def test_secrets_that_are_not_in_it(stores: Bench) -> None:
    path, recipient = str(stores.path / "b.age"), age.recipient_of(IDENTITY)
    with pytest.raises(UsageError) as none:
        back_up(stores.context, path, stores.cancel, recipient=recipient, passphrase=nobody)
    assert (none.value.slug, none.value.why) == ("no-seeds", "None is stored.")
    keep(stores, ANA, SEED)
    keep(stores, BEN, SEED)
    memory = stores.context.seeds._stores["keyring"]
    assert isinstance(memory, Memory)
    memory.kept[BEN] = Secret("damaged")
    done = back_up(stores.context, path, stores.cancel, recipient=recipient, passphrase=nobody)
    assert (done.saved, done.lost) == ((ANA,), (BEN,))
    assert done.left_out == (f"The secret of {BEN} is damaged or gone, and is not in the backup.",)
    memory.kept[ANA] = Secret("damaged")
    with pytest.raises(UsageError) as damaged:
        back_up(stores.context, path + "2", stores.cancel, recipient=recipient, passphrase=nobody)
    assert damaged.value.why == "What is stored is damaged."
    with pytest.raises(FileProblem):
        back_up(stores.context, path, stores.cancel, recipient=recipient, passphrase=nobody)
    assert secrets_in_words(1) == "1 secret"
    assert secrets_in_words(0) == "0 secrets"


def test_the_key_that_opens_it(stores: Bench, saved: str) -> None:
    def slug(identity: str, path: str = saved) -> str:
        with pytest.raises(MfaTuiError) as caught:
            restore(stores.context, path, stores.cancel, identity=identity, passphrase=nobody)
        return caught.value.slug

    assert slug("") == "backup-key"
    assert slug(key_file(stores.path, age.new_identity())) == "backup-key"
    (stores.path / "broken").write_bytes(Path(saved).read_bytes()[:-9])
    assert slug(key_file(stores.path), str(stores.path / "broken")) == "backup-damaged"
    with pytest.raises(UsageError) as caught:
        check_backup(saved)
    assert caught.value.slug == "backup-key"
    assert CARL not in stores.context.seeds.stored()


def test_a_recipient_that_is_none_is_refused_before_anything_is_read(stores: Bench) -> None:
    path = stores.path / "backup.age"
    with pytest.raises(UsageError) as error:
        back_up(stores.context, str(path), stores.cancel, recipient="ana", passphrase=nobody)
    assert error.value.slug == "age-recipient"
    assert not path.exists()


def test_nothing_to_back_up(stores: Bench) -> None:
    path = stores.path / "backup.age"
    with pytest.raises(UsageError) as error:
        back_up(stores.context, str(path), stores.cancel, passphrase=nobody)
    assert (error.value.slug, error.value.why) == ("no-seeds", "None is stored.")
    assert not path.exists()
