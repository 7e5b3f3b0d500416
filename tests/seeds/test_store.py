"""Where seeds are, and that none is lost: whatever a process dies of, and whatever becomes of the list of them."""

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.seeds.store import KEYRING, VAULT, SeedStore
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.demo.aws.server import Device
from mfa_tui.errors import KeyringProblem, WriteProblem
from mfa_tui.models import Secret
from tests.seeds.stores import Killed, Memory, Steps, count_writes
from tests.support.homes.home import Home

ANA = "arn:aws:iam::111122223333:mfa/ana"
SEED, OTHER = Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), Secret("KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")
CONTROL = CancelScope()


class Machine:
    """A disk with an index, a keyring and a vault."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.index = home / ".local/share/mfa-tui/seeds.json"
        self.steps = Steps()
        self.stores = {KEYRING: Memory(self.steps), VAULT: Memory(self.steps)}

    def seeds(self, new: str = KEYRING) -> SeedStore:
        """As a process that starts finds them."""
        return SeedStore(Paths({"HOME": str(self.home)}), self.stores, Clock(), new=new)  # type: ignore[arg-type]

    def move(self, place: str) -> list[str]:
        """Moves all to *place*; returns what it was told of."""
        told: list[str] = []
        self.seeds().move(place, CONTROL, told.append)
        return told

    def had(self) -> Secret | None:
        entry = self.seeds().entry(ANA, CONTROL)
        return entry.seed if entry else None

    def places(self) -> list[str]:
        return [place for place, store in self.stores.items() if ANA in store.kept]

    def state(self) -> Callable[[], None]:
        """What there is; the callable brings it back."""
        index = self.index.read_text() if self.index.exists() else None
        kept = {place: copy.copy(store.kept) for place, store in self.stores.items()}

        def restore() -> None:
            self.index.unlink(missing_ok=True)
            if index is not None:
                self.index.write_text(index)
            for place, store in self.stores.items():
                store.kept = copy.copy(kept[place])

        return restore


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path)
    count_writes(machine.steps, monkeypatch)
    return machine


@pytest.mark.parametrize("cleans_up", [False, True])
@pytest.mark.parametrize(("before", "after"), [(KEYRING, VAULT), (VAULT, KEYRING)])
def test_a_move_interrupted_anywhere_loses_nothing_and_can_be_repeated(
    machine: Machine, before: str, after: str, cleans_up: bool
) -> None:
    machine.steps.cleans_up = cleans_up
    machine.seeds(before).store(ANA, SEED, "", CONTROL)
    restore = machine.state()
    ends = 0
    for step in machine.steps.every(lambda: machine.move(after)):
        assert machine.had() == SEED, step
        assert machine.seeds().stored()[ANA] in machine.places(), step
        machine.move(after)
        assert (machine.seeds().where(ANA), machine.had()) == (after, SEED), step
        restore()
        ends = step
    assert ends > 6
    assert machine.places() == [after]


@pytest.mark.parametrize("new", [KEYRING, VAULT])
def test_a_replacement_of_a_secret_interrupted_anywhere(machine: Machine, new: str) -> None:
    machine.seeds(KEYRING).store(ANA, SEED, "", CONTROL)
    restore = machine.state()
    for step in machine.steps.every(lambda: machine.seeds(new).store(ANA, OTHER, "", CONTROL)):
        assert machine.had() in (SEED, OTHER), step
        machine.seeds(new).store(ANA, OTHER, "", CONTROL)
        entry = machine.seeds().entry(ANA, CONTROL)
        assert entry is not None
        assert (entry.seed, entry.previous) == (OTHER, SEED), step
        restore()
    assert (machine.places(), machine.seeds().where(ANA)) == ([new], new)


def test_a_first_secret_interrupted_anywhere_is_never_stored_without_being_listed(machine: Machine) -> None:
    restore = machine.state()
    for step in machine.steps.every(lambda: machine.seeds().store(ANA, SEED, "", CONTROL)):
        assert set(machine.places()) <= set(machine.seeds().stored().values()), step
        assert machine.had() in (None, SEED), step
        restore()
    assert machine.had() == SEED


def test_a_kill_at_the_passphrase_prompt_changes_nothing(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.seeds().store(ANA, SEED, "", CONTROL)
    before = machine.index.read_text()

    def die(_: CancelScope) -> None:
        machine.steps.last = 0
        raise Killed

    acts: list[Callable[[], object]] = [
        lambda: machine.move(VAULT),
        lambda: machine.seeds(VAULT).store(ANA, OTHER, "", CONTROL),
    ]
    for act in acts:
        with monkeypatch.context() as patched:
            patched.setattr(machine.stores[VAULT], "open", die)
            with pytest.raises(Killed):
                act()
        machine.steps.last = None
        assert (machine.index.read_text(), machine.had()) == (before, SEED)


def test_a_secret_that_is_not_where_the_list_says_is_used_and_the_list_fixed(machine: Machine) -> None:
    """As versions left it that noted the vault before they asked for its passphrase."""
    machine.seeds().store(ANA, SEED, "", CONTROL)
    machine.index.write_text(machine.index.read_text().replace(KEYRING, VAULT))
    assert machine.had() == SEED
    assert machine.move(VAULT) == [ANA]
    assert (machine.places(), machine.seeds().where(ANA)) == ([VAULT], VAULT)
    machine.index.write_text(machine.index.read_text().replace(VAULT, KEYRING))
    assert machine.move(VAULT) == []
    assert machine.seeds().where(ANA) == VAULT
    machine.index.write_text(machine.index.read_text().replace(VAULT, KEYRING))
    assert not machine.seeds().remove(ANA, CONTROL)
    assert (machine.places(), machine.seeds().stored()) == ([], {})


def test_the_vault_is_not_opened_for_secrets_that_are_not_listed(machine: Machine) -> None:
    machine.seeds().store(ANA, SEED, "", CONTROL)
    machine.stores[KEYRING].kept.clear()
    machine.stores[VAULT].would_ask = True
    assert machine.had() is None
    assert machine.seeds(KEYRING).entry("another", CONTROL) is None
    assert machine.stores[VAULT].would_ask


DAMAGES: dict[str, str | bytes] = {
    "no JSON": "{",
    "empty": "",
    "no object": "[]",
    "no list": '{"version": 1}',
    "another list": '{"seeds": []}',
    "zeros": "\0" * 80,
    "no text": b"\xff\xfe{}",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_list_is_reported_and_never_overwritten(machine: Machine, damage: str) -> None:
    machine.seeds().store(ANA, SEED, "", CONTROL)
    content = DAMAGES[damage]
    machine.index.write_bytes(content if isinstance(content, bytes) else content.encode())
    before, seeds = machine.index.read_bytes(), machine.seeds()
    # What opens nothing goes on.
    assert (seeds.serials(), seeds.stored(), seeds.where(ANA)) == (frozenset(), {}, "")
    problem = seeds.index_problem()
    assert problem is not None
    assert (problem.slug, str(machine.index) in problem.what) == ("seeds-index", True)
    for act in (
        lambda: seeds.load(ANA, CONTROL),
        lambda: seeds.store(ANA, OTHER, "", CONTROL),
        lambda: seeds.move(VAULT, CONTROL, lambda _: None),
        lambda: seeds.remove(ANA, CONTROL),
        lambda: seeds.confirm_seed(ANA, CONTROL),
        lambda: seeds.check_storage(CONTROL),
    ):
        with pytest.raises(KeyringProblem) as caught:
            act()
        assert caught.value.slug == "seeds-index"
    assert machine.index.read_bytes() == before
    assert list(machine.stores[KEYRING].kept) == [ANA]


def test_a_list_that_cannot_be_read_is_not_taken_for_an_empty_one(machine: Machine) -> None:
    machine.index.mkdir(parents=True)
    problem = machine.seeds().index_problem()
    assert problem is not None
    assert (problem.slug, problem.why) == ("seeds-index", "Is a directory.")


def test_a_secret_that_is_gone_and_still_listed_is_called_so(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.seeds().store(ANA, SEED, "", CONTROL)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("mfa_tui.adapters.filesystem.private_files.write", full)
        with pytest.raises(WriteProblem) as caught:
            machine.seeds().remove(ANA, CONTROL)
    assert "was removed, but is still in the list" in caught.value.what
    assert caught.value.why == "The disk is full."
    assert (machine.places(), list(machine.seeds().stored())) == ([], [ANA])
    machine.seeds().remove(ANA, CONTROL)
    assert machine.seeds().stored() == {}


@pytest.mark.parametrize("cleans_up", [False, True])
@pytest.mark.parametrize("again", [KEYRING, VAULT])
def test_moving_several_copies_all_before_any_goes(machine: Machine, again: str, cleans_up: bool) -> None:
    """Broken off anywhere: each is where the index names it, and no copy is anywhere else; the next move goes on."""
    machine.steps.cleans_up = cleans_up
    secrets = {f"{ANA}{number}": Secret(SEED.reveal()[number:] + SEED.reveal()[:number]) for number in range(3)}
    for serial, secret in secrets.items():
        machine.seeds().store(serial, secret, "", CONTROL)
    restore = machine.state()
    copied = set()
    for step in machine.steps.every(lambda: machine.move(VAULT)):
        seeds, whole = machine.seeds(), {place: store.kept.keys() for place, store in machine.stores.items()}
        for serial, secret in secrets.items():
            named = {seeds.stored()[serial], *filter(None, [seeds.copies().get(serial)])}
            entry = seeds.entry(serial, CONTROL)
            assert entry is not None, step
            assert entry.seed == secret, step
            assert serial in whole[seeds.stored()[serial]], step
            assert {place for place in whole if serial in whole[place]} <= named, step
        assert len(whole[KEYRING]) == 3 or len(whole[VAULT]) == 3, step
        copied.add(len(whole[VAULT]))
        machine.move(again)
        other = KEYRING if again == VAULT else VAULT
        assert (len(machine.stores[again].kept), len(machine.stores[other].kept)) == (3, 0), step
        assert (set(machine.seeds().stored().values()), machine.seeds().copies()) == ({again}, {}), step
        restore()
    assert copied == ({0, 1, 2, 3} if not cleans_up else copied)
    assert machine.move(VAULT) == []


def test_removing_takes_the_copy_of_a_broken_move_too(machine: Machine) -> None:
    machine.seeds().store(ANA, SEED, "", CONTROL)
    restore = machine.state()
    left = 0
    for step in machine.steps.every(lambda: machine.move(VAULT)):
        left += len(machine.places()) == 2
        machine.seeds().store(ANA, OTHER, "", CONTROL)
        machine.seeds().remove(ANA, CONTROL)
        machine.seeds().remove(ANA, CONTROL)
        assert (machine.places(), machine.seeds().stored()) == ([], {}), step
        restore()
    assert left > 1


def test_where_a_move_cannot_be_noted_all_stays(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.seeds().store(ANA, SEED, "", CONTROL)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("mfa_tui.adapters.filesystem.private_files.write", full)
        with pytest.raises(WriteProblem):
            machine.move(VAULT)
    assert (machine.places(), machine.seeds().where(ANA)) == ([KEYRING], KEYRING)


def test_what_commands_say_of_a_damaged_list(home: Home, device: Device) -> None:
    index = home.path / ".local/share/mfa-tui/seeds.json"
    index.write_text("{\n")
    said = f"{index}, the list of stored secrets, is damaged."
    for command, status in {
        "code dev": 1,
        "device export dev --yes --text": 1,
        "device backup b": 1,
        "device forget dev --yes": 1,
        "device list dev": 0,
        "vault status": 1,
        "vault move vault": 1,
        "login dev": 3,
    }.items():
        result = home.run(*command.split(), stdin="")
        assert (result.returncode, said in result.stderr) == (status, True), (command, result.stderr)
    assert home.run("vault", "status").stdout.startswith("keyring:   ?\nvault:     ? (not created yet)\nelsewhere: 0\n")
    assert json.loads(home.run("list", "--json").stdout)["profiles"][0]["seed_stored"] is False
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
    assert index.read_text() == "{\n"


def test_where_secrets_are_is_listed(home: Home, device: Device) -> None:
    (home.path / ".config/mfa-tui").mkdir(parents=True)
    (home.path / ".config/mfa-tui/config.toml").write_text(
        f'[devices."{ANA}"]\nseed_command = "pass ana"\n[devices."{ANA}2"]\nyubikey = "AWS:ana"\n'
    )
    index = home.path / ".local/share/mfa-tui/seeds.json"
    listed = home.run("vault", "status")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert listed.stdout == (
        f"keyring:   1\n  {device.serial}\nvault:     0 (not created yet)\nelsewhere: 2\n"
        f"  {ANA}  seed_command\n  {ANA}2  yubikey\n"
        "New secrets go into the keyring (seed_store in the settings).\n"
    )
    vault = index.parent / "vault"
    vault.mkdir()
    (vault / "seeds.age").write_text("sealed")
    index.write_text(index.read_text().replace('"keyring"', '"vault"'))
    lost = home.run("vault", "status")
    assert f"vault:     1 ({vault})\n  {device.serial}\n" in lost.stdout
    assert (lost.returncode, f"The vault's file {vault / 'identity.age'} is missing." in lost.stderr) == (1, True)
