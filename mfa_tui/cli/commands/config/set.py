"""``mfa-tui config set``."""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.cli.commands.config.main import KEY_HELP
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.core.settings.key_names import parse_key
from mfa_tui.errors import Exit
from mfa_tui.services.settings.change import set_value


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "config set",
        "Set a setting to a value. It is checked first; all else in the file stays as it is, comments included.",
    )
    parser.add_argument("key", metavar="KEY", help=KEY_HELP)
    parser.add_argument(
        "value", metavar="VALUE", help="the new value, without quotes of TOML; lists with commas: s3,ec2"
    )
    return parser


def run(arguments: list[str]) -> int:
    """Set one setting."""
    given = parser().parse_args(arguments)
    key = parse_key(given.key)
    paths = Paths(os.environ)
    changed = set_value(paths, key, given.value)
    output.remark(f"{key.name} is set in {paths.settings}" if changed else f"{key.name} has this value already.")
    return Exit.DONE
