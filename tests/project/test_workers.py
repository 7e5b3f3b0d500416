"""The processes that run the tests: nothing is left out, and what ends one of them is a failure."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.runner.timeouts import scaled

ROOT = Path(__file__).resolve().parents[2]
TESTS = """\
import os
import pytest

@pytest.mark.parametrize("number", range(30))
def test_passes(number, tmp_path):
    print("said by it")

def test_fails():
    print("said before it failed")
    assert "left" == "right"

def test_ends_its_process():
    os._exit(0)

@pytest.fixture
def broken():
    yield
    raise ValueError("in the teardown")

def test_is_torn_down(broken):
    pass

def test_skips():
    pytest.skip("why not")
"""


def test_each_test_is_reported_once(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    long: x\n    quick_cases: x\n    trial: x\n")
    (tmp_path / "test_some.py").write_text(TESTS)
    arguments = ["-p", "tests.conftest", "-p", "no:cacheprovider", "-rA", "--workers", "2"]
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
    assert "2 failed, 31 passed, 1 skipped, 1 error in" in run.stdout
    assert "The process that ran test_some.py::test_ends_its_process ended." in run.stdout
    assert "said before it failed" in run.stdout
    assert "ValueError: in the teardown" in run.stdout
