"""``mfa-tui config edit``."""

from __future__ import annotations

import contextlib
import os
import shlex

from mfa_tui.adapters.filesystem import private_files
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.programs.edit_text import edit_in_program
from mfa_tui.adapters.settings.load import read_settings_file
from mfa_tui.adapters.settings.save import edit_settings_file
from mfa_tui.cli.terminal import output, tty
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.errors import Exit, MfaTuiError, NoTerminal, WriteProblem
from mfa_tui.services.settings.check_text import check_text

_FALLBACK = "notepad" if os.name == "nt" else "vi"


def parser() -> Parser:
    """The parser of its arguments."""
    return Parser(
        "config edit",
        "Open the settings in your editor (VISUAL, else EDITOR), and check them afterwards. What is wrong is shown, "
        "and you can edit again. The file changes only at the end.",
    )


def run(arguments: list[str]) -> int:
    """Let the user edit a copy of the file, until it is right or given up."""
    parser().parse_args(arguments)
    command = _editor()
    paths = Paths(os.environ)
    before = text = read_settings_file(paths.settings)
    while True:
        text = edit_in_program(command, text, "config.toml")
        problems = check_text(os.environ, text)
        for problem in problems.errors:
            output.print_error(problem)
        for words in problems.warnings:
            output.warn(words)
        if not (problems.errors or problems.warnings):
            break
        if not tty.confirm("Edit again?", default=bool(problems.errors) and tty.is_available()):
            break
    if problems.errors:
        output.say("mfa-tui: The settings were not changed.")
        return problems.errors[0].exit_status

    def edit(now: str) -> str:
        if now != before:
            raise WriteProblem(
                "write-contended",
                f"{paths.settings} was not written: another program has changed it meanwhile.",
                "",
                "Edit it again: mfa-tui config edit",
            )
        return text

    try:
        changed = edit_settings_file(paths, edit)
    except WriteProblem as problem:
        kept = os.path.join(paths.state, "config.toml.edited")
        with contextlib.suppress(OSError):
            private_files.write(kept, text)
            problem.remedy = f"{problem.remedy.rstrip('.')}. What you wrote is in {kept}"
        raise
    output.remark(f"Saved {paths.settings}" if changed else "Nothing was changed.")
    return Exit.DONE


def _editor() -> list[str]:
    """The user's editor. Raises NoTerminal, MfaTuiError (``editor-failed``)."""
    name = next((name for name in ("VISUAL", "EDITOR") if os.environ.get(name, "").strip()), "")
    if not name:
        if not tty.is_interactive():
            raise NoTerminal(
                "no-terminal", "There is no terminal for an editor.", "", "In scripts, use mfa-tui config set KEY VALUE"
            )
        return [_FALLBACK]
    try:
        return shlex.split(os.environ[name], posix=os.name == "posix")
    except ValueError as error:
        raise MfaTuiError(
            "editor-failed", f"{name} cannot be split as a shell would.", f"{error}.", "Correct it."
        ) from None
