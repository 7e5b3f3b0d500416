"""Logins, measured against a boto3 script that makes the same request and writes nothing."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from environment import BASELINES, variables
from peers import AWS_MFA
from rounds import BASE, OURS, CannotRun, Timings, command, interleave

if TYPE_CHECKING:
    from benches import Place

    from mfa_tui.demo.aws.server import StrictAws

_ROLES, _MOST_ROUNDS = 300, 5
"""Roles of a login to all of them, and how often that is measured at most."""


def log_in(place: "Place", rounds: int) -> Timings:
    """A login with a code from standard input against a boto3 script, both on the strict embedded AWS.

    Each login has its own user and device, because a device accepts a step only once.
    """
    from mfa_tui.demo.aws.server import StrictAws

    aws = StrictAws.start()
    boto3_login = str(BASELINES / "boto3_login.py")

    def login(program: Callable[[str], list[str]]) -> float:
        user = aws.add_user()
        device = user.add_device(user.name)
        home = place.home_of(aws, user, device)
        took = command(program(device.serial), variables(home, place.bin), f"{device.code()}\n")
        if aws.count("GetSessionToken", user=user.name) != 1:
            raise CannotRun("a login did not make exactly one request for a session")
        return took

    try:
        return interleave(
            {
                BASE: lambda: login(lambda serial: place.python(boto3_login, "dev", serial)),
                OURS: lambda: login(lambda _: [place.program("mfa-tui"), "login", "dev", "--code", "-"]),
            },
            rounds,
            {AWS_MFA: lambda: _aws_mfa(place, aws)} if AWS_MFA in place.peers.programs else {},
        )
    finally:
        aws.stop()


def _aws_mfa(place: "Place", aws: "StrictAws") -> float:
    """A login with aws-mfa, which keeps the long-term keys in a section of its own."""
    user = aws.add_user()
    device = user.add_device(user.name)
    home = place.home_of(aws, user, device)
    (home / ".aws").mkdir()
    keys = (home / "credentials").read_text().replace("[dev]", "[dev-long-term]")
    (home / ".aws" / "credentials").write_text(keys)
    environment = variables(home, place.bin, AWS_ENDPOINT_URL_STS=aws.url, AWS_DEFAULT_REGION="eu-central-1")
    return command(
        [place.peers.programs[AWS_MFA], "--profile", "dev", "--device", device.serial],
        environment,
        f"{device.code()}\n",
    )


def all_roles(place: "Place", rounds: int) -> Timings:
    """A login to a user and to 300 roles against one login by a boto3 script."""
    from mfa_tui.demo.aws.accounts.policy_documents import trust
    from mfa_tui.demo.aws.server import StrictAws

    aws = StrictAws.start()
    boto3_login = str(BASELINES / "boto3_login.py")

    def login(program: Callable[[str], list[str]], roles: int) -> float:
        user = aws.add_user()
        device = user.add_device(user.name)
        home = place.home_of(aws, user, device)
        arns = [aws.add_role(f"{user.name}-{number}", trust(user.arn)) for number in range(roles)]
        with (home / "config").open("a") as config:
            config.writelines(
                f"[profile r{number}]\nrole_arn = {arn}\nsource_profile = dev\nendpoint_url = {aws.url}\n"
                for number, arn in enumerate(arns)
            )
        before = aws.count("AssumeRole")
        took = command(program(device.serial), variables(home, place.bin), f"{device.code()}\n")
        if aws.count("AssumeRole") - before != roles:
            raise CannotRun("a login did not assume each role once")
        return took

    try:
        return interleave(
            {
                BASE: lambda: login(lambda serial: place.python(boto3_login, "dev", serial), 0),
                OURS: lambda: login(
                    lambda _: [place.program("mfa-tui"), "login", "dev", "--all-roles", "--code", "-"], _ROLES
                ),
            },
            min(rounds, _MOST_ROUNDS),
        )
    finally:
        aws.stop()
