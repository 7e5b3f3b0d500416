"""What a command finds when this program becomes it, or starts it."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from mfa_tui.adapters.programs import launch
from mfa_tui.errors import UsageError
from tests.support.runner.timeouts import scaled

ROOT = Path(__file__).parents[3]
WAYS = {
    "exec": "from mfa_tui.adapters.programs.launch import exec_command as way",
    "start": "from mfa_tui.adapters.programs import launch as m; way = lambda *a: exit(m.start_command(*a).wait())",
}
way = pytest.mark.parametrize("way", WAYS)


def run(way: str, *command: str, before: str = "", pass_fds: Sequence[int] = ()) -> "subprocess.CompletedProcess[str]":
    script = f"import os, sys\n{before}\n{WAYS[way]}\nway(sys.argv[1:], dict(os.environ))"
    return subprocess.run(
        [sys.executable, "-c", script, *command],
        cwd=ROOT, input="the input", capture_output=True, text=True, check=False, timeout=scaled(60), pass_fds=pass_fds,
    )  # fmt: skip


@way
def test_streams_arguments_and_status_are_the_commands(way: str) -> None:
    result = run(way, "sh", "-c", 'cat; echo "$1" >&2; exit 3', "sh", "a 'b' $c")
    assert (result.returncode, result.stdout, result.stderr) == (3, "the input", "a 'b' $c\n")


@way
def test_a_broken_pipe_ends_the_command(way: str) -> None:
    """Python ignores SIGPIPE; the command must not, or it would not end with its reader."""
    result = run(way, "sh", "-c", "grep SigIgn /proc/self/status")
    assert int(result.stdout.split()[1], 16) & (1 << 12) == 0


LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_CORE, (4096, resource.getrlimit(resource.RLIMIT_CORE)[1]))
from mfa_tui.adapters.system.process import protect_memory
protect_memory()
protect_memory()
print(resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)
"""


@way
def test_core_dumps_are_limited_as_before(way: str) -> None:
    show = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    assert run(way, sys.executable, "-c", show, before=LIMITED).stdout == "0\n4096\n"


@way
def test_a_descriptor_that_was_handed_down_is_handed_on(way: str) -> None:
    """As make's job server and the shell's <(…) do."""
    reader, writer = os.pipe()
    os.write(writer, b"through the pipe")
    os.close(writer)
    try:
        assert run(way, "sh", "-c", f"cat /dev/fd/{reader}", pass_fds=[reader]).stdout == "through the pipe"
    finally:
        os.close(reader)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"PATH": str(tmp_path)}


def refusal(name: str, environment: dict[str, str]) -> UsageError:
    """Both ways refuse it alike."""
    with pytest.raises(UsageError) as started:
        launch.start_command([name], environment)
    script = (
        "import sys\nfrom mfa_tui.adapters.programs.launch import exec_command\nfrom mfa_tui.errors import UsageError\n"
        "try: exec_command(sys.argv[1:2], {'PATH': sys.argv[2]})\n"
        "except UsageError as error: print(*error.lines(), sep='\\n')"
    )
    became = subprocess.run(
        [sys.executable, "-c", script, name, environment["PATH"]],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=scaled(60),
    )  # fmt: skip
    assert became.stdout.splitlines() == started.value.lines()
    return started.value


def script(path: Path, text: str, mode: int = 0o755) -> str:
    path.write_text(text)
    path.chmod(mode)
    return path.name


def test_a_command_that_is_not_there(environment: dict[str, str]) -> None:
    error = refusal("no-such-command", environment)
    assert (error.exit_status, error.what) == (127, "no-such-command: command not found.")
    assert refusal("./no-such-command", environment).exit_status == 127


def test_no_program(environment: dict[str, str], tmp_path: Path) -> None:
    error = refusal(script(tmp_path / "notes", "no program\n"), environment)
    assert (error.exit_status, error.why) == (126, "Exec format error.")
    assert refusal(str(tmp_path), environment).exit_status == 126


def test_a_script_whose_interpreter_is_gone(environment: dict[str, str], tmp_path: Path) -> None:
    error = refusal(script(tmp_path / "old", "#!/usr/bin/no-such-python\n"), environment)
    assert error.exit_status == 126
    assert "interpreter" in error.why


def test_a_file_without_the_permission(environment: dict[str, str], tmp_path: Path) -> None:
    error = refusal(script(tmp_path / "plain", "#!/bin/sh\n", 0o644), environment)
    assert (error.exit_status, error.why) == (126, "Permission denied.")
