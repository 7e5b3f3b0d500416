"""``mfa-tui use`` without a name, in interactive shells: a few letters and Enter switch the profile."""

import time
from itertools import product
from typing import TYPE_CHECKING

import pexpect
import pytest

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.services.listing.preferences import count_use
from tests.support.processes import shells
from tests.support.runner.thoroughness import quick_cases, sample
from tests.support.runner.timeouts import scaled

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import Device, User
    from tests.support.homes.home import Home

TEAMS = ("mobile", "media", "payments", "data", "platform", "billing", "search", "identity", "web", "ops")
STAGES = ("dev", "test", "staging", "preprod", "prod", "sandbox")
ROLES = ("admin", "readonly", "deploy", "audit", "support")
NAMES = ["-".join(words) for words in product(TEAMS, STAGES, ROLES)]
INTERACTIVE = {"bash": ["--noprofile", "--norc", "-i"], "zsh": ["-f", "-i"], "fish": ["--no-config", "-i"]}


@pytest.fixture
def many(home: "Home", user: "User", device: "Device") -> "Home":
    """A home with 300 profiles more, of which some were used."""
    for name in NAMES:
        home.add_profile(name, user, device)
    paths, now = Paths(home.env), time.time()
    for name in ["platform-staging-admin"] * 3 + ["web-dev-admin", "mobile-dev-readonly"]:
        count_use(paths, name, now)
    return home


@quick_cases(1)
@pytest.mark.parametrize("shell", shells.SWITCHING)
def test_some_letters_and_enter_land_on_the_profile(shell: str, many: "Home", mfa_tui: str) -> None:
    assert len(NAMES) == 300
    child = pexpect.spawn(
        shells.command(shell)[0],
        INTERACTIVE[shell],
        env={**many.env, "TERM": "xterm-256color"},
        cwd=str(many.path),
        encoding="utf-8",
        timeout=scaled(60),
        dimensions=(30, 110),
    )
    load = f"{mfa_tui} shell-init {shell} --name mt"
    child.sendline(f"{load} | source" if shell == "fish" else f'eval "$({load})"')
    picks = [("mfa-tui use", "adm", "platform-staging-admin"), ("mt use", "mbprdadm", "mobile-prod-admin")]
    for start, letters, name in sample(picks, short=1):
        child.sendline(start)
        child.expect("a-z.*Filter")
        child.send(letters)
        child.expect(r"\d+ of 302")
        child.send("\r")
        child.expect(f"AWS_PROFILE={name}-mfa, valid until")
        child.sendline('echo "now <$AWS_PROFILE>"')
        child.expect_exact(f"now <{name}-mfa>")
    child.close(force=True)
