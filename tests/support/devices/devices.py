"""What the tests of MFA devices look at."""

import configparser
import os
import signal
import subprocess
import threading

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts.calls import LoggedRequest
from mfa_tui.demo.aws.server import StrictAws, User
from tests.support.aws.clients import Keys, client
from tests.support.homes.home import Home
from tests.support.processes import told_process
from tests.support.processes.forkserver import ForkServer


def named_serial(home: Home, profile: str = "dev") -> str | None:
    """The ``mfa_serial`` of a profile."""
    config = configparser.ConfigParser()
    config.read(home.config)
    return config[f"profile {profile}"].get("mfa_serial")


def who(home: Home, aws: StrictAws, section: str = "dev-mfa") -> str:
    """The ARN that AWS answers to the credentials in a section of the credentials file."""
    credentials = configparser.ConfigParser()
    credentials.read(home.credentials)
    held = credentials[section]
    keys = Keys(held["aws_access_key_id"], held["aws_secret_access_key"], held["aws_session_token"])
    return client(aws, "sts", keys).get_caller_identity()["Arn"]


def has_stored(home: Home, seed: str) -> bool:
    """Whether the seed lies in the keyring."""
    keyring = home.path / "keyring.json"
    return keyring.exists() and seed in keyring.read_text(encoding="utf-8")


def unassigned(aws: StrictAws, user: User) -> list[str]:
    """The virtual devices that nobody has enabled and that are called after the user."""
    return [serial for serial, owner in aws.virtual_devices() if owner is None and f":mfa/{user.name}" in serial]


def run_killed(
    home: Home, aws: StrictAws, *arguments: str, request: int, when: str
) -> subprocess.CompletedProcess[str]:
    """Runs ``mfa-tui ARGUMENTS`` and kills it (SIGKILL) at its request of that number, from 0.

    *when*: ``"before"``, and AWS never sees that request; or ``"after"`` AWS has done it, before the answer arrives.
    """
    told = home.path / "process"
    arrived = 0
    killed = threading.Event()

    def watch(_: LoggedRequest, moment: str) -> None:
        nonlocal arrived
        if (arrived, moment) == (request, when) and not killed.is_set():
            killed.set()
            os.kill(int(told.read_text()), signal.SIGKILL)
        if moment == "after" and not killed.is_set():
            arrived += 1
            lose_the_next()

    def lose_the_next() -> None:
        if (arrived, "before") == (request, when):
            aws.fault(faults.dropped())

    lose_the_next()
    aws.on_request(watch)
    return ForkServer.shared().run(
        arguments, env=home.env, cwd=str(home.path), around=(told_process.__name__, {"told": str(told)})
    )
