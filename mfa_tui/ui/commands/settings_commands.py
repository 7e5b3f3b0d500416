"""The commands of the settings screen, and of the screen of keys."""

from __future__ import annotations

from typing import NamedTuple

from mfa_tui.ui.commands.command import Command


class SettingsSituation(NamedTuple):
    """What the commands of the two screens depend on."""

    is_set: bool = False
    """Whether the file has the setting under the cursor."""
    is_table: bool = False
    """Whether it is a table, with keys of its own."""
    why_not: str = ""
    """Why it cannot be changed here."""
    is_empty: bool = False
    """Whether nothing could be read yet."""


def _can_change(now: SettingsSituation) -> str:
    return now.why_not


def _can_reset(now: SettingsSituation) -> str:
    if now.is_table:
        return "it is a table; remove its keys one by one"
    return "" if now.is_set else "it is not set in the file"


def _can_filter(now: SettingsSituation) -> str:
    return "there is nothing to filter" if now.is_empty else ""


SETTINGS_COMMANDS: tuple[Command[SettingsSituation], ...] = (
    Command("settings-change", "Change", "Change the setting; it applies at once where that is possible.", _can_change),
    Command(
        "settings-default", "Default", "Remove the setting from the file, so that its default applies.", _can_reset
    ),
    Command("settings-filter", "Filter", "Show only the settings in which the words occur.", _can_filter),
    Command("settings-reload", "Reload", "Read the file again.", in_footer=False, repaints=True),
    Command("settings-help", "Help", "All keys, and why some do nothing now."),
    Command("settings-back", "Back", "Clear the filter; without one, go back to the profiles."),
)
KEYMAP_COMMANDS: tuple[Command[SettingsSituation], ...] = (
    Command("keymap-change", "New key", "Give the command another key: press it next.", _can_change),
    Command("keymap-add", "One more key", "Give the command one more key: press it next.", _can_change),
    Command("keymap-default", "Default", "Give the command its default key again.", _can_reset),
    Command("keymap-filter", "Filter", "Show only the commands in which the words occur.", _can_filter),
    Command("keymap-help", "Help", "All keys, and why some do nothing now."),
    Command("keymap-back", "Back", "Clear the filter; without one, go back to the settings."),
)
