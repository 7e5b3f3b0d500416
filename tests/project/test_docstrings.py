"""Docstrings that refer to functions, classes and attributes name ones that exist."""

from __future__ import annotations

import ast
import builtins
import functools
import re
from typing import TYPE_CHECKING

from tests.support.runner.sources import PACKAGE, package, parsed

if TYPE_CHECKING:
    from pathlib import Path

REFERENCE = re.compile(r":(?:func|class|meth|mod):`~?([\w.]+)`")
RAISES = re.compile(r"[Rr]aises?\s([A-Z]\w*[a-z]\w*(?:(?:,|\s|and|also|or|``[^`]*``|[()…:;])+[A-Z]\w*[a-z]\w*)*)")


@functools.cache
def _names(module: Path) -> set[str]:
    """The names that a module defines or imports, at any depth."""
    found = set()
    for node in ast.walk(parsed(module)):
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
    texts = package()
    modules = {path.stem for path in texts} | {path.parent.name for path in texts}
    known = modules.union(*map(_names, texts))
    stale = {
        f"{path.relative_to(PACKAGE)}: {name}"
        for path, text in texts.items()
        for name in REFERENCE.findall(text)
        if not name.startswith("textual.") and not set(name.split(".")) <= known | {"mfa_tui"}
    }
    assert stale == set()


def test_exceptions_in_docstrings_exist() -> None:
    texts = package()
    known = set(dir(builtins)).union(*map(_names, texts))
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
    text = ast.get_docstring(parsed(PACKAGE / "services/login/__init__.py")) or ""
    steps = re.findall(r"^\d+\. ``([\w.]+)``: (.*)$", text, re.MULTILINE)
    calls = []
    for module, said in steps:
        known = _names(PACKAGE / f"{module.replace('.', '/')}.py")
        named = [
            name for name in re.findall(r"``([\w.]+)``", said.partition(" (")[0]) if not name.startswith("Context.")
        ]
        assert {part for name in named for part in name.split(".")} <= known, module
        calls += named
    assert len(calls) + text.count("``Context.resolve``") <= 18
    assert len({module for module, _ in steps}) + 1 <= 12
