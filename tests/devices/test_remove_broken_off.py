"""A removal that is broken off, anywhere: the next ``device remove`` brings it to its end, and removes nothing else."""

import itertools
import os
import signal
import time
from typing import NamedTuple

import pytest

from mfa_tui.adapters.awsfiles.files import AwsFiles
from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, JournalEntry, Phase
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts import policy_documents
from mfa_tui.demo.aws.accounts.calls import LoggedRequest
from mfa_tui.demo.aws.server import Device, StrictAws, User
from mfa_tui.services.devices.iam_user import IamUser
from mfa_tui.services.devices.removal import consequences, remove_device, unfinished_removals
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Notice, Progress
from tests.support.aws.clients import client
from tests.support.awsfiles.saved_sessions import assert_one_message, context_of
from tests.support.devices.devices import has_stored, named_serial, run_killed
from tests.support.homes.home import Home
from tests.support.processes.forkserver import ForkServer
from tests.support.runner.thoroughness import long, quick_cases

REMOVE = (
    "GetCallerIdentity",
    "ListMFADevices",
    "GetSessionToken",
    "DeactivateMFADevice",
    "DeleteVirtualMFADevice",
)
"""The requests of an undisturbed run, in order."""
CHANGES = REMOVE[2:]
LATER = 90.0
"""Seconds until no code that the broken run may have used is needed again."""


class Owner(NamedTuple):
    """A user with two devices, whose seeds are stored; the profile ``dev`` names the first."""

    user: User
    old: Device
    heir: Device


@pytest.fixture
def owner(home: Home, aws: StrictAws) -> Owner:
    user = aws.add_user()
    old, heir = user.add_device(f"{user.name}-old"), user.add_device(f"{user.name}-heir")
    home.add_profile("dev", user, old)
    home.store_seed(old)
    home.store_seed(heir)
    return Owner(user, old, heir)


def assert_removed(home: Home, aws: StrictAws, owner: Owner) -> None:
    """The old device is gone, at AWS and here; the other one is as it was, and the profile's."""
    assert owner.user.devices() == [owner.heir.serial]
    assert owner.old.serial not in [serial for serial, _ in aws.virtual_devices()]
    assert named_serial(home) == owner.heir.serial
    assert (has_stored(home, owner.old.seed), has_stored(home, owner.heir.seed)) == (False, True)
    journal = home.path / ".local/share/mfa-tui/enrolments.json"
    assert not journal.exists() or '"removing"' not in journal.read_text()


def test_the_moments_are_all_there_are(home: Home, aws: StrictAws, owner: Owner) -> None:
    done = home.run("device", "remove", "dev", "--yes")
    assert done.returncode == 0, done.stderr
    assert tuple(request.action for request in aws.requests) == REMOVE
    assert_removed(home, aws, owner)


MOMENTS = [
    (number, when)
    for number, when in itertools.product(range(len(REMOVE)), ("before", "after"))
    if when == "before" or REMOVE[number] in CHANGES
]


@quick_cases(1)
@pytest.mark.parametrize(
    ("moment", "again"),
    [
        *((moment, "again") for moment in MOMENTS),
        *(pytest.param(moment, "by-serial", marks=long) for moment in MOMENTS[-3:-1]),
        (MOMENTS[-1], "by-serial"),
    ],
)
def test_killed(home: Home, aws: StrictAws, owner: Owner, moment: tuple[int, str], again: str) -> None:
    killed = run_killed(home, aws, "device", "remove", "dev", "--yes", request=moment[0], when=moment[1])
    assert killed.returncode == -9
    aws.clock.offset = LATER
    named = ("--serial", owner.old.serial) if again == "by-serial" else ()
    done = home.run("device", "remove", "dev", "--yes", *named)
    assert done.returncode == 0, done.stderr
    assert owner.old.serial in done.stdout
    assert_removed(home, aws, owner)


FAULTS = {
    "unheard": faults.dropped(),
    "unanswered": faults.dropped(after=True),
    "failed": faults.server_error(503),
    "failed-once-done": faults.server_error(after=True),
    "throttled": faults.throttled(),
    "portal": faults.captive_portal(),
}


