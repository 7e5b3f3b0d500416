"""Changes the code at random places, one at a time, and reports which changes no test notices.

    .venv/bin/python .ci/mutants.py [--count 60] [--seed 11] [--jobs 2] [--only core/seeds] [--list] [--unchecked]

Comparisons, conditions, boolean operators and whole numbers of ``core`` and ``services`` are changed, at places drawn
from both layers alike. The tests are the quick ones, tests/core and tests/services, which work in this process: they
start no mfa-tui and open no screen. They must pass without a change. For each change those named after its module run
first, then those of its room (of ``core/seeds``: tests/core/seeds and tests/services/seeds), then the others, up to
the first failure, in a copy of the tree. Changes that make no difference are named in EQUIVALENT and replaced by
others. The exit status is 1 if more than ``--allowed`` survive, 2 if the tests fail without a change.
"""

import argparse
import ast
import concurrent.futures
import hashlib
import queue
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "mfa_tui"
LAYERS = ("core", "services")
TIMEOUT = 300
"""Seconds for one run of the tests; a change that makes them hang counts as noticed."""

_DURATION = (
    "mfa_tui/core/profiles/role.py: duration = "
    'int(given) if given.isascii() and given.isdigit() and len(given) < len("1000000") else -1'
)
_DUMMY = (
    'mfa_tui/services/login/target_writer.py: access_key_id="ASIA", secret_access_key=Secret("-"), '
    'session_token=Secret("-"), expires_at=0, duration=0,'
)
EQUIVALENT: frozenset[str] = frozenset(
    {
        # Any number below the minimum stands for a text that is not a number.
        f"{_DURATION}: 1 is 2",
        # A number of seven digits is above the maximum.
        f"{_DURATION}: Lt is LtE",
        # A login that is never written; only how it would be written counts.
        f"{_DUMMY}: 0 is 1",
        f"{_DUMMY}: 0 is 1, the 2. one",
        # What was found for a shorter beginning of the word contains what is found for this one.
        "mfa_tui/core/listing/search.py: among = self._found.get(word[:-1], range(len(scores))): 1 is 2",
    }
)
"""``PATH: LINE OF CODE: CHANGE`` of changes that no one could notice, each with its reason beside it."""

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


class Mutant(NamedTuple):
    """One change of one file."""

    path: Path
    """The file."""
    node: int
    """The number of the changed node, in the order of ``ast.walk``."""
    number: int
    """The number of the change, of those that the node can have."""
    line: int
    """The line of the node, from 1."""
    code: str
    """The text of that line, stripped."""
    change: str
    """What is changed, in words."""

    @property
    def name(self) -> str:
        """Identifies the change, whatever is above it in the file."""
        return f"{self.path.relative_to(ROOT)}: {self.code}: {self.change}"

    @property
    def layer(self) -> str:
        """The layer of the file."""
        return self.path.relative_to(PACKAGE).parts[0]

    def made_in(self, text: str) -> str:
        """The *text* of the file with the change."""
        tree = ast.parse(text)
        node = next(node for index, node in enumerate(ast.walk(tree)) if index == self.node)
        _, mutate = list(_changes(node))[self.number]
        mutate()
        return ast.unparse(tree) + "\n"


def mutants_of(path: Path) -> Iterator[Mutant]:
    """All changes of a file."""
    text = path.read_text()
    lines = text.splitlines()
    seen: Counter[tuple[int, str]] = Counter()
    for index, node in enumerate(ast.walk(ast.parse(text))):
        for number, (change, _) in enumerate(_changes(node)):
            line = getattr(node, "lineno", 0)
            seen[line, change] += 1
            which = f", the {seen[line, change]}. one" if seen[line, change] > 1 else ""
            yield Mutant(path, index, number, line, lines[line - 1].strip(), change + which)


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[], None]]]:
    """The changes that a node can have: each in words, with a function that makes it in place."""
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            if other := _COMPARISONS.get(type(operator)):
                yield f"{type(operator).__name__} is {other.__name__}", partial(node.ops.__setitem__, index, other())
    elif isinstance(node, ast.BoolOp):
        other_one = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{type(node.op).__name__} is the other", partial(setattr, node, "op", other_one)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield "the condition is negated", partial(setattr, node, "test", ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield f"{node.value} is {node.value + 1}", partial(setattr, node, "value", node.value + 1)


