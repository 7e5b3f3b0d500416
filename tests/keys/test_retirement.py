"""``keys disable``, ``keys enable`` and ``keys delete``."""

import json

from mfa_tui.demo.aws.server import StrictAws
from tests.keys.conftest import Ana
from tests.keys.support import in_keyring
from tests.support.homes.home import Home
from tests.support.processes.consent import check_said_first, refused_plan
from tests.support.runner.thoroughness import long


def statuses(ana: Ana) -> dict[str, str]:
    return {key: status for key, (status, _) in ana.user.access_keys().items()}


def test_after_a_rotation(home: Home, aws: StrictAws, ana: Ana) -> None:
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    assert home.run("keys", "rotate", "dev", "--yes").returncode == 0
    aws.clock.offset += 60
    old = ana.user.access_key_id
    assert statuses(ana)[old] == "Inactive"
    plan = refused_plan(home.run("keys", "enable", "dev"), "Use --yes to do it. Nothing was changed.")
    enabled = home.run("keys", "enable", "dev", "--yes")
    check_said_first(enabled, plan)
    assert (enabled.returncode, enabled.stdout) == (0, f"dev: the key {old} is active now\n"), enabled.stderr
    refused = home.run("keys", "delete", "dev", "--yes")
    assert refused.returncode == 2
    assert f"mfa-tui keys disable dev --key {old}" in refused.stderr
    plan = refused_plan(home.run("keys", "disable", "dev"), "Use --yes to do it. Nothing was changed.")
    disabled = home.run("keys", "disable", "dev", "--yes")
    check_said_first(disabled, plan)
    assert disabled.stdout == f"dev: the key {old} is inactive now\n"
    assert home.run("keys", "disable", "dev").stdout == f"dev: the key {old} is inactive already\n"
    # The secret is kept as long as the key can be activated again.
    assert in_keyring(home, old) == ana.user.secret_access_key
    plan = refused_plan(home.run("keys", "delete", "dev"), "Use --yes to do it. Nothing was deleted.")
    deleted = home.run("keys", "delete", "dev", "--yes")
    assert (deleted.returncode, deleted.stdout) == (0, f"dev: deleted the key {old}\n"), deleted.stderr
    check_said_first(deleted, plan)
    assert "last used today" in deleted.stderr
    assert list(statuses(ana).values()) == ["Active"]
    assert in_keyring(home, old) == ""
    listed = json.loads((home.path / ".local/share/mfa-tui/keys.json").read_text())["keys"]
    assert set(listed) == set(statuses(ana))
    again = home.run("keys", "delete", "dev", "--yes")
    assert (again.returncode, "No rotation by mfa-tui has retired one." in again.stderr) == (2, True)


@long
def test_the_key_in_use(home: Home, aws: StrictAws, ana: Ana) -> None:
    key = ana.user.access_key_id
    assert home.run("keys", "disable", "dev", "--yes").returncode == 2
    deleted = home.run("keys", "delete", "dev", "--key", key, "--yes")
    assert (deleted.returncode, "A key in use is never deleted" in deleted.stderr) == (2, True)
    asked = home.run("keys", "disable", "dev", "--key", key)
    assert asked.returncode == 3
    assert "'dev' uses it." in asked.stderr
    assert statuses(ana) == {key: "Active"}
    assert home.run("keys", "disable", "dev", "--key", key, "--yes").returncode == 0
    assert statuses(ana) == {key: "Inactive"}
    assert aws.count("DeleteAccessKey") == 0


@long
def test_a_key_that_was_used_after_its_retirement(home: Home, aws: StrictAws, ana: Ana) -> None:
    assert home.run("keys", "rotate", "dev", "--yes").returncode == 0
    aws.clock.offset += 86_400
    old = ana.user.access_key_id
    aws.account().date_key(ana.user.name, old, age=100, used=0, active=False)
    refused = home.run("keys", "delete", "dev", "--yes")
    assert (refused.returncode, "was used after the rotation had retired it" in refused.stderr) == (2, True)
    assert old in statuses(ana)


@long
def test_keys_of_nobody_here(home: Home, aws: StrictAws, ana: Ana) -> None:
    other = aws.account().add_key(ana.user.name, age=100, used=50, active=False)
    for command in ("disable", "enable", "delete"):
        unknown = home.run("keys", command, "dev", "--key", "AKIA" + "Z" * 16, "--yes")
        assert (unknown.returncode, "has no access key AKIA…ZZZZ" in unknown.stderr) == (2, True)
    asked = home.run("keys", "delete", "dev", "--key", other)
    assert "(inactive, 100 days old, last used 50 days ago)" in asked.stderr
    assert home.run("keys", "delete", "dev", "--key", other, "--yes").returncode == 0
    assert list(statuses(ana)) == [ana.user.access_key_id]
