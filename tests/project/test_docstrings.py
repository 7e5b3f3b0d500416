"""Docstrings that refer to functions, classes and attributes name ones that exist."""

from __future__ import annotations

import ast
import builtins
import re
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "mfa_tui"
REFERENCE = re.compile(r":(?:func|class|meth|mod):`~?([\w.]+)`")
RAISES = re.compile(r"[Rr]aises?\s([A-Z]\w*[a-z]\w*(?:(?:,|\s|and|also|or|``[^`]*``|[()…:;])+[A-Z]\w*[a-z]\w*)*)")


def _names(tree: ast.Module) -> set[str]:
    """The names that a module defines or imports, at any depth."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).rpartition(".")[2])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
    return found


def test_references_in_docstrings_name_what_exists() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    trees = {path: ast.parse(text) for path, text in texts.items()}
    modules = {path.stem for path in texts} | {path.parent.name for path in texts}
    known = modules.union(*map(_names, trees.values()))
    stale = {
        f"{path.relative_to(PACKAGE)}: {name}"
        for path, text in texts.items()
        for name in REFERENCE.findall(text)
        if not name.startswith("textual.") and not set(name.split(".")) <= known | {"mfa_tui"}
    }
    assert stale == set()


def test_exceptions_in_docstrings_exist() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    known = set(dir(builtins)).union(*(_names(ast.parse(text)) for text in texts.values()))
    stale = {
        f"{path.relative_to(PACKAGE)}: {word}"
        for path, text in texts.items()
        for said in RAISES.findall(text)
        for word in re.findall(r"\b[A-Z][a-z]\w*[A-Z]\w*\b", said)
        if word not in known
    }
    assert stale == set()


def test_the_walk_of_a_login_names_functions_that_exist() -> None:
    """It is at most 18 calls in 12 modules; ``services.login`` lists them."""
    text = ast.get_docstring(ast.parse((PACKAGE / "services/login/__init__.py").read_text(encoding="utf-8"))) or ""
    steps = re.findall(r"^\d+\. ``([\w.]+)``: (.*)$", text, re.MULTILINE)
    calls = []
    for module, said in steps:
        known = _names(ast.parse((PACKAGE / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")))
        named = [
            name for name in re.findall(r"``([\w.]+)``", said.partition(" (")[0]) if not name.startswith("Context.")
        ]
        assert {part for name in named for part in name.split(".")} <= known, module
        calls += named
    assert len(calls) + text.count("``Context.resolve``") <= 18
    assert len({module for module, _ in steps}) + 1 <= 12
