"""A stand-in for the user's browser, and profiles of users and roles."""

import json
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import trust
from tests.support.runner.timeouts import scaled

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import Device, StrictAws, User
    from tests.support.homes.home import Home

_BROWSER = """
import json, os, pathlib, sys, urllib.request
seen = pathlib.Path(sys.argv[1])
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
try:
    with opener.open(sys.argv[-1], timeout=30) as answer:
        page = answer.read().decode()
except OSError as error:
    page = str(error)
seen.with_suffix(".new").write_text(json.dumps({"argv": sys.argv[2:], "page": page}))
os.replace(seen.with_suffix(".new"), seen)
"""
"""Opens the address and notes what it was given and what it saw, then ends, as ``xdg-open`` does."""


class Visit(NamedTuple):
    """What the browser was started with, and the page that it saw in the end."""

    argv: list[str]
    page: str


class StandIn:
    """A browser without a window."""

    def __init__(self, path: Path) -> None:
        self._seen = path / "seen.json"
        script = path / "browser.py"
        script.write_text(_BROWSER)
        self.command = shlex.join([sys.executable, str(script), str(self._seen)])

    def visit(self) -> Visit:
        """Wait for its visit."""
        end = time.monotonic() + scaled(20)
        while not self._seen.exists():
            assert time.monotonic() < end, "the browser was not started"
            time.sleep(0.02)
        seen = Visit(**json.loads(self._seen.read_text()))
        self._seen.unlink()
        return seen

    @property
    def started(self) -> bool:
        """Whether it was used since the last visit."""
        return self._seen.exists()


@pytest.fixture
def browser(tmp_path: Path, home: "Home", aws: "StrictAws") -> StandIn:
    """The browser of the home."""
    stand_in = StandIn(tmp_path)
    home.env |= {"AWS_ENDPOINT_URL_SIGNIN": aws.url, "BROWSER": stand_in.command}
    return stand_in


@pytest.fixture
def admin(aws: "StrictAws", home: "Home", user: "User", device: "Device") -> str:
    """The ARN of a role that wants MFA; the profile ``admin`` assumes it, with a stored secret."""
    home.store_seed(device)
    arn = aws.add_role(f"admin-{user.name}", trust(user.arn, mfa=True), max_duration=14_400)
    home.add_role_profile("admin", arn)
    return arn
