"""Values of settings as text: of the file, typed, printed."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.settings.table import DEVICE_SETTINGS, SCOPE_SETTINGS, SETTINGS, Setting
from mfa_tui.core.settings.value_text import as_toml, as_toml_key, as_typed, default_of, from_typed

ROWS = {**SETTINGS, **{f"scopes.{name}": row for name, row in SCOPE_SETTINGS.items()}}


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("timeout", " 5 ", 5),
        ("timeout", "2.5", 2.5),
        ("timeout", "soon", "soon"),
        ("timeout", "-1", -1),
        ("duration", "3600", 3600),
        ("duration", "12h", "12h"),
        ("duration", "-5", "-5"),
        ("duration", "1.5", "1.5"),
        ("notify", "TRUE", True),
        ("notify", "false", False),
        ("notify", "yes", "yes"),
        ("scopes.services", " s3, ec2 ,,", ["s3", "ec2"]),
        ("scopes.services", "", []),
        ("theme", " nord ", "nord"),
        ("theme", "5", "5"),
    ],
)
def test_what_is_typed(name: str, typed: str, value: object) -> None:
    found = from_typed(ROWS[name], typed)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("value", "typed", "toml"),
    [
        (True, "true", "true"),
        (False, "false", "false"),
        (10.0, "10", "10"),
        (2.5, "2.5", "2.5"),
        (0, "0", "0"),
        ("a b", "a b", '"a b"'),
        (["s3", "ec2"], "s3,ec2", '["s3", "ec2"]'),
        ([], "", "[]"),
        ({"login": "x", "a.b": 1}, "{'login': 'x', 'a.b': 1}", '{ login = "x", "a.b" = 1 }'),
    ],
)
def test_what_is_printed_and_written(value: object, typed: str, toml: str) -> None:
    assert (as_typed(value), as_toml(value)) == (typed, toml)


@pytest.mark.parametrize(
    ("name", "quoted"),
    [("a-b_9", "a-b_9"), ("a.b", '"a.b"'), ("", '""'), ("é", '"é"'), ("a b", '"a b"'), ("-", '"-"')],
)
def test_names(name: str, quoted: str) -> None:
    assert as_toml_key(name) == quoted


@given(st.text(max_size=12), st.dictionaries(st.text(max_size=6), st.text(max_size=6), max_size=3))
def test_toml_reads_what_is_written(text: str, table: dict[str, str]) -> None:
    assert tomllib.loads(f"{as_toml_key(text)} = {as_toml(text)}") == {text: text}
    assert tomllib.loads(f"x = {as_toml(table)}") == {"x": table}


@pytest.mark.parametrize(
    ("name", "value"),
    [("duration", "12h"), ("notify", True), ("clipboard_clear", 30), ("browser", None), ("keymap", None)],
)
def test_defaults(name: str, value: object) -> None:
    assert default_of(SETTINGS[name]) == value


def test_defaults_that_are_off_are_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    from mfa_tui.core.settings import value_text
    from mfa_tui.core.settings.values import Settings

    class Other(Settings):
        def __init__(self) -> None:
            super().__init__()
            self.duration, self.notify, self.history_days = 5400, False, 0

    monkeypatch.setattr(value_text, "Settings", Other)
    assert [default_of(SETTINGS[name]) for name in ("duration", "notify", "history_days")] == ["90m", False, 0]


def test_keys_of_devices_and_scopes_have_no_default() -> None:
    for row in (DEVICE_SETTINGS["yubikey"], SCOPE_SETTINGS["regions"]):
        assert isinstance(row, Setting)
        assert default_of(row) is None
