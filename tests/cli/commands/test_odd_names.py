"""Profiles with odd names: the commands that messages show for them work."""

import shlex

import pytest

from mfa_tui.demo.aws.server import StrictAws
from tests.support.homes.home import Home


@pytest.mark.parametrize("name", ["-x", "--json", "a b", "it's"])
def test_the_command_that_a_login_without_a_terminal_offers(home: Home, aws: StrictAws, name: str) -> None:
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile(name, user, device)
    refused = home.run("login", "--", name)
    assert refused.returncode == 3
    _, _, offered = refused.stderr.partition("Log in with a code: ")
    command = shlex.split(offered.partition("; or")[0].replace("CODE", device.code()))
    assert home.run(*command[1:]).returncode == 0
