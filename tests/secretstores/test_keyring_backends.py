"""What keyrings do to us, and what is said then. A typed code works with every one of them."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from keyring.backends.chainer import ChainerBackend
from keyring.backends.null import Keyring as NullKeyring

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.secretstores.keyring import KeyringStore
from mfa_tui.adapters.seeds.store import KEYRING, SERVICE, SeedStore
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.demo.aws.server import Device, StrictAws
from mfa_tui.errors import KeyringProblem
from mfa_tui.models import Secret
from tests.secretstores import fakes
from tests.support.homes.home import Home
from tests.support.runner.timeouts import scaled

FAKES = "tests.secretstores.fakes."
PLAIN = "keyrings.alt.file.PlaintextKeyring"
NO_KEYRING = """\
There is no keyring on this machine, or in this session.
No Secret Service (gnome-keyring, KWallet), Keychain or Credential Locker responds.
Start one, type the code at each login, or set seed_store = "vault": a file that a passphrase opens once per run."""

# The backend that PYTHON_KEYRING_BACKEND names (empty: none), and what `device import` says; at login the first of
# these lines is the reason why a code is to be typed.
TROUBLE = {
    "keyring.backends.fail.Keyring": NO_KEYRING,
    "": """\
No safe keyring was found; secrets are not stored.
The only backend is keyrings.alt.file, which does not keep them encrypted under your login.
Start a Secret Service (gnome-keyring, KWallet), or set seed_store = "vault": a file that a passphrase opens once \
per run.""",
    "no.such.Keyring": """\
PYTHON_KEYRING_BACKEND=no.such.Keyring cannot be used.
There is no such keyring backend here.
Correct or unset the variable; keyring --list-backends shows what there is.""",
    "nonsense": """\
PYTHON_KEYRING_BACKEND=nonsense cannot be used.
There is no such keyring backend here.
Correct or unset the variable; keyring --list-backends shows what there is.""",
    FAKES + "Unstartable": """\
PYTHON_KEYRING_BACKEND=tests.secretstores.fakes.Unstartable cannot be used.
It fails to start, with OSError.
Correct or unset the variable; keyring --list-backends shows what there is.""",
    FAKES + "Odd": """\
