"""Every request of every command met by every kind of faulty answer: what is said is what happened.

What AWS holds afterwards is the measure: a success that did not happen is claimed falsely, a device that is enabled
without its secret here is lost, and so is a code that goes out twice. Nothing is asked of a command but the truth: it
may fail, and where it does, it fails with one message, and the same command again comes to its end.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts.calls import LoggedRequest
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.fire.tally import Fire
from tests.support.aws.clients import Keys, client
from tests.support.devices.devices import has_stored, named_serial, unassigned, who
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long, quick_cases

TIMEOUT = 100.0
"""Seconds until a command counts as hung: it may wait for the next code, thrice at most."""
LATER = 90.0
"""Seconds until no code that the first run may have used is needed again."""
LONGEST_ERROR = 4


def _year(years: int) -> str:
    return (datetime.now(UTC) + timedelta(days=365 * years)).strftime("%Y-%m-%dT%H:%M:%SZ")


KINDS = {
    "late": faults.delay(0.1),
    "too late": faults.delay(20),
    "dropped before": faults.dropped(),
    "dropped after": faults.dropped(after=True),
    "reset midway": faults.reset_midway(),
    "dripping": faults.dripping(0.2),
    "500 before": faults.server_error(),
    "500 after": faults.server_error(after=True),
    "503": faults.server_error(503),
    "throttled": faults.throttled(),
    "502 page": faults.gateway(),
    "503 page": faults.gateway(503),
    "portal": faults.captive_portal(),
    "portal, XHTML": faults.captive_portal(page=faults.XHTML_PAGE),
    "portal, empty": faults.captive_portal(page=""),
    "portal, 204": faults.captive_portal(204, ""),
    "portal, 302": faults.captive_portal(302),
    "portal, 403": faults.captive_portal(403, faults.XHTML_PAGE),
    "portal, 511": faults.captive_portal(511),
    "cut short": faults.cut_short(),
    "no request ID": faults.without_request_id(),
    "another call": faults.of_another_call(),
    "oversized": faults.oversized(4),
    "oversized chunks": faults.oversized(4, chunked=True),
    "no XML": faults.altered(lambda body: body[::-1]),
    "key that is none": faults.field("AccessKeyId", "ASIA&#10;[default]"),
    "token that is none": faults.field("SessionToken", "a token"),
    "past": faults.field("Expiration", _year(-1)),
    "far future": faults.field("Expiration", _year(9)),
    "serial that is none": faults.field("SerialNumber", "arn:aws:iam::1:mfa/&#10;x"),
    "user that is none": faults.field("Arn", "arn:aws:iam::1:user/&#x9b;x"),
    "seed that is none": faults.field("Base32StringSeed", "MTIz"),
    "date of a year ago": faults.dated("Sun, 06 Nov 1994 08:49:37 GMT"),
    "date that is none": faults.dated("today"),
}
ALWAYS = ("portal", "portal, empty", "dropped before", "502 page", "no request ID", "500 after")
"""Kinds that are tried, too, with every request from the first faulty one on."""


class Scene(NamedTuple):
    """A user, the home with the user's profile ``dev``, and the device that is there from the start, if one is."""

    aws: StrictAws
    home: Home
    user: User
    device: Device | None

    @property
    def first_device(self) -> Device:
        assert self.device is not None
        return self.device


Run = subprocess.CompletedProcess[str]
Check = Callable[[Scene, Run], Iterator[str]]


class Command(NamedTuple):
    """A command, what it needs, and what is false about what it said, if anything is."""

    arguments: str
    untrue: Check
    device: bool = True
    seed: bool = True
    serial: bool = True
    role: bool = False
    stdin: bool = False
    again: bool = False
    """Whether the same command comes to its end afterwards."""


def works(scene: Scene, section: str = "dev-mfa") -> bool:
    """Whether AWS takes the session in *section* for the user's."""
    try:
        return scene.user.name in who(scene.home, scene.aws, section)
    except KeyError:
        return False


def written(scene: Scene, run: Run) -> Iterator[str]:
    if run.returncode == 0 and not works(scene):
        yield "login claims a session"
    if run.returncode != 0 and "mfa" in scene.home.credentials.read_text().split("[dev]")[1]:
        yield "login failed, and has written"


