"""From an empty home to a written session on a real terminal."""

import json
import shutil
import sys
from typing import TYPE_CHECKING

from tests.keys.support import in_keyring
from tests.support.homes.home import Home
from tests.support.processes.terminals import sees
from tests.support.runner.thoroughness import long
from tests.ui.conftest import Spawn
from tests.ui.setup.test_first_run import pasted

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws

_READ_BACK = """
import botocore.session, json
session = botocore.session.Session(profile="default-mfa")
client = session.create_client("sts")
print(json.dumps([client.get_caller_identity()["Arn"], session.get_config_variable("region")]))
"""


@long
def test_from_an_empty_home_to_a_session_that_botocore_uses(home: Home, aws: "StrictAws", spawn: Spawn) -> None:
    user = aws.add_user()
    shutil.rmtree(home.aws_dir)
    child = spawn(f"exec {sys.executable} -m mfa_tui")
    shown = ""

    def wait_for(text: str) -> None:
        nonlocal shown
        shown += sees(child, text)

    wait_for("No AWS profiles yet")
    wait_for("Quit")
    child.send("\r")
    wait_for("1 of 3")
    keys = pasted(user.access_key_id, user.secret_access_key).replace("\n", "\r")
    child.send(f"\x1b[200~{keys}\x1b[201~")
    wait_for("(not")
    child.send("\r")
    wait_for("2 of 3")
    child.send("eu-central-1")
    child.send("\r")
    wait_for("3 of 3")
    child.send("\r")
    wait_for("1 of 4")
    # The secret of the device stays here: there is no phone.
    child.send("\x1b[B")
    wait_for("1 of 3")
    child.send("\r")
    wait_for("confirmed")
    child.send("\r")
    wait_for("Log out")
    child.sendcontrol("q")
    child.expect_exact("\x1b[?1049l")
    child.close()
    assert user.secret_access_key not in shown
    assert in_keyring(home, user.access_key_id) == user.secret_access_key
    read = home.run_python("-c", _READ_BACK)
    assert json.loads(read.stdout) == [f"arn:aws:iam::{user.account}:user/{user.name}", "eu-central-1"], read.stderr
