"""Other programs write the credentials at the same time: in place with pauses, by renaming, the real AWS CLI.

Whatever they do: what was in the file stays, what they add is in it in the end, and a login that says that it has
written has. Only a program that read the file before login wrote it, and writes it afterwards, takes the session away.
"""

import itertools
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
from awscli.customizations.configure.writer import ConfigFileWriter  # type: ignore[import-untyped] # it has no types

from tests.fire.tally import Fire
from tests.support.awsfiles.saved_sessions import (
    CONFIG,
    KEY_ID,
    as_botocore_reads,
    beside,
    furnish,
    hold_session,
    new_session,
)
from tests.support.homes.home import Home
from tests.support.homes.offline_home import launcher, new_home
from tests.support.processes.launcher import Launcher, Result
from tests.support.runner.thoroughness import long, quick_cases
from tests.support.runner.timeouts import scaled

__all__ = ["launcher", "new_home"]

SECTIONS = ("default", "dev", "ops", "other", "last")
CREDENTIALS = "\n".join(
    f"[{name}]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = secret/of/{name}\n" for name in SECTIONS
)
THEIRS = "aws_access_key_id = AKIATHEIRS\naws_secret_access_key = theirs\n"
UNSEEN = 0.5
"""Seconds before the end of a command in which it may have looked at the file for the last time."""
BLIND = 1.5
"""Seconds that a program may keep the file open before it writes, where the system does not tell of it."""
NOT_THERE = ("cannot log in with MFA", "There is no profile")
"""What is said of half a file then."""
OWN_ERRORS = (
    "keeps writing it",
    "has it open for writing",
    "it has lost",
    "no AWS tool can read this file",
    "are not all in the file",
)
"""How a command says that it has not written, or not all."""


class Try(NamedTuple):
    """What was tried, and what came of it; times are monotonic."""

    where: str
    command: str
    section: str
    """What the other program adds."""
    done: float
    """When it had added it."""
    result: Result
    ended: float
    """When the command had ended."""
    leases: bool = True


def in_place(path: Path, section: str, pauses: Sequence[float], cut: float) -> float:
    """Reads, truncates, writes in two parts."""
    before, within, _ = pauses
    text = path.read_text() + f"\n[{section}]\n{THEIRS}"
    time.sleep(before)
    place = int(len(text) * cut)
    with path.open("w") as file:
        file.write(text[:place])
        file.flush()
        time.sleep(within)
        file.write(text[place:])
    return time.monotonic()


def appending(path: Path, section: str, pauses: Sequence[float], cut: float) -> float:
    """Appends in two parts."""
    before, within, _ = pauses
    text = f"\n[{section}]\n{THEIRS}"
    place = int(len(text) * cut)
    with path.open("a") as file:
        time.sleep(before)
        file.write(text[:place])
        file.flush()
        time.sleep(within)
        file.write(text[place:])
    return time.monotonic()


def renaming(path: Path, section: str, pauses: Sequence[float], cut: float) -> float:
    """Writes a new file and renames it over the old."""
    return renaming_over_a_link(path.resolve(), section, pauses, cut)


def renaming_over_a_link(path: Path, section: str, pauses: Sequence[float], cut: float) -> float:
    """As ``sed -i``: where the file was behind a link, a file takes the link's place."""
    before, within, _ = pauses
    new = path.with_name(f"{section}.new")
    text = path.read_text() + f"\n[{section}]\n{THEIRS}"
    time.sleep(before * cut)
    new.write_text(text)
    new.replace(path)
    time.sleep(within)
    return time.monotonic()


def adopting(path: Path, section: str, pauses: Sequence[float], cut: float) -> float:
    """As a manager of dotfiles: it copies the file, puts a link in its place, and appends to the copy."""
    before, within, _ = pauses
    copy = path.parent.parent / f"{section}.dotfile"
    copy.write_bytes(path.read_bytes())
    link = path.with_name(f"{section}.link")
    link.symlink_to(copy)
    time.sleep(before * cut)
    link.replace(path)
    time.sleep(within)
    with path.open("a") as file:
        file.write(f"\n[{section}]\n{THEIRS}")
    return time.monotonic()


