"""The account screen with many users: how long the interface does not answer at most."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pexpect
from rounds import CannotRun
from terminal import TIMEOUT, opened, read_until, read_until_quiet

from mfa_tui.demo.aws.server import StrictAws, User

KEYS = ("s", "s", "s", "v", *"jjjj", "\x1b[6~", "\x1b[6~", "G", "g", "/", *"user4", "\x1b", "\r", "\x1b")
"""Sorts, moves, filters and opens the details, after the audit."""


def add_colleagues(aws: StrictAws, user: User, count: int) -> None:
    """Adds so many users to the account of *user*, most of them with something that an audit finds."""
    account = aws.account(user.account)
    for number in range(count):
        name = f"user{number:04d}"
        account.add_user(name, password=number % 3 > 0, signed_in=number % 200)
        if number % 4 == 0:
            account.add_device(name)
        if number % 5 == 0:
            account.add_key(name, age=number % 700, used=number % 90)
    for number in range(200):
        account.add_sign_in(f"user{number % count:04d}", age=number % 90, mfa=number % 3 > 0)


def longest_stall(arguments: Sequence[str], environment: Mapping[str, str], beats: Path) -> float:
    """Seconds that the interface did not answer at most, from the key that opens the account screen on.

    *arguments* run ``heartbeat.py``, which writes to *beats*. The audit and each key have all the time that they need.

    :raises CannotRun: it ended, or showed something else.
    """
    with opened(arguments, environment) as child:
        read_until(child, ["Log in"])
        read_until_quiet(child)
        began = time.monotonic()
        child.send("w")
        read_until(child, ["FINDINGS"])
        _read_until_over(child)
        for key in KEYS:
            child.send(key)
            read_until_quiet(child, 0.15)
    stalls = [float(line.split()[1]) for line in beats.read_text().splitlines() if float(line.split()[0]) >= began]
    if not stalls:
        raise CannotRun("the heartbeat wrote nothing")
    return max(stalls)


def _read_until_over(child: "pexpect.spawn[str]") -> None:
    """Reads on until nothing came for a second: while the audit goes on, something does."""
    end = time.monotonic() + 4 * TIMEOUT
    while time.monotonic() < end:
        try:
            child.read_nonblocking(65536, timeout=1.0)
        except pexpect.TIMEOUT:
            return
    raise CannotRun("the audit does not end")
