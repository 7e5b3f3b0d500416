"""The vault: secrets in a file that a passphrase opens. scrypt takes a second or two, so few tests really open one."""

import errno
import json
import os
import shutil
import stat
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest

from mfa_tui.adapters.filesystem import private_files
from mfa_tui.adapters.programs.user_prompts import NoUserToAsk, UserPrompts
from mfa_tui.adapters.secretstores import age, age_scrypt
from mfa_tui.adapters.secretstores.vault import Vault, _identities
from mfa_tui.adapters.secretstores.vault_passphrase import PassphraseSource
from mfa_tui.adapters.seeds.store import SERVICE
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.cli.terminal.passphrases import VaultPassphrase
from mfa_tui.demo.aws.server import Device, StrictAws
from mfa_tui.errors import Cancelled, KeyringProblem, UsageError, VaultLocked, WriteProblem
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
    write,
)
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal
from tests.support.quick import quick_scrypt
from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled

__all__ = ["copy", "made", "opened"]


def test_the_files_are_private_and_hold_nothing_in_the_clear(made: Vault) -> None:
    assert stat.S_IMODE(os.stat(made.directory).st_mode) == 0o700
    for name, content in contents(made).items():
        assert stat.S_IMODE(file(made, name).stat().st_mode) == 0o600
        assert content.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----\n")
        assert b"GEZDGNBV" not in content
    assert set(contents(made)) == {"identity.age", "seeds.age"}


def test_entries_are_kept_replaced_and_removed(opened: Vault) -> None:
    control = CancelScope()
    assert opened.get(SERVICE, SERIAL, control) == Secret(VALUE)
    assert opened.get(SERVICE, "another", control) is None
    opened.put(SERVICE, "another", Secret("1"), control)
    opened.put(SERVICE, "another", Secret("2"), control)
    assert opened.get(SERVICE, "another", control) == Secret("2")
    opened.delete(SERVICE, SERIAL, control)
    # Another process may have been quicker.
    opened.delete(SERVICE, SERIAL, control)
    assert opened.get(SERVICE, SERIAL, control) is None
    assert opened.get(SERVICE, "another", control) == Secret("2")


def test_the_stock_tool_opens_it(made: Vault) -> None:
    if not shutil.which("age") and not os.environ.get("MFA_TUI_CI"):
        pytest.skip("age is not on this machine")
    child = pexpect.spawn("age", ["-d", "-i", "identity.age", "seeds.age"], cwd=made.directory, encoding="utf-8")
    child.expect("passphrase.*: ", timeout=scaled(20))
    child.sendline(PASSPHRASE)
    child.expect(pexpect.EOF, timeout=scaled(20))
    assert json.loads(str(child.before)[str(child.before).index("{") :]) == {
        "version": 1,
        "entries": {f"{SERVICE}/{SERIAL}": VALUE},
    }


def test_a_missing_vault_is_empty_and_does_not_ask(tmp_path: Path) -> None:
    assert vault_in(tmp_path).get(SERVICE, SERIAL, CancelScope()) is None
    assert not (tmp_path / ".local").exists()


def test_without_anybody_to_ask_it_stays_locked_and_that_is_said(copy: Vault) -> None:
    with pytest.raises(VaultLocked) as caught:
        copy.get(SERVICE, SERIAL, CancelScope())
    assert (caught.value.slug, caught.value.exit_status) == ("vault-locked", 3)


def test_a_wrong_passphrase_is_asked_for_again_but_not_for_ever(
    made: Vault, copy: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decrypt(passphrase: Secret, *_: object) -> Secret:
        if passphrase != Secret(PASSPHRASE):
            raise age.WrongKey
        return _identities[made.directory]

    monkeypatch.setattr(age, "decrypt_by_passphrase", decrypt)
    answers = iter(["wrong", "wrong again", PASSPHRASE])
    copy._passphrases = PassphraseSource("", UserPrompts(lambda _: Secret(next(answers))))
    assert copy.get(SERVICE, SERIAL, CancelScope()) == Secret(VALUE)
    del _identities[copy.directory]
    copy._passphrases = PassphraseSource("", UserPrompts(lambda _: Secret("wrong")))
    with pytest.raises(KeyringProblem) as caught:
        copy.get(SERVICE, SERIAL, CancelScope())
    assert caught.value.slug == "vault-passphrase"


def test_a_wrong_passphrase_of_the_command_is_given_up_at_once_and_shown_nowhere(
    copy: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "passphrase").write_text("not-the-one\nnor this line\n")
    started: list[object] = []
    popen = subprocess.Popen

    def note(*arguments: Any, **options: Any) -> Any:
        started.append((arguments, options))
        return popen(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", note)
    monkeypatch.setattr(age_scrypt, "_stretched", quick_scrypt.in_a_process)
    copy._passphrases = PassphraseSource(f"cat {tmp_path}/passphrase", UserPrompts())
    with pytest.raises(KeyringProblem) as caught:
        copy.get(SERVICE, SERIAL, CancelScope())
    assert caught.value.slug == "vault-passphrase"
    assert caught.value.what == "What passphrase_command prints is not the passphrase of the vault."
    # The command, and the process that scrypt works in.
    assert len(started) == 2
    assert "not-the-one" not in f"{started} {caught.value.lines()}"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("no-such-program --now", "It cannot be run: No such file or directory."),
        ("sh -c 'echo secret words; echo secret words >&2; exit 3'", "It failed with exit status 3."),
        ("true", "It printed nothing."),
        ("yes", "It printed more than 64 KiB, and was stopped."),
    ],
)
def test_a_command_that_prints_no_passphrase(copy: Vault, command: str, why: str) -> None:
    copy._passphrases = PassphraseSource(command, UserPrompts())
    with pytest.raises(KeyringProblem) as caught:
        copy.get(SERVICE, SERIAL, CancelScope())
    assert (caught.value.slug, caught.value.why) == ("passphrase-command", why)
    assert "secret words" not in " ".join(caught.value.lines())
    assert command.split(maxsplit=1)[0] in caught.value.what


