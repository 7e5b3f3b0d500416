"""What is known of the users of long-term keys, in a file."""

import json
import os
from pathlib import Path

import pytest

from mfa_tui.adapters.keys import known_users
from mfa_tui.adapters.keys.known_users import KnownUsers
from mfa_tui.core.keys.known_user import KnownUser
from tests.support.homes.bench import Bench

ANA = KnownUser("111122223333", "acme", "arn:aws:iam::111122223333:mfa/ana")


def file(bench: Bench) -> Path:
    return Path(bench.context.paths.data, "known-users.json")


def test_they_are_kept_changed_and_forgotten(bench: Bench) -> None:
    users = KnownUsers(bench.context.paths)
    assert (users.read(), users.stamp()) == ({}, 0)
    users.update("AKIA1", lambda _: ANA)
    users.update("AKIA2", lambda user: user.changed(fido_only=True))
    before = users.stamp()
    assert before
    assert file(bench).stat().st_mode & 0o777 == 0o600
    assert KnownUsers(bench.context.paths).read() == {"AKIA1": ANA, "AKIA2": KnownUser(fido_only=True)}
    users.update("AKIA1", lambda user: user.changed(alias="new"))
    assert list(users.read()) == ["AKIA2", "AKIA1"], "the newest comes last"
    users.copy("AKIA1", "AKIA3")
    users.copy("AKIA4", "AKIA5")
    assert list(users.read()) == ["AKIA2", "AKIA1", "AKIA3"]
    assert users.read()["AKIA3"] == ANA.changed(alias="new")
    users.forget("AKIA1")
    users.forget("AKIA1")
    users.forget("AKIA3")
    assert users.read() == {"AKIA2": KnownUser(fido_only=True)}
    assert users.stamp() != before


def test_nothing_is_written_that_is_known(bench: Bench) -> None:
    users = KnownUsers(bench.context.paths)
    users.update("AKIA1", lambda _: ANA)
    os.utime(file(bench), ns=(5, 5))
    users.update("AKIA1", lambda user: user.changed(alias="acme"))
    assert users.stamp() == 5


def test_only_the_newest_are_kept(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_users, "MOST", 2)
    for number in range(3):
        KnownUsers(bench.context.paths).update(f"AKIA{number}", lambda _: ANA)
    assert list(KnownUsers(bench.context.paths).read()) == ["AKIA1", "AKIA2"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"users": [["AKIA1"]]}', '{"users": 5}', "\x00"])
def test_a_damaged_file_is_no_error(bench: Bench, text: str) -> None:
    users = KnownUsers(bench.context.paths)
    users.update("AKIA1", lambda _: ANA)
    file(bench).write_text(text)
    assert users.read() == {}
    users.update("AKIA2", lambda _: ANA)
    assert users.read() == {"AKIA2": ANA}
    assert json.loads(file(bench).read_text())["version"] == 1


def test_a_directory_that_cannot_be_written_is_no_error(bench: Bench) -> None:
    Path(bench.context.paths.data).parent.mkdir(parents=True, exist_ok=True)
    Path(bench.context.paths.data).write_text("in the way")
    KnownUsers(bench.context.paths).update("AKIA1", lambda _: ANA)
    assert KnownUsers(bench.context.paths).read() == {}
