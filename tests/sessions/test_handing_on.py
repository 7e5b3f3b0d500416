"""Sessions are handed on though none can be kept: on a full disk, in a read-only home."""

import re

import pytest

from mfa_tui.demo.aws.server import StrictAws
from tests.support.awsfiles.saved_sessions import beside, furnish_role
from tests.support.homes.home import Home
from tests.support.processes.launcher import Launcher

COMMANDS = {
    "credential-process": ("credential-process", "r"),
    "env": ("env", "r"),
    "exec": ("exec", "r", "--", "env"),
}
NOT_CACHED = (
    "The session could not be cached (It would be larger than this process may write (ulimit -f)): "
    "the next login needs a code again."
)


def session_in(output: str) -> str:
    """The access key ID of the one session in a command's output."""
    (found,) = set(re.findall(r"ASIA[A-Z2-7]{16}", output))
    return str(found)


@pytest.mark.parametrize("command", COMMANDS)
def test_on_a_full_disk(launcher: Launcher, home: Home, aws: StrictAws, command: str) -> None:
    furnish_role(home, aws)
    result = launcher.run(home.env, *COMMANDS[command], file_size=0)
    assert result.status == 0, result.err
    assert session_in(result.out)
    assert aws.count() == 2
    # SDKs read nothing beside the answer; a person is told once what the next time will cost.
    assert result.err.count(NOT_CACHED) == (command != "credential-process")
    assert "Traceback" not in result.err
    assert beside(home) == set()


@pytest.mark.parametrize("path", [".cache", ".cache/mfa-tui/sessions", ".cache/mfa-tui/flights", ".local/state"])
def test_where_nothing_may_be_written(launcher: Launcher, home: Home, aws: StrictAws, path: str) -> None:
    """A file in the directory's place stops even root from writing there."""
    furnish_role(home, aws)
    (home.path / path).parent.mkdir(parents=True, exist_ok=True)
    (home.path / path).touch()
    result = launcher.run(home.env, *COMMANDS["credential-process"])
    assert (result.status, result.err) == (0, "")
    assert session_in(result.out)
    assert aws.count() == 2
