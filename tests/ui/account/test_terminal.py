"""The account screen on a real pseudo-terminal."""

import sys
from typing import TYPE_CHECKING

import pexpect
import pytest
from botocore.exceptions import ClientError

from tests.support.aws import client
from tests.support.thoroughness import long
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
    child.expect("Log in")
    child.send("w")
    child.expect("FINDINGS")
    child.send("/kim\r")
    child.expect("none. Press n to enroll one.")
    child.send("n")
    child.expect("Creates and enables a virtual MFA device for")
    child.send("\r")
    child.expect("2 of 3")
    child.expect("Scanned")
    child.send("\r")
    child.expect("3 of 3")
    child.send("".join(phone(kim).codes()))
    child.expect("Enable")
    child.send("\r")
    child.expect("is enabled for kim")
    assert kim.devices() == [serial_of(kim)]
    child.send("\r")
    child.expect("virtual · since")
    child.send("r")
    child.expect("Deactivates and deletes")
    child.send("y")
    child.expect("Deactivated and deleted")
    child.expect("DeactivateMFADevice")
    child.expect("Close")
    assert kim.devices() == []
    child.send("\r")
    child.expect("none. Press n to enroll one.")
    child.send("d")
    child.expect(f"Disable {kim.access_key_id}")
    child.send("\r")
    child.expect("stops working")
    child.send("y")
    child.expect("is disabled")
    child.expect("UpdateAccessKey")
    child.send("\r")
    child.expect("disabled · since")
    child.send("\x11")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        client(aws, "sts", kim).get_caller_identity()
