"""Clocks: a machine's clock is wrong by up to a day, and is set between any two commands."""

import json
from subprocess import CompletedProcess

import pytest

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.protocol.clock import iso
from mfa_tui.demo.aws.server import Device, StrictAws
from tests.fire.tally import Fire
from tests.support.homes.home import Home
from tests.support.processes.forkserver import ForkServer
from tests.support.runner.thoroughness import long

DAY = 86_400
MARGIN = 1000
"""Seconds below which a session may be renewed."""
WRONG = (0, 45, -45, 240, -240, 11 * 60, -11 * 60, 12 * 3600, -12 * 3600, DAY, -DAY)
COMMANDS = (
    ("login", "dev", "--force"),
    ("login", "dev"),
    ("login", "admin"),
    ("login", "admin", "--force"),
    ("credential-process", "dev"),
    ("credential-process", "admin"),
    ("env", "dev"),
    ("list", "--json"),
)


class Machine:
    """A machine beside AWS: ``wrong`` are the seconds that its clock is ahead."""

    def __init__(self, home: Home, aws: StrictAws) -> None:
        self._home = home
        self._aws = aws
        self.wrong = 0.0

    def run(self, *arguments: str) -> CompletedProcess[str]:
        passed = self._aws.clock.offset
        return ForkServer.shared().run(
            arguments,
            env=self._home.env,
            cwd=str(self._home.path),
            around=("tests.fire.wrongclock", {"wall": passed + self.wrong, "since_boot": passed}),
        )


def taken_twice(aws: StrictAws, device: Device) -> list[int]:
    """The steps that were sent again after AWS had taken them."""
    record = aws.steps(device.serial)
    taken: list[int] = []
    twice: list[int] = []
    for step in record.attempted:
        if len(taken) < len(record.accepted) and step == record.accepted[len(taken)]:
            taken.append(step)
        elif step in taken:
            twice.append(step)
    return twice


def kept(home: Home) -> dict[str, tuple[str, int]]:
    """The access key ID and the end of the sessions in the cache: the user's and the role's."""
    found = {"dev": ("", 0), "admin": ("", 0)}
    directory = home.path / ".cache/mfa-tui/sessions"
    for path in directory.iterdir() if directory.exists() else ():
        end, process, about = path.read_text().splitlines()
        name = "admin" if json.loads(about)["roles"] else "dev"
        found[name] = (json.loads(process)["AccessKeyId"], int(end))
    return found


class Trial:
    """One user's commands, each at a time and on a machine of its own choosing."""

    def __init__(self, fire: Fire, home: Home, aws: StrictAws) -> None:
        self.fire, self.home, self.aws = fire, home, aws
        self.machine = Machine(home, aws)
        user = aws.add_user()
        self.device = user.add_device(user.name)
        home.add_profile("dev", user, self.device)
        home.store_seed(self.device)
        home.add_role_profile("admin", aws.add_role(f"clock-{user.name}", trust(user.arn, mfa=True)))

    def go_on(self) -> None:
        """Let some time pass, set the machine's clock perhaps, and run a command."""
        choice = self.fire.random.choice
        self.aws.clock.offset += choice((40, 40, 700, 3700, 13 * 3600))
        if choice((True, False)):
            self.machine.wrong = choice((*WRONG, self.fire.random.uniform(-DAY, DAY)))
        command = choice(COMMANDS)
        lost = "--force" in command and "dev" in command and choice((True, False))
        if lost:
            self.aws.fault(faults.dropped(after=True), action="GetSessionToken")
        before, asked, now = kept(self.home), self.aws.count("GetSessionToken"), self.aws.clock.now()
        done = self.machine.run(*command)
        self.fire.tried()
        what = f"{' '.join(command)} with the clock {self.machine.wrong:+.0f} s: {done.stderr.strip()}"
        if done.returncode and not lost:
            self.fire.claimed(what)
        answer = json.loads(done.stdout) if done.returncode == 0 and command[0] == "credential-process" else None
        if answer is not None and answer["Expiration"] <= iso(now):
            self.fire.claimed(f"an ended session was handed out: {what}")
        if "--force" not in command:
            live = {name for name, (_, end) in before.items() if end > now + MARGIN}
            self._check_kept(before, live, what, coded=self.aws.count("GetSessionToken") != asked)

    def _check_kept(self, before: dict[str, tuple[str, int]], live: set[str], what: str, *, coded: bool) -> None:
        after = kept(self.home)
        for name in live:
            if after[name] != before[name]:
                self.fire.lost(f"the live session of {name}: {what}")
        if "dev" in live and coded:
            self.fire.lost(f"a code, though a session was live: {what}")


@long
@pytest.mark.trial("clocks to a day either way")
def test_clocks(fire: Fire, home: Home, aws: StrictAws) -> None:
    trial = Trial(fire, home, aws)
    for _ in range(fire.rounds(short=8, long=200)):
        trial.go_on()
        if twice := taken_twice(aws, trial.device):
            fire.claimed(f"used codes, of the steps {twice}, were sent again")
            break
