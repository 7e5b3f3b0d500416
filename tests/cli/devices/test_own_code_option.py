"""Without a terminal, a command that has ``--code`` names it; one that has not names the login."""

import pytest

from mfa_tui.demo.aws.server import StrictAws
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long

OWN = ("keys rotate", "device enroll", "keys disable --user bo", "device reset --user bo")
MORE_OWN = (
    "keys list", "keys disable", "keys enable", "keys delete", "device remove --yes --last", "device replace",
    "keys list --user bo", "keys enable --user bo", "device enroll --user bo", "device remove --user bo",
    "device replace --user bo",
)  # fmt: skip
ELSEWHERE = ("audit dev", "audit dev --apply developers", "device list dev --user bo")


@pytest.fixture
def remedies(home: Home, aws: StrictAws) -> Home:
    """A profile ``dev`` whose device has no secret here."""
    user = aws.add_user()
    home.add_profile("dev", user, user.add_device(user.name))
    return home


@pytest.mark.parametrize("command", [*OWN, *(pytest.param(each, marks=long) for each in MORE_OWN)])
def test_their_own_option(remedies: Home, command: str) -> None:
    group, name, *options = command.split()
    refused = remedies.run(group, name, "dev", *options)
    assert refused.returncode == 3, refused.stderr
    assert "\n  Use --code CODE; or store the secret: mfa-tui device import dev\n" in refused.stderr


@pytest.mark.parametrize("command", ELSEWHERE)
def test_the_login(remedies: Home, command: str) -> None:
    refused = remedies.run(*command.split())
    assert "\n  Log in with a code: mfa-tui login dev --code CODE; or store the secret: " in refused.stderr
