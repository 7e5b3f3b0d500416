"""``keys list``."""

import json

import pytest

from mfa_tui.demo.aws.accounts import policy_documents
from mfa_tui.demo.aws.server import StrictAws
from tests.keys.conftest import Ana
from tests.support.homes.home import Home


def listed(home: Home, *arguments: str) -> list[dict[str, object]]:
    done = home.run("keys", "list", "dev", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    keys: list[dict[str, object]] = json.loads(done.stdout)["keys"]
    return keys


def test_each_key_says_where_it_is_kept(home: Home, aws: StrictAws, ana: Ana) -> None:
    home.add_profile("ops", ana.user, ana.device)
    other = aws.account().add_key(ana.user.name, age=100, used=None, active=False)
    first, second = listed(home)
    assert first["access_key_id"] == ana.user.access_key_id
    assert (first["status"], first["kept"], first["profiles"]) == ("Active", "credentials", ["dev", "ops"])
    assert str(first["last_used"]).endswith("Z")
    assert second == {
        "access_key_id": other,
        "status": "Inactive",
        "created": second["created"],
        "last_used": None,
        "kept": "none",
        "profiles": [],
        "current": False,
    }
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    assert listed(home)[0]["kept"] == "keyring"
    text = home.run("keys", "list", "ops")
    lines = text.stdout.splitlines()
    assert lines[0].startswith(f"* {ana.user.access_key_id}  active · created ")
    assert lines[0].endswith(" · in the keyring · used by dev, ops")
    assert f"  {other}  inactive · created " in lines[1]
    assert "(100 days old) · never used · secret not here" in lines[1]


def test_what_a_policy_denies(home: Home, aws: StrictAws, ana: Ana) -> None:
    document = json.loads(json.dumps(policy_documents.SELF_SERVICE))
    denied = {"Effect": "Deny", "Action": "iam:GetAccessKeyLastUsed", "Resource": "*"}
    document["Statement"].append(denied)
    ana.user.set_policy(document)
    done = home.run("keys", "list", "dev")
    assert done.returncode == 0
    assert "AWS does not let this user see when keys were last used (iam:GetAccessKeyLastUsed)." in done.stderr
    denied["Action"] = "iam:ListAccessKeys"
    ana.user.set_policy(document)
    aws.clock.offset += 60
    refused = home.run("keys", "list", "dev")
    assert refused.returncode == 1
    assert f"AWS does not let {ana.user.name} list access keys." in refused.stderr
    assert "iam:ListAccessKeys" in refused.stderr
    # A notice about the clock may come first.
    assert len(refused.stderr.partition("AWS does not let")[2].splitlines()) <= 4


def test_without_a_device_the_keys_sign(home: Home, aws: StrictAws) -> None:
    user = aws.add_user()
    home.add_profile("dev", user)
    assert [key["access_key_id"] for key in listed(home)] == [user.access_key_id]
    assert aws.count("GetSessionToken") == 0


@pytest.mark.usefixtures("ana")
def test_one_code_is_used_for_several_commands(home: Home, aws: StrictAws) -> None:
    listed(home)
    listed(home)
    assert aws.count("GetSessionToken") == 1
