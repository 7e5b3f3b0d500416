"""The vault's passphrase and its work factor: both can be changed, and no entry is lost."""

import shutil
from pathlib import Path

import pytest

from mfa_tui.adapters.programs.user_prompts import UserPrompts
from mfa_tui.adapters.secretstores import age, age_scrypt
from mfa_tui.adapters.secretstores.vault import Vault, _identities
from mfa_tui.adapters.secretstores.vault_passphrase import PassphraseSource
from mfa_tui.adapters.seeds.store import SERVICE
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.demo.aws.server import Device
from mfa_tui.errors import KeyringProblem, UsageError, VaultLocked
from mfa_tui.models import Secret
from tests.secretstores.vaults import (
    PASSPHRASE,
    SERIAL,
    VALUE,
    contents,
    copy,
    file,
    made,
    opened,
    read,
    vault_in,
)
from tests.support.homes.home import Home

__all__ = ["copy", "made", "opened"]


def test_another_passphrase_leaves_the_entries_as_they_are(made: Vault, opened: Vault) -> None:
    opened._passphrases = PassphraseSource("", UserPrompts(lambda _: Secret("another one altogether")))
    opened.change_passphrase(CancelScope())
    assert contents(opened)["seeds.age"] == contents(made)["seeds.age"]
    del _identities[opened.directory]
    assert opened.get(SERVICE, SERIAL, CancelScope()) == Secret(VALUE)


def test_the_old_passphrase_is_no_new_one(opened: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(age, "decrypt_by_passphrase", lambda *_: Secret("AGE-SECRET-KEY-1"))
    opened._passphrases = PassphraseSource("echo not this", UserPrompts(lambda _: Secret(PASSPHRASE)))
    before = contents(opened)
    with pytest.raises(UsageError) as caught:
        opened.change_passphrase(CancelScope())
    assert caught.value.lines() == ["The vault already has that passphrase; nothing was changed."]
    assert contents(opened) == before


def test_without_anybody_to_ask_it_keeps_its_passphrase(opened: Vault) -> None:
    with pytest.raises(VaultLocked) as caught:
        opened.change_passphrase(CancelScope())
    assert caught.value.what == "The vault keeps its current passphrase."


def weaken(vault: Vault, factor: int = 6) -> None:
    """Puts an identity.age in place that has PASSPHRASE and another work factor."""
    text = Secret(f"{_identities[vault.directory].reveal()}\n").reveal().encode()
    file(vault, "identity.age").write_bytes(age_scrypt.encrypt(Secret(PASSPHRASE), text, CancelScope(), factor=factor))


def test_weak_work_factor_is_raised_by_the_same_passphrase(opened: Vault) -> None:
    weaken(opened)
    weakness = opened.weakness()
    assert weakness is not None
    assert "work factor 6, now 10" in weakness.why
    opened._passphrases = PassphraseSource("", UserPrompts(lambda _: Secret(PASSPHRASE)))
    opened.change_passphrase(CancelScope())
    assert opened.weakness() is None
    del _identities[opened.directory]
    assert opened.get(SERVICE, SERIAL, CancelScope()) == Secret(VALUE)


def test_weak_work_factor_is_reported_by_status_and_doctor(home: Home, made: Vault, device_in_vault: Device) -> None:
    assert device_in_vault.seed
    vault = vault_in(home.path)
    shutil.copytree(made.directory, vault.directory)
    _identities[vault.directory] = _identities[made.directory]
    assert "work factor" not in home.run("vault", "status").stderr
    weaken(vault)
    for command in ("vault status", "doctor dev"):
        done = home.run(*command.split())
        assert "work factor 6, now 10" in done.stdout + done.stderr, command
        assert "mfa-tui vault passphrase" in done.stdout + done.stderr, command


def test_what_takes_too_much_work_is_not_called_damaged(opened: Vault) -> None:
    path = file(opened, "identity.age")
    data = age_scrypt.unarmored(path.read_bytes()).replace(b" 10\n", b" 25\n", 1)
    path.write_bytes(data)
    del _identities[opened.directory]
    opened._passphrases = PassphraseSource("", UserPrompts(lambda _: Secret(PASSPHRASE)))
    with pytest.raises(KeyringProblem) as caught:
        read(opened)
    assert caught.value.slug == "vault-demanding"
    assert "damaged" not in " ".join(caught.value.lines())


def test_half_made_vault_is_made(made: Vault, copy: Vault) -> None:
    """Killed between its two files: there is no vault yet, and the next run makes it."""
    file(copy, "identity.age").unlink()
    kept = file(copy, "seeds.age").read_bytes()
    copy._passphrases = PassphraseSource("", UserPrompts(lambda _: Secret(PASSPHRASE)))
    # This one has an entry: it is a whole vault that lost a file.
    with pytest.raises(KeyringProblem) as caught:
        copy.create(CancelScope())
    assert caught.value.slug == "vault-exists"
    assert file(copy, "seeds.age").read_bytes() == kept
    recipient = age.recipient_of(_identities[made.directory])
    file(copy, "seeds.age").write_bytes(age.encrypt_to(recipient, Secret('{"entries": {}, "version": 1}')))
    assert not copy.exists
    assert copy.missing_files(expected=False) == []
    assert copy.get(SERVICE, SERIAL, CancelScope()) is None
    copy.put(SERVICE, SERIAL, Secret(VALUE), CancelScope())
    del _identities[copy.directory]
    assert copy.get(SERVICE, SERIAL, CancelScope()) == Secret(VALUE)


def test_passphrase_of_blanks_is_not_taken(tmp_path: Path) -> None:
    for blanks in (" " * 20, "\t" * 12, "\u3000" * 14):
        with pytest.raises(UsageError) as caught:
            vault_in(tmp_path, lambda _, blanks=blanks: Secret(blanks)).create(CancelScope())  # type: ignore[misc]
        assert caught.value.slug == "passphrase-blank"


def test_passphrase_is_not_changed_for_a_vault_put_in_its_place(opened: Vault, tmp_path: Path) -> None:
    """Another process made a new vault meanwhile: this one's identity would lock it for good."""
    other = vault_in(tmp_path / "other", lambda _: Secret(PASSPHRASE))
    other.create(CancelScope())
    for name in ("identity.age", "seeds.age"):
        shutil.copy(file(other, name), file(opened, name))
    before = contents(opened)
    opened._passphrases = PassphraseSource("", UserPrompts(lambda _: Secret("another one altogether")))
    with pytest.raises(KeyringProblem) as caught:
        opened.change_passphrase(CancelScope())
    assert caught.value.slug == "vault-damaged"
    assert contents(opened) == before
