"""The account screen on a real pseudo-terminal."""

import sys
from typing import TYPE_CHECKING

import pexpect
import pytest
from botocore.exceptions import ClientError

from tests.support.aws.clients import client
from tests.support.processes.terminals import sees
from tests.support.runner.thoroughness import long
from tests.ui.conftest import Spawn
from tests.ui.enrollment.enrolling import phone, serial_of

if TYPE_CHECKING:
    from mfa_tui.demo.aws.account_setup import AccountSetup
    from mfa_tui.demo.aws.server import StrictAws


@long
def test_an_administrator_enrolls_resets_and_disables_for_another_user(
    aws: "StrictAws", account: "AccountSetup", spawn: Spawn
) -> None:
    kim = aws.add_user("kim", account=account.state.account)
    child = spawn(f"exec {sys.executable} -m mfa_tui --profile dev")
    sees(child, "Log in")
    child.send("w")
    sees(child, "FINDINGS")
    child.send("/kim\r")
    sees(child, "none. Press n to enroll one.")
    child.send("n")
    sees(child, "Creates and enables a virtual MFA device for")
    child.send("\r")
    sees(child, "2 of 3")
    sees(child, "Scanned")
    child.send("\r")
    sees(child, "3 of 3")
    child.send("".join(phone(kim).codes()))
    sees(child, "Enable")
    child.send("\r")
    sees(child, "is enabled for kim")
    assert kim.devices() == [serial_of(kim)]
    child.send("\r")
    sees(child, "virtual · since")
    child.send("r")
    sees(child, "Deactivates and deletes")
    child.send("y")
    sees(child, "Deactivated and deleted")
    sees(child, "DeactivateMFADevice")
    sees(child, "Close")
    assert kim.devices() == []
    child.send("\r")
    sees(child, "none. Press n to enroll one.")
    child.send("d")
    sees(child, f"Disable {kim.access_key_id}")
    child.send("\r")
    sees(child, "stops working")
    child.send("y")
    sees(child, "is disabled")
    sees(child, "UpdateAccessKey")
    child.send("\r")
    sees(child, "disabled · since")
    child.send("\x11")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        client(aws, "sts", kim).get_caller_identity()
