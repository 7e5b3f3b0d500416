"""The check that no test was skipped that should have run, on reports that pytest itself wrote."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECK = Path(__file__).parents[2] / ".ci" / "check_tests.py"

PASSES = "def test_passes(): pass\n"
FAILS = "def test_fails(): assert False\n"
SKIPS = "import pytest\n@pytest.mark.skip(reason={!r})\ndef test_skips(): pass\n"
SKIPS_WHILE_COLLECTED = "import pytest\npytest.skip('nothing here', allow_module_level=True)\n"


def report(directory: Path, *files: str) -> Path:
    """The JUnit report of pytest on test files with these texts."""
    for number, text in enumerate(files):
        (directory / f"test_{number}.py").write_text(text)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", "--junitxml=report.xml"],
        cwd=directory, env=environment, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    return directory / "report.xml"


def check(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, CHECK, *arguments], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("files", "status", "said"),
    [
        ([PASSES], 0, ""),
        ([PASSES, SKIPS.format("Windows only: file sharing")], 0, ""),
        ([PASSES, SKIPS.format("gnome-keyring is missing")], 1, "should have run here, but: gnome-keyring is missing"),
        ([PASSES, SKIPS_WHILE_COLLECTED], 1, "should have run here"),
        ([SKIPS.format("Windows only")], 1, "No test ran."),
    ],
    ids=["all ran", "allowed", "missing package", "whole file", "none ran"],
)
def test_only_allowed_skips_pass(tmp_path: Path, files: list[str], status: int, said: str) -> None:
    result = check(report(tmp_path, *files))
    assert (result.returncode, said in result.stdout) == (status, True)
    assert bool(result.stdout) == bool(status)


def test_a_missing_report_is_no_pass(tmp_path: Path) -> None:
    assert check(tmp_path / "report.xml").returncode == 1


def test_the_count_is_one_plain_line(tmp_path: Path) -> None:
    written = report(tmp_path, PASSES, FAILS, SKIPS.format("Windows only"))
    assert check("--count", written).stdout == "1 passed, 1 failed, 1 skipped\n"
