"""The dotted names of settings."""

import re

import pytest

from mfa_tui.core.settings.interface import DEFAULT_KEYS
from mfa_tui.core.settings.key_names import Key, key_names, keymap_setting, parse_key
from mfa_tui.core.settings.table import DEVICE_SETTINGS, SCOPE_SETTINGS, SETTINGS
from mfa_tui.errors import UsageError

SERIAL = "arn:aws:iam::111122223333:mfa/ana.phone"


@pytest.mark.parametrize(
    ("name", "path", "owner"),
    [
        ("duration", ("duration",), "duration"),
        (" duration ", ("duration",), "duration"),
        ("keymap", ("keymap",), "keymap"),
        ("keymap.login", ("keymap", "login"), "keymap"),
        ('keymap."login"', ("keymap", "login"), "keymap"),
        ("scopes", ("scopes",), "scopes"),
        ("scopes.ci", ("scopes", "ci"), "scopes.ci"),
        ("scopes.ci.services", ("scopes", "ci", "services"), "scopes.ci"),
        ("scopes.services", ("scopes", "services"), "scopes.services"),
        ("scopes.a.b", ("scopes", "a.b"), "scopes.a.b"),
        (f"devices.{SERIAL}.yubikey", ("devices", SERIAL, "yubikey"), f"devices.{SERIAL}"),
        (f'devices."{SERIAL}".yubikey', ("devices", SERIAL, "yubikey"), f"devices.{SERIAL}"),
        (f"devices.'{SERIAL}'", ("devices", SERIAL), f"devices.{SERIAL}"),
        ("devices.'", ("devices", "'"), "devices.'"),
        ("devices.xyx", ("devices", "xyx"), "devices.xyx"),
        ("devices.''", ("devices", ""), "devices."),
    ],
)
def test_what_a_name_means(name: str, path: tuple[str, ...], owner: str) -> None:
    key = parse_key(name)
    assert (key.path, key.owner) == (path, owner)
    assert parse_key(key.name).path == path


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("duration", SETTINGS["duration"]),
        ("scopes", SETTINGS["scopes"]),
        ("scopes.ci", None),
        ("scopes.ci.services", SCOPE_SETTINGS["services"]),
        ("devices.x.yubikey", DEVICE_SETTINGS["yubikey"]),
    ],
)
def test_the_row_of_a_key(name: str, setting: object) -> None:
    assert parse_key(name).setting is setting


def test_names_are_quoted_as_toml_needs_it() -> None:
    assert Key(("devices", SERIAL, "yubikey"), None).name == f'devices."{SERIAL}".yubikey'


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("duratoin", "Did you mean duration?"),
        ("keymap.lgoin", "Did you mean keymap.login?"),
        ("duration.", "Did you mean duration?"),
        ("duration.x", "Did you mean duration?"),
        ("scopes.", "mfa-tui config get shows all of them."),
        ("", "mfa-tui config get shows all of them."),
        ("xyzzy", "mfa-tui config get shows all of them."),
    ],
)
def test_unknown_names(name: str, remedy: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_key(name)
    assert (error.value.slug, error.value.remedy) == ("setting-unknown", remedy)
    assert error.value.what == f"There is no setting {name!r}."


def test_a_long_unknown_name_is_cut() -> None:
    for length in (60, 61):
        with pytest.raises(UsageError) as error:
            parse_key("x" * length)
        assert error.value.what == f"There is no setting '{'x' * 60}'."


def test_tables_and_their_keys() -> None:
    of_scopes = ("services", "regions", "read_only", "policy", "duration")
    for name, keys in {
        "duration": (),
        "keymap": tuple(f"keymap.{command}" for command in DEFAULT_KEYS),
        "scopes": tuple(f"scopes.NAME.{key}" for key in of_scopes),
        "scopes.ci": tuple(f"scopes.ci.{key}" for key in of_scopes),
        "devices": tuple(f"devices.NAME.{key}" for key in ("seed_command", "code_command", "yubikey")),
    }.items():
        assert (parse_key(name).is_table, parse_key(name).keys) == (bool(keys), keys)
    for name in ("keymap.login", "scopes.ci.services"):
        assert not parse_key(name).is_table


def test_the_names_that_can_be_completed() -> None:
    names = key_names()
    assert {"duration", "keymap.login", "browser"} <= set(names)
    assert not {"keymap", "devices", "scopes"} & set(names)
    assert all(parse_key(name).name == name for name in names)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("ctrl+l,f2", None),
        (5, "It must be a key, or several with commas, such as ctrl+l,f2."),
        ("ctrl+", "login = 'ctrl+' is not a key."),
        ("q", "login = 'q' is already the key for quit."),
    ],
)
def test_the_keys_of_a_command(value: object, why: str | None) -> None:
    setting = keymap_setting("login")
    if why is None:
        assert setting.read(value) == value
    else:
        with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
            setting.read(value)