The keyring failed.
It answered with ValueError.
Run keyring diagnose, or type the code at each login.""",
}
UNPROTECTED = "mfa-tui: warning: PYTHON_KEYRING_BACKEND names {}, which may keep secrets unprotected.\n"


def warning_for(backend: str) -> str:
    """The warning that comes with a backend that works at all and was named."""
    return UNPROTECTED.format(backend) if backend.endswith("Odd") else ""


def trouble_of(result: subprocess.CompletedProcess[str]) -> str:
    """What an import says beside what the secret is, its codes, and that another is stored."""
    lines = result.stderr.splitlines(keepends=True)
    assert lines[0].startswith("Found: ")
    # Codes are for a person to compare; a log keeps them.
    assert "code is" not in result.stderr
    return "".join(line for line in lines[1:] if not line.startswith("A secret is already stored for "))


@pytest.mark.parametrize("backend", TROUBLE)
def test_a_secret_is_not_stored(keyring_home: Callable[[str], Home], device: Device, backend: str) -> None:
    what, *rest = TROUBLE[backend].splitlines()
    result = keyring_home(backend).run("device", "import", "dev", stdin=device.seed)
    told = "".join(f"  {line}\n" for line in rest)
    assert trouble_of(result) == f"{warning_for(backend)}mfa-tui: {what}\n{told}"
    assert (result.returncode, result.stdout) == (1, "")


@pytest.mark.parametrize("backend", TROUBLE)
def test_login_says_why_a_code_is_to_be_typed(
    keyring_home: Callable[[str], Home], aws: StrictAws, device: Device, backend: str
) -> None:
    home = keyring_home(backend)
    asked = home.run("login", "dev")
    assert asked.stderr == (
        f"{warning_for(backend)}mfa-tui: A code for dev is needed, and there is no terminal to ask on.\n"
        f"  {TROUBLE[backend].splitlines()[0]}\n"
        "  Log in with a code: mfa-tui login dev --code CODE\n"
    )
    assert (asked.returncode, aws.count()) == (3, 0)
    typed = home.run("login", "dev", "--code", device.code())
    assert (typed.returncode, typed.stderr, aws.count()) == (0, "", 1)


def test_a_null_keyring_keeps_nothing_and_that_is_said(keyring_home: Callable[[str], Home], device: Device) -> None:
    home = keyring_home("keyring.backends.null.Keyring")
    result = home.run("device", "import", "dev", stdin=device.seed)
    assert trouble_of(result) == UNPROTECTED.format("keyring.backends.null.Keyring") + (
        "mfa-tui: The keyring accepted the secret but did not keep it.\n"
        "  A null or volatile keyring backend does that.\n"
        "  Choose another backend (keyring --list-backends shows them), or type the code at each login.\n"
    )
    assert result.returncode == 1


def test_a_keyring_that_fails_at_writing_shows_no_secret(keyring_home: Callable[[str], Home], device: Device) -> None:
    result = keyring_home(FAKES + "OddAtWriting").run("device", "import", "dev", stdin=device.seed)
    assert (result.returncode, "LookupError" in result.stderr) == (1, True)
    assert device.seed not in result.stderr + result.stdout


def test_a_plain_text_keyring_is_used_with_a_warning_if_it_was_named(
    keyring_home: Callable[[str], Home], aws: StrictAws, device: Device
) -> None:
    home = keyring_home(PLAIN)
    stored = home.run("device", "import", "dev", stdin=device.seed)
    assert (stored.returncode, trouble_of(stored)) == (0, UNPROTECTED.format(PLAIN))
    result = home.run("login", "dev")
    assert (result.returncode, result.stderr, aws.count()) == (0, UNPROTECTED.format(PLAIN), 1)


@pytest.mark.parametrize("command", ["import", "login"])
def test_an_entry_that_is_damaged(
    keyring_home: Callable[[str], Home], home: Home, device: Device, command: str
) -> None:
    asked = keyring_home(FAKES + "Damaged").run("login", "dev")
    assert f"  The keyring's entry for {device.serial} is damaged.\n" in asked.stderr
    assert asked.returncode == 3
    # What the remedy says works: the entry is replaced.
    home.env["PYTHON_KEYRING_BACKEND"] = "mfa_tui.demo.home.keyring_file.FileKeyring"
    keyring = home.path / "keyring.json"
    keyring.write_text(keyring.read_text().replace(device.seed, "1"))
    if command == "import":
        assert home.run("device", "import", "dev", stdin=device.seed).returncode == 0
        assert device.code() in (home.run("code", "dev").stdout.strip(), device.code(1))
    else:
        assert home.run("device", "forget", "dev", "--yes").returncode == 0
        assert device.serial not in keyring.read_text()


def test_an_index_that_cannot_be_read(home: Home, device: Device) -> None:
    index = home.path / ".local/share/mfa-tui/seeds.json"
    index.unlink()
    index.mkdir()
    result = home.run("device", "import", "dev", stdin=device.seed)
    assert trouble_of(result) == (
        f"mfa-tui: {index}, the list of stored secrets, cannot be read.\n"
        "  Is a directory.\n"
        "  Fix that, then try again.\n"
    )
    assert result.returncode == 1


@pytest.fixture
def store(tmp_path: Path) -> SeedStore:
    """A store that waits a fifth of a second for its keyring."""
    env = {"HOME": str(tmp_path)}
    return SeedStore(Paths(env), {KEYRING: KeyringStore(env, warn=lambda _: None, timeout=0.2)}, Clock())


def use(monkeypatch: pytest.MonkeyPatch, backend: Any) -> None:
    monkeypatch.setattr("keyring.get_keyring", lambda: backend)


def test_a_keyring_that_never_answers_is_given_up(store: SeedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, _safe(fakes.Blocking)())
    try:
        for _ in range(2):
            with pytest.raises(KeyringProblem) as caught:
                store.load("serial", CancelScope())
            assert caught.value.slug == "keyring-timeout"
            assert len(caught.value.lines()) == 3
    finally:
        fakes.Blocking.released.set()


def test_ctrl_c_ends_the_wait_for_a_keyring(keyring_home: Callable[[str], Home], tmp_path: Path) -> None:
    home = keyring_home(FAKES + "Blocking")
    marker = tmp_path / "reached"
    before = (home.config.read_bytes(), home.credentials.read_bytes())
    with subprocess.Popen(
        [sys.executable, "-m", "mfa_tui", "login", "dev"],
        env=home.env | {"BLOCKING_MARKER": str(marker)},
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    ) as process:
        while not marker.exists():
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=scaled(20))
    assert process.returncode == 130
    assert stderr == UNPROTECTED.format(FAKES + "Blocking") + "mfa-tui: Interrupted.\n"
    assert (home.config.read_bytes(), home.credentials.read_bytes()) == before


def _safe(kind: type) -> Any:
    """*kind*, as if it were a backend of the Secret Service."""
    return type(kind.__name__, (kind,), {"__module__": "keyring.backends.SecretService"})


class Memory(NullKeyring):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:  # type: ignore[override]
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:  # type: ignore[override]
        self.kept[service, username] = password


def _chain(monkeypatch: pytest.MonkeyPatch, *backends: Any) -> None:
    chain: Any = type("Chain", (ChainerBackend,), {"backends": backends, "__module__": "keyring.backends.chainer"})
    use(monkeypatch, chain())


def test_of_a_chain_only_the_safe_keyring_is_used(store: SeedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, safe = Memory(), _safe(Memory)()
    _chain(monkeypatch, plain, safe)
    store.store("serial", Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "", CancelScope())
    assert not plain.kept
    assert list(safe.kept) == [(SERVICE, "serial")]


def test_a_chain_without_a_safe_keyring_is_refused(store: SeedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Memory()
    _chain(monkeypatch, plain, Memory())
    with pytest.raises(KeyringProblem) as caught:
        store.store("serial", Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "", CancelScope())
    assert (caught.value.slug, plain.kept) == ("keyring-unsafe", {})


def test_the_index_holds_serials_and_labels_only_and_is_private(home: Home, device: Device) -> None:
    data = home.path / ".local/share/mfa-tui"
    index = data / "seeds.json"
    assert device.serial in index.read_text()
    assert device.seed not in index.read_text()
    assert (stat.S_IMODE(index.stat().st_mode), stat.S_IMODE(data.stat().st_mode)) == (0o600, 0o700)
    assert os.listdir(data)
