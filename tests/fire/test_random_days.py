"""Random days: a user and mfa-tui take turns with the same files, and mfa-tui is killed now and then.

A model keeps what the user wrote, and nothing else. After each step botocore must read all of it from the files; after
``logout --all`` the files must be the model's, to the byte.
"""

import random
import subprocess
from collections.abc import Callable

import pytest

from mfa_tui.errors import Exit
from tests.fire.tally import Fire
from tests.support.awsfiles.saved_sessions import age, as_botocore_reads, beside, hold_session, new_session
from tests.support.homes.home import Home
from tests.support.homes.offline_home import launcher, new_home
from tests.support.processes.launcher import Launcher
from tests.support.runner.thoroughness import long

__all__ = ["launcher", "new_home"]

NAMES = ("dev", "ops", "qa", "a b")


class Day:
    """One home, what the user has written there, and the steps that were taken."""

    def __init__(self, home: Home, launcher: Launcher, numbers: random.Random) -> None:
        self._home = home
        self._launcher = launcher
        self._random = numbers
        self._ending = numbers.choice(["\n", "\r\n"])
        self._written = 0
        self._config = b""
        self._credentials = b""
        self._sessions = 0
        self.steps: list[str] = []
        self.names: list[str] = []
        for name in NAMES[: numbers.randint(1, len(NAMES))]:
            self.add_profile(name)

    def _text(self, *lines: str) -> bytes:
        return "".join(line + self._ending for line in lines).encode()

    def _append(self, config: bytes, credentials: bytes) -> None:
        """The user adds to the ends of the files, whatever stands there now."""
        self._config += config
        self._credentials += credentials
        for path, more in ((self._home.config, config), (self._home.credentials, credentials)):
            with path.open("ab") as file:
                file.write(more)
        self._home.credentials.chmod(0o600)
        age(self._home)

    def add_profile(self, name: str) -> None:
        """A profile with long-term keys."""
        header = f'[profile "{name}"]' if " " in name else f"[profile {name}]"
        blank = [""] * self._random.randint(0, 2)
        self.names.append(name)
        self._append(
            self._text(
                f"# {name} é", header, f"mfa_serial = {_serial(name)}", "s3 =", "    addressing_style = path", *blank
            ),
            self._text(
                f"[{name}]",
                f"aws_access_key_id = {_key_id(name)}",
                "aws_secret_access_key = not/a/secret",
                "; end",
                *blank,
            ),
        )

    def user_adds(self) -> None:
        """The user writes a section of no concern to mfa-tui."""
        self._written += 1
        name = f"other{self._written}"
        self.steps.append(f"user adds {name}")
        self._append(
            self._text(f"[profile {name}]", "region=eu-west-1"),
            self._text(f"[{name}]", "aws_access_key_id : AKIAOTHER", "aws_secret_access_key:x"),
        )

    def user_replaces(self) -> None:
        """The user's editor renames a file with another region in it over the old one."""
        old, new = (b"eu-west-1", b"us-east-2") if b"eu-west-1" in self._config else (b"us-east-2", b"eu-west-1")
        self.steps.append("user replaces the region")
        self._config = self._config.replace(old, new)
        copy = self._home.config.with_name("config.swp")
        copy.write_bytes(self._home.config.read_bytes().replace(old, new))
        copy.replace(self._home.config)
        age(self._home)

    def run(self, *arguments: str, may_die: bool = True) -> str:
        """Runs mfa-tui, killed at a random moment one time in four; what it did wrong, if anything."""
        die = ("after", self._random.randint(0, 70)) if may_die and self._random.random() < 0.25 else None
        self.steps.append(f"mfa-tui {' '.join(arguments)}{f', killed after call {die[1]}' if die else ''}")
        done = self._launcher.run(self._home.env, *arguments, die=die)
        # Without a session in hand, it wants a code.
        if die is None and done.status not in (0, Exit.NO_TERMINAL):
            return f"ended with {done.status}: {done.err}"
        return ""

    def step(self) -> str:
        """One random step; what went wrong, if anything."""
        name = self._random.choice(self.names)
        commands = [
            ("login", name),
            ("login", name, "--as", f"t{self._random.randint(0, 2)}-{name}"),
            ("login", name, "--process"),
            ("logout", name),
            ("logout", "--all"),
        ]
        choice = self._random.randint(0, 6)
        if choice == 0:
            self.user_adds()
            return ""
        if choice == 1:
            self.user_replaces()
            return ""
        command = self._random.choice(commands)
        if command[0] == "login" and self._random.randint(0, 1):
            self._sessions += 1
            key_id = f"ASIAEXAMPLEEXAMPLE{self._sessions:02d}"
            hold_session(self._home, new_session(_key_id(name), _serial(name), access_key_id=key_id))
        return self.run(*command)

    def lost(self) -> str:
        """What of the user's is not in the files, as botocore reads them."""
        for path, text in ((self._home.config, self._config), (self._home.credentials, self._credentials)):
            model = path.with_name("model")
            model.write_bytes(text)
            wanted = as_botocore_reads(model)
            model.unlink()
            found = as_botocore_reads(path)
            gone = [section for section, values in wanted.items() if found.get(section) != values]
            if gone:
                return f"{path.name} has lost {gone}"
        return ""

    def end(self) -> str:
        """Log out of everything; what is not as the user wrote it."""
        if wrong := self.run("logout", "--all", may_die=False):
            return wrong
        if (self._home.config.read_bytes(), self._home.credentials.read_bytes()) != (self._config, self._credentials):
            return "logout --all did not leave the user's bytes"
        return f"beside the files lies {left}" if (left := beside(self._home)) else ""


def _serial(name: str) -> str:
    return f"arn:aws:iam::111122223333:mfa/{name.replace(' ', '-')}"


def _key_id(name: str) -> str:
    return f"AKIAEXAMPLEEXAMPLE{NAMES.index(name):02d}"


@pytest.mark.trial("random days of a user, of mfa-tui and of kills")
@long
def test_random_days(fire: Fire, launcher: Launcher, new_home: Callable[[], Home]) -> None:
    for number in range(fire.rounds(short=2, long=60)):
        numbers = random.Random(f"day {number}")  # noqa: S311 - repeatable, not secret
        day = Day(new_home(), launcher, numbers)
        try:
            for _ in range(numbers.randint(5, 25)):
                fire.tried()
                if wrong := day.step() or day.lost():
                    break
            else:
                wrong = day.end()
        except subprocess.TimeoutExpired as hung:
            fire.hung(f"day {number}: {day.steps}: {hung}")
            continue
        if wrong:
            fire.lost(f"day {number}: {'; '.join(day.steps)}: {wrong}")
