"""The rows of the settings screen and of the screen of keys, without the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.settings.interface import SCREENS, THEMES, check_keymap, wrong_settings
from mfa_tui.core.settings.key_names import Key, keymap_setting, parse_key
from mfa_tui.core.settings.table import ACCOUNTS, DEVICES, KEYMAP, SCOPES, SETTINGS, TABLES
from mfa_tui.core.settings.value_text import as_typed
from mfa_tui.core.settings.values import WrongSetting
from mfa_tui.core.text.display import counted
from mfa_tui.errors import UsageError, sentence
from mfa_tui.ui.commands.keymap import key_labels
from mfa_tui.ui.commands.settings_commands import SettingsSituation
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mfa_tui.services.settings.current_values import CurrentValues, SettingValue
    from mfa_tui.ui.commands.command import Command

_THEME = "theme"
_EXAMPLES = {
    ACCOUNTS: "ID.KEY = VALUE or PATTERN.KEY = VALUE, such as 111122223333.color = red",
    DEVICES: "SERIAL.KEY = VALUE, such as arn:aws:iam::111122223333:mfa/ana.yubikey = AWS:ana",
    SCOPES: "NAME.KEY = VALUE, such as ci.services = s3,ec2",
}
"""How an account, a device or a scope is added."""
_HIDDEN = "••••••"


class SettingRow(NamedTuple):
    """A row: a key and what the screen shows of it."""

    found: SettingValue
    """The key and its value."""
    label: str
    """Its name."""
    value: Span
    """Its value; see ``masked`` for a picture of the screen."""
    meaning: str
    """What it means, in a few words."""

    @property
    def id(self) -> str:
        """What tells it from other rows."""
        return self.found.key.name

    @property
    def text(self) -> str:
        """What the filter searches."""
        return f"{self.label} {self.value.text} {self.meaning}"

    @property
    def masked(self) -> Span:
        """Its value for a picture of the screen: a command line, which may contain a password, is hidden."""
        setting = self.found.key.setting
        hides = setting is not None and not setting.secret_free and self.found.value is not None
        return Span(_HIDDEN, self.value.tone) if hides else self.value

    @property
    def source(self) -> Span:
        """Where the value is from, in a word."""
        if self.found.wrong is not None:
            return Span("✗ wrong", Tone.BAD)
        return Span("set", Tone.GOOD) if self.found.is_set else Span("default", Tone.DIM)

    @property
    def adds(self) -> bool:
        """Whether a change adds a device or a scope."""
        return self.found.key.path[0] in TABLES and len(self.found.key.path) == 1

    @property
    def situation(self) -> SettingsSituation:
        """What the commands depend on."""
        why_not = "" if self.found.key.setting is not None else "it is no table; correct it in the file"
        return SettingsSituation(self.found.is_set, is_table=self.found.key.is_table, why_not=why_not)

    @property
    def typed(self) -> str:
        """Its value as the field has it at first."""
        return "" if self.found.value is None or self.adds else as_typed(self.found.value)

    def answer(self, typed: str) -> tuple[Key, str]:
        """The key and the value that *typed* means for it. Raises UsageError (``setting-…``)."""
        if not self.adds:
            return self.found.key, typed
        table = self.found.key.path[0]
        name, equals, value = typed.partition("=")
        key = parse_key(f"{table}.{name.strip()}") if name.strip() else self.found.key
        if not equals or key.is_table:
            keys = ", ".join(TABLES[table])
            raise UsageError(
                "setting-table", "That is no key and value.", f"Type {_EXAMPLES[table]}; the keys are {keys}."
            )
        return key, value.strip()


def setting_rows(values: CurrentValues) -> list[SettingRow]:
    """A row for each setting, and for each key of a device or scope; the keys of commands have one together."""
    rows: list[SettingRow] = []
    for name, setting in SETTINGS.items():
        found = _checked(values.find(Key((name,), setting)))
        if not found.key.is_table:
            rows.append(_row(found))
            continue
        count = len(found.value) if isinstance(found.value, dict) else 0
        thing = {KEYMAP: "command", ACCOUNTS: "account", DEVICES: "device", SCOPES: "scope"}[name]
        text = f"{counted(count, thing)}{' changed' if name == KEYMAP else ''}" if count else setting.unset
        tone = Tone.BAD if found.wrong is not None else Tone.PLAIN if count else Tone.DIM
        rows.append(SettingRow(found, name, Span(text, tone), setting.meaning))
        if name in TABLES:
            rows += map(_row, values.inside(name, unset=True))
    return rows


def _checked(found: SettingValue) -> SettingValue:
    """A value with what is wrong with it for the interface, which uses the default then: the theme, and keys."""
    name, value = found.key.path[0], found.value
    theme = value if name == _THEME and isinstance(value, str) else ""
    keymap = value if name == KEYMAP and isinstance(value, dict) else {}
    problems = wrong_settings(theme, keymap, THEMES)
    if found.wrong is not None or not problems:
        return found
    return found._replace(wrong=WrongSetting(f"{sentence('; '.join(problems))}", ""))


def _row(found: SettingValue) -> SettingRow:
    setting = found.key.setting
    if found.wrong is not None:
        value = Span(as_typed(found.value), Tone.BAD)
    elif found.value is None:
        value = Span(setting.unset if setting else "", Tone.DIM)
    else:
        value = Span(as_typed(found.value), Tone.PLAIN if found.is_set else Tone.DIM)
    *owner, name = found.key.path
    label = ".".join([*owner[:1], *(each.rpartition("/")[2] for each in owner[1:]), name])
    return SettingRow(found, label, value, setting.meaning if setting else "")


def about_setting(row: SettingRow, width: int, *, short: bool = False) -> list[Line]:
    """The details of a setting: what it means, and unless *short* what is allowed, its default, when it applies."""
    found, setting = row.found, row.found.key.setting
    lines: list[Line] = [line(Span(found.key.name, Tone.STRONG))]
    if setting is None:
        return [*lines, *_wrong(found, width)]
    lines += wrapped(setting.meaning, width)
    if short:
        return lines
    choices = setting.read.choices()
    if row.adds:
        lines += wrapped(f"Enter adds one: type {_EXAMPLES[setting.name]}", width, Tone.DIM)
    elif setting.name != KEYMAP:
        few = len(choices) <= 3  # noqa: PLR2004 - more do not fit in a line
        allowed = (
            " or ".join(choices) if choices and few else f"one of {len(choices)}" if choices else setting.read.allowed
        )
        lines += wrapped(allowed, width, Tone.DIM, first=Span("Values   ", Tone.DIM))
        default = setting.unset if found.default is None else as_typed(found.default)
        if default:
            lines += wrapped(default, width, Tone.DIM, first=Span("Default  ", Tone.DIM))
    if setting.later:
        lines += wrapped("A change applies when mfa-tui is started again.", width, first=Span("! ", Tone.WARN))
    return [*lines, *_wrong(found, width)]


def _wrong(found: SettingValue, width: int) -> list[Line]:
    if found.wrong is None:
        return []
    what = wrapped(found.wrong.what, width, Tone.STRONG, first=Span("✗ ", Tone.BAD))
    return [EMPTY, *what, *wrapped(found.wrong.why, width, first=Span("  "))]


class KeyRow(NamedTuple):
    """A command and its keys."""

    screen: str
    """Its screen."""
    command: Command[object]
    """The command."""
    keys: str
    """Its keys, as Textual names them, with commas."""
    is_set: bool
    """Whether the file gives it keys."""
    problem: str
    """Why the keys in the file cannot be used; empty if they can."""

    @property
    def id(self) -> str:
        """What tells it from other rows."""
        return self.command.id

    @property
    def text(self) -> str:
        """What the filter searches."""
        return f"{self.command.id} {self.command.label} {self.keys} {self.screen} {self.command.help}"

    @property
    def key(self) -> Key:
        """Its key in the settings."""
        return Key((KEYMAP, self.command.id), keymap_setting(self.command.id))

    @property
    def source(self) -> Span:
        """Where the keys are from, in a word."""
        if self.problem:
            return Span("✗ clash", Tone.BAD)
        return Span("set", Tone.GOOD) if self.is_set else Span("default", Tone.DIM)


def key_rows(keymap: Mapping[str, str], commands: Mapping[str, Command[object]]) -> list[KeyRow]:
    """A row for each command of each screen; *commands* are all of them by their ids."""
    usable, problems = check_keymap(keymap)

    def rows() -> Iterator[KeyRow]:
        for screen, defaults in SCREENS.items():
            for command, keys in defaults.items():
                known = commands[command]
                yield KeyRow(screen, known, usable.get(command, keys), command in keymap, problems.get(command, ""))

    return list(rows())


def about_command(row: KeyRow, width: int, *, short: bool = False, ascii_only: bool = False) -> list[Line]:
    """The details of a command: what it does, and unless *short* its keys and its default ones."""
    lines = [
        line(Span(row.command.label, Tone.STRONG), Span(f"  {row.command.id}, on the {row.screen} screen", Tone.DIM))
    ]
    lines += wrapped(row.command.help, width)
    if short:
        return lines
    lines += wrapped(key_labels(row.keys, ascii_only=ascii_only), width, Tone.KEY, first=Span("Keys     ", Tone.DIM))
    lines += wrapped(
        key_labels(row.command.key, ascii_only=ascii_only), width, Tone.DIM, first=Span("Default  ", Tone.DIM)
    )
    if row.problem:
        lines += wrapped(f"{row.problem}; the default is used.", width, first=Span("✗ ", Tone.BAD))
    return lines
