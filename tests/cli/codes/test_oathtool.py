"""Codes compared with those of oathtool (OATH Toolkit), which shares no code with this project."""

import os
import random
import shutil
import subprocess

import pytest

from mfa_tui.core.seeds.totp import code_at_step, parse_seed
from mfa_tui.demo.aws.server import User
from tests.support.homes.home import Home


@pytest.fixture(autouse=True)
def _oathtool() -> None:
    if not shutil.which("oathtool") and not os.environ.get("MFA_TUI_CI"):
        pytest.skip("oathtool is not installed")


def oathtool(seed: str, *options: str) -> list[str]:
    """The codes that it makes of a base32 seed, which it reads from standard input."""
    command = ["oathtool", "--totp", "--base32", *options, "-"]
    return subprocess.run(command, input=seed, capture_output=True, encoding="utf-8", check=True).stdout.split()


@pytest.mark.parametrize("characters", [26, 32, 52, 64, 103])
def test_steps_of_any_seed(characters: int) -> None:
    chance = random.Random(characters)  # noqa: S311 - the same seeds at each run
    seed = "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=characters - 1)) + "A"
    for step in (1, 37_037_036, 58_800_000, 666_666_666):
        theirs = oathtool(seed, f"--now=@{step * 30 + 29}", "--window=9")
        assert [code_at_step(parse_seed(seed), step + more).reveal() for more in range(10)] == theirs


def test_the_command_shows_the_current_code(home: Home, user: User) -> None:
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    assert home.run("device", "import", "dev", stdin=device.seed).returncode == 0
    before = oathtool(device.seed)
    shown = home.run("code", "dev")
    # A step may have ended meanwhile.
    assert shown.stdout.split() in (before, oathtool(device.seed))