def written_role(scene: Scene, run: Run) -> Iterator[str]:
    if run.returncode == 0 and f"role-{scene.user.name}" not in who(scene.home, scene.aws, "admin-mfa"):
        yield "login claims a role"
    if run.returncode != 0 and "admin-mfa" in scene.home.credentials.read_text():
        yield "login failed, and has written"


def handed_out(scene: Scene, run: Run) -> Iterator[str]:
    if run.returncode != 0:
        if run.stdout:
            yield "something was handed out by a command that failed"
        return
    given = json.loads(run.stdout)
    variables = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    names = variables if variables[0] in given else ("AccessKeyId", "SecretAccessKey", "SessionToken")
    keys = Keys(*(given[name] for name in names))
    if client(scene.aws, "sts", keys).get_caller_identity()["Arn"] != scene.user.arn:
        yield "keys were handed out that are not the user's"


def listed(scene: Scene, run: Run) -> Iterator[str]:
    if run.returncode == 0:
        told = json.loads(run.stdout)
        if told["known"] and [each["serial"] for each in told["devices"]] != scene.user.devices():
            yield "other devices are listed than there are"


def in_step(scene: Scene, run: Run) -> Iterator[str]:
    drift = scene.aws.steps(scene.first_device.serial).drift
    if (run.returncode == 0 or "in step" in run.stdout) and abs(drift) > 1:
        yield "resync claims that the device is in step"


def removed(scene: Scene, run: Run) -> Iterator[str]:
    serial = scene.first_device.serial
    there = serial in scene.user.devices() or serial in dict(scene.aws.virtual_devices())
    if there and (run.returncode == 0 or "removed" in run.stdout):
        yield "remove claims that the device is removed"


def enrolled(scene: Scene, run: Run) -> Iterator[str]:
    new = [serial for serial in scene.user.devices() if scene.device is None or serial != scene.device.serial]
    if "enrolled" in run.stdout and len(new) != 1:
        yield "enroll claims a device"
    if run.returncode == 0 and (len(new) != 1 or named_serial(scene.home) != new[0] or not works(scene)):
        yield "enroll claims a device that logs in"
    if run.returncode == 0 and unassigned(scene.aws, scene.user):
        yield "enroll leaves an orphan without a word"


def replaced(scene: Scene, run: Run) -> Iterator[str]:
    yield from enrolled(scene, run)
    if run.returncode == 0:
        yield from removed(scene, run)


def imported(scene: Scene, run: Run) -> Iterator[str]:
    if run.returncode == 0 and not (has_stored(scene.home, scene.first_device.seed) and works(scene)):
        yield "import claims a secret and a session"


def silent(_scene: Scene, _run: Run) -> Iterator[str]:
    yield from ()


COMMANDS = {
    "login, typed": Command("login dev --code {code}", written, seed=False),
    "login, stored": Command("login dev", written),
    "login, discovering": Command("login dev --code {code}", written, seed=False, serial=False),
    "login, role": Command("login admin", written_role, role=True),
    "credential-process": Command("credential-process dev", handed_out),
    "env": Command("env dev --shell json", handed_out),
    "exec": Command("exec dev -- true", silent),
    "doctor": Command("doctor dev", silent),
    "list": Command("device list dev --json", listed),
    "import": Command("device import dev --yes --login", imported, seed=False, serial=False, stdin=True),
    "resync": Command("device resync dev", in_step, again=True),
    "remove": Command("device remove dev --yes --last", removed, again=True),
    "enroll": Command("device enroll dev --yes", enrolled, device=False, seed=False, again=True),
    "replace": Command("device replace dev --yes", replaced, again=True),
}


def furnished(command: Command, aws: StrictAws, home: Home) -> Scene:
    """What *command* needs, new."""
    aws.reset()
    user = aws.add_user()
    device = user.add_device(f"{user.name}-old") if command.device else None
    home.add_profile("dev", user, device if command.serial else None)
    if device is not None and command.seed:
        home.store_seed(device)
    if command.role:
        role = aws.add_role(f"role-{user.name}", trust(user.arn, mfa=True))
        with home.config.open("a", encoding="utf-8") as file:
            file.write(f"[profile admin]\nrole_arn = {role}\nsource_profile = dev\nregion = eu-central-1\n")
    settings = home.path / ".config/mfa-tui/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("timeout = 2\n")
    if device is not None and command.untrue is in_step:
        device.drift(20)
        first, second = device.codes()
        client(aws, "iam", user).resync_mfa_device(
            UserName=user.name, SerialNumber=device.serial, AuthenticationCode1=first, AuthenticationCode2=second
        )
    aws.reset()
    return Scene(aws, home, user, device)


