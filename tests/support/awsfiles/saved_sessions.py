"""What the tests of the files share: homes with a session in hand, and a look at the files as AWS tools have it."""

import os
import stat
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.configloader import raw_config_parse

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.secretstores.keyring import KeyringStore
from mfa_tui.adapters.sessions.cache import SessionCache
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import StrictAws
from mfa_tui.models import Secret, Session
from mfa_tui.services.context import Context
from mfa_tui.services.login import login
from mfa_tui.services.operation import Operation
from mfa_tui.services.sessions.outcomes import LoginRequest, LoginResult
from tests.support.homes.home import Home

KEY_ID = "AKIAEXAMPLEEXAMPLE00"
SERIAL = "arn:aws:iam::111122223333:mfa/dev-phone"
CONFIG = f"""# my config
[profile dev]
region = eu-central-1
mfa_serial = {SERIAL}
s3 =
    max_concurrent_requests = 20

"""
CREDENTIALS = f"""[dev]
aws_access_key_id = {KEY_ID}
aws_secret_access_key = not/really/a/secret
"""
NOBODY = 65534
"""A user that is not root: its number needs no name."""


def context_of(home: Home) -> Context:
    """The use cases' context in a home, any warning being a failure."""

    def warn(text: str) -> None:
        raise AssertionError(text)

    return Context(home.env, warn=warn)


def new_session(key_id: str = KEY_ID, serial: str = SERIAL, **changes: Any) -> Session:
    """A session as STS might have given it."""
    values: dict[str, Any] = {
        "access_key_id": "ASIAEXAMPLEEXAMPLE00",
        "secret_access_key": Secret("session/secret"),
        "session_token": Secret("session/token//" + "x" * 300),
        "expires_at": int(time.time()) + 43_000,
        "duration": 43_200,
        "source_key_id": key_id,
        "serial": serial,
    }
    return Session(**{**values, **changes})


def hold_session(home: Home, session: Session) -> Session:
    """Puts a session into the cache: login then needs no request, and writes it."""
    SessionCache(Paths(home.env), Clock(), KeyringStore(home.env, print)).store(session, CancelScope())
    return session


def furnish(home: Home, config: str = CONFIG, credentials: str = CREDENTIALS) -> Session:
    """Both files, and a session in hand for ``dev``."""
    home.config.write_bytes(config.encode())
    home.credentials.write_bytes(credentials.encode())
    home.credentials.chmod(0o600)
    age(home)
    return hold_session(home, new_session())


def furnish_role(home: Home, aws: StrictAws) -> None:
    """Users and roles of the embedded AWS: ``r``, a role of ``dev``, whose seed is stored."""
    home.env["AWS_ENDPOINT_URL_STS"] = aws.url
    user = aws.add_user()
    phone = user.add_device(user.name)
    home.add_profile("dev", user, phone)
    role = aws.add_role(f"r-{user.name}", trust(user.arn, mfa=True))
    with home.config.open("a") as file:
        file.write(f"[profile r]\nrole_arn = {role}\nsource_profile = dev\nregion = eu-west-1\n")
    home.store_seed(phone)
    age(home)


def age(home: Home) -> None:
    """Makes both files a minute old: nobody need wait in case they are still being written."""
    for path in (home.config, home.credentials):
        if path.exists():
            os.utime(path, (time.time() - 60,) * 2)


def log_in(home: Home, profile: str = "dev", **request: Any) -> LoginResult:
    """Logs in, in this process; nothing must be left to ask."""
    outcome = login.log_in(Operation(context_of(home), CancelScope()), LoginRequest(profile=profile, **request))
    assert isinstance(outcome, LoginResult)
    return outcome


def contents(home: Home) -> tuple[bytes, bytes]:
    """The bytes of config and credentials; a missing file is empty."""
    config, credentials = (path.read_bytes() if path.exists() else b"" for path in (home.config, home.credentials))
    return config, credentials


def as_botocore_reads(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """A file's sections as botocore has them; a missing file has none."""
    if not path.exists():
        return {}
    sections: Mapping[str, Mapping[str, Any]] = raw_config_parse(str(path))
    return sections


def mode(path: Path) -> int:
    """The permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def beside(home: Home) -> set[str]:
    """What lies in ``.aws`` beside the two files and their locks."""
    ours = {"config", "credentials", ".config.mfa-tui.lock", ".credentials.mfa-tui.lock"}
    return {path.name for path in home.aws_dir.iterdir()} - ours


def assert_one_message(err: str, *words: str) -> None:
    """Standard error holds one message of at most four lines, with these words in it, and no traceback."""
    assert "Traceback" not in err
    lines = err.splitlines()
    assert 1 <= len(lines) <= 4, err
    assert lines[0].startswith("mfa-tui: ")
    assert all(line.startswith("  ") for line in lines[1:]), err
    assert all(word in err for word in words), err


def in_mount_namespace() -> list[str]:
    """What to put before a command so that what it mounts is seen by it alone; skips where that is not allowed."""
    command = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    try:
        probe = subprocess.run(
            [*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False, timeout=30
        )
    except FileNotFoundError:
        pytest.skip("Linux only: unshare is missing")
    if probe.returncode:
        pytest.skip("mounting is not allowed here")
    return command


def another_user() -> int | None:
    """A user other than root to run as; None if the tests do not run as root in the first place."""
    return NOBODY if os.geteuid() == 0 else None


def give(path: Path, user: int) -> None:
    """Makes a directory and all in it another user's."""
    for each in (path, *path.rglob("*")):
        os.chown(each, user, user, follow_symlinks=False)


needs_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