@pytest.mark.parametrize(
    ("action", "fault"),
    [
        # Each fault at half of the actions, and each action with half of the faults.
        pytest.param(action, fault, marks=long if (row + column) % 2 else ())
        for row, action in enumerate(CHANGES[1:])
        for column, fault in enumerate(FAULTS)
    ],
)
def test_network_fails(home: Home, aws: StrictAws, owner: Owner, action: str, fault: str) -> None:
    aws.fault(FAULTS[fault], action=action, times=9)
    failed = home.run("device", "remove", "dev", "--yes")
    assert failed.returncode == 1, failed.stderr
    assert "Traceback" not in failed.stderr
    if action == "DeleteVirtualMFADevice" or (action == "DeactivateMFADevice" and fault.startswith("un")):
        assert "mfa-tui device remove dev finishes it" in failed.stderr
    # What it will do is said first.
    said = failed.stderr.replace("mfa-tui: Changing MFA devices needs a session", "")
    assert_one_message(said[said.index("mfa-tui: ") :])
    assert has_stored(home, owner.old.seed)
    aws.reset()
    aws.clock.offset = LATER
    done = home.run("device", "remove", "dev", "--yes")
    assert done.returncode == 0, done.stderr
    assert_removed(home, aws, owner)


DEACTIVATED = REMOVE.index("DeactivateMFADevice"), "after"


def kill_deactivated(home: Home, aws: StrictAws, *options: str) -> None:
    """A removal of the device of ``dev``, killed once AWS has deactivated it."""
    killed = run_killed(
        home, aws, "device", "remove", "dev", "--yes", *options, request=DEACTIVATED[0], when=DEACTIVATED[1]
    )
    assert killed.returncode == -9
    aws.clock.offset = LATER


@quick_cases(1)
@pytest.mark.parametrize("moment", MOMENTS[-3:])
@pytest.mark.parametrize("deletes", [True, False], ids=["deletes-after-mfa", "never-deletes"])
def test_last_device_killed(home: Home, aws: StrictAws, moment: tuple[int, str], deletes: bool) -> None:
    """The session that was made with it counts as made with MFA still, so it can be deleted."""
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.store_seed(device)
    user.set_policy(policy_documents.self_service_mfa(delete=deletes))
    arguments = ("device", "remove", "dev", "--yes", "--last")
    assert run_killed(home, aws, *arguments, request=moment[0], when=moment[1]).returncode == -9
    aws.clock.offset = LATER
    done = home.run(*arguments)
    assert done.returncode == 0, done.stderr
    assert (user.devices(), has_stored(home, device.seed), named_serial(home)) == ([], False, None)
    left = device.serial in [serial for serial, _ in aws.virtual_devices()]
    assert left != deletes
    told = f"The device {user.name} is still at AWS, but no longer belongs to a user."
    assert (told in done.stderr) == left


@long
def test_list_and_doctor_report_it(home: Home, aws: StrictAws, owner: Owner) -> None:
    kill_deactivated(home, aws)
    listed = home.run("device", "list", "dev")
    goes_on = f"The removal of {owner.old.serial} is not finished. To finish: mfa-tui device remove dev"
    assert goes_on in listed.stderr
    checked = home.run("doctor", "dev")
    assert f"The removal of the MFA device {owner.user.name}-old was not finished." in checked.stdout + checked.stderr
    home.run("device", "remove", "dev", "--yes")
    assert "removal" not in home.run("device", "list", "dev").stderr
    assert "removal" not in home.run("doctor", "dev").stdout


@quick_cases(1)
@pytest.mark.parametrize("command", ["enroll", "replace"])
def test_what_comes_after_finishes_it_first(home: Home, aws: StrictAws, owner: Owner, command: str) -> None:
    kill_deactivated(home, aws)
    named = ("--serial", owner.heir.serial) if command == "replace" else ()
    done = home.run("device", command, "dev", "--yes", *named)
    assert done.returncode == 0, done.stderr
    assert f"The removal of {owner.user.name}-old, which was interrupted earlier, is finished now." in done.stderr
    assert owner.old.serial not in [serial for serial, _ in aws.virtual_devices()]
    assert not has_stored(home, owner.old.seed)


def test_another_user_s_device_of_the_same_name_is_left_alone(home: Home, aws: StrictAws, owner: Owner) -> None:
    kill_deactivated(home, aws)
    other = aws.add_user()
    first, second = owner.old.codes()
    client(aws, "iam", other).enable_mfa_device(
        UserName=other.name, SerialNumber=owner.old.serial, AuthenticationCode1=first, AuthenticationCode2=second
    )
    done = home.run("device", "remove", "dev")
    assert done.returncode == 0, done.stderr
    assert f"The device {owner.user.name}-old is enabled, so it was left alone." in done.stderr
    assert other.devices() == [owner.old.serial]
    assert not has_stored(home, owner.old.seed)


def test_refused_from_the_start_is_not_begun(home: Home, owner: Owner) -> None:
    allowed = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    denied = {"Effect": "Deny", "Action": "iam:DeactivateMFADevice", "Resource": "*"}
    owner.user.set_policy({"Version": "2012-10-17", "Statement": [allowed, denied]})
    refused = home.run("device", "remove", "dev", "--yes")
    assert refused.returncode == 1
    assert "removal" not in home.run("doctor", "dev").stdout
    assert owner.old.serial in owner.user.devices()
    assert has_stored(home, owner.old.seed)


