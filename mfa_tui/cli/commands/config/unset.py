"""``mfa-tui config unset``."""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.cli.commands.config.main import KEY_HELP
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.core.settings.key_names import parse_key
from mfa_tui.errors import Exit
from mfa_tui.services.settings.change import unset


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "config unset",
        "Remove a setting or a table from the file, so that the default applies. Comments on lines of their own stay.",
    )
    parser.add_argument("key", metavar="KEY", help=KEY_HELP)
    return parser


def run(arguments: list[str]) -> int:
    """Remove one setting."""
    given = parser().parse_args(arguments)
    key = parse_key(given.key)
    paths = Paths(os.environ)
    changed = unset(paths, key)
    output.remark(f"{key.name} is no longer set in {paths.settings}" if changed else f"{key.name} was not set.")
    return Exit.DONE
