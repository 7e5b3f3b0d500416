"""The source of the program and of its tests, parsed once in a process."""

import ast
import functools
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "mfa_tui"


@functools.cache
def package() -> dict[Path, str]:
    """The text of each module of the package."""
    return {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}


@functools.cache
def parsed(path: Path) -> ast.Module:
    """The tree of a module, not to be changed."""
    return ast.parse(path.read_text(encoding="utf-8"))
