"""Changes the code at random places, one at a time, and says which changes no test notices.

    .venv/bin/python .ci/mutants.py [--count 60] [--seed 1] [--jobs 2]

Comparisons, conditions, boolean operators and whole numbers of ``core`` and ``services`` are changed; the tests of
these layers are run on each change, in a copy of the tree. Changes that mean the same are named in EQUIVALENT and
replaced by others. The exit status is 1 if more than ``--allowed`` survive.
"""

import argparse
import ast
import concurrent.futures
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("core", "services")
TIMEOUT = 300
"""Seconds for the tests of one change; a change that makes them hang counts as noticed."""

EQUIVALENT: frozenset[str] = frozenset()
"""``PATH: LINE OF CODE: CHANGE`` of those that change nothing anybody could see, each with its reason beside it."""

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


class Mutant(NamedTuple):
    """One change of one file."""

    path: Path
    node: int
    """Which node of the tree is changed, counted as ``ast.walk`` goes."""
    number: int
    """Which of its changes."""
    line: int
    code: str
    change: str

    @property
    def name(self) -> str:
        """What tells it from others, whatever stands above it in the file."""
        return f"{self.path.relative_to(ROOT)}: {self.code}: {self.change}"

    def text(self) -> str:
        """The file with the change."""
        tree = ast.parse(self.path.read_text())
        node = next(node for index, node in enumerate(ast.walk(tree)) if index == self.node)
        _, mutate = list(_changes(node))[self.number]
        mutate()
        return ast.unparse(tree) + "\n"


def mutants_of(path: Path) -> Iterator[Mutant]:
    """All changes of a file."""
    text = path.read_text()
    lines = text.splitlines()
    for index, node in enumerate(ast.walk(ast.parse(text))):
        for number, (change, _) in enumerate(_changes(node)):
            line = getattr(node, "lineno", 0)
            yield Mutant(path, index, number, line, lines[line - 1].strip(), change)


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[], None]]]:
    """What can be changed about a node: in words, and what changes it in place."""
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            if other := _COMPARISONS.get(type(operator)):
                yield f"{type(operator).__name__} is {other.__name__}", partial(node.ops.__setitem__, index, other())
    elif isinstance(node, ast.BoolOp):
        other_one = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{type(node.op).__name__} is the other", partial(setattr, node, "op", other_one)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield "the condition is turned round", partial(setattr, node, "test", ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield f"{node.value} is {node.value + 1}", partial(setattr, node, "value", node.value + 1)


def picked(count: int, seed: int) -> list[Mutant]:
    """*count* changes of all that are possible, at random."""
    chosen: list[Mutant] = []
    every = [
        mutant
        for layer in LAYERS
        for path in sorted((ROOT / "mfa_tui" / layer).rglob("*.py"))
        for mutant in mutants_of(path)
        if "TYPE_CHECKING" not in mutant.code
    ]
    random.Random(seed).shuffle(every)  # noqa: S311 - repeatable, not secret
    for mutant in every:
        if mutant.name not in EQUIVALENT:
            chosen.append(mutant)
        if len(chosen) == count:
            break
    return chosen


def lives(mutant: Mutant) -> bool:
    """Whether the tests of the layers pass all the same."""
    with tempfile.TemporaryDirectory() as directory:
        tree = Path(directory) / "tree"
        ignored = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", "screenshots")
        shutil.copytree(ROOT, tree, ignore=ignored)
        (tree / mutant.path.relative_to(ROOT)).write_text(mutant.text())
        tests = [f"tests/{layer}" for layer in LAYERS]
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]
        try:
            done = subprocess.run(command, cwd=tree, capture_output=True, check=False, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0


def main() -> int:
    """Try them, and name those that survive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("count", 60), ("seed", 1), ("jobs", 2), ("allowed", 6)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    mutants = picked(given.count, given.seed)
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        alive = [mutant for mutant, alive in zip(mutants, pool.map(lives, mutants), strict=True) if alive]
    for mutant in alive:
        print(f"survives: line {mutant.line} of {mutant.name}")
    print(f"{len(alive)} of {len(mutants)} survive")
    return int(len(alive) > given.allowed)


if __name__ == "__main__":
    sys.exit(main())
