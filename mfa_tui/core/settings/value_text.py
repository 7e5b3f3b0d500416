"""Values of settings as text: as ``config.toml`` has them, as commands print them, and as users type them."""

from __future__ import annotations

from mfa_tui.core.settings.readers import DURATION, FLAG, NAMES, NUMBER
from mfa_tui.core.settings.values import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.settings.table import Setting

_FLAGS = {"true": True, "false": False}


def default_of(setting: Setting) -> object:
    """The default of a key outside tables, as the file would have it; None if it has none."""
    value = getattr(Settings(), setting.name, None)
    if setting.kind == DURATION and isinstance(value, int):
        return f"{value // 3600}h" if value % 3600 == 0 else f"{value // 60}m"
    return value if value is False or value == 0 else value or None


def as_typed(value: object) -> str:
    """A value of the file as users type it, and scripts get it: names without quotes, lists with commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return ",".join(map(as_typed, value)) if isinstance(value, list) else str(value)


def as_toml(value: object) -> str:
    """A value as a line of TOML has it, after the equals sign."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{as_toml_key(key)} = {as_toml(each)}" for key, each in value.items()) + " }"
    return f"[{', '.join(map(as_toml, value))}]" if isinstance(value, list) else as_typed(value)


def as_toml_key(name: str) -> str:
    """A key of TOML, in quotes if it needs them."""
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else _quoted(name)


def from_typed(setting: Setting, text: str) -> object:
    """The value for the file that *text* means. What has no such meaning stays text, which the reader refuses."""
    text = text.strip()
    if setting.kind == FLAG:
        return _FLAGS.get(text.lower(), text)
    if setting.kind == NAMES:
        return [name.strip() for name in text.split(",") if name.strip()]
    if setting.kind == NUMBER or (setting.kind == DURATION and text.isdecimal()):
        for number in (int, float):
            try:
                return number(text)
            except ValueError:
                continue
    return text


def _quoted(text: str) -> str:
    """*text* as a basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in escaped) + '"'