def test_files_that_cannot_be_written_are_found_before(home: Home, aws: StrictAws, owner: Owner) -> None:
    os.link(home.config, home.path / "other name")
    aws.reset()
    refused = home.run("device", "remove", "dev", "--yes")
    assert refused.returncode == 2, refused.stderr
    assert "Nothing was removed." in refused.stderr
    assert aws.count("DeactivateMFADevice") == 0
    assert has_stored(home, owner.old.seed)


DAMAGES = {
    "cut": b'{"version": 1, "enrol',
    "empty": b"",
    "another": b"[]",
    "zeros": bytes(80),
    "field": b'{"version": 1, "enrolments": [{"serial": "x", "nobody": 1}]}',
    "kind": b'{"version": 1, "enrolments": [{"serial": 1, "account": "", "user": "", "keep": "", "phase": ""}]}',
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_journal_is_never_overwritten(home: Home, damage: str) -> None:
    journal = EnrollmentJournal(Paths(home.env))
    path = home.path / ".local/share/mfa-tui/enrolments.json"
    note = JournalEntry("serial", "account", "user", "", Phase.REMOVING)
    journal.put(note)
    assert journal.problem() is None
    for number in ("", "-2", "-3"):
        path.write_bytes(DAMAGES[damage])
        problem = journal.problem()
        assert problem is not None
        assert str(path) in problem.what
        assert journal.entries() == ()
        assert path.read_bytes() == DAMAGES[damage]
        journal.put(note)
        assert (journal.entries(), journal.problem()) == ((note,), None)
        assert path.with_name(f"{path.name}.damaged{number}").read_bytes() == DAMAGES[damage]


@pytest.mark.parametrize("command", ["remove", "enroll"])
def test_damaged_journal_is_reported(home: Home, aws: StrictAws, owner: Owner, command: str) -> None:
    journal = home.path / ".local/share/mfa-tui/enrolments.json"
    journal.parent.mkdir(parents=True, exist_ok=True)
    journal.write_bytes(DAMAGES["cut"])
    told = f"{journal}, the journal of unfinished enrollments and removals, cannot be read."
    checked, listed = home.run("doctor", "dev"), home.run("device", "list", "dev")
    assert told in checked.stdout + checked.stderr
    assert told in listed.stderr
    done = home.run("device", command, "dev", "--yes")
    assert done.returncode == 0, done.stderr
    assert told in done.stderr
    assert (journal.parent / "enrolments.json.damaged").read_bytes() == DAMAGES["cut"]
    if command == "remove":
        assert_removed(home, aws, owner)
    assert told not in home.run("device", "list", "dev").stderr


@quick_cases(1)
@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("DeactivateMFADevice", "may have been deactivated"),
        ("DeleteVirtualMFADevice", "is deactivated, but not deleted"),
    ],
)
def test_interrupted_says_how_far_it_came(home: Home, aws: StrictAws, owner: Owner, action: str, state: str) -> None:
    told = home.path / "process"

    def interrupt(request: LoggedRequest, moment: str) -> None:
        if (request.action, moment) == (action, "before"):
            os.kill(int(told.read_text()), signal.SIGINT)
            time.sleep(1)

    aws.on_request(interrupt)
    done = ForkServer.shared().run(
        ("device", "remove", "dev", "--yes"),
        env=home.env,
        cwd=str(home.path),
        around=("tests.support.processes.told_process", {"told": str(told)}),
    )
    assert done.returncode == 130
    message = f"mfa-tui: {owner.user.name}-old {state}. To finish: mfa-tui device remove dev\n"
    assert done.stderr.endswith(message)
    aws.reset()
    aws.clock.offset = LATER
    assert home.run("device", "remove", "dev", "--yes").returncode == 0
    assert_removed(home, aws, owner)


def test_config_in_a_read_only_store_is_left_and_reported(
    home: Home, aws: StrictAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
    before = home.config.read_bytes()
    for name, value in home.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(AwsFiles, "read_only_store", lambda _: "It is read-only.")
    told: list[Progress | Notice] = []
    owner = IamUser(Operation(context_of(home), CancelScope(), told.append), "dev")
    owner.load()
    assert remove_device(owner, consequences(owner, device.serial)) == ""
    assert [event.text for event in told if isinstance(event, Notice)] == [
        f"{home.config} cannot be written. Change mfa_serial there by hand: dev should no longer name a device."
    ]
    assert (user.devices(), home.config.read_bytes()) == ([], before)
    assert unfinished_removals(owner) == ()
