"""What starting up imports: the quick commands stay quick only as long as nobody imports what they do not need."""

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.runner.thoroughness import quick_cases

if TYPE_CHECKING:
    # Imported on use: they bring moto.
    from mfa_tui.demo.aws.server import Device, StrictAws
    from tests.support.homes.home import Home

TEXTUAL = frozenset({"textual", "rich"})
AWS_SDK = frozenset({"boto3", "botocore"})
KEYRING = frozenset({"keyring", "secretstorage"})
TOTP = frozenset({"pyotp"})
DEMO = frozenset({"moto", "flask", "werkzeug"})
MOST_MODULES = 145
"""Of ours, which are imported before the first frame; each costs about a sixth of a millisecond."""
HISTORY = frozenset({"sqlite3", "_sqlite3"})

LOADED = """
import os, sys
sys.argv = ["mfa-tui", *sys.argv[1:]]
from mfa_tui import main
def leave(status):
    raise SystemExit(status)
os._exit = leave
try:
    status = main()
except SystemExit as end:
    status = end.code
modules = sorted(sys.modules)
import json
sys.stderr.write("\\n" + json.dumps([status, modules]))
"""


def loaded(home: "Home", *arguments: str) -> tuple[int, set[str]]:
    """The exit status of ``mfa-tui ARGUMENTS``, and all modules that it has imported."""
    result = home.run_python("-c", LOADED, *arguments)
    status, modules = json.loads(result.stderr.splitlines()[-1])
    return status, set(modules)


@pytest.fixture
def device(home: "Home", aws: "StrictAws") -> "Device":
    """The device of profile ``dev``, with a stored seed."""
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.store_seed(device)
    return device


def test_the_package_imports_nothing(home: "Home") -> None:
    script = (
        "import json, sys; before = set(sys.modules); import mfa_tui; print(json.dumps([*sys.modules.keys() - before]))"
    )
    assert json.loads(home.run_python("-c", script).stdout) == ["mfa_tui"]


def test_the_first_frame_waits_for_nothing_that_it_does_not_need(home: "Home") -> None:
    script = "import json, sys, mfa_tui.ui.app; print(json.dumps([*sys.modules]))"
    modules = set(json.loads(home.run_python("-c", script).stdout))
    rare = {
        "shlex", "tomlkit", "mfa_tui.adapters.filesystem.screenshots", "mfa_tui.ui.runtime.palette",
        "mfa_tui.ui.runtime.ascii_only", "mfa_tui.ui.settings", "mfa_tui.ui.history", "mfa_tui.ui.account",
        "mfa_tui.ui.devices", "mfa_tui.ui.keys", "mfa_tui.ui.setup", "mfa_tui.ui.sessions.login_flow",
    }  # fmt: skip
    assert modules & rare == set()
    assert {name.partition(".")[0] for name in modules} & (AWS_SDK | KEYRING | TOTP | DEMO) == set()
    assert len([name for name in modules if name.startswith("mfa_tui")]) <= MOST_MODULES


@quick_cases(6)
@pytest.mark.parametrize(
    ("command", "without"),
    [
        (
            "--version",
            TEXTUAL | HISTORY | AWS_SDK | KEYRING | TOTP | DEMO | {"argparse", "dataclasses", "typing", "pathlib"},
        ),
        ("--help", TEXTUAL | AWS_SDK | KEYRING | TOTP | DEMO | {"argparse", "dataclasses", "typing", "pathlib"}),
        ("config get", TEXTUAL | AWS_SDK | KEYRING | TOTP | DEMO | {"tomlkit"}),
        (
            "list",
            TEXTUAL
            | HISTORY
            | AWS_SDK
            | KEYRING
            | TOTP
            | DEMO
            | {"dataclasses", "typing", "pathlib", "tomllib", "argparse", "fnmatch"},
        ),
        ("list --json", TEXTUAL | HISTORY | AWS_SDK | KEYRING | TOTP | DEMO),
        ("code dev", TEXTUAL | HISTORY | AWS_SDK | TOTP | {"moto", "pyrage", "argparse", "gettext"}),
        ("login --help", TEXTUAL | HISTORY | AWS_SDK | KEYRING | TOTP | DEMO),
        ("login dev --code 12345", TEXTUAL | HISTORY | AWS_SDK | KEYRING | TOTP | DEMO),
        ("login dev", TEXTUAL | TOTP | {"boto3", "moto"}),
        ("logout dev", TEXTUAL | HISTORY | AWS_SDK | KEYRING | TOTP | DEMO),
        ("device forget dev --yes", TEXTUAL | AWS_SDK | TOTP | {"moto"}),
        ("env --unset", TEXTUAL | AWS_SDK | KEYRING | TOTP | DEMO | {"argparse", "dataclasses", "typing"}),
        ("use dev", TEXTUAL | {"boto3", "moto", "shtab"}),
        ("completion bash", TEXTUAL | AWS_SDK | KEYRING | TOTP | DEMO),
        (
            "completion --profiles",
            TEXTUAL | HISTORY | AWS_SDK | KEYRING | TOTP | DEMO | {"argparse", "dataclasses", "shtab"},
        ),
        ("shell-init bash", TEXTUAL | AWS_SDK | KEYRING | TOTP | DEMO | {"shtab"}),
        ("demo --help", TEXTUAL | AWS_SDK | KEYRING | TOTP | DEMO),
    ],
)
def test_what_a_command_does_not_import(home: "Home", device: "Device", command: str, without: frozenset[str]) -> None:
    assert device.seed
    status, modules = loaded(home, *command.split())
    assert status == (2 if "12345" in command else 0)
    assert {name.partition(".")[0] for name in modules} & without == set()
    assert "mfa_tui.ui" not in modules


