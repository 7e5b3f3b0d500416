"""A home with sessions at hand, and both ways to run a command in it."""

import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.models import Secret, Session
from mfa_tui.services.context import Context
from tests.support.homes.offline_home import home, new_home
from tests.support.processes.forkserver import ForkServer
from tests.support.processes.ways import DECLINED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.homes.home import Home

__all__ = ["home", "new_home"]

ANA, BOB = "AKIAEXAMPLEEXAMPLEAA", "AKIAEXAMPLEEXAMPLEBB"
SERIAL = "arn:aws:iam::111122223333:mfa/phone"
ARGUMENTS = {
    "credential-process": ("credential-process", "dev"),
    "env": ("env", "dev"),
    "exec": ("exec", "dev", "--", "env"),
}
SAVED = {"login": ("login", "dev"), "use": ("use", "dev")}
"""The commands that note what they found once they had nothing to do; the first time they save the session."""
Ran = tuple[int, str, str]
"""Exit status, standard output and standard error."""


class Sessions:
    """A home with Ana's keys as ``dev``, and sessions of hers and of Bob's in the cache."""

    def __init__(self, home: "Home") -> None:
        self.home = home
        self.ready = home.path / ".cache/mfa-tui/ready"
        self.cached = home.path / ".cache/mfa-tui/sessions"
        home.config.write_text(f"[profile dev]\nregion = eu-central-1\nmfa_serial = {SERIAL}\n")
        self.write_keys(ANA)
        for key_id in (ANA, BOB):
            self.keep(key_id)

    def write_keys(self, key_id: str) -> None:
        """Let ``dev`` be the user whose key that is."""
        self.home.credentials.write_text(f"[dev]\naws_access_key_id = {key_id}\naws_secret_access_key = s\n")
        self.home.credentials.chmod(0o600)

    def keep(self, key_id: str, left: int = 40_000, token: str = "t" * 400, session_id: str = "") -> None:
        """Put a session of that key into the cache, which expires in *left* seconds."""
        session = Session(
            access_key_id=session_id or f"ASIA{key_id[4:]}", secret_access_key=Secret("s/+"),
            session_token=Secret(token), expires_at=int(time.time()) + left, duration=43_200, source_key_id=key_id,
            serial=SERIAL,
        )  # fmt: skip
        self.context().cache.store(session, CancelScope())

    def context(self) -> Context:
        return Context(self.home.env, warn=pytest.fail)

    def run(self, way: str, *arguments: str) -> Ran:
        done = ForkServer.shared().run(
            arguments, env=self.home.env, cwd=str(self.home.path), around=("tests.support.processes.ways", {"way": way})
        )
        return done.returncode, done.stdout, done.stderr

    def hot(self, *arguments: str) -> Ran | None:
        """What the hot way answers; None if it leaves that to the ordinary way. Then it has printed nothing."""
        status, out, err = self.run("hot", *arguments)
        if status != DECLINED:
            return status, out, err
        assert (out, err) == ("", "")
        return None

    def ordinary(self, *arguments: str) -> Ran:
        """What the ordinary way answers by reading the AWS files."""
        away = self.ready.with_name("away")
        if self.ready.exists():
            self.ready.rename(away)
        try:
            return self.run("ordinary", *arguments)
        finally:
            shutil.rmtree(self.ready, ignore_errors=True)
            if away.exists():
                away.rename(self.ready)

    def note(self, *arguments: str) -> None:
        """Run a command in the ordinary way, once the files are old enough for it to be noted what it found."""
        time.sleep(0.06)
        assert self.run("ordinary", *(arguments or ARGUMENTS["credential-process"]))[0] == 0

    def really(self, command: str, before: "Callable[[], None] | None" = None) -> "subprocess.CompletedProcess[str]":
        """Run a line of shell code, in which ``mfa-tui`` starts as it does for users."""
        return subprocess.run(
            ["sh", "-c", command], env=self.home.env, cwd=self.home.path, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, preexec_fn=before,
        )  # fmt: skip


@pytest.fixture
def sessions(home: "Home") -> Sessions:
    os.environ.pop("MFA_TUI_EXPORTED", None)
    return Sessions(home)
