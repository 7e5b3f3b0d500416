"""The interface's settings: its themes, its commands' keys, and which of a user's keymap can be used."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

THEMES = (
    "mfa-tui-dark", "mfa-tui-light", "mfa-tui-ansi", "ansi-dark", "ansi-light", "atom-one-dark", "atom-one-light",
    "catppuccin-frappe", "catppuccin-latte", "catppuccin-macchiato", "catppuccin-mocha", "dracula", "flexoki",
    "gruvbox", "monokai", "nord", "rose-pine", "rose-pine-dawn", "rose-pine-moon", "solarized-dark", "solarized-light",
    "textual-dark", "textual-light", "tokyo-night",
)  # fmt: skip
"""The themes: ours, and those of Textual 8.2."""
PROFILE_KEYS = {
    "login": "enter", "renew": "r", "roles": "l", "code": "c", "export": "y", "logout": "o", "import": "i",
    "devices": "d", "filter": "slash", "help": "question_mark", "quit": "q,ctrl+q", "cancel": "escape", "remember": "m",
    "forget": "delete", "copy-message": "e", "keep": "a", "process": "x", "trouble": "h", "pin": "p", "order": "s",
    "reload": "u,f5", "theme": "t", "console": "b", "account": "w",
    "keys": "g", "today": "v", "settings": "comma", "mark": "space",
    "history": "H", "shell": "dollar_sign", "run": "exclamation_mark", "setup": "n", "doctor": "D",
}  # fmt: skip
"""The default keys of the main screen's commands, by Textual's names, separated by commas."""
DEVICE_KEYS = {
    "device-enroll": "n", "device-import": "i", "device-resync": "s", "device-replace": "p", "device-remove": "delete",
    "device-export": "x", "device-backup": "b", "device-restore": "r", "device-log-in": "l", "device-reload": "u,f5",
    "device-trouble": "h", "device-help": "question_mark", "device-back": "escape",
}  # fmt: skip
"""The default keys of the device screen's commands."""
ACCOUNT_KEYS = {
    "account-open": "enter", "account-enroll": "n", "account-reset": "r", "account-keys": "d", "account-sort": "s",
    "account-reverse": "v", "account-filter": "slash", "account-export": "x", "account-reload": "u,f5",
    "account-help": "question_mark", "account-back": "escape",
}  # fmt: skip
"""The default keys of the account screen's commands."""
KEYS_KEYS = {
    "key-rotate": "r", "key-store": "s", "key-restore": "p", "key-disable": "d", "key-enable": "a",
    "key-delete": "delete", "key-import": "i", "key-reload": "u,f5", "key-help": "question_mark", "key-back": "escape",
}  # fmt: skip
"""The default keys of the commands of the screen of access keys."""
HISTORY_KEYS = {
    "history-ticket": "y", "history-administrator": "a", "history-failed": "f", "history-filter": "slash",
    "history-reload": "u,f5", "history-help": "question_mark", "history-back": "escape",
}  # fmt: skip
"""The default keys of the history screen's commands."""
DOCTOR_KEYS = {
    "doctor-fix": "enter", "doctor-copy": "y", "doctor-reload": "u,f5", "doctor-help": "question_mark",
    "doctor-back": "escape",
}  # fmt: skip
"""The default keys of the commands of the doctor's screen."""
SETTINGS_KEYS = {
    "settings-change": "enter", "settings-default": "delete", "settings-filter": "slash", "settings-reload": "u,f5",
    "settings-help": "question_mark", "settings-back": "escape",
}  # fmt: skip
"""The default keys of the settings screen's commands."""
KEYMAP_KEYS = {
    "keymap-change": "enter", "keymap-add": "a", "keymap-default": "delete", "keymap-filter": "slash",
    "keymap-help": "question_mark", "keymap-back": "escape",
}  # fmt: skip
"""The default keys of the commands of the screen of keys."""
SCREENS = {
    "profiles": PROFILE_KEYS,
    "MFA devices": DEVICE_KEYS,
    "account": ACCOUNT_KEYS,
    "access keys": KEYS_KEYS,
    "history": HISTORY_KEYS,
    "doctor": DOCTOR_KEYS,
    "settings": SETTINGS_KEYS,
    "keys": KEYMAP_KEYS,
}
"""The screens, and the default keys of each one's commands. No key has two meanings on a screen."""
DEFAULT_KEYS = {command: keys for screen in SCREENS.values() for command, keys in screen.items()}
_FIXED = {
    **dict.fromkeys(("ctrl+c", "ctrl+q"), "quit"),
    "ctrl+p": "all commands",
    "ctrl+z": "stopping until fg",
    **dict.fromkeys(("up", "down", "pageup", "pagedown", "home", "end"), "moving in the list"),
}
"""Keys that no command can take, and what they do."""
_DIGITS = dict.fromkeys("0123456789", "typing a code")
_MODIFIERS = {"alt", "ctrl", "hyper", "meta", "shift", "super"}
_NAMED = {
    "backspace", "delete", "down", "end", "enter", "escape", "home", "insert", "left", "pagedown", "pageup", "right",
    "space", "tab", "up", *(f"f{number}" for number in range(1, 25)),
}  # fmt: skip
_RENAMED = {
    "solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus",
    "plus_sign": "plus", "low_line": "underscore",
}  # fmt: skip
"""Textual's names of characters, where they differ from Unicode's (``textual.keys``, 8.2)."""


