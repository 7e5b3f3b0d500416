"""The interface's settings: which of a user's keys can be used, and that the tables agree with the interface."""

import pytest

from mfa_tui.core.settings.interface import (
    ACCOUNT_KEYS,
    DEVICE_KEYS,
    KEYS_KEYS,
    PROFILE_KEYS,
    THEMES,
    usable_keymap,
    wrong_settings,
)


@pytest.mark.parametrize(
    ("keymap", "usable", "told"),
    [
        ({"login": "ctrl+l", "filter": "f,/"}, {"login": "ctrl+l", "filter": "f,slash"}, ""),
        ({"fly": "x"}, {}, "unknown command 'fly'"),
        ({"login": "ctrl+"}, {}, "login = 'ctrl+' is not a key"),
        ({"login": "hyperspace"}, {}, "login = 'hyperspace' is not a key"),
        ({"login": ""}, {}, "login = '' is not a key"),
        ({"roles": "q"}, {}, "roles = 'q' is already the key for quit"),
        ({"roles": "z", "code": "z"}, {"roles": "z"}, "code = 'z' is already the key for roles"),
        ({"code": "1"}, {}, "code = '1' is already the key for typing a code"),
        ({"code": "down"}, {}, "code = 'down' is already the key for moving in the list"),
        ({"device-enroll": "b"}, {}, "device-enroll = 'b' is already the key for device-backup"),
        # Two commands exchange their keys; a key may do something else on another screen.
        ({"roles": "c", "code": "l"}, {"roles": "c", "code": "l"}, ""),
        ({"device-enroll": "q", "quit": "Q"}, {"device-enroll": "q", "quit": "Q"}, ""),
    ],
)
def test_a_users_keys(keymap: dict[str, str], usable: dict[str, str], told: str) -> None:
    found, problems = usable_keymap(keymap)
    assert found == usable
    assert [problem.partition(";")[0] for problem in problems] == ([told] if told else [])


def test_an_exchange_that_is_only_half_usable_keeps_no_key_twice() -> None:
    found, problems = usable_keymap({"roles": "c", "code": "ctrl+"})
    assert (found, len(problems)) == ({}, 2)


@pytest.mark.parametrize(
    ("theme", "keymap", "wrong"),
    [
        ("", {}, ()),
        ("nord", {"login": "ctrl+l"}, ()),
        ("north", {}, ("there is no theme 'north'",)),
        ("nord", {"fly": "x"}, ("unknown command 'fly'",)),
        ("north", {"fly": "x"}, ("there is no theme 'north'", "unknown command 'fly'")),
    ],
)
def test_what_is_wrong_with_the_settings(theme: str, keymap: dict[str, str], wrong: tuple[str, ...]) -> None:
    assert wrong_settings(theme, keymap, ["gruvbox", "nord"]) == wrong


def test_the_tables_are_those_of_the_interface() -> None:
    from textual.app import App

    from mfa_tui.ui.commands.account_commands import ACCOUNT_COMMANDS
    from mfa_tui.ui.commands.device_commands import DEVICE_COMMANDS
    from mfa_tui.ui.commands.key_commands import KEY_COMMANDS
    from mfa_tui.ui.commands.profile_commands import COMMANDS
    from mfa_tui.ui.runtime.themes import THEMES as OURS

    assert {command.id: command.key for command in COMMANDS} == PROFILE_KEYS
    assert {command.id: command.key for command in DEVICE_COMMANDS} == DEVICE_KEYS
    assert {command.id: command.key for command in ACCOUNT_COMMANDS} == ACCOUNT_KEYS
    assert {command.id: command.key for command in KEY_COMMANDS} == KEYS_KEYS
    assert {theme.name for theme in OURS} | set(App[None]().available_themes) == set(THEMES)
