"""The settings file: what it changes, and the messages for mistakes in it."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from mfa_tui.adapters.settings.load import load_settings
from mfa_tui.core.settings.values import ExternalDevice, Settings, WrongSetting
from mfa_tui.errors import ConfigError
from mfa_tui.services.scopes.find_scope import find_scope
from tests.support.homes.bench import SERIAL, Bench
from tests.support.homes.home import Home


def load(path: Path) -> tuple[dict[str, object], list[str]]:
    warnings: list[str] = []
    settings = load_settings(str(path), warnings.append)
    return {name: getattr(settings, name) for name in DEFAULTS}, warnings


PATTERN = "It must be text with {profile} once, plus other text, such as {profile}-mfa."
DURATION = "It must be a duration from 15m to 36h, such as 12h, 90m, or a number of seconds."
SCOPE = 'Write it as [scopes.NAME], then lines such as services = ["s3"].'
BROWSER = 'It must be a command, such as "firefox -P work {url}".'
COMMAND = 'It must be a command with its arguments, such as "pass show aws/mfa".'
TABLE = 'Write it as [devices."arn:aws:iam::111122223333:mfa/ana"].'
ONE_OF = "The device needs one of seed_command, code_command, yubikey."
ACCOUNT = 'It must be the name of an account, as "ykman oath accounts list" shows it.'
ANA, BEN, CAT = (f"arn:aws:iam::111122223333:mfa/{name}" for name in ("ana", "ben", "cat"))
DEFAULTS: dict[str, object] = {
    "target_pattern": "{profile}-mfa",
    "duration": 43_200,
    "margin": 900,
    "timeout": 10.0,
    "theme": "",
    "keymap": {},
    "clipboard_clear": 30,
    "notify": True,
}


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load(tmp_path / "config.toml") == (DEFAULTS, [])
    (tmp_path / "file").write_text("")
    assert load(tmp_path / "file" / "config.toml") == (DEFAULTS, [])
    assert load(tmp_path / "file") == (DEFAULTS, [])


def test_everything_can_be_set(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        'target_pattern = "mfa.{profile}"\nduration = "90m"\nmargin = 60\ntimeout = 2.5\n'
        'theme = "nord"\nclipboard_clear = 0\nnotify = false\n[keymap]\nlogin = "ctrl+l"\n'
    )
    assert load(path) == (
        {
            "target_pattern": "mfa.{profile}",
            "duration": 5400,
            "margin": 60,
            "timeout": 2.5,
            "theme": "nord",
            "keymap": {"login": "ctrl+l"},
            "clipboard_clear": 0,
            "notify": False,
        },
        [],
    )


def test_an_unknown_key_is_named_and_ignored(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("timeuot = 5\nmargin = 30\n")
    settings, warnings = load(path)
    assert settings == DEFAULTS | {"margin": 30}
    known = ", ".join(sorted({*Settings.__slots__} - {"wrong"}))
    assert warnings == [f"{path}: unknown key 'timeuot'; known are {known}."]


def test_where_secrets_are(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        'seed_store = "vault"\npassphrase_command = "pass show vault"\n'
        f'[devices."{ANA}"]\nseed_command = "op read op://x"\nseed_comand = "secret"\n'
        f'[devices."{BEN}"]\nyubikey = "AWS:ben"\n'
        f'[devices."{CAT}"]\ncode_command = "op item get x --otp"\n'
    )
    warnings: list[str] = []
    settings = load_settings(str(path), warnings.append)
    assert (settings.seed_store, settings.passphrase_command) == ("vault", "pass show vault")
    where = {
        serial: (at.seed_command, at.code_command, at.yubikey)
        for serial, at in settings.devices.items()
        if isinstance(at, ExternalDevice)
    }
    assert where == {
        ANA: ("op read op://x", "", ""),
        BEN: ("", "", "AWS:ben"),
        CAT: ("", "op item get x --otp", ""),
    }
    known = "known are seed_command, code_command, yubikey."
    assert warnings == [f"{path}: unknown key 'seed_comand' of the device {ANA}; {known}"]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("timeout = 0", 1, "It must be a number of seconds from 1 to 120."),
        ("# one\n\ntimeout = true", 3, "It must be a number of seconds from 1 to 120."),
        ("key_age_days = 0", 1, "It must be a number of days from 1 to 3650."),
        ("key_unused_days = 4.5", 1, "It must be a number of days from 1 to 3650."),
        ("margin = -1", 1, "It must be a number of seconds from 0 to 3600."),
        ('margin = "60"', 1, "It must be a number of seconds from 0 to 3600."),
        ("duration = 60", 1, DURATION),
        ("duration = true", 1, DURATION),
        ('target_pattern = "{profile}"', 1, PATTERN),
        ('target_pattern = "mfa"', 1, PATTERN),
        ("notify = 1", 1, "It must be true or false."),
        ("send_codes = 0", 1, "It must be true or false."),
        ("theme = 5", 1, "It must be a name in quotes."),
        ("timeout = 5\n[keymap]\nlogin = 5", 2, 'It must be a table of commands and keys, such as login = "enter".'),
        ('keymap = "enter"', 1, 'It must be a table of commands and keys, such as login = "enter".'),
        ('seed_store = "file"', 1, "It must be 'keyring' or 'vault'."),
        ('passphrase_command = ""', 1, COMMAND),
        ('passphrase_command = ["pass"]', 1, COMMAND),
        ("passphrase_command = \"pass 'x\"", 1, "It cannot be split as a shell would: No closing quotation."),
        ("margin = 5\ndevices = 5", 2, TABLE),
        ('[devices]\nana = "op"', 2, TABLE),
        (f'[devices."{ANA}"]\n', 1, ONE_OF),
        (f'[devices."{ANA}"]\nseed_command = "a"\nyubikey = "b"', 1, ONE_OF),
        (f'[devices."{BEN}"]\nyubikey = "b"\n[devices."{ANA}"]\nyubikey = 5', 4, ACCOUNT),
        (f'[devices."{ANA}-2"]\nyubikey = "b"\n[devices."{ANA}"]\n# x\nseed_command = " "', 5, COMMAND),
        ("browser = 5", 1, BROWSER),
        ("browser = \"firefox 'x\"", 1, "It cannot be split as a shell would: No closing quotation."),
        ('browser = "firefox {ur}"', 1, "It has {ur}; known are {url}, {encoded_url}, {profile}."),
        ('browser = "{url}"', 1, 'It must begin with a program, as in "firefox -P work {url}".'),
        ("scopes = 5", 1, SCOPE),
        ("[scopes]\na = 1", 2, SCOPE),
    ],
)  # fmt: skip
def test_a_bad_value_is_an_error_with_line_and_what_is_allowed(tmp_path: Path, text: str, line: int, why: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    (error,) = load_settings(str(path), lambda _: None).reset_wrong()
    assert error.slug == "settings-value"
    assert error.what.startswith(f"{path}, line {line}: ")
    assert error.why == why


EVERYTHING_WRONG = """
target_pattern = "x"
duration = "99h"
margin = -1
timeout = 0
notify = 1
send_codes = 1
theme = 5
keymap = 5
clipboard_clear = -1
history_days = -1
key_age_days = 0
key_unused_days = "x"
session_store = "x"
seed_store = "x"
passphrase_command = ""
browser = ""
[scopes.a]
read_olny = true
[scopes.b]
[devices.ana]
"""
WHEN_USED = {"browser", "history_days", "scopes"}
OF_INTERFACE = {
    "accounts",
    "clipboard_clear",
    "key_age_days",
    "key_unused_days",
    "keymap",
    "notify",
    "send_codes",
    "theme",
}


def test_no_default_takes_the_place_of_a_wrong_value(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(EVERYTHING_WRONG)
    settings = load_settings(str(path), lambda _: None)
    names = {*Settings.__slots__} - {"wrong", "accounts", "scopes", "devices"}
    assert set(settings.wrong) == names | {"scopes.a", "scopes.b", "devices.ana"}
    for name in names:
        with pytest.raises(ConfigError, match=name):
            getattr(settings, name)
    assert len(settings.reset_wrong()) == len(names) + 3
    settings.check(interface=True)
    assert settings.timeout == DEFAULTS["timeout"]
    # Doctor goes on with defaults; a wrong scope has none.
    assert isinstance(settings.scopes["a"], WrongSetting)


@pytest.mark.parametrize("name", sorted({*Settings.__slots__} - {"wrong"}))
def test_what_a_wrong_setting_stops(bench: Bench, name: str) -> None:
    wrong = f"{name} = []"
    if name in WHEN_USED | OF_INTERFACE:
        bench.set(wrong)
        bench.profile("dev")
        with pytest.raises(ConfigError, match=f"line 1: {name}") if name in OF_INTERFACE else nullcontext():
            bench.context.settings.check(interface=True)
    else:
        with pytest.raises(ConfigError, match=f"line 1: {name}"):
            bench.set(wrong)


def test_a_wrong_scope_stops_only_what_uses_it(bench: Bench) -> None:
    bench.set('[scopes.a]\nread_olny = true\n[scopes.b]\nservices = ["s3"]\n[scopes.no-iam]\nservices = []\n')
    for name in ("dev", "dev-b", "dev-read-only"):
        bench.context.resolve_with_scope(name)
    assert [find_scope(bench.context, name).name for name in ("b", "read-only")] == ["b", "read-only"]
    # A preset does not take the place of a scope that was to replace it.
    for name in ("a", "no-iam"):
        with pytest.raises(ConfigError, match=f"the scope '{name}' cannot be used"):
            find_scope(bench.context, name)
    # Its target means no profile with all permissions.
    assert bench.context.resolve_with_scope("dev-a")[1] == "a"
    bench.set("scopes = 5")
    with pytest.raises(ConfigError, match="scopes must have a table for each scope"):
        find_scope(bench.context, "a")


def test_a_wrong_device_stops_only_what_wants_its_codes(bench: Bench) -> None:
    bench.set(f'[devices."{SERIAL}"]\nseed_command = 5\n[devices."{BEN}"]\nyubikey = "AWS:ben"\n')
    seeds = bench.context.seeds
    assert seeds.serials() == {SERIAL, BEN}
    seeds.codes(BEN, bench.cancel, lambda: None)
    for load in (seeds.load, lambda serial, cancel: seeds.codes(serial, cancel, lambda: None)):
        with pytest.raises(ConfigError, match="seed_command cannot be 5"):
            load(SERIAL, bench.cancel)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: path.mkdir(), "It is not a regular file."),
        (lambda path: path.write_bytes(b'theme = "\xff"'), "It is not UTF-8."),
    ],
)
def test_an_unreadable_file_is_an_error(tmp_path: Path, make: Callable[[Path], object], why: str) -> None:
    path = tmp_path / "config.toml"
    make(path)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert (caught.value.slug, caught.value.why) == ("settings-unreadable", why)


def test_the_variable_that_names_another_file(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('target_pattern = "mfa.{profile}"\nodd = 1\n')
    home.config.write_text("[profile dev]\n")
    home.credentials.write_text("[dev]\naws_access_key_id = AKIADEV\naws_secret_access_key = s\n")
    result = home.run("list", "--json", env={"MFA_TUI_CONFIG": str(path)})
    assert '"target": "mfa.dev"' in result.stdout
    assert result.stderr.startswith(f"mfa-tui: warning: {path}: unknown key 'odd'; known are ")
