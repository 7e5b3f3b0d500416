"""``keys store``, killed before and after each replacement of a file; ``tests/fire`` kills it everywhere."""

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.keys.support import both_files, files_with, in_keyring
from tests.support.processes.launcher import Launcher
from tests.support.runner.thoroughness import is_long

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws, User
    from tests.support.homes.home import Home

STORE = ("keys", "store", "dev", "--yes")


def test_the_key_is_never_lost_and_the_same_command_again_does_the_rest(
    new_home: Callable[[], "Home"], aws: "StrictAws"
) -> None:
    user = aws.add_user()
    calls = Launcher().run(furnished(new_home(), user).env, *STORE).calls
    replacing = [number for number, call in enumerate(calls) if call == "replace"]
    # The list of stored keys, the keyring and the credentials file.
    assert len(replacing) >= 3
    # Right after a replacement the files are as right before the next one.
    moments = [("before", replacing[0]), *(("after", number) for number in replacing)]
    for when, number in itertools.product(("before", "after"), replacing) if is_long() else moments:
        home, where = furnished(new_home(), user), f"killed {when} call {number}"
        assert Launcher().run(home.env, *STORE, die=(when, number)).status == -9, where
        kept = [in_keyring(home, user.access_key_id), *(file.decode() for file in both_files(home))]
        assert any(user.secret_access_key in each for each in kept), where
        again = Launcher().run(home.env, *STORE)
        assert again.status == 0, f"{where}: {again.err}"
        assert in_keyring(home, user.access_key_id) == user.secret_access_key, where
        # The throw-away keyring leaves a file where it is killed itself.
        elsewhere = [path.name for path in files_with(home, user.secret_access_key)]
        assert [name for name in elsewhere if not name.startswith("keyring")] == [], where


def furnished(home: "Home", user: "User") -> "Home":
    """The home, with the key of the user in its credentials file."""
    home.add_profile("dev", user)
    return home
