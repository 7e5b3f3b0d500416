"""The rules of the house (CONTRIBUTING.md) that can be counted: sizes of modules, functions and folders; circles."""

import collections
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.runner.sources import functions, parsed
from tests.support.runner.thoroughness import quick_cases

ROOT = Path(__file__).resolve().parents[2]
TREES = ("mfa_tui", "tests", "benchmarks", "screenshots", ".ci")
LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
LARGEST_FOLDER = 16
LONG_FUNCTIONS = {
    "mfa_tui/core/awsfiles/ini.py:scan": "the loop over all lines, measured: a call for each line costs a third",
    "mfa_tui/demo/aws/accounts/policy_documents.py:self_service_mfa": "a policy as AWS's documentation prints it",
    "mfa_tui/demo/home/profiles.py:populate": "a configuration file as it is written",
}
"""``path:name`` of those that may be longer, with the reason."""
LARGE_FOLDERS = {
    "mfa_tui/cli/commands": "a command each",
    "tests/fire": "a trial each, all of one kind",
}
"""Folders that may hold more modules, with the reason."""


def files(*trees: str) -> list[Path]:
    """What is committed, and what would be with ``git add``."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z", *trees],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).exists()]


def modules() -> list[Path]:
    return [path for path in files(*TREES) if path.suffix == ".py"]


def test_nothing_is_left_in_the_tree_by_mistake() -> None:
    """A tool that is pointed at a file that is not there may leave an empty one, as sqlite's shell does."""
    empty = {path.name for path in files() if path.is_file() and not path.stat().st_size}
    assert empty <= {"__init__.py", "py.typed"}
    assert [path for path in files() if path.suffix in (".sqlite3", ".db", ".log", ".orig", ".rej")] == []


def test_no_module_is_too_long() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_no_function_is_too_long_without_a_reason() -> None:
    found = {}
    for path in modules():
        for node in functions(parsed(path)):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                found[f"{path.relative_to(ROOT)}:{node.name}"] = lines
    assert {name: lines for name, lines in found.items() if name not in LONG_FUNCTIONS} == {}
    assert [name for name in LONG_FUNCTIONS if name not in found] == []


def test_no_folder_holds_too_many_modules() -> None:
    counts = collections.Counter(
        str(path.parent.relative_to(ROOT)) for path in modules() if path.name not in ("__init__.py", "conftest.py")
    )
    assert {name: count for name, count in counts.items() if count > LARGEST_FOLDER and name not in LARGE_FOLDERS} == {}


@quick_cases(2)
@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("core/text/display.py", "from mfa_tui.core.profiles.profile import Profile", "rooms of core"),
        ("core/sessions/expiry.py", "from mfa_tui.services.context import Context", "core <- adapters"),
        ("adapters/filesystem/paths.py", "from mfa_tui.adapters.seeds.store import SeedStore", "rooms of adapters"),
        ("services/progress.py", "from mfa_tui.services.login.login import log_in", "rooms of services"),
        ("cli/terminal/output.py", "from mfa_tui.cli.commands.login import run", "rooms of cli"),
        ("ui/text/spans.py", "from mfa_tui.ui.profiles.screen import MainScreen", "rooms of ui"),
        ("core/awsfiles/ini.py", "from mfa_tui.core.awsfiles.document import Document", "no circle of modules"),
    ],
)
def test_a_planted_arrow_breaks_a_contract(tmp_path: Path, module: str, planted: str, contract: str) -> None:
    shutil.copytree(ROOT / "mfa_tui", tmp_path / "mfa_tui", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "mfa_tui" / module
    # Type-only imports count as well.
    path.write_text(f"{path.read_text()}\nif TYPE_CHECKING:\n    {planted}\n")
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(line.startswith(contract) for line in broken), done.stdout
