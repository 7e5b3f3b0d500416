"""Sessions from the strict embedded AWS: of a role, by a stored secret, and how much memory a login takes.

Each has its own user and device, because a device accepts a step only once; and each is checked to have made exactly
one request for a session.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from environment import BASELINES, variables
from rounds import BASE, OURS, Candidate, CannotRun, Timings, command, interleave
from secret_service import BACKEND, secret_service

if TYPE_CHECKING:
    from benches import Place

    from mfa_tui.demo.aws.server import Device, StrictAws, User

_PEAK = """
import os, resource, sys
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
_, status = os.waitpid(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet), 0)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
MOST_MEBIBYTES = 28
"""The most memory that a login may take."""


class Login(NamedTuple):
    """What a login begins with."""

    user: "User"
    device: "Device"
    role: str
    environment: dict[str, str]


Measure = Callable[[Sequence[str], Mapping[str, str], str], float]


@contextmanager
def strict_aws() -> "Iterator[StrictAws]":
    """The embedded AWS."""
    from mfa_tui.demo.aws.server import StrictAws

    aws = StrictAws.start()
    try:
        yield aws
    finally:
        aws.stop()


def log_in_to_role(place: "Place", rounds: int) -> Timings:
    """A login to a role, whose user's session is made first, against a boto3 script that makes both."""
    boto3_role = str(BASELINES / "boto3_role.py")
    with strict_aws() as aws:
        return interleave(
            {
                BASE: _login(place, aws, lambda new: place.python(boto3_role, "dev", new.device.serial, new.role)),
                OURS: _login(place, aws, lambda _: [place.program("mfa-tui"), "login", "admin", "--code", "-"]),
            },
            rounds,
        )


def renew(place: "Place", rounds: int) -> Timings:
    """``mfa-tui credential-process`` without a session and with a secret in the keyring, against a boto3 script."""
    renewal = str(BASELINES / "boto3_renewal.py")
    home = Path(tempfile.mkdtemp(dir=place.scratch))
    ours = place.program("mfa-tui")
    with (
        secret_service(home, variables(home, place.bin, PYTHON_KEYRING_BACKEND=BACKEND)) as environment,
        strict_aws() as aws,
    ):

        def store(new: Login) -> None:
            command([ours, "device", "import", "dev"], new.environment, new.device.seed)

        return interleave(
            {
                BASE: _login(
                    place, aws, lambda new: place.python(renewal, "dev", new.device.serial), environment, prepare=store
                ),
                OURS: _login(place, aws, lambda _: [ours, "credential-process", "dev"], environment, prepare=store),
            },
            rounds,
        )


def memory(place: "Place", rounds: int) -> Timings:
    """The most memory of a login, in MiB, against the most that it may take."""
    with strict_aws() as aws:
        ours = _login(
            place, aws, lambda _: [place.program("mfa-tui"), "login", "dev", "--code", "-"], measure=peak_memory
        )
        return interleave({BASE: lambda: MOST_MEBIBYTES, OURS: ours}, rounds)


def peak_memory(arguments: Sequence[str], environment: Mapping[str, str], standard_input: str) -> float:
    """Runs a program to its end and returns the most memory that it took, in MiB.

    A small Python starts it: a process counts what the one had that it was forked from.
    """
    result = subprocess.run(
        [sys.executable, "-I", "-c", _PEAK, *arguments],
        env=environment,
        input=standard_input,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if result.returncode:
        raise CannotRun(f"{' '.join(arguments[:3])}: exit status {result.returncode}")
    return int(result.stdout) / 1024


def _login(
    place: "Place",
    aws: "StrictAws",
    program: Callable[[Login], list[str]],
    environment: Mapping[str, str] | None = None,
    *,
    prepare: Callable[[Login], None] = lambda _: None,
    measure: Measure = command,
) -> Candidate:
    """A login by *program* in a fresh home, with the code on standard input; *prepare* comes before, unmeasured."""

    def run() -> float:
        new = _new(place, aws, environment)
        prepare(new)
        took = measure(program(new), new.environment, f"{new.device.code()}\n")
        if aws.count("GetSessionToken", user=new.user.name) != 1:
            raise CannotRun("a login did not make exactly one request for a session")
        return took

    return run


def _new(place: "Place", aws: "StrictAws", environment: Mapping[str, str] | None) -> Login:
    from mfa_tui.demo.aws.accounts.policy_documents import trust

    user = aws.add_user()
    device = user.add_device(user.name)
    role = aws.add_role(f"role-{user.name}", trust(user.account))
    home = place.home_of(aws, user, device)
    with (home / "config").open("a") as config:
        config.write(
            f"[profile admin]\nrole_arn = {role}\nsource_profile = dev\nregion = eu-central-1\n"
            f"endpoint_url = {aws.url}\n"
        )
    own = variables(home, place.bin)
    files = {name: own[name] for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")}
    return Login(user, device, role, {**(own if environment is None else environment), **files})