def test_a_command_can_be_cancelled(copy: Vault) -> None:
    copy._passphrases = PassphraseSource("sleep 60", UserPrompts())
    control = CancelScope()
    threading.Timer(0.2, control.cancel).start()
    with pytest.raises(Cancelled):
        copy.get(SERVICE, SERIAL, control)


DAMAGES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "seeds cut short": ("seeds.age", lambda path: path.write_bytes(path.read_bytes()[:200])),
    "seeds altered": ("seeds.age", lambda path: path.write_bytes(path.read_bytes()[:-80] + b"A" * 40 + b"\n")),
    "seeds empty": ("seeds.age", lambda path: path.write_bytes(b"")),
    "seeds gone": ("seeds.age", lambda path: path.unlink()),
    "seeds of another vault": (
        "seeds.age",
        lambda path: path.write_bytes(age.encrypt_to(age.recipient_of(age.new_identity()), Secret("{}"))),
    ),
    "identity altered": ("identity.age", lambda path: path.write_bytes(b"age-encryption.org/v1\n-> scrypt x\n")),
    "identity gone": ("identity.age", lambda path: path.unlink()),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_named_and_not_touched(made: Vault, copy: Vault, damage: str) -> None:
    name, spoil = DAMAGES[damage]
    spoil(file(copy, name))
    copy._passphrases = PassphraseSource("", UserPrompts(lambda _: Secret(PASSPHRASE)))
    if name == "seeds.age":
        _identities[copy.directory] = _identities[made.directory]
    before = contents(copy)
    for use in (read, write):
        with pytest.raises(KeyringProblem) as caught:
            use(copy)
        assert (caught.value.slug, name in caught.value.what) == ("vault-damaged", True)
        assert caught.value.what.endswith("is missing." if damage.endswith("gone") else "is damaged.")
    assert contents(copy) == before


@pytest.mark.parametrize(
    ("document", "slug", "word"),
    [
        ('{"version": 2, "entries": [], "new": 1}', "vault-version", "newer"),
        ('{"version": 0, "seeds": {}}', "vault-version", "older"),
        ('{"version": "x", "entries": {}}', "vault-version", "older"),
        ('{"version": 1}', "vault-damaged", "not that of a vault"),
        ('{"version": [1]}', "vault-version", "older"),
        ("[]", "vault-damaged", "not that of a vault"),
        ("no JSON", "vault-damaged", "not that of a vault"),
    ],
)
def test_a_file_of_another_version_is_not_touched(opened: Vault, document: str, slug: str, word: str) -> None:
    recipient = age.recipient_of(_identities[opened.directory])
    file(opened, "seeds.age").write_bytes(age.encrypt_to(recipient, Secret(document)))
    before = contents(opened)
    for use in (read, write):
        with pytest.raises(KeyringProblem) as caught:
            use(opened)
        assert (caught.value.slug, word in caught.value.why) == (slug, True)
    assert contents(opened) == before


def test_a_passphrase_too_short_makes_no_vault(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        vault_in(tmp_path, lambda _: Secret("elf letters")).create(CancelScope())
    assert caught.value.slug == "passphrase-short"
    assert not (tmp_path / ".local").exists()


def test_a_vault_that_cannot_be_made_whole_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: str, text: str, *, durable: bool = False) -> None:
        if path.endswith("identity.age"):
            raise OSError(errno.ENOSPC, "full")
        kept(path, text, durable=durable)

    monkeypatch.setattr(age, "encrypt_by_passphrase", lambda *_: b"sealed")
    kept = private_files.write
    monkeypatch.setattr(private_files, "write", full)
    vault = vault_in(tmp_path, lambda _: Secret(PASSPHRASE))
    with pytest.raises(WriteProblem):
        vault.create(CancelScope())
    # What there is of it holds no secret, and is in nobody's way.
    assert (vault.exists, set(contents(vault)), vault.would_ask) == (False, {"seeds.age"}, True)
    assert vault.missing_files(expected=False) == []
    monkeypatch.setattr(private_files, "write", kept)
    vault.create(CancelScope())
    assert set(contents(vault)) == {"identity.age", "seeds.age"}


