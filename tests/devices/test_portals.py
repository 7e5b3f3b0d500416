"""IAM calls that return nothing, answered by something that is not AWS: nothing is said to be done."""

import pytest

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.server import StrictAws
from tests.devices.test_manage import furnish
from tests.support.devices.devices import unassigned
from tests.support.homes.home import Home

PAGES = {
    "page": faults.captive_portal(),
    "xhtml": faults.captive_portal(page=faults.XHTML_PAGE),
    "empty": faults.captive_portal(page=""),
    "204": faults.captive_portal(204, ""),
    "302": faults.captive_portal(302, faults.XHTML_PAGE),
    "502": faults.gateway(),
    "no request ID": faults.without_request_id(),
    "another call": faults.of_another_call(),
}
SOME = ("204", "502", "no request ID", "another call")
NOT_AWS = ("Something other than AWS answered instead of", "A server in front of")


def assert_not_aws(stderr: str) -> None:
    """One message of at most four lines, which says that it was not AWS."""
    error = stderr[stderr.rindex("\nmfa-tui: ") + 1 if "\nmfa-tui: " in stderr else 0 :]
    assert any(words in error.splitlines()[0] for words in NOT_AWS)
    assert len(error.splitlines()) <= 4


@pytest.mark.parametrize("fault", PAGES.values(), ids=PAGES)
def test_resync(home: Home, aws: StrictAws, fault: faults.Fault) -> None:
    furnish(home, aws)
    aws.fault(fault, action="ResyncMFADevice")
    result = home.run("device", "resync", "dev")
    assert (result.returncode, result.stdout, aws.count("ResyncMFADevice")) == (1, "", 1)
    assert_not_aws(result.stderr)


@pytest.mark.parametrize("action", ["DeactivateMFADevice", "DeleteVirtualMFADevice"])
@pytest.mark.parametrize("page", SOME)
def test_remove(home: Home, aws: StrictAws, page: str, action: str) -> None:
    _, device = furnish(home, aws, backup=True)
    aws.fault(PAGES[page], action=action)
    result = home.run("device", "remove", "dev", "--yes", "--serial", device.serial)
    assert (result.returncode, "removed" in result.stdout, aws.count(action)) == (1, False, 1)
    assert_not_aws(result.stderr)


@pytest.mark.parametrize("page", SOME)
def test_enroll(home: Home, aws: StrictAws, page: str) -> None:
    fault = PAGES[page]
    user = aws.add_user()
    home.add_profile("dev", user)
    aws.fault(fault, action="EnableMFADevice")
    result = home.run("device", "enroll", "dev", "--yes")
    # Where AWS had enabled it before the answer was lost, it is found so, and the login proves it.
    assert (result.returncode == 0) == ("enrolled" in result.stdout) == bool(user.devices()) == fault.after
    assert aws.count("GetSessionToken") == fault.after
    if not fault.after:
        assert_not_aws(result.stderr)


@pytest.mark.parametrize("status", [500, 503])
def test_a_device_that_aws_made_before_it_failed_is_not_left_behind(home: Home, aws: StrictAws, status: int) -> None:
    user = aws.add_user()
    home.add_profile("dev", user)
    aws.fault(faults.server_error(status, after=True), action="CreateVirtualMFADevice")
    failed = home.run("device", "enroll", "dev", "--yes")
    assert (failed.returncode, len(unassigned(aws, user))) == (1, 1)
    assert failed.stderr.splitlines()[-1] == (
        "  Run it again; it finds out whether the device was created: mfa-tui device enroll dev"
    )
    again = home.run("device", "enroll", "dev", "--yes")
    assert (again.returncode, unassigned(aws, user)) == (0, []), again.stderr
    assert len(user.devices()) == 1
