"""The session cache: private, and what is damaged or over is gone."""

import json
import os
import time
from pathlib import Path

import pytest

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.secretstores.keyring import KeyringStore
from mfa_tui.adapters.sessions.cache import SessionCache
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from tests.support.awsfiles.saved_sessions import KEY_ID, SERIAL, mode, new_session
from tests.support.homes.home import Home

NUMBERS = b"""9999999999
{"AccessKeyId": 1, "SecretAccessKey": 2, "SessionToken": 3}
{"duration": 1, "source_key_id": "AKIA", "serial": "s"}
"""


@pytest.fixture
def cache(home: Home) -> SessionCache:
    return SessionCache(Paths(home.env), Clock(), KeyringStore(home.env, pytest.fail))


@pytest.fixture
def directory(home: Home) -> Path:
    return home.path / ".cache/mfa-tui/sessions"


def test_a_session_comes_back_as_it_was(cache: SessionCache) -> None:
    session = new_session()
    cache.store(session, CancelScope())
    found = cache.find(KEY_ID, SERIAL)
    assert found is not None
    assert {name: getattr(found, name) for name in session.__slots__} == {
        name: getattr(session, name) for name in session.__slots__
    }
    assert cache.find("AKIAOTHER") is None
    assert cache.find(KEY_ID, "arn:aws:iam::111122223333:mfa/other") is None


def test_nobody_else_can_read_it(cache: SessionCache, directory: Path) -> None:
    old = os.umask(0)
    try:
        cache.store(new_session(), CancelScope())
    finally:
        os.umask(old)
    assert [mode(path) for path in directory.iterdir()] == [0o600]
    assert {mode(path) for path in (directory, directory.parent, directory.parent.parent)} == {0o700}


def test_the_file_is_ready_for_a_credential_process(cache: SessionCache, directory: Path) -> None:
    session = new_session()
    cache.store(session, CancelScope())
    (path,) = directory.iterdir()
    expiry, process, _ = path.read_text().splitlines()
    assert int(expiry) == session.expires_at
    assert json.loads(process) == {
        "Version": 1,
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret_access_key.reveal(),
        "SessionToken": session.session_token.reveal(),
        "Expiration": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(session.expires_at)),
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"soon\n{}\n{}\n",
        b"9999999999\n",
        b"9999999999\n{}\n{}\n",
        b"9999999999\n[]\n[]\n",
        b"9999999999\nnull\n1\n",
        b"9999999999\n{",
        NUMBERS,
        b"9" * 5000 + b"\n{}\n{}\n",
    ],
)
def test_a_damaged_file_is_deleted(cache: SessionCache, directory: Path, content: bytes) -> None:
    cache.store(new_session(), CancelScope())
    (path,) = directory.iterdir()
    path.write_bytes(content)
    (directory / "other").write_bytes(content)
    assert cache.valid_sessions() == []
    assert list(directory.iterdir()) == []


def test_an_ended_session_is_deleted(cache: SessionCache, directory: Path) -> None:
    cache.store(new_session(expires_at=int(time.time()) - 1), CancelScope())
    cache.store(new_session(serial="arn:aws:iam::111122223333:mfa/b"), CancelScope())
    assert [session.serial for session in cache.valid_sessions()] == ["arn:aws:iam::111122223333:mfa/b"]
    assert len(list(directory.iterdir())) == 1


def test_a_new_session_replaces_the_old_one(cache: SessionCache, directory: Path) -> None:
    cache.store(new_session(), CancelScope())
    cache.store(new_session(access_key_id="ASIANEXT"), CancelScope())
    assert [session.access_key_id for session in cache.valid_sessions()] == ["ASIANEXT"]
    assert len(list(directory.iterdir())) == 1


def test_what_is_forgotten_is_gone_and_nothing_else(cache: SessionCache) -> None:
    for key, serial in (("AKIAA", "sa"), ("AKIAA", "sb"), ("AKIAB", "sa")):
        cache.store(new_session(key, serial), CancelScope())
    cache.forget(new_session("AKIAA", "sa"), CancelScope())
    assert {(session.source_key_id, session.serial) for session in cache.valid_sessions()} == {
        ("AKIAA", "sb"),
        ("AKIAB", "sa"),
    }


def test_what_is_being_written_is_left_alone(cache: SessionCache, directory: Path) -> None:
    cache.store(new_session(), CancelScope())
    being_written = directory / "abc.123.tmp"
    left_behind = directory / "abc.124.tmp"
    for path in (being_written, left_behind):
        path.write_text("secret")
    os.utime(left_behind, (time.time() - 3600,) * 2)
    assert len(cache.valid_sessions()) == 1
    cache.store(new_session(), CancelScope())
    assert being_written.exists()
    assert not left_behind.exists()


def test_what_others_store_and_remove_is_seen_at_once(home: Home, cache: SessionCache) -> None:
    other = SessionCache(Paths(home.env), Clock(), KeyringStore(home.env, pytest.fail))
    assert cache.find(KEY_ID) is None
    end = int(time.time()) + 1000
    sessions = [new_session(serial=f"{SERIAL}-{number}", expires_at=end + number) for number in range(3)]
    for number, session in enumerate(sessions):
        (cache if number == 1 else other).store(session, CancelScope())
        for each in (cache, other):
            found = each.find(KEY_ID)
            assert found is not None
            assert found.serial == session.serial
    other.forget(sessions[2], CancelScope())
    found = cache.find(KEY_ID)
    assert found is not None
    assert found.serial == f"{SERIAL}-1"
    # One that was made with no device is told from one whose device is not known.
    assert cache.find(KEY_ID, "") is None


def test_a_limited_session_is_found_only_by_its_scope(cache: SessionCache) -> None:
    """It must not pass for the whole one, nor the whole one for it, whether or not the device is known."""
    limited = new_session()
    limited.scope = "read-only 0123456789abcdef"
    cache.store(limited, CancelScope())
    for serial in (SERIAL, None):
        assert cache.find(KEY_ID, serial) is None
        assert cache.find(KEY_ID, serial, scope="read-only 0000000000000000") is None
        found = cache.find(KEY_ID, serial, scope=limited.scope)
        assert found is not None
        assert (found.scope, found.scope_name) == (limited.scope, "read-only")
    assert cache.find_possibly_live(KEY_ID) is None
    cache.store(new_session(), CancelScope())
    for serial in (SERIAL, None):
        whole = cache.find(KEY_ID, serial)
        assert whole is not None
        assert whole.scope == ""
