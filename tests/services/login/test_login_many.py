"""Logins to a user and to all of its roles: the code goes out first, and twice as many take twice the work."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mfa_tui.adapters.aws.sts import Aws
from mfa_tui.adapters.filesystem import temporary_files
from mfa_tui.adapters.sessions import cache
from mfa_tui.cli.commands import list as listing
from mfa_tui.cli.commands import login, logout
from mfa_tui.cli.terminal import tty
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.profiles.profile import Profile
from mfa_tui.core.profiles.role import Role
from mfa_tui.models import Secret, Session
from tests.support.awsfiles.saved_sessions import KEY_ID, SERIAL, age, as_botocore_reads, contents, new_session
from tests.support.homes.home import Home

_watched: Counter[str] | None = None


def _hook(event: str, _: Any) -> None:
    if _watched is not None and event in ("open", "os.listdir", "os.scandir"):
        _watched[event] += 1


sys.addaudithook(_hook)


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """What is done meanwhile: files opened, directories listed, documents read, profiles understood, requests made."""
    global _watched  # noqa: PLW0603 - an audit hook cannot be taken away
    counts: Counter[str] = Counter()
    parse, start = Document.parse, Profile.__init__

    def counted_parse(data: bytes, which: str) -> Document:
        counts["parsed"] += 1
        return parse(data, which)

    def counted_start(*arguments: Any) -> None:
        counts["understood"] += 1
        start(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Document, "parse", counted_parse)
        patch.setattr(Profile, "__init__", counted_start)
        _watched = counts
        try:
            yield counts
        finally:
            _watched = None


class Sts:
    """STS that gives whatever is asked for; ``asked`` is told before each answer."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.asked: Callable[[], None] = lambda: None

    def get_session_token(self, _: Aws, _caller: Any, serial: str, *_rest: Any) -> Session:
        self.asked()
        self.calls.append("GetSessionToken")
        return new_session(serial=serial)

    def assume_role(self, _: Aws, caller: Any, role: Role, *_rest: Any, **_more: Any) -> Session:
        self.calls.append(role.name)
        keys = caller.keys
        return new_session(
            access_key_id=f"ASIA{role.name.upper():X<16}", source_key_id=keys.source_key_id, serial=keys.serial,
            roles=(role.identity,), duration=3600,
        )  # fmt: skip


@pytest.fixture
def sts(home: Home, monkeypatch: pytest.MonkeyPatch) -> Sts:
    """This process lives in the home, and its AWS is no server: only the work before and after it counts."""
    for name, value in home.env.items():
        monkeypatch.setenv(name, value)
    sts = Sts()
    for name in ("get_session_token", "assume_role"):
        monkeypatch.setattr(Aws, name, lambda *given, _name=name, **more: getattr(sts, _name)(*given, **more))
    return sts


def furnish(
    home: Home, roles: int, others: int = 0, *, base: str = f"mfa_serial = {SERIAL}\n", keys: bool = True
) -> None:
    config = f"[profile dev]\nregion = x\n{base}\n" + "".join(
        f"[profile r{number}]\nrole_arn = arn:aws:iam::111122223333:role/r{number}\nsource_profile = dev\n\n"
        for number in range(roles)
    )
    credentials = f"[dev]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = s\n"
    home.config.write_text(config + "".join(f"[profile x{number}]\nregion = y\n" for number in range(others)))
    home.credentials.write_text(credentials if keys else "")
    home.credentials.chmod(0o600)
    age(home)


def test_the_code_goes_out_before_the_roles_are_looked_at(home: Home, sts: Sts) -> None:
    furnish(home, roles=300, others=9_700)
    before: Counter[str] = Counter()
    with counted() as counts:
        sts.asked = lambda: before.update(counts)
        assert login.run(["dev", "--all-roles", "--code", "123456"]) == 0
    # Both files, and what would become of them: whether the target can be written is known before the code is used.
    assert before["parsed"] <= 4
    assert before["understood"] <= 3
    assert counts["understood"] > 10_000
    assert sts.calls[0] == "GetSessionToken"
    assert sorted(sts.calls[1:]) == sorted(f"r{number}" for number in range(300))
    assert len([name for name in as_botocore_reads(home.credentials) if name.endswith("-mfa")]) == 301


