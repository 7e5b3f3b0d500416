"""What libraries log never reaches the terminal."""

import ast
import os
from pathlib import Path

import pytest

from tests.support.awsfiles.saved_sessions import NOBODY, give, needs_root
from tests.support.homes.home import Home
from tests.support.runner.sources import package, parsed
from tests.support.runner.thoroughness import long

LOGGING = {"PIL", "botocore.session", "botocore.loaders", "filelock", "keyring", "textual.app"}
"""Libraries that log warnings or errors, by what starts to use them."""


@pytest.fixture
def plugins(home: Home) -> Path:
    """A directory of Python's with two keyring plugins: one fails, one is in a module of its own."""
    directory = home.path / "plugins"
    package = directory / "fake_keyrings-1.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: fake-keyrings\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[keyring.backends]\nbad = bad_keyring\nother = other_keyring\n")
    (directory / "bad_keyring.py").write_text("raise LookupError('what no terminal should show')\n")
    (directory / "other_keyring.py").write_text("import cmd\n")
    home.env["PYTHONPATH"] += os.pathsep + str(directory)
    home.env["PYTHON_KEYRING_BACKEND"] = ""
    home.config.write_text("[profile dev]\nregion = eu-central-1\n")
    return directory


@long
def test_a_keyring_plugin_that_fails_shows_no_traceback(home: Home, plugins: Path) -> None:
    assert plugins.exists()
    assert home.run("doctor").stderr == ""


@needs_root
def test_keyring_plugins_are_loaded_before_root_is_given_up(home: Home, plugins: Path) -> None:
    """The home's owner may not be able to read Python's own modules, and a plugin may need any of them."""
    give(home.path, NOBODY)
    script = (
        "import sys; from mfa_tui.adapters.system import home_owner as it; it._can_read_program = lambda: False;"
        "it.act_as_home_owner(interface=False); print('other_keyring' in sys.modules, 'cmd' in sys.modules)"
    )
    assert plugins.exists()
    result = home.run_python("-c", script)
    assert (result.stdout, result.stderr) == ("True True\n", "")


def test_every_module_that_starts_a_library_that_logs_silences_it() -> None:
    for path, source in package().items():
        if "demo" in path.parts or not _starts(parsed(path)) & LOGGING:
            continue
        assert "silence_libraries()" in source, path


def _starts(tree: ast.Module) -> set[str]:
    """What is imported, apart from what is only for types."""
    found: set[str] = set()
    nodes: list[ast.AST] = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        nodes += ast.iter_child_nodes(node)
    return found