def making_anew(path: Path, section: str, pauses: Sequence[float], cut: float) -> float:
    """As editors do that keep the old file until the new one is written: the name is gone for a moment."""
    before, _, after = pauses
    path = path.resolve()
    old = path.with_name(f"{section}.old")
    text = path.read_text() + f"\n[{section}]\n{THEIRS}"
    time.sleep(before)
    path.rename(old)
    with path.open("w") as file:
        file.write(text[: int(len(text) * cut)])
        file.flush()
        time.sleep(after)
        file.write(text[int(len(text) * cut) :])
    old.unlink()
    return time.monotonic()


def aws_cli_writer(path: Path, section: str, pauses: Sequence[float], cut: float) -> float:
    """The AWS CLI's own writer, key by key."""
    del cut
    keys = dict(line.split(" = ") for line in THEIRS.splitlines())
    for (key, value), pause in zip(keys.items(), pauses, strict=False):
        ConfigFileWriter().update_config({"__section__": section, key: value}, str(path))
        time.sleep(pause)
    return time.monotonic()


WAYS = (in_place, in_place, appending, renaming, renaming_over_a_link, adopting, making_anew, aws_cli_writer)


def furnished(home: Home, layout: str) -> Path:
    """Five profiles and a session in hand; returns where the credentials are."""
    furnish(home, credentials=CREDENTIALS)
    if layout == "link":
        real = home.path / "dotfiles"
        real.mkdir()
        home.credentials.rename(real / "credentials")
        home.credentials.symlink_to(real / "credentials")
    elif layout == "one file":
        home.credentials.write_text(f"{CREDENTIALS}\n{CONFIG}")
        home.env["AWS_CONFIG_FILE"] = str(home.credentials)
    return home.credentials


def check(fire: Fire, home: Home, tried: Try) -> None:
    """Compare what is there with what was said."""
    fire.tried()
    result = tried.result
    found = as_botocore_reads(home.credentials)
    if gone := [name for name in SECTIONS if len(found.get(name, {})) < 2]:
        fire.lost(f"{gone} {tried}")
    if len(found.get(tried.section, {})) < 2 and "are not all in the file" not in result.err:
        fire.lost(f"what the other program wrote, {tried}")
    if adopting.__name__ in tried.where and not home.credentials.is_symlink():
        fire.lost(f"the link of the other program, {tried}")
    if left := beside(home) - {"credentials"}:
        fire.lost(f"{left} is left, {tried}")
    ours = "aws_session_token" in found.get("dev-mfa", {})
    if result.status:
        if not any(error in result.err for error in (*OWN_ERRORS, *(() if tried.leases else NOT_THERE))):
            fire.claimed(f"{tried}")
    elif ours != (tried.command == "login") and tried.done < tried.ended - UNSEEN:
        fire.claimed(f"it was written, {tried}")


@long
@pytest.mark.trial("other writers in place, pauses of 0 to 3 s")
def test_writers_with_pauses(fire: Fire, launcher: Launcher, new_home: Callable[[], Home]) -> None:
    lengths = (0.0, 0.0, 0.002, 0.02, 0.2, *((0.7, 1.5, 3.0) if fire.long else ()))

    def try_one(number: int) -> None:
        chance = random.Random(f"{fire.name} {number}")  # noqa: S311 - repeatable, not secret
        home = new_home()
        path = furnished(home, chance.choice(["plain", "plain", "link", "one file"]))
        command = chance.choice(["login", "login", "logout"])
        if command == "logout" and home.run("login", "dev").returncode:
            fire.claimed(f"try {number}: the first login")
        way = chance.choice(WAYS)
        pauses, cut = chance.choices(lengths, k=3), chance.random()
        first = chance.choice(["command", "other"])
        ahead = chance.choice((0.0, 0.01, 0.03, 0.06, 0.1, 0.2))
        section = f"theirs-{number}"
        leases = chance.random() < 0.7
        if not leases:
            pauses[0] = min(pauses[0], BLIND)
        where = f"try {number}: {way.__name__}, pauses {pauses}, cut {cut:.2f}, {first} first by {ahead} s, {leases=}"

        def write() -> float:
            if first == "command":
                time.sleep(ahead)
            return way(path, section, pauses, cut)

        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(write)
            if first == "other":
                time.sleep(ahead)
            result = launcher.run(home.env, command, "dev", leases=leases)
            ended = time.monotonic()
            check(fire, home, Try(where, command, section, done.result(), result, ended, leases))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(try_one, range(fire.rounds(short=6, long=400))))