@pytest.mark.parametrize("options", [["dev", "--all-roles"], ["--all-roles"], ["dev"], ["r7"]])
def test_nothing_is_looked_at_between_the_answer_and_the_request(
    home: Home, sts: Sts, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    furnish(home, roles=300, others=700)
    answered: Counter[str] = Counter()
    before: Counter[str] = Counter()

    def answer(*_: object) -> Secret:
        answered.update(counts)
        return Secret("123456")

    monkeypatch.setattr(tty, "ask_secret", answer)
    with counted() as counts:
        sts.asked = lambda: before.update(counts)
        assert login.run(options) == 0
    assert answered["parsed"] >= 2
    assert before["parsed"] == answered["parsed"]
    assert before["understood"] - answered["understood"] <= 4
    assert before["understood"] <= 12


GIVEN = '{"Version": 1, "AccessKeyId": "ASIAGIVEN", "SecretAccessKey": "s", "SessionToken": "t"}'
BASES = {
    "of a user": f"mfa_serial = {SERIAL}\n",
    "of a user whose device is not named": "",
    "of a credential process": "credential_process = cat given\n",
}


@pytest.mark.parametrize("base", BASES.values(), ids=BASES)
@pytest.mark.usefixtures("sts")
def test_twice_as_many_roles_take_twice_the_work(home: Home, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home.path)
    (home.path / "given").write_text(GIVEN)
    options = [] if "process" in base else ["--code", "123456", "--serial", SERIAL]
    # The directory of the sessions has just been written to, and yet is taken for settled.
    monkeypatch.setattr(cache, "_TICK", 0.0)
    work: list[Counter[str]] = []
    # In the first round, modules are loaded.
    for roles in (5, 10, 20, 30):
        furnish(home, roles, base=base, keys="process" not in base)
        old = contents(home)
        temporary_files._cleared.clear()
        sums: Counter[str] = Counter()
        commands: list[tuple[str, Callable[[list[str]], int], list[str]]] = [
            ("in", login.run, [*([] if "process" in base else ["dev"]), "--all-roles", *options]),
            ("again", login.run, ["--all-roles"]),
            ("shown", listing.run, []),
            ("out", logout.run, ["--all"]),
        ]
        for name, run, arguments in commands:
            with counted() as counts:
                assert run(arguments) == 0
            sums.update({f"{what} {name}": count for what, count in counts.items()})
        assert contents(home) == old
        work.append(sums)
    del work[0]
    assert work[0].keys() == work[1].keys() == work[2].keys()
    for name in work[0]:
        first, second, third = (each[name] for each in work)
        # Files are read and directories listed as often for thirty as for ten; all else grows by as much each time.
        assert third - second == pytest.approx(second - first, abs=9), name
        assert not name.startswith(("parsed", "os.")) or first == third, name


def test_a_role_that_cannot_be_written_fails_alone(home: Home, sts: Sts, capsys: pytest.CaptureFixture[str]) -> None:
    furnish(home, roles=4)
    with home.credentials.open("a") as file:
        file.write("[r1-mfa]\naws_access_key_id = AKIAEXAMPLEEXAMPLE99\naws_secret_access_key = s\n")
        file.write(
            "[r2-mfa]\naws_access_key_id = ASIAEXAMPLEEXAMPLE99\naws_secret_access_key = s\naws_session_token = t\n"
        )
    age(home)
    assert login.run(["dev", "--all-roles", "--code", "123456"]) == 2
    said = capsys.readouterr().err
    assert "[r1-mfa] holds long-term access keys" in said
    assert "[r2-mfa] holds temporary credentials" in said
    assert sts.calls[0] == "GetSessionToken"
    assert sorted(sts.calls[1:]) == ["r0", "r3"]
    found = as_botocore_reads(home.credentials)
    assert [name for name in found if "mfa_tui_source" in found[name]] == ["dev-mfa", "r0-mfa", "r3-mfa"]


def test_a_target_that_is_spoilt_meanwhile_fails_alone(
    home: Home, sts: Sts, capsys: pytest.CaptureFixture[str]
) -> None:
    furnish(home, roles=3)

    def spoil() -> None:
        with home.credentials.open("a") as file:
            file.write("[r1-mfa]\naws_access_key_id = AKIAEXAMPLEEXAMPLE99\naws_secret_access_key = s\n")
        age(home)

    sts.asked = spoil
    assert login.run(["dev", "--all-roles", "--code", "123456"]) == 2
    assert "[r1-mfa] holds long-term access keys" in capsys.readouterr().err
    found = as_botocore_reads(home.credentials)
    assert [name for name in found if "mfa_tui_source" in found[name]] == ["dev-mfa", "r0-mfa", "r2-mfa"]
    assert found["r1-mfa"]["aws_access_key_id"] == "AKIAEXAMPLEEXAMPLE99"
