"""``mfa-tui config get``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.cli.commands.config.main import KEY_HELP
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.core.settings.key_names import parse_key
from mfa_tui.core.settings.value_text import as_toml, as_toml_key, as_typed
from mfa_tui.errors import Exit
from mfa_tui.services.settings.current_values import load_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mfa_tui.services.settings.current_values import SettingValue


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "config get",
        "Show all settings as lines of TOML, with defaults marked; or print the value of one, which is its default "
        "unless it is set.",
    )
    parser.add_argument("key", nargs="?", metavar="KEY", help=KEY_HELP)
    parser.add_argument("--json", action="store_true", help="print JSON, with meanings, allowed values and defaults")
    return parser


def run(arguments: list[str]) -> int:
    """Print the settings, or the value of one."""
    given = parser().parse_args(arguments)
    key = parse_key(given.key) if given.key is not None else None
    paths = Paths(os.environ)
    values = load_values(paths)
    if key is None:
        if given.json:
            output.print_json({"path": paths.settings, "settings": [_as_json(each) for each in values.all()]})
        else:
            for line in _lines(values.all()):
                output.print_result(line)
        return Exit.DONE
    found = values.find(key)
    if given.json:
        output.print_json(_as_json(found))
    elif found.wrong is not None:
        return output.print_error(found.wrong.as_error())
    else:
        output.print_exact(_as_result(found))
    return Exit.DONE


def _lines(values: Iterable[SettingValue]) -> Iterator[str]:
    """The settings as TOML, which would be a valid file."""
    table = ""
    # In TOML what is outside of tables comes before them.
    for each in sorted(values, key=lambda each: len(each.key.path) > 1):
        *owner, name = each.key.path
        where = ".".join(map(as_toml_key, owner))
        if where != table:
            table = where
            yield ""
            yield f"[{where}]"
        left = as_toml_key(name)
        if each.wrong is not None:
            yield f"# {left} = {as_toml(each.value)}: wrong. {each.wrong.why}"
        elif each.value is None:
            yield f"# {left} is not set: {each.key.setting.unset if each.key.setting else ''}"
        else:
            yield f"{left} = {as_toml(each.value)}{'' if each.is_set else '  # default'}"


def _as_result(found: SettingValue) -> str:
    """The value as ``config set`` takes it; a table as lines of TOML. Empty if there is none."""
    if isinstance(found.value, dict):
        return "\n".join(f"{as_toml_key(key)} = {as_toml(value)}" for key, value in found.value.items())
    return "" if found.value is None else as_typed(found.value)


def _as_json(found: SettingValue) -> dict[str, object]:
    setting = found.key.setting
    return {
        "key": found.key.name,
        "value": found.value,
        "set": found.is_set,
        "default": found.default,
        "meaning": setting.meaning if setting else "",
        "allowed": setting.read.allowed if setting else "",
        "choices": list(setting.read.choices()) if setting else [],
        "problem": output.error_as_json(found.wrong.as_error()) if found.wrong else None,
    }
