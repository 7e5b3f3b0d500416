"""Edits of config.toml: whatever else is in the file stays, byte for byte."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.settings.toml_edits import with_value, without
from mfa_tui.errors import ConfigError
from tests.support.runner.examples import generated

SERIAL = "arn:aws:iam::111122223333:mfa/ana.smith"
FILE = f"""\
# Mine.

theme = "nord"   # nice at night
margin=60


[keymap]
login = "enter,space"  # both

# The devices of ana.
[devices."{SERIAL}"]
yubikey = "AWS:ana"

# For CI,
# with little.
[scopes.ci]
services = [
  "s3",  # files
  "ec2",
]
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (("margin",), 30, "margin=60", "margin=30"),
        (("theme",), "dracula", '"nord"', '"dracula"'),
        (("timeout",), 5, "margin=60\n", "margin=60\ntimeout = 5\n"),
        (("keymap", "login"), "l", '"enter,space"', '"l"'),
        (("keymap", "code"), "z", "# both\n", '# both\ncode = "z"\n'),
        (("devices", SERIAL, "yubikey"), "x", '"AWS:ana"', '"x"'),
        (("scopes", "ci", "regions"), ["eu-west-1"], '  "ec2",\n]\n', '  "ec2",\n]\nregions = ["eu-west-1"]\n'),
        (("scopes", "a.b", "read_only"), True, '"ec2",\n]\n', '"ec2",\n]\n\n[scopes."a.b"]\nread_only = true\n'),
    ],
)
def test_a_value_is_set_and_nothing_else_changes(
    path: tuple[str, ...], value: object, old: str, new: str, ends: str
) -> None:
    before, after = (text.replace("\n", ends) for text in (FILE, FILE.replace(old, new)))
    assert with_value(before, path, value) == after


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("path", "gone"),
    [
        (("margin",), "margin=60\n"),
        (("theme",), 'theme = "nord"   # nice at night\n'),
        (("keymap", "login"), 'login = "enter,space"  # both\n'),
        (("keymap",), '[keymap]\nlogin = "enter,space"  # both\n'),
        (("devices", SERIAL), f'[devices."{SERIAL}"]\nyubikey = "AWS:ana"\n'),
        (("devices",), f'[devices."{SERIAL}"]\nyubikey = "AWS:ana"\n'),
        (("scopes", "ci"), '[scopes.ci]\nservices = [\n  "s3",  # files\n  "ec2",\n]\n'),
    ],
)
def test_a_key_is_removed_and_nothing_else(path: tuple[str, ...], gone: str, ends: str) -> None:
    before, after = (text.replace("\n", ends) for text in (FILE, FILE.replace(gone, "")))
    assert without(before, path) == after


@pytest.mark.parametrize(
    ("text", "path", "value", "new"),
    [
        ("", ("theme",), "nord", 'theme = "nord"\n'),
        ('theme = "x"', ("margin",), 5, 'theme = "x"\nmargin = 5\n'),
        ('keymap.login = "a"\nx = 5\n', ("keymap", "code"), "z", 'keymap.login = "a"\nkeymap.code = "z"\nx = 5\n'),
        ('keymap = {login = "a"} # x\n', ("keymap", "login"), "b", 'keymap = {login = "b"} # x\n'),
        ("scopes.ci = {read_only = true}\n", ("scopes", "ci", "read_only"), False, "scopes.ci = {read_only = false}\n"),
    ],
)  # fmt: skip
def test_other_spellings_of_tables(text: str, path: tuple[str, ...], value: object, new: str) -> None:
    assert with_value(text, path, value) == new


@pytest.mark.parametrize(
    ("text", "path", "new"),
    [
        ('keymap.login = "a"\nmargin = 5\n', ("keymap", "login"), "margin = 5\n"),
        ('keymap = {login = "a"}\nmargin = 5\n', ("keymap",), "margin = 5\n"),
        ("[scopes.a]\n[scopes.b]\nread_only = true\n", ("scopes", "a"), "[scopes.b]\nread_only = true\n"),
        ("[scopes.a]\n# a\u2028[scopes.a]\n", ("scopes", "a"), "# a\u2028[scopes.a]\n"),
    ],
)
def test_removing_other_spellings(text: str, path: tuple[str, ...], new: str) -> None:
    assert without(text, path) == new


def test_a_change_that_would_break_the_file_is_not_made() -> None:
    with pytest.raises(ConfigError, match="cannot make this change"):
        with_value("keymap = 5\n", ("keymap", "login"), "a")


COMMENTS = st.lists(st.sampled_from(["", "# a", "  # [keymap]", '# margin = 5 "', "#\tü"]), max_size=2)
KEYS = st.sampled_from(
    ['theme = "x" # y', "margin\t=  5", 'browser="""\n[keymap]\n# x\n"""', "timeout = 2.50", "odd = 1979-05-27"]
)
TABLES = st.sampled_from(
    [
        '[keymap]\nlogin = "x"',
        '[devices."a.b"]\nyubikey = "x" # z',
        "[scopes.ci]\nservices = [\n 's3', # x\n]",
        "[ other ]\nx = {a = 1}",
    ]
)


@st.composite
def files(draw: st.DrawFn) -> str:
    """Valid files with comments and blank lines everywhere."""
    parts: list[str] = []
    for source in (KEYS, TABLES):
        for part in draw(st.lists(source, unique=True, max_size=4)):
            parts += [*draw(COMMENTS), part]
    text = "\n".join([*parts, *draw(COMMENTS)])
    text += draw(st.sampled_from(["", "\n", "\n\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


PATHS = st.sampled_from(
    [
        ("margin",),
        ("theme",),
        ("keymap", "login"),
        ("keymap", "code"),
        ("devices", "a.b", "yubikey"),
        ("scopes", "ci", "regions"),
    ]
)


@given(
    text=files(), path=PATHS, value=st.one_of(st.integers(-5, 5), st.text(max_size=5), st.lists(st.sampled_from("ab")))
)
@generated(40, 3000)
def test_any_file(text: str, path: tuple[str, ...], value: Any) -> None:
    new = with_value(text, path, value)
    found: Any = tomllib.loads(new)
    for name in path:
        found = found[name]
    assert found == value
    assert with_value(new, path, value) == new
    # Every line but that of the key itself is there, in its order.
    kept = iter(new.splitlines(keepends=True))
    name = path[-1]
    for line in text.splitlines(keepends=True):
        if not line.startswith(name):
            assert any(line.strip("\r\n") == each.strip("\r\n") for each in kept), line
    if not _has(tomllib.loads(text), path):
        gone = without(new, path)
        assert [line for line in gone.splitlines() if "#" in line] == [
            line for line in text.splitlines() if "#" in line
        ]


def _has(values: Any, path: tuple[str, ...]) -> bool:
    for name in path:
        if name not in values:
            return False
        values = values[name]
    return True
