"""The tables ``[accounts]`` of the settings file."""

import pytest

from mfa_tui.adapters.settings.load import parse_settings
from mfa_tui.errors import ConfigError

GOOD = """\
[accounts."1111-2222-3333"]
name = "acme-PROD"
color = "red"
[accounts."*-dev"]
colour = "green"
"""


def test_they_are_read_and_unknown_keys_are_named() -> None:
    warnings: list[str] = []
    settings = parse_settings("config.toml", GOOD, warnings.append)
    settings.check(interface=True)
    found = [(key, each.name, each.color) for key, each in settings.accounts.items()]
    assert found == [("1111-2222-3333", "acme-PROD", "red"), ("*-dev", "", "")]
    assert warnings == ["config.toml: unknown key 'colour' of the account *-dev; known are name, color."]


@pytest.mark.parametrize(
    ("text", "key", "what", "why"),
    [
        (
            '\n[accounts.a]\ncolor = "pink"\n',
            "accounts.a",
            "line 3: color cannot be 'pink'.",
            "It must be 'red' or",
        ),
        (
            '[accounts.a]\nname = ""\n',
            "accounts.a",
            "line 2: name cannot be ''.",
            "It must be a name of at most 30",
        ),
        (
            '[accounts.a]\nname = " a"\n',
            "accounts.a",
            "line 2: name cannot be ' a'.",
            "It must be a name of at most 30",
        ),
        (f'[accounts.a]\nname = "{"x" * 31}"\n', "accounts.a", f"line 2: name cannot be '{'x' * 31}'.", "It must be a"),
        ("[accounts.11112222333]\n", "accounts.11112222333", "line 1: '11112222333' has 11 digits.", "The ID of an a"),
        ("[accounts]\na = 1\n", "accounts.a", "line 2: accounts must have a table for each account.", "Write it as ["),
        (
            "accounts = 1\n",
            "accounts",
            "line 1: accounts must have a table for each account.",
            "Write it as [accounts.",
        ),
    ],
)
def test_a_wrong_one_stops_the_interface_and_what_shows_accounts(text: str, key: str, what: str, why: str) -> None:
    settings = parse_settings("config.toml", text, lambda _: None)
    assert list(settings.wrong) == [key]
    assert "a" not in settings.accounts
    settings.check()
    for check in (settings.check_accounts, lambda: settings.check(interface=True)):
        with pytest.raises(ConfigError) as error:
            check()
        assert error.value.what == f"config.toml, {what}"
        assert error.value.why.startswith(why)


def test_a_name_of_thirty_characters_is_accepted() -> None:
    settings = parse_settings("config.toml", f'[accounts.a]\nname = "{"x" * 30}"\n', lambda _: None)
    assert not settings.wrong