def test_a_vault_is_not_made_twice(copy: Vault) -> None:
    with pytest.raises(KeyringProblem) as caught:
        copy.create(CancelScope())
    assert caught.value.slug == "vault-exists"


def test_without_pyrage_it_is_said_how_to_have_it(copy: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(UsageError) as caught:
        copy.get(SERVICE, SERIAL, CancelScope())
    assert caught.value.slug == "extra-missing"
    assert "pipx inject mfa-tui pyrage cryptography" in caught.value.remedy


def test_in_the_background_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mfa_tui.cli.terminal.tty.is_in_foreground", lambda: False)
    for new in (False, True):
        with pytest.raises(NoUserToAsk):
            VaultPassphrase()(new=new)


def test_no_vault_is_created_without_a_terminal(tmp_path: Path) -> None:
    def nobody(_: bool) -> Secret:
        raise NoUserToAsk

    for ask in (None, nobody):
        for make in (lambda vault: vault.create(CancelScope()), write):
            with pytest.raises(VaultLocked) as caught:
                make(vault_in(tmp_path, ask))
            assert caught.value.lines() == [
                "No vault was created.",
                "There is nobody to ask for its passphrase.",
                "Set passphrase_command in the settings, or do this on a terminal.",
            ]


def test_declining_the_passphrase_does_not_say_that_there_was_no_terminal(copy: Vault) -> None:
    copy._passphrases = PassphraseSource("", UserPrompts(lambda _: None))
    with pytest.raises(VaultLocked) as caught:
        read(copy)
    assert caught.value.why == "Its passphrase was not given."


@long
def test_from_no_keyring_to_a_session(home: Home, device_in_vault: Device, aws: StrictAws) -> None:
    """On a terminal: made at the first import, asked for once in each run; refused where nobody can be asked."""
    (home.path / "secret").write_text(device_in_vault.seed)
    home.env["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    with terminal(home, "mfa-tui device import dev < secret") as screen:
        screen.wait_for("there is no recovery.*New passphrase for the vault: ")
        screen.type(f"{PASSPHRASE}\n")
        screen.wait_for("Repeat the passphrase: ")
        screen.type(f"{PASSPHRASE}\n")
        assert screen.status() == 0
    with terminal(home, "mfa-tui login dev") as screen:
        screen.wait_for("Passphrase for the vault: ")
        screen.type("wrong words altogether\n")
        screen.wait_for("That is not the vault's passphrase.*Passphrase for the vault: ")
        screen.type(f"{PASSPHRASE}\n")
        assert screen.status() == 0
        assert PASSPHRASE not in screen.screen
    assert aws.count("GetSessionToken") == 1
    # Renewals want the secret, and once the command has the terminal nobody can be asked.
    with terminal(home, "mfa-tui exec --renew dev -- echo it is $((1 + 1))") as screen:
        screen.wait_for("Passphrase for the vault: ")
        screen.type(f"{PASSPHRASE}\n")
        screen.wait_for("it is 2")
        assert screen.status() == 0
    unrenewed = home.run("exec", "--renew", "dev", "--", "echo", "all the same", stdin="")
    assert unrenewed.stdout == "all the same\n"
    assert "The session will expire without renewal. The vault is locked." in unrenewed.stderr
    refused = {
        command: home.run(*command.split(), stdin="")
        for command in (
            "code dev",
            "login dev --force",
            "device backup b",
            "vault passphrase",
            "device forget dev --yes",
        )
    }
    assert {command: result.returncode for command, result in refused.items()} == dict.fromkeys(refused, 3)
    assert all("The vault is locked." in result.stderr for result in refused.values())
    stored = [
        path for path in home.path.rglob("*") if path.is_file() and device_in_vault.seed.encode() in path.read_bytes()
    ]
    assert stored == [home.path / "secret"]


def test_with_a_command_for_the_passphrase_nobody_is_asked(home: Home, device_in_vault: Device) -> None:
    settings = home.path / ".config/mfa-tui/config.toml"
    settings.write_text(f'seed_store = "vault"\npassphrase_command = "echo {PASSPHRASE}"\n')
    assert home.run("device", "import", "dev", stdin=device_in_vault.seed).returncode == 0
    assert home.run("credential-process", "dev").returncode == 0
    moved = home.run("vault", "move", "keyring")
    assert moved.stdout == f"moved to the keyring: {device_in_vault.serial}\n"
    assert device_in_vault.seed in (home.path / "keyring.json").read_text()
    status = home.run("vault", "status").stdout
    assert ("keyring:   1\n" in status, "vault:     0 (" in status) == (True, True)
    # Where it is counts, not what the settings say of new ones.
    assert home.run("code", "dev").stdout.strip() in {device_in_vault.code(steps) for steps in (-1, 0)}