def test_a_list_without_stored_secrets_loads_no_patterns(home: "Home") -> None:
    """They would take half as long as starting Python; most profiles are understood without one."""
    home.config.write_text("[profile dev]\nregion = eu-west-1\nmfa_serial = arn:aws:iam::111122223333:mfa/ana\n")
    home.credentials.write_text("[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n")
    status, modules = loaded(home, "list")
    assert (status, modules & {"re", "json", "fnmatch", "mfa_tui.core.problems.catalogue"}) == (0, set())


def test_env_with_a_live_session_imports_little(home: "Home", device: "Device") -> None:
    from tests.support.awsfiles.settled_files import let_files_settle

    assert device.seed
    let_files_settle(home)
    assert home.run("env", "dev").returncode == 0
    status, modules = loaded(home, "env", "dev", "--shell", "fish")
    assert status == 0
    unneeded = TEXTUAL | AWS_SDK | KEYRING | TOTP | DEMO | {"argparse", "dataclasses", "tomllib", "typing", "pathlib"}
    unneeded |= HISTORY
    assert {name.partition(".")[0] for name in modules} & unneeded == set()


@pytest.mark.parametrize("command", ["login dev", "credential-process dev", "exec dev -- true"])
def test_a_live_session_is_handed_out_without_the_history(home: "Home", device: "Device", command: str) -> None:
    assert device.seed
    assert home.run("login", "dev").returncode == 0
    status, modules = _loaded_before_exec(home, command) if "exec" in command else loaded(home, *command.split())
    assert status == 0
    assert {name.partition(".")[0] for name in modules} & HISTORY == set()
    assert "mfa_tui.adapters.history" not in modules


def _loaded_before_exec(home: "Home", command: str) -> tuple[int, set[str]]:
    """As :func:`loaded`, for a command that this process is replaced by."""
    script = _NO_EXEC + LOADED
    result = home.run_python("-c", script, *command.split())
    status, modules = json.loads(result.stderr.splitlines()[-1])
    return status, set(modules)


_NO_EXEC = """
import os
def stop(*_): raise SystemExit(0)
os.execve = stop
"""


def test_a_login_that_works_loads_no_texts_of_problems(home: "Home", device: "Device") -> None:
    """The catalogue is large, and each login would wait for it. The same goes for what is needed in few logins."""
    assert device.seed
    status, modules = loaded(home, "login", "dev")
    rare = {
        "mfa_tui.adapters.aws.sdk_checks",
        "mfa_tui.adapters.awsfiles.permissions",
        "mfa_tui.adapters.programs.credential_process",
        "mfa_tui.core.awsfiles.merge",
        "mfa_tui.core.problems.catalogue",
        "mfa_tui.services.sessions.doubtful_expiry",
    }
    assert (status, modules & rare) == (0, set())


def test_completing_a_profile_name_loads_no_shell_code(home: "Home", device: "Device") -> None:
    assert device.seed
    status, modules = loaded(home, "completion", "--profiles", "d")
    assert (status, modules & {"mfa_tui.cli.shells", "mfa_tui.core.shells.shell_code"}) == (0, set())


@pytest.mark.parametrize(
    ("command", "calls"),
    [("login dev", 1), ("login admin", 2), ("credential-process dev", 1), ("env dev --scope read-only", 2)],
)
@quick_cases()
def test_sts_is_called_without_botocore(
    home: "Home", aws: "StrictAws", device: "Device", command: str, calls: int
) -> None:
    from mfa_tui.demo.aws.accounts.policy_documents import trust

    _, _, _, _, account, name = device.serial.split(":")
    home.add_role_profile("admin", aws.add_role(f"role-{name.rpartition('/')[2]}", trust(account)))
    status, modules = loaded(home, *command.split())
    assert (status, aws.count()) == (0, calls)
    assert {name.partition(".")[0] for name in modules} & (AWS_SDK | {"urllib3", "requests", "certifi"}) == set()


def test_a_login_with_a_code_loads_nothing_large(home: "Home", device: "Device") -> None:
    """The keyring would load some of it; TLS is loaded only where it is spoken."""
    status, modules = loaded(home, "login", "dev", "--code", device.code())
    large = AWS_SDK | KEYRING | {"urllib3", "requests", "certifi", "http", "email", "ssl", "idna", "filelock"}
    assert (status, {name.partition(".")[0] for name in modules} & large) == (0, set())
    assert {"xml.etree", "urllib.request", "encodings.idna"} & modules == set()


COLLECTED = """
import gc, json, sys
sys.argv = ["mfa-tui", *sys.argv[1:]]
from mfa_tui import main
usual, collections = gc.get_threshold()[0], set()
gc.callbacks.append(lambda phase, info: collections.add(gc.get_threshold()[0]))
try:
    status = main()
except SystemExit as end:
    status = end.code
left = len(gc.get_objects())
sys.stderr.write("\\n" + json.dumps([status, collections <= {usual}, left < gc.get_freeze_count() / 10]))
"""


@pytest.mark.parametrize(("command", "expected"), [("code dev", 0), ("doctor --help", 0), ("code gone", 2)])
def test_once_a_command_is_known_nothing_looks_for_garbage(
    home: "Home", device: "Device", command: str, expected: int
) -> None:
    assert device.seed
    result = home.run_python("-c", COLLECTED, *command.split())
    assert json.loads(result.stderr.splitlines()[-1]) == [expected, True, True]
