"""What a login makes of files and requests, where no request to AWS is needed to see it."""

import pytest

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.services.context import Context
from mfa_tui.services.login.login import plan_target
from mfa_tui.services.sessions.device_discovery import base_caller
from mfa_tui.services.sessions.outcomes import LoginRequest
from tests.support.awsfiles.profiles import KEYS, ROLE, load
from tests.support.homes.home import Home


@pytest.fixture
def context(home: Home) -> Context:
    return Context(home.env, warn=pytest.fail)


def line(context: Context, aws: AwsConfig, name: str, *, process: bool | None) -> str:
    """The command line that login of *name* would have ``[t]`` ask for credentials."""
    request = LoginRequest(profile=name, target="t", process=process)
    return plan_target(context, request, aws, read_profile(aws, name))[1].process


def test_a_target_that_asks_goes_on_asking_but_for_whom_it_is_set_up(context: Context) -> None:
    aws = load(
        "[profile t]\ncredential_process = /old/mfa-tui credential-process ana\nmfa_tui_source = ana\n",
        f"[ana]\n{KEYS}[bob]\n{KEYS}",
    )
    assert line(context, aws, "ana", process=None) == "/old/mfa-tui credential-process ana"
    assert line(context, aws, "bob", process=None).endswith(" credential-process bob")
    assert line(context, aws, "ana", process=True).endswith("credential-process ana")
    assert line(context, aws, "ana", process=True) != "/old/mfa-tui credential-process ana"
    assert line(context, aws, "bob", process=False) == ""
    assert line(context, load("", f"[ana]\n{KEYS}"), "ana", process=None) == ""


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_a_roles_partition_is_its_users(partition: str) -> None:
    """The number of a hardware token names none, nor does a profile without a region."""
    role = ROLE.replace("arn:aws:", f"arn:{partition}:")
    aws = load(f"[profile r]\n{role}source_profile = b\nmfa_serial = GAHT12345678\n", f"[b]\n{KEYS}")
    assert base_caller(aws, read_profile(aws, "r")).partition == partition
    assert base_caller(aws, read_profile(aws, "b")).partition == ""
