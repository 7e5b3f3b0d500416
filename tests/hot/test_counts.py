"""What the hot commands load, open and ask of the system: counted, because a stop-watch is never sure."""

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hot.conftest import ARGUMENTS, SAVED, Sessions
from tests.support.forkserver import ROOT
from tests.support.thoroughness import quick_cases

RULES = {
    "mfa_tui.core", "mfa_tui.core.sessions", "mfa_tui.core.sessions.expiry", "mfa_tui.core.shells",
    "mfa_tui.core.shells.variables", "mfa_tui.errors", "mfa_tui.hot_commands", "__future__",
}  # fmt: skip
"""What ``exec`` and ``login`` import beside the hot module: rules, and what those import."""
CODE = {"mfa_tui.core.shells.shell_code", "mfa_tui.core.shells.switching"}
"""What prints code for shells."""
OURS = {
    "--version": set(),
    "credential-process": set(),
    "exec": RULES,
    "env": RULES | CODE,
    "login": RULES,
    "use": RULES | CODE,
}
"""What is loaded beside what an empty Python loads, the hot module and its package, where there are no core dumps."""
MOST_CALLS = 180
"""System calls more than an empty Python makes, which makes two to four hundred."""

LOADED = """
import json, os, resource, sys
resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
del sys.modules["resource"]
before = set(sys.modules)
def show(*_):
    sys.stderr.write(json.dumps(sorted(set(sys.modules) - before)))
    sys.stderr.flush()
    leave(0)
leave, os._exit, os.execve = os._exit, show, show
sys.argv = ["mfa-tui", *sys.argv[1:]]
from mfa_tui.__main__ import main
main()
"""


@quick_cases()
@pytest.mark.parametrize("command", OURS)
def test_what_is_loaded(sessions: Sessions, command: str) -> None:
    arguments = {**ARGUMENTS, **SAVED}.get(command, (command,))
    sessions.note(*arguments)
    sessions.note(*arguments)
    result = sessions.home.run_python("-c", LOADED, *arguments)
    assert set(json.loads(result.stderr)) == {"mfa_tui", "mfa_tui.__main__", "mfa_tui.hot", *OURS[command]}


def test_what_is_asked_of_the_system(sessions: Sessions) -> None:
    """Files are opened once, and nothing is written, locked or looked for that need not be."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is missing")
    script = sessions.home.path / "mfa-tui"
    script.write_text("import sys\nfrom mfa_tui.__main__ import main\nsys.exit(main())\n")
    sessions.note()
    del sessions.home.env["PYTHONPATH"]

    def without_core_dumps() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))

    def calls(*arguments: str) -> list[str]:
        trace = sessions.home.path / "trace"
        subprocess.run(
            [strace, "-o", str(trace), sys.executable, *arguments],
            env={**sessions.home.env, "PYTHONPATH": str(ROOT)}, cwd=sessions.home.path, check=True, capture_output=True,
            preexec_fn=without_core_dumps,
        )  # fmt: skip
        return trace.read_text(errors="replace").splitlines()

    # Python compiles what it has not compiled yet.
    calls(str(script), "credential-process", "dev")
    ours, empty = calls(str(script), "credential-process", "dev"), calls("-c", "pass")
    assert len(ours) - len(empty) <= MOST_CALLS
    opened = sorted(_opened(ours) - _opened(empty))
    cache, package = sessions.home.path / ".cache/mfa-tui", ROOT / "mfa_tui"
    (note,), names = sessions.ready.iterdir(), {path for path in opened if path.startswith(str(cache / "sessions/"))}
    wanted = {str(script), str(cache / "clock"), str(note), "/proc/self/limits", *names}
    assert len(names) == 1
    compiled = [path for path in opened if Path(path).suffix == ".pyc" and path.startswith(str(package))]
    assert len(compiled) == 3
    # What is left are directories in which modules are looked for.
    assert not [path for path in set(opened) - wanted - set(compiled) if os.path.isfile(path)]
    kinds = {call.partition("(")[0] for call in ours} - {call.partition("(")[0] for call in empty}
    assert kinds <= {"write", "prlimit64", "getrlimit", "geteuid", "clock_gettime", "getdents64", "lstat", "stat"}


def _opened(calls: list[str]) -> set[str]:
    """The files that were opened."""
    found = (call for call in calls if call.startswith(("open(", "openat(")) and "= -1" not in call)
    return {call.split('"')[1] for call in found}