def sample(count: int, seed: int, only: str) -> list[Mutant]:
    """*count* changes at random, of the files whose path in the package starts with *only*.

    Each has its place in the order by its name alone, so most of a sample stays when the code changes elsewhere.
    """
    every = [
        mutant
        for layer in LAYERS
        for path in sorted((PACKAGE / layer).rglob("*.py"))
        if str(path.relative_to(PACKAGE)).startswith(only)
        for mutant in mutants_of(path)
        if "TYPE_CHECKING" not in mutant.code and mutant.name not in EQUIVALENT
    ]
    return sorted(every, key=lambda mutant: hashlib.sha256(f"{seed} {mutant.name}".encode()).digest())[:count]


def test_runs(mutant: Mutant) -> list[list[str]]:
    """The arguments of the pytest runs for a change, the likeliest to notice it first.

    They are the tests named after the module, then its room's, then all others of the layers.
    """
    _, room, *_ = mutant.path.relative_to(PACKAGE).parts
    rooms = [f"tests/{layer}/{room}" for layer in LAYERS if (ROOT / "tests" / layer / room).is_dir()]
    named = [
        str(file.relative_to(ROOT)) for each in rooms for file in (ROOT / each).glob(f"test_{mutant.path.stem}*.py")
    ]
    ignored = [f"--ignore={path}" for path in named]
    others = [f"tests/{layer}" for layer in LAYERS] + [f"--ignore={directory}" for directory in rooms]
    return [run for run in (named, rooms and [*rooms, *ignored], others) if run]


def survives(mutant: Mutant, trees: "queue.SimpleQueue[Path]") -> bool:
    """Whether all tests pass in spite of the change. It is made in one of *trees*, and undone."""
    tree = trees.get()
    file = tree / mutant.path.relative_to(ROOT)
    original = file.read_text()
    file.write_text(mutant.made_in(original))
    try:
        return all(_pass(tree, arguments) for arguments in test_runs(mutant))
    finally:
        file.write_text(original)
        trees.put(tree)


def _pass(tree: Path, arguments: list[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *arguments]
    try:
        done = subprocess.run(command, cwd=tree, capture_output=True, check=False, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        print(
            f"not done after {TIMEOUT} s, which counts as noticed: {' '.join(arguments)}", file=sys.stderr, flush=True
        )
        return False
    return done.returncode in (0, 5)  # 5: no tests there


def main() -> int:
    """Try the changes, and name those that survive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("count", 60), ("seed", 11), ("jobs", 2), ("allowed", 6)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--only", default="", metavar="PATH", help="a layer, room or module: core/seeds")
    parser.add_argument("--list", action="store_true", help="list the changes without trying them")
    parser.add_argument("--unchecked", action="store_true", help="do not run the tests without a change first")
    given = parser.parse_args()
    mutants = sample(given.count, given.seed, given.only)
    if given.list:
        print(*(f"{mutant.line} of {mutant.name}" for mutant in mutants), sep="\n")
        return 0
    survived: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as directory, concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        trees: queue.SimpleQueue[Path] = queue.SimpleQueue()
        ignored = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", "screenshots")
        for job in range(given.jobs):
            trees.put(Path(shutil.copytree(ROOT, Path(directory) / str(job), ignore=ignored)))
        if not given.unchecked and not _pass(Path(directory) / "0", [f"tests/{layer}" for layer in LAYERS]):
            print("The tests fail without a change.", file=sys.stderr)
            return 2
        for mutant, alive in zip(mutants, pool.map(lambda mutant: survives(mutant, trees), mutants), strict=True):
            if alive:
                survived[mutant.layer] += 1
                print(f"survives: line {mutant.line} of {mutant.name}", flush=True)
    for layer in LAYERS:
        print(f"{layer}: {survived[layer]} of {sum(mutant.layer == layer for mutant in mutants)} survive")
    print(f"{survived.total()} of {len(mutants)} survive (seed {given.seed})")
    return int(survived.total() > given.allowed)


if __name__ == "__main__":
    sys.exit(main())
