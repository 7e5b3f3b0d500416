"""What the hot commands load, open and ask of the system: counted, because a stop-watch is never sure."""

import inspect
import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mfa_tui
from tests.hot.conftest import ANA, ARGUMENTS, SAVED, Sessions
from tests.support.runner.sources import ROOT
from tests.support.runner.thoroughness import quick_cases

RULES = {
    "mfa_tui.core", "mfa_tui.core.sessions", "mfa_tui.core.sessions.expiry", "mfa_tui.core.shells",
    "mfa_tui.core.shells.variables", "mfa_tui.hot_commands", "__future__",
}  # fmt: skip
"""What ``exec`` and ``login`` import beside the package: rules, and what those import."""
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
"""What is loaded beside what an empty Python loads, and the package, where there are no core dumps."""
MOST_CALLS = {"--version": 70, "credential-process": 100, "exec": 245, "env": 265, "login": 255, "use": 285}
"""System calls more than an empty Python makes, which makes two to four hundred."""

MOST_FUNCTIONS = 17
"""Of the package: fifteen take a hundredth of an empty Python, just to be loaded."""

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
from mfa_tui import main
main()
"""


@quick_cases()
@pytest.mark.parametrize("command", OURS)
def test_what_is_loaded(sessions: Sessions, command: str) -> None:
    arguments = {**ARGUMENTS, **SAVED}.get(command, (command,))
    sessions.note(*arguments)
    sessions.note(*arguments)
    result = sessions.home.run_python("-c", LOADED, *arguments)
    assert set(json.loads(result.stderr)) == {"mfa_tui", *OURS[command]}


def test_the_package_is_small() -> None:
    own = [each for each in vars(mfa_tui).values() if getattr(each, "__module__", "") == "mfa_tui"]
    assert len(own) <= MOST_FUNCTIONS
    assert all(map(inspect.isfunction, own))


@quick_cases()
@pytest.mark.parametrize("command", OURS)
def test_what_is_asked_of_the_system(sessions: Sessions, command: str) -> None:
    """Files are opened once, and nothing is written, locked or looked for that need not be."""
    arguments = {**ARGUMENTS, **SAVED}.get(command, (command,))
    script = sessions.home.path / "mfa-tui"
    script.write_text("import sys\nfrom mfa_tui import main\nsys.exit(main())\n")
    sessions.note(*arguments)
    # Python compiles what it has not compiled yet.
    sessions.note(*arguments)
    trace(sessions, str(script), *arguments)
    ours, empty = trace(sessions, str(script), *arguments), trace(sessions, "-c", "pass")
    assert len(ours) - len(empty) <= MOST_CALLS[command]
    opened = [path for path in _opened(ours) if path not in _opened(empty) and os.path.isfile(path)]
    # Python itself looks first whether the script is an archive.
    assert {path for path in opened if opened.count(path) > 1} <= {str(script)}
    compiled = {Path(path).name.partition(".")[0] for path in opened if path.endswith(".pyc")}
    modules = {"mfa_tui", *OURS[command]}
    assert compiled == {name.rpartition(".")[2] if _is_module(name) else "__init__" for name in modules}
    rest = {path.replace(str(sessions.home.path), "~") for path in opened if not path.endswith(".pyc")}
    assert rest == {"~/mfa-tui", *_read_by(sessions, command)}
    kinds = {call.partition("(")[0] for call in ours} - {call.partition("(")[0] for call in empty}
    assert kinds <= {"write", "geteuid", "clock_gettime", "getdents64", "lstat", "stat", "lseek"}


def _is_module(name: str) -> bool:
    return not (ROOT / name.replace(".", "/")).is_dir()


def _read_by(sessions: Sessions, command: str) -> set[str]:
    """The files of the home, and of the machine, that a command reads or writes."""
    if command == "--version":
        return set()
    (session,) = (path for path in sessions.cached.iterdir() if ANA[4:] in path.read_text())
    note = f"{command}-{b'dev'.hex()}" if command in SAVED else b"dev".hex()
    cache = "~/.cache/mfa-tui"
    found = {"/proc/self/limits", f"{cache}/ready/{note}", f"{cache}/sessions/{session.name}"}
    return found | ({"~/.local/state/mfa-tui/uses"} if command == "use" else set())


def trace(sessions: Sessions, *arguments: str) -> list[str]:
    """The system calls of a Python with these arguments until its end, or until another program takes its place."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is missing")
    file = sessions.home.path / "trace"
    subprocess.run(
        [strace, "-o", str(file), sys.executable, *arguments],
        env={**sessions.home.env, "TZ": "UTC0"}, cwd=sessions.home.path, check=True, capture_output=True,
        preexec_fn=without_core_dumps,
    )  # fmt: skip
    calls = file.read_text(errors="replace").splitlines()
    others = [at for at, call in enumerate(calls) if call.startswith("execve(") and at and "= 0" in call]
    return calls[: others[0]] if others else calls


def without_core_dumps() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _opened(calls: list[str]) -> list[str]:
    """The files that were opened."""
    found = (call for call in calls if call.startswith(("open(", "openat(")) and "= -1" not in call)
    return [call.split('"')[1] for call in found]
