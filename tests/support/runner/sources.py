"""The source of the program and of its tests, parsed once in a process."""

import ast
import functools
import gc
import importlib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "mfa_tui"


def load_modules(layer: str) -> None:
    """Import all modules of a layer, such as ``ui``."""
    for module in (PACKAGE / layer).rglob("*.py"):
        path = module.relative_to(ROOT).with_suffix("")
        importlib.import_module(".".join(path.parts).removesuffix(".__init__"))


@functools.cache
def package() -> dict[Path, str]:
    """The text of each module of the package."""
    return {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}


@functools.cache
def parsed(path: Path) -> ast.Module:
    """The tree of a module, not to be changed."""
    # It makes nothing but objects that stay: the collector would take half as long again.
    collects = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    finally:
        if collects:
            gc.enable()


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions of a module, at any depth."""
    for block in ("body", "orelse", "finalbody", "handlers", "cases"):
        for node in getattr(tree, block, ()):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node
            if not isinstance(node, ast.Expr | ast.Assign | ast.Return):
                yield from functions(node)
