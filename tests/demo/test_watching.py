"""Looking on while requests are handled, and answers of device actions that are lost."""

import threading
import time

import pytest
from botocore.exceptions import ConnectionClosedError

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts.calls import LoggedRequest
from mfa_tui.demo.aws.server import StrictAws, User
from tests.support.aws.clients import client
from tests.support.runner.timeouts import scaled


@pytest.fixture
def user(aws: StrictAws) -> User:
    return aws.add_user()


def test_watchers_see_a_request_before_and_after_it_is_handled(aws: StrictAws, user: User) -> None:
    seen: list[tuple[str, str, int | None, int]] = []

    def watch(request: LoggedRequest, when: str) -> None:
        # Not under the server's lock: everything can be asked meanwhile, by other threads, too.
        orphans: list[int] = []
        asking = threading.Thread(
            target=lambda: orphans.append(sum(serial.endswith(user.name) for serial, _ in aws.virtual_devices()))
        )
        asking.start()
        asking.join(10)
        seen.append((request.action, when, request.status, orphans[0]))

    aws.on_request(watch)
    client(aws, "iam", user).create_virtual_mfa_device(VirtualMFADeviceName=user.name)
    assert seen == [("CreateVirtualMFADevice", "before", None, 0), ("CreateVirtualMFADevice", "after", 200, 1)]
    aws.reset()
    client(aws, "iam", user).list_mfa_devices()
    assert len(seen) == 2


def test_a_call_that_never_arrives_is_watched_too(aws: StrictAws, user: User) -> None:
    seen: list[tuple[str, int | None]] = []
    aws.on_request(lambda request, when: seen.append((when, request.status)))
    aws.fault(faults.dropped())
    with pytest.raises(ConnectionClosedError):
        client(aws, "iam", user).create_virtual_mfa_device(VirtualMFADeviceName=user.name)
    # The server notes it in a thread of its own.
    end = time.monotonic() + scaled(10)
    while len(seen) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    assert seen == [("before", None), ("after", None)]
    assert user.name not in str(aws.virtual_devices())


def test_every_step_of_a_device_can_lose_its_answer(aws: StrictAws, user: User) -> None:
    iam = client(aws, "iam", user)
    serial = f"arn:aws:iam::{user.account}:mfa/{user.name}"
    aws.fault(faults.dropped(after=True), times=2)
    with pytest.raises(ConnectionClosedError):
        iam.create_virtual_mfa_device(VirtualMFADeviceName=user.name)
    assert dict(aws.virtual_devices())[serial] is None
    device = user.device(serial)
    first, second = device.codes()
    with pytest.raises(ConnectionClosedError):
        iam.enable_mfa_device(
            UserName=user.name, SerialNumber=serial, AuthenticationCode1=first, AuthenticationCode2=second
        )
    assert user.devices() == [serial]
    admin = aws.add_user(policy={"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    iam = client(aws, "iam", admin)
    aws.fault(faults.dropped(after=True), times=2)
    with pytest.raises(ConnectionClosedError):
        iam.deactivate_mfa_device(UserName=user.name, SerialNumber=serial)
    assert dict(aws.virtual_devices())[serial] is None
    with pytest.raises(ConnectionClosedError):
        iam.delete_virtual_mfa_device(SerialNumber=serial)
    assert serial not in dict(aws.virtual_devices())
