"""The check that no test was skipped that should have run, on cases that pytest itself has reported."""

import copy
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.support.runner.timeouts import scaled

CHECK = Path(__file__).parents[2] / ".ci" / "check_tests.py"

SKIPS = "import pytest\n@pytest.mark.skip(reason={!r})\ndef test_skips(): pass\n"
FILES = {
    "passes": "def test_passes(): pass\n",
    "fails": "def test_fails(): assert False\n",
    "skips_for_windows": SKIPS.format("Windows only: file sharing"),
    "skips_for_a_package": SKIPS.format("gnome-keyring is missing"),
    "skips_while_collected": "import pytest\npytest.skip('nothing here', allow_module_level=True)\n",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> ET.Element:
    """The JUnit report of one run of pytest on all of the files."""
    directory = tmp_path_factory.mktemp("reported")
    for name, text in FILES.items():
        (directory / f"test_{name}.py").write_text(text)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", "--junitxml=report.xml"],
        cwd=directory, env={**environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, capture_output=True, check=False,
        timeout=scaled(60),
    )  # fmt: skip
    report = ET.parse(directory / "report.xml").getroot()  # noqa: S314 - our own
    assert len(report.findall(".//testcase")) == len(FILES)
    return report


def report(whole: ET.Element, path: Path, *files: str) -> Path:
    """That report as it would be of these files alone."""
    ours = copy.deepcopy(whole)
    for suite in ours.iter("testsuite"):
        for case in suite.findall("testcase"):
            if not any(f"test_{name}" in f"{case.get('classname')} {case.get('name')}".split() for name in files):
                suite.remove(case)
        cases = suite.findall("testcase")
        for kind, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(kind, str(sum(case.find(tag) is not None for case in cases)))
        suite.set("tests", str(len(cases)))
    ET.ElementTree(ours).write(path)
    return path


def check(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, CHECK, *arguments], capture_output=True, text=True, check=False, timeout=scaled(60)
    )


@pytest.mark.parametrize(
    ("files", "status", "said"),
    [
        (["passes"], 0, ""),
        (["passes", "skips_for_windows"], 0, ""),
        (["passes", "skips_for_a_package"], 1, "should have run here, but: gnome-keyring is missing"),
        (["passes", "skips_while_collected"], 1, "should have run here"),
        (["skips_for_windows"], 1, "No test ran."),
    ],
    ids=["all ran", "allowed", "missing package", "whole file", "none ran"],
)
def test_only_allowed_skips_pass(whole: ET.Element, tmp_path: Path, files: list[str], status: int, said: str) -> None:
    result = check(report(whole, tmp_path / "report.xml", *files))
    assert (result.returncode, said in result.stdout) == (status, True)
    assert bool(result.stdout) == bool(status)


def test_a_missing_report_is_no_pass(tmp_path: Path) -> None:
    assert check(tmp_path / "report.xml").returncode == 1


def test_the_count_is_one_plain_line(whole: ET.Element, tmp_path: Path) -> None:
    written = report(whole, tmp_path / "report.xml", "passes", "fails", "skips_for_windows")
    assert check("--count", written).stdout == "1 passed, 1 failed, 1 skipped\n"


def test_a_second_try_counts_for_its_tests(whole: ET.Element, tmp_path: Path) -> None:
    written = report(whole, tmp_path / "report.xml", "passes", "fails")
    again = report(whole, tmp_path / "again.xml", "fails")
    again.write_text(again.read_text().replace("<failure", "<system-out").replace("</failure", "</system-out"))
    assert check("--count", written, again).stdout == "2 passed, 0 failed, 0 skipped\n"
    assert check("--count", written, tmp_path / "none.xml").stdout == "1 passed, 1 failed, 0 skipped\n"


def test_failures_are_shown_with_their_reason(whole: ET.Element, tmp_path: Path) -> None:
    said = check("--failed", report(whole, tmp_path / "report.xml", "passes", "fails", "skips_for_windows")).stdout
    assert said.startswith("--- test_fails::test_fails\n")
    assert "assert False" in said
    assert "test_passes" not in said
