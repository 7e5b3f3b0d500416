"""README and docs/: links lead somewhere, commands exist with their options, and the examples of the README work."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mfa_tui.cli.commands import COMMANDS, module_of
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.core.scopes.presets import READ_ONLY_SERVICES
from tests.support.homes.home import Home
from tests.support.runner.sources import ROOT
from tests.support.runner.thoroughness import long

PAGES = [ROOT / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES += sorted((ROOT / "docs").glob("*.md"))
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

WORDS = 1_800
"""The README is for newcomers; what they do not need at once has a page in docs/."""


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if target.startswith("http"):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if anchor:
            assert anchor in _anchors(linked), target


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_commands_and_their_options_exist(page: Path) -> None:
    for line in _command_lines(page.read_text()):
        words = [word for word in re.split(r"[\s\[\]|\\]+", line.partition("#")[0]) if word]
        # What stands behind -- is another program's.
        words = words[1 : words.index("--")] if "--" in words else words[1:]
        options = {word.partition("=")[0] for word in words if re.fullmatch(r"--[a-z][a-z-]*(=.*)?", word)}
        command = words[0] if words else ""
        if not re.fullmatch(r"[a-z][a-z-]*", command):
            assert options <= {"--profile", "--version", "--help"}, line
            continue
        assert command in COMMANDS, line
        assert options <= _options(module_of(command).parser(), words), line


def _command_lines(text: str) -> Iterator[str]:
    """Every ``mfa-tui …`` in a code span or a code block."""
    yield from re.findall(r"`(mfa-tui [^`]+)`", text)
    for block in re.findall(r"```(?:sh|console)\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            yield from re.findall(r"(?:^\$ |^|\$\(|; |&& )(mfa-tui [^;)&]*)", line)


def _options(parser: Parser, words: list[str]) -> set[str]:
    """The options of a command, and of the command behind it, if it has such."""
    found = {"--help"}
    for action in parser._actions:
        found.update(action.option_strings)
    for name, inner in parser.commands.items():
        # A row of a table may name several at once.
        if name in words or not set(parser.commands) & set(words):
            found |= _options(inner, words)
    return found


def test_the_page_of_scopes_has_the_list_of_read_only() -> None:
    rows = re.findall(r"^\| ([a-z0-9-]+) \| (`[^|]*`) \|$", (ROOT / "docs/scopes.md").read_text(), re.MULTILINE)
    found = {service: tuple(actions.strip("`").split("`, `")) for service, actions in rows}
    assert found == dict(READ_ONLY_SERVICES)


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().split()) <= WORDS


@long
def test_a_first_login_as_the_readme_has_it(home: Home) -> None:
    """On the demo's own files: the commands of «First login» and those after it, one after the other."""
    script = (
        "mfa-tui login dev && aws sts get-caller-identity --profile dev-mfa && "
        'eval "$(mfa-tui env dev)" && mfa-tui exec dev -- true && mfa-tui login dev --all-roles && mfa-tui list'
    )
    run = home.run_python("-m", "mfa_tui", "demo", "--", "sh", "-ec", script, env=_PATH, timeout=120)
    assert run.returncode == 0, run.stderr
    said = next(line for line in run.stdout.splitlines() if line.startswith("dev: "))
    pattern = re.search(r"^(dev: saved as .*)$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert pattern is not None
    assert _shape(said) == _shape(pattern[1])


def _shape(line: str) -> str:
    """A line without what differs from day to day."""
    return re.sub(r"([A-Z][a-z]{2} )?\d\d:\d\d", "TIME", line)


_PATH = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