HELD = """
import builtins, os, time
real, path, at = builtins.open, os.environ["HELD_PATH"], int(os.environ["HELD_AT"])
calls = 0

def hold():
    global calls
    if calls == at:
        real(os.environ["HELD_SIGN"], "w").close()
        time.sleep(float(os.environ["HELD_FOR"]))
    calls += 1

class File:
    def __init__(self, file):
        self._file = file
    def __getattr__(self, name):
        return getattr(self._file, name)
    def __enter__(self):
        return self
    def __iter__(self):
        return iter(self._file)
    def write(self, text):
        half = len(text) // 2
        hold()
        self._file.write(text[:half])
        self._file.flush()
        hold()
        self._file.write(text[half:])
    def readlines(self):
        lines = self._file.readlines()
        hold()
        return lines
    def __exit__(self, *_):
        hold()
        self._file.close()

def opening(file, *arguments, **options):
    if file != path:
        return real(file, *arguments, **options)
    hold()
    opened = real(file, *arguments, **options)
    hold()
    return File(opened)

import awscli.customizations.configure.writer as writer
writer.open = opening
from awscli.clidriver import main
import sys
sys.exit(main())
"""
"""``aws`` that is held up before or after one of the calls by which it reads and writes the file HELD_PATH."""
CALLS = 9
"""It reads (open, open, readlines, exit), then writes (open, open, write, write, exit), each held up at."""


@quick_cases(1)
@pytest.mark.trial("aws configure set, held up at each of its calls")
@pytest.mark.parametrize("existing", [True, False], ids=["a key", "a section"])
@long
def test_aws_configure_set_held_up(
    fire: Fire, launcher: Launcher, new_home: Callable[[], Home], *, existing: bool
) -> None:
    pauses = (0.2, 1.0, 3.0) if fire.long else (0.4,)
    tries = list(itertools.product(fire.sample(range(CALLS), short=2), pauses))

    def try_one(held: tuple[int, float]) -> None:
        at, pause = held
        home = new_home()
        path = furnished(home, "plain")
        section = "ops" if existing else "theirs"
        sign = home.path / "held"
        env = {
            **home.env, "HELD_PATH": str(path), "HELD_AT": str(at), "HELD_FOR": str(pause), "HELD_SIGN": str(sign),
            "AWS_SHARED_CREDENTIALS_FILE": str(path),
        }  # fmt: skip
        # A name like this goes to the credentials file.
        command = [sys.executable, "-c", HELD, "configure", "set", "aws_session_token", "theirs", "--profile", section]
        where = f"held up at call {at} for {pause} s"
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as aws:
            while not sign.exists() and aws.poll() is None:
                time.sleep(0.01)
            result = launcher.run(home.env, "login", "dev")
            ended = time.monotonic()
            said, _ = aws.communicate(timeout=scaled(120))
        done = time.monotonic()
        assert aws.returncode == 0, said
        if result is not None:
            found = as_botocore_reads(path)
            if found.get(section, {}).get("aws_session_token") != "theirs":
                fire.lost(f"what aws wrote, {where}: {result}")
            check(fire, home, Try(where, "login", "dev", done, result, ended))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(try_one, tries))


@long
@pytest.mark.trial("aws configure set in a loop, beside logins")
def test_aws_configure_set_in_a_loop(fire: Fire, launcher: Launcher, new_home: Callable[[], Home]) -> None:
    home = new_home()
    path = furnished(home, "plain")
    env = {**home.env, "AWS_SHARED_CREDENTIALS_FILE": str(path)}
    aws = str(Path(sys.executable).with_name("aws"))
    rounds = fire.rounds(short=2, long=40)

    def write() -> None:
        for number in range(rounds):
            command = [aws, "configure", "set", "aws_access_key_id", f"AKIA{number}", "--profile", f"theirs-{number}"]
            subprocess.run(command, env=env, check=True, capture_output=True, timeout=scaled(120))

    thread = threading.Thread(target=write)
    thread.start()
    turn = 0
    while thread.is_alive():
        turn += 1
        command = "login" if turn % 2 else "logout"
        if command == "login":
            hold_session(home, new_session(access_key_id=f"ASIA{turn:016}"))
        result = launcher.run(home.env, command, "dev")
        fire.tried()
        if result.status and not any(error in result.err for error in OWN_ERRORS):
            fire.claimed(f"turn {turn}: {result}")
    thread.join()
    found = as_botocore_reads(path)
    if gone := [name for name in (*SECTIONS, *(f"theirs-{number}" for number in range(rounds))) if name not in found]:
        fire.lost(f"{gone}")