def usable_keymap(keymap: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The usable part of a user's *keymap*, and the problems of the rest, whose default keys stay."""
    usable, problems = check_keymap(keymap)
    return usable, [
        f"{problem}; the default stays" if command in DEFAULT_KEYS else problem for command, problem in problems.items()
    ]


def wrong_settings(theme: str, keymap: Mapping[str, str], themes: Iterable[str]) -> tuple[str, ...]:
    """What is wrong with the settings that do not stop the interface, without full stops.

    *theme* (empty: none) has to be one of *themes*, and *keymap* is the user's.
    """
    unknown = [f"there is no theme {theme!r}"] if theme and theme not in themes else []
    return (*unknown, *usable_keymap(keymap)[1])


def key_problem(keymap: Mapping[str, str], command: str) -> str:
    """Why *command* cannot have its keys in *keymap*, without a full stop; empty if it can."""
    others = {name: keys for name, keys in keymap.items() if name != command}
    # Of two commands with one key the last is refused.
    return check_keymap({**others, command: keymap[command]})[1].get(command, "")


def check_keymap(keymap: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The usable part of *keymap*, and what is wrong with the rest, by command."""
    problems = {}
    usable = {}
    for command, keys in keymap.items():
        if command not in DEFAULT_KEYS:
            problems[command] = f"unknown command {command!r}"
            continue
        names = [_key_name(key.strip()) for key in keys.split(",")]
        if "" in names:
            problems[command] = f"{command} = {keys!r} is not a key"
        else:
            usable[command] = ",".join(names)
    while (clash := _clash_on_a_screen(usable)) is not None:
        command, other = clash
        problems[command] = f"{command} = {keymap[command]!r} is already the key for {other}"
        del usable[command]
    return usable, problems


def _clash_on_a_screen(usable: Mapping[str, str]) -> tuple[str, str] | None:
    """The first clash on any screen; see :func:`_clash`."""
    clashes = (
        _clash(defaults, _FIXED | _DIGITS if defaults is PROFILE_KEYS else _FIXED, usable)
        for defaults in SCREENS.values()
    )
    return next(filter(None, clashes), None)


def _clash(defaults: Mapping[str, str], fixed: Mapping[str, str], usable: Mapping[str, str]) -> tuple[str, str] | None:
    """The last of the user's commands whose key has another use, with that use; None if there is none."""
    users = {command: usable[command] for command in usable if command in defaults}
    owners = dict(fixed)
    for command, keys in defaults.items():
        if command not in users:
            owners |= dict.fromkeys(keys.split(","), command)
    found = None
    for command, keys in users.items():
        for key in keys.split(","):
            owner = owners.setdefault(key, command)
            if owner != command:
                found = command, owner
    return found


def _key_name(key: str) -> str:
    """Textual's name of a key, empty if there is no such key: ``/`` is ``slash``."""
    import string

    *modifiers, last = key.split("+") if key != "+" else [key]
    if not set(modifiers) <= _MODIFIERS:
        return ""
    if len(last) == 1:
        last = last if last.isalnum() else _character_name(last)
    elif last not in _NAMED and last not in map(_character_name, string.punctuation):
        return ""
    return "+".join((*modifiers, last)) if last else ""


def _character_name(character: str) -> str:
    import unicodedata

    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return _RENAMED.get(name, name)