def order(aws: StrictAws, fault: faults.Fault, number: int, times: int) -> None:
    """Let the request of that *number*, from 0, meet the fault, and *times* - 1 after it."""
    arrived = 0

    def watch(_: LoggedRequest, when: str) -> None:
        nonlocal arrived
        arrived += when == "after"
        if arrived == number and when == "after":
            aws.fault(fault, times=times)

    if number == 0:
        aws.fault(fault, times=times)
    aws.on_request(watch)


def run(command: Command, scene: Scene) -> Run:
    code = scene.device.code() if scene.device is not None else ""
    stdin = scene.first_device.seed + "\n" if command.stdin else ""
    return scene.home.run(*command.arguments.format(code=code).split(), stdin=stdin, timeout=TIMEOUT)


def judge(fire: Fire, where: str, command: Command, scene: Scene, result: Run) -> None:
    """Report what is false, lost or said at too great a length. AWS is well from here on."""
    codes = [(request.serial, code) for request in scene.aws.requests for code in request.codes]
    if len(set(codes)) != len(codes):
        fire.lost(f"{where}: a code was sent twice")
    scene.aws.reset()
    said = result.stdout + result.stderr
    if "Traceback" in said or "bug in mfa-tui" in said:
        fire.claimed(f"{where}: a fault of its own: {result.stderr}")
    error = ("\n" + result.stderr).rpartition("\nmfa-tui: ")[2].splitlines()
    if result.returncode != 0 and command.arguments != "doctor dev" and not 1 <= len(error) <= LONGEST_ERROR:
        fire.claimed(f"{where}: not one message of at most four lines: {result.stderr}")
    if not scene.home.credentials.read_text().startswith(f"[dev]\naws_access_key_id = {scene.user.access_key_id}\n"):
        fire.lost(f"{where}: the user's keys")
    for serial in scene.user.devices():
        if (command.seed or command.untrue is enrolled) and not has_stored(scene.home, scene.aws.seed_of(serial)):
            fire.lost(f"{where}: the secret of {serial}, which is enabled")
    for what in command.untrue(scene, result):
        fire.claimed(f"{where}: {what}: {said}")


def trials(fire: Fire, requests: int) -> Iterator[tuple[str, int, int]]:
    """Kind of fault, number of the request that meets it, and how many do.

    Each request meets every other kind, and the next request the rest: 17 kinds at each, all of them in each command.
    """
    for number in range(requests):
        for kind in list(KINDS)[number % 2 :: 2]:
            yield kind, number, 1
            if fire.long and kind in ALWAYS:
                yield kind, number, 1000


@long
@quick_cases(2)
@pytest.mark.trial("faulty answers")
@pytest.mark.parametrize("name", COMMANDS)
def test_faulty_answers(fire: Fire, new_home: Callable[[], Home], aws: StrictAws, name: str) -> None:
    command = COMMANDS[name]
    plain = furnished(command, aws, new_home())
    result = run(command, plain)
    assert result.returncode == 0, result.stderr
    requests = aws.count()
    judge(fire, f"{name}, undisturbed", command, plain, result)
    fire.tried()
    for kind, number, times in fire.sample(trials(fire, requests), short=3):
        where = f"{name}, {kind} at request {number}{' and on' if times > 1 else ''}"
        scene = furnished(command, aws, new_home())
        order(aws, KINDS[kind], number, times)
        fire.tried()
        try:
            result = run(command, scene)
        except subprocess.TimeoutExpired:
            fire.hung(where)
            continue
        judge(fire, where, command, scene, result)
        if result.returncode != 0 and command.again:
            aws.clock.offset = LATER
            again = run(command, scene)
            if again.returncode != 0:
                fire.lost(f"{where}: the same command again: {again.stderr}")
            judge(fire, f"{where}, again", command, scene, again)
