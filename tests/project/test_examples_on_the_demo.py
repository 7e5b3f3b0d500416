"""The examples of docs/ on the demo: what a page shows is what happens."""

import re
import sys
from pathlib import Path

import pytest

from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal
from tests.support.runner.sources import ROOT
from tests.support.runner.thoroughness import long

PAGES = ("administrators", "audit", "console", "scopes")
STATUS = {
    "mfa-tui audit dev --fail-on high": 1,
    # What needs a person, or a desktop.
    "mfa-tui audit dev --apply developers": 3,
    "mfa-tui console staging-admin": 1,
    "mfa-tui console staging-admin --service s3": 1,
    "mfa-tui console dev": 1,
}
"""The exit statuses that are not 0."""


def blocks(page: str, language: str) -> list[str]:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", (ROOT / f"docs/{page}.md").read_text(), re.DOTALL)
    return found


def as_pattern(line: str) -> str:
    """A pattern for *line*, in which the demo makes up the end of a device's name."""
    return re.sub(r"\\-[0-9a-f]{6}\b", lambda _: r"\-[0-9a-f]{6}", re.escape(line))


@long
@pytest.mark.parametrize("block", [block for page in PAGES for block in blocks(page, "console")])
def test_a_dialog(home: Home, block: str) -> None:
    command, *lines = block.splitlines()
    with terminal(home, command.replace("$ ", "", 1).replace("mfa-tui", "mfa-tui demo -- mfa-tui", 1), rows=50) as tty:
        for line in lines:
            # In their order; progress may come between them.
            asks = line.endswith("[y/N] y")
            tty.wait_for(as_pattern(line.removesuffix(" y") if asks else line))
            if asks:
                tty.type("y\r")


@long
def test_the_commands(home: Home, tmp_path: Path) -> None:
    lines = [line for page in PAGES for block in blocks(page, "sh") for line in block.splitlines()]
    commands = [line.partition("#")[0].strip() for line in lines]
    script = "".join(f"{command}\necho STATUS $? '{command}'\n" for command in commands)
    path = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    run = home.run_python("-m", "mfa_tui", "demo", "--", "sh", "-c", f"cd {tmp_path}\n{script}", env=path, timeout=120)
    found = {command: int(status) for status, command in re.findall(r"^STATUS (\d+) (.*)$", run.stdout, re.MULTILINE)}
    assert found == {command: STATUS.get(command, 0) for command in commands}, run.stderr
