"""The trials' own bookkeeping."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.fire.tally import Fire, table
from tests.support.runner.sources import ROOT
from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled


def test_table_adds_up_trials_of_one_name() -> None:
    none = {"lost": 0, "leaked": 0, "claimed": 0, "hung": 0}
    lines = table(
        [("disks", {"tried": 1200, **none}), ("disks", {"tried": 34, **none, "lost": 1}), ("a", {"tried": 2, **none})]
    )
    assert [line.split() for line in lines] == [
        ["tried", "lost", "leaked", "claimed", "hung"],
        ["a", "2", "0", "0", "0", "0"],
        ["disks", "1,234", "1", "0", "0", "0"],
        ["all", "1,236", "1", "0", "0", "0"],
    ]


def test_short_sample_is_spread_evenly() -> None:
    assert Fire("x", long=False).sample(range(101), short=5) == [0, 25, 50, 75, 100]
    assert Fire("x", long=False).sample(range(3), short=5) == [0, 1, 2]
    assert Fire("x", long=True).sample(range(101), short=5) == list(range(101))


@long
def test_faults_fail_the_trial_and_are_counted(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "from tests.fire.conftest import fire, pytest_pyfunc_call, pytest_terminal_summary\n"
    )
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nmarkers =\n    trial(name): a trial by fire\n    long: x\n    quick_cases: x\n"
        "filterwarnings =\n    error::ResourceWarning\n    error::pytest.PytestUnraisableExceptionWarning\n"
    )
    (tmp_path / "test_trials.py").write_text(
        "import pytest\n"
        "@pytest.mark.trial('disks')\n"
        "def test_a(fire):\n    fire.tried(3)\n    fire.lost('a file')\n"
        "@pytest.mark.trial('disks')\n"
        "def test_b(fire):\n    fire.tried()\n"
        "@pytest.mark.trial('empty')\n"
        "def test_c(fire):\n    pass\n"
        "@pytest.mark.trial('sockets')\n"
        "def test_d(fire):\n    import socket\n    fire.tried()\n"
        "    left_open = [socket.socket()]\n    left_open.append(left_open)\n"
    )
    arguments = ["-p", "no:cacheprovider", "-p", "tests.conftest", "-rA", "--workers", "2"]
    # This run's own, in a worker, are not for that one.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, str(tmp_path)],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=scaled(60),
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert "3 failed, 1 passed in" in run.stdout
    assert "1 faults in 3 tries:\nlost: a file" in run.stdout
    assert "nothing was tried" in run.stdout
    assert re.search(r"^FAILED \S+::test_d - .*", run.stdout, re.MULTILINE)
    assert "ResourceWarning: unclosed <socket" in run.stdout
    assert [line.split() for line in run.stdout.splitlines() if line.startswith(("disks", "all"))] == [
        ["disks", "4", "1", "0", "0", "0"],
        ["all", "5", "1", "0", "0", "0"],
    ]
