"""Logins with a code that a person types, from Enter on: at the command line's prompt and in the interface.

Each has its own user and device, because a device accepts a code only once.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
from environment import variables
from rounds import BASE, OURS, CannotRun, Timings, interleave
from sessions import strict_aws
from terminal import TIMEOUT, opened, read_until, read_until_quiet

if TYPE_CHECKING:
    from benches import Place

THINKING = 1.0
"""Seconds until the first digit is typed: a person reads the prompt, and looks at a phone."""
_LOOK = 0.0005
"""Seconds between two looks at the file."""


def at_the_prompt(place: "Place", rounds: int) -> Timings:
    """From Enter after the code to the end of ``mfa-tui login dev``, against 100 ms."""

    def login(home: Path, environment: Mapping[str, str], code: Callable[[], str]) -> float:
        with opened([place.program("mfa-tui"), "login", "dev"], environment) as child:
            read_until(child, ["code"])
            began = _enter(child, code)
            child.expect(pexpect.EOF, timeout=TIMEOUT)
            took = time.perf_counter() - began
        if not _has_session(home):
            raise CannotRun(f"no session was written: {child.before}")
        return took

    return _against(0.1, login, place, rounds)


def in_the_interface(place: "Place", rounds: int) -> Timings:
    """From Enter after the code to the session in the AWS files, against 50 ms."""

    def login(home: Path, environment: Mapping[str, str], code: Callable[[], str]) -> float:
        with opened([place.program("mfa-tui")], environment) as child:
            read_until(child, ["dev"])
            read_until_quiet(child)
            child.send("\r")
            read_until(child, ["Code for dev"])
            began = _enter(child, code)
            while not _has_session(home):
                if time.perf_counter() > began + TIMEOUT:
                    raise CannotRun("no session was written")
                time.sleep(_LOOK)
            return time.perf_counter() - began

    return _against(0.05, login, place, rounds)


def _enter(child: "pexpect.spawn[str]", code: Callable[[], str]) -> float:
    """Types a code as a person does, and Enter; the time of Enter."""
    time.sleep(THINKING)
    child.send(code())
    read_until_quiet(child, 0.1)
    began = time.perf_counter()
    child.send("\r")
    return began


def _has_session(home: Path) -> bool:
    return "aws_session_token" in (home / "credentials").read_text()


def _against(
    most: float, login: "Callable[[Path, Mapping[str, str], Callable[[], str]], float]", place: "Place", rounds: int
) -> Timings:
    with strict_aws() as aws:

        def run() -> float:
            user = aws.add_user()
            device = user.add_device(user.name)
            home = place.home_of(aws, user, device)
            took = login(home, variables(home, place.bin), device.code)
            if aws.count("GetSessionToken", user=user.name) != 1:
                raise CannotRun("a login did not make exactly one request for a session")
            return took

        return interleave({BASE: lambda: most, OURS: run}, rounds)
