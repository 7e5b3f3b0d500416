"""Mode, owner and access control list: a written file is as open, and to whom, as it was."""

import errno
import os
import struct
import sys
from pathlib import Path

import pytest

from tests.support.awsfiles.saved_sessions import (
    another_user,
    as_botocore_reads,
    furnish,
    give,
    log_in,
    mode,
    needs_root,
)
from tests.support.homes.home import Home
from tests.support.processes.launcher import Launcher

ACCESS, DEFAULT = "system.posix_acl_access", "system.posix_acl_default"
OWNER, USER, GROUP, MASK, OTHERS = 0x01, 0x02, 0x04, 0x10, 0x20
"""Tags of the entries (linux/posix_acl.h)."""
SOMEBODY = 12345
NO_ID = 0xFFFFFFFF


@pytest.mark.parametrize("bits", [0o600, 0o640, 0o660, 0o644, 0o700])
def test_the_mode_stays(launcher: Launcher, home: Home, bits: int) -> None:
    furnish(home)
    home.credentials.chmod(bits)
    home.config.chmod(0o604)
    result = launcher.run(home.env, "login", "dev")
    assert result.status == 0
    assert (mode(home.credentials), mode(home.config)) == (bits, 0o604)
    open_to_others = bits & 0o077
    advice = f"mfa-tui: Others on this machine can read {home.credentials}: chmod 600 {home.credentials}\n"
    assert result.err == (advice if open_to_others else "")
    assert "dev-mfa" in as_botocore_reads(home.credentials)


@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_what_is_new_is_private_whatever_the_umask(launcher: Launcher, home: Home, umask: int) -> None:
    furnish(home, config=f"[profile dev]\nregion = x\n{home_keys()}")
    home.credentials.unlink()
    assert launcher.run(home.env, "login", "dev", umask=umask).status == 0
    made = [path for path in home.path.rglob("*") if path != home.config and home.path in path.parents]
    ours = [path for path in made if "mfa-tui" in str(path.relative_to(home.path)) or path == home.credentials]
    assert len(ours) > 5
    assert {mode(path) for path in ours if path.is_file()} == {0o600}
    assert {mode(path) for path in ours if path.is_dir()} == {0o700}


def home_keys() -> str:
    from tests.support.awsfiles.saved_sessions import KEY_ID, SERIAL

    return f"mfa_serial = {SERIAL}\naws_access_key_id = {KEY_ID}\naws_secret_access_key = x\n"


@needs_root
def test_root_keeps_the_owner(launcher: Launcher, home: Home) -> None:
    furnish(home)
    os.chown(home.credentials, SOMEBODY, SOMEBODY + 1)
    os.chown(home.config, SOMEBODY, 0)
    assert launcher.run(home.env, "login", "dev").status == 0
    for path, owner in ((home.credentials, (SOMEBODY, SOMEBODY + 1)), (home.config, (SOMEBODY, 0))):
        info = path.stat()
        assert (info.st_uid, info.st_gid) == owner
    assert mode(home.credentials) == 0o600


@needs_root
def test_a_group_that_cannot_be_kept_loses_its_rights(launcher: Launcher, shared_home: Home) -> None:
    """The file was open to a group of others; it must not become open to a group of the user's instead."""
    furnish(shared_home)
    user = another_user()
    assert user is not None
    give(shared_home.path, user)
    os.chown(shared_home.credentials, user, SOMEBODY)
    shared_home.credentials.chmod(0o640)
    assert launcher.run(shared_home.env, "login", "dev", user=user).status == 0
    assert (mode(shared_home.credentials), shared_home.credentials.stat().st_gid) == (0o600, user)


def entries(*given: tuple[int, int, int]) -> bytes:
    """An access control list as the kernel keeps it (linux/posix_acl_xattr.h): version 2, then tag, rights, id."""
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in given)


FOR_SOMEBODY = entries((OWNER, 6, NO_ID), (USER, 4, SOMEBODY), (GROUP, 4, NO_ID), (MASK, 4, NO_ID), (OTHERS, 0, NO_ID))


def set_list(path: Path, name: str, given: bytes) -> None:
    try:
        os.setxattr(path, name, given)
    except OSError as error:
        pytest.skip(f"this file system has no access control lists: {error.strerror}")


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only: access control lists as extended attributes")
def test_the_access_control_list_stays(launcher: Launcher, shared_home: Home) -> None:
    furnish(shared_home)
    set_list(shared_home.credentials, ACCESS, FOR_SOMEBODY)
    os.setxattr(shared_home.credentials, "user.note", b"mine")
    assert launcher.run(shared_home.env, "login", "dev").status == 0
    assert "dev-mfa" in as_botocore_reads(shared_home.credentials)
    assert os.getxattr(shared_home.credentials, ACCESS) == FOR_SOMEBODY
    assert os.getxattr(shared_home.credentials, "user.note") == b"mine"
    assert mode(shared_home.credentials) == 0o640


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only: access control lists as extended attributes")
@pytest.mark.parametrize("bits", [0o600, 0o640])
def test_a_default_list_of_the_directory_opens_nothing(launcher: Launcher, shared_home: Home, bits: int) -> None:
    """The file was there before the directory got its default list: nobody of that list may read it."""
    furnish(shared_home)
    shared_home.credentials.chmod(bits)
    set_list(shared_home.aws_dir, DEFAULT, FOR_SOMEBODY)
    assert launcher.run(shared_home.env, "login", "dev").status == 0
    assert "dev-mfa" in as_botocore_reads(shared_home.credentials)
    assert ACCESS not in os.listxattr(shared_home.credentials)
    assert mode(shared_home.credentials) == bits


def test_a_file_system_without_extended_attributes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    for name in ("listxattr", "getxattr", "setxattr", "removexattr"):
        if hasattr(os, name):
            monkeypatch.setattr(os, name, refuse)
    furnish(home)
    log_in(home)
    assert "dev-mfa" in as_botocore_reads(home.credentials)
