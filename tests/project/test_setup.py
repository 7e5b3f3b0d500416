"""Setting up by make, where something is missing: one line that says what, and nothing half made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled

ROOT = Path(__file__).parents[2]

NO_VENV = f"""#!/bin/sh
case $2 in *"import ensurepip"*) exit 1 ;; esac
exec {sys.executable} "$@"
"""
"""A Python of Debian's without its venv package."""

TOO_OLD = "#!/bin/sh\nexit 1\n"
"""A Python that says no when asked whether it is new enough."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What a set-up reads, in a directory with a space in its name."""
    tree = tmp_path / "a tree"
    (tree / "requirements").mkdir(parents=True)
    shutil.copytree(ROOT / ".ci", tree / ".ci")
    shutil.copy(ROOT / "Makefile", tree)
    (tree / "pyproject.toml").touch()
    for lock in ("demo.txt", "dev.txt"):
        (tree / "requirements" / lock).touch()
    return tree


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A directory for the PATH with make and the shell's tools, and no Python."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("make", "sh", "cat", "pwd", "rm", "sed", "printf"):
        found = shutil.which(name)
        assert found, name
        (tools / name).symlink_to(found)
    return tools


def make(tree: Path, tools: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs make without a terminal, finding only what is in ``tools``."""
    environment = {"PATH": str(tools), "HOME": str(tree), "LC_ALL": "C"}
    return subprocess.run(
        ["make", "-s", *arguments],
        cwd=tree, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        timeout=scaled(60),
    )  # fmt: skip


def said(result: subprocess.CompletedProcess[str]) -> list[str]:
    """What was said on standard error, apart from make's own words on the recipe's status."""
    return [line for line in result.stderr.splitlines() if not line.startswith("make")]


def program(path: Path, text: str) -> Path:
    """An executable file of that text."""
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_demo_without_a_terminal_says_so_before_it_sets_anything_up(tree: Path, tools: Path) -> None:
    result = make(tree, tools, "demo")
    assert said(result) == ["No terminal here: run 'make demo' in one, because it opens a terminal interface."]
    assert "Error 3" in result.stderr
    assert result.stdout == ""
    assert not (tree / ".venv-demo").exists()


@pytest.mark.parametrize("old", [[], ["python3", "python3.11"]], ids=["none", "only old ones"])
def test_a_missing_python_is_named(tree: Path, tools: Path, old: list[str]) -> None:
    for name in old:
        program(tools / name, TOO_OLD)
    result = make(tree, tools, "test")
    assert len(said(result)) == 1
    assert said(result)[0].startswith("No Python 3.11 or newer was found")
    assert not (tree / ".venv").exists()


def test_a_wrong_choice_of_python_is_named(tree: Path, tools: Path) -> None:
    old = program(tools / "old", TOO_OLD)
    assert said(make(tree, tools, "test", f"PYTHON={old}")) == [f"PYTHON={old} is not a Python 3.11 or newer."]


def test_debians_missing_venv_package_is_named(tree: Path, tools: Path) -> None:
    program(tools / "python3", NO_VENV)
    result = make(tree, tools, "test")
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    assert len(said(result)) == 1
    assert said(result)[0].endswith(f"run: sudo apt install {package}")
    assert not (tree / ".venv").exists()


@long
def test_an_interrupted_set_up_is_begun_again_and_a_moved_one_too(tree: Path, tools: Path) -> None:
    program(tools / "python3", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (tree / "requirements" / "lock.txt").touch()
    half_made = tree / ".venv-lock" / "half made"
    half_made.parent.mkdir()
    half_made.touch()

    make(tree, tools, ".venv-lock/.ready").check_returncode()
    assert not half_made.exists()
    assert (tree / ".venv-lock" / ".ready").read_text().strip() == os.path.realpath(tree)
    make(tree, tools, "help").check_returncode()
    assert (tree / ".venv-lock" / ".ready").exists()

    moved = tree.rename(tree.with_name("moved"))
    make(moved, tools, "help").check_returncode()
    assert not (moved / ".venv-lock" / ".ready").exists()
