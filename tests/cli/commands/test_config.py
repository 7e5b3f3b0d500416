"""``mfa-tui config``: settings for scripts."""

import json
import os
import re
import stat
from pathlib import Path

import pytest

from mfa_tui.core.settings.table import SETTINGS
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal

FILE = """\
# Mine.
theme = "nord"   # nice

[keymap]
login = "enter,ctrl+l"
"""
SERIAL = "arn:aws:iam::111122223333:mfa/ana.smith"


def test_get_without_a_file(home: Home) -> None:
    shown = home.run("config", "get")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert 'duration = "12h"  # default\n' in shown.stdout
    assert "# browser is not set: BROWSER, else the system's browser\n" in shown.stdout
    assert home.run("config", "get", "timeout").stdout == "10\n"
    assert home.run("config", "get", "browser").stdout == "\n"
    assert home.run("config", "path").stdout == f"{home.settings}\n"
    assert not home.settings.parent.exists()


def test_get_json_has_every_key(home: Home) -> None:
    home.write_settings(FILE + f'[devices."{SERIAL}"]\nyubikey = "AWS:ana"\n')
    shown = json.loads(home.run("config", "get", "--json").stdout)
    assert shown["path"] == str(home.settings)
    keys = {each["key"]: each for each in shown["settings"]}
    assert set(SETTINGS) - {"keymap", "devices"} < set(keys)
    assert keys["theme"]["value"] == "nord"
    assert (keys["theme"]["set"], keys["margin"]["set"]) == (True, False)
    assert keys["keymap.login"]["value"] == "enter,ctrl+l"
    assert keys[f'devices."{SERIAL}".yubikey']["value"] == "AWS:ana"
    one = json.loads(home.run("config", "get", "session_store", "--json").stdout)
    assert one == {
        "key": "session_store",
        "value": "file",
        "set": False,
        "default": "file",
        "meaning": SETTINGS["session_store"].meaning,
        "allowed": "'file' or 'keyring'",
        "choices": ["file", "keyring"],
        "problem": None,
    }


def test_what_get_prints_is_a_valid_file(home: Home) -> None:
    home.write_settings(FILE + f'[devices."{SERIAL}"]\nyubikey = "AWS:ana"\n[scopes.ci]\nservices = ["s3"]\n')
    shown = home.run("config", "get").stdout
    assert "\n[]" not in shown
    home.write_settings(shown)
    again = home.run("config", "get")
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.replace("  # default", "") == shown.replace("  # default", "")


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("duration", "8h", 'duration = "8h"'),
        ("duration", "7200", "duration = 7200"),
        ("timeout", "2.5", "timeout = 2.5"),
        ("notify", "false", "notify = false"),
        ("theme", "dracula", 'theme = "dracula"   # nice'),
        ("browser", 'firefox -P "my work" {url}', 'browser = "firefox -P \\"my work\\" {url}"'),
        ("keymap.code", "z", 'code = "z"'),
        (f"devices.{SERIAL}.yubikey", "AWS:ana", f'[devices."{SERIAL}"]\nyubikey = "AWS:ana"'),
        (f'devices."{SERIAL}".yubikey', "AWS:ana", f'[devices."{SERIAL}"]\nyubikey = "AWS:ana"'),
        ("scopes.ci.services", "s3, ec2", '[scopes.ci]\nservices = ["s3", "ec2"]'),
    ],
)  # fmt: skip
def test_set_then_get_then_unset(home: Home, key: str, value: str, line: str) -> None:
    home.write_settings(FILE)
    home.settings.chmod(0o640)
    done = home.run("config", "set", key, value)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert line in home.settings.read_text()
    assert home.run("config", "get", key).stdout == value.replace(", ", ",") + "\n"
    assert stat.S_IMODE(home.settings.stat().st_mode) == 0o640
    assert home.run("config", "unset", key).returncode == 0
    left = FILE.replace('theme = "nord"   # nice\n', "") if key == "theme" else FILE
    assert home.settings.read_text().strip() == left.strip()


def test_a_new_file_is_the_users_alone_and_a_link_stays(home: Home, tmp_path: Path) -> None:
    home.settings.parent.mkdir(parents=True)
    home.settings.symlink_to(tmp_path / "dotfiles.toml")
    assert home.run("config", "set", "margin", "60").returncode == 0
    assert home.settings.is_symlink()
    assert (tmp_path / "dotfiles.toml").read_text() == "margin = 60\n"
    assert stat.S_IMODE((tmp_path / "dotfiles.toml").stat().st_mode) == 0o600
    assert os.listdir(home.settings.parent) == ["config.toml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("get duratoin", "There is no setting 'duratoin'.\n  Did you mean duration?"),
        ("set keymap.fly x", "There is no setting 'keymap.fly'."),
        ("set duration 99h", "duration cannot be '99h'.\n  It must be a duration from 15m to 36h"),
        ("set notify yes", "notify cannot be 'yes'.\n  It must be true or false."),
        ("set theme nrod", "theme cannot be 'nrod'.\n  It must be one of mfa-tui-dark, "),
        ("set keymap.code l", "keymap.code cannot be 'l'.\n  code = 'l' is already the key for roles."),
        ("set keymap.code ctrl+l", "keymap.code cannot be 'ctrl+l'.\n  code = 'ctrl+l' is already the key for login."),
        ("set keymap.code 5", "code = '5' is already the key for typing a code."),
        ("set keymap enter", "keymap is a table; a value is for a key in it.\n  Name one: keymap.login, "),
        ("set scopes.ci.regions mars", "regions cannot have 'mars'; names are such as eu-central-1."),
        ("set scopes.read-only.regions eu-west-1", "A preset has this name; choose another."),
        ("set session_store", "The following arguments are required: VALUE"),
        ("frob", "There is no config command 'frob'."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(home: Home, arguments: str, said: str) -> None:
    home.write_settings(FILE)
    done = home.run("config", *arguments.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert home.settings.read_text() == FILE


@pytest.mark.parametrize("command", ["get", "get theme", "set theme dracula", "unset theme"])
def test_a_file_that_is_not_toml_is_never_overwritten(home: Home, command: str) -> None:
    home.write_settings("margin = 60\ntheme = nord\n")
    done = home.run("config", *command.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not valid TOML" in done.stderr
    assert "line 2" in done.stderr
    assert home.settings.read_text() == "margin = 60\ntheme = nord\n"


def test_a_wrong_value_elsewhere_stops_nothing(home: Home) -> None:
    home.write_settings("timeout = 0\n[scopes.a]\nread_olny = true\n")
    assert home.run("config", "set", "margin", "60").returncode == 0
    assert "# timeout = 0: wrong. It must be a number of seconds from 1 to 120." in home.run("config", "get").stdout
    shown = home.run("config", "get", "timeout")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "timeout cannot be 0" in shown.stderr
    assert home.run("config", "set", "timeout", "5").returncode == 0
    assert home.settings.read_text() == "timeout = 5\nmargin = 60\n\n[scopes.a]\nread_olny = true\n"


def test_a_device_and_its_last_key_go_together(home: Home) -> None:
    key = f"devices.{SERIAL}"
    assert home.run("config", "set", f"{key}.seed_command", "pass x").returncode == 0
    both = home.run("config", "set", f"{key}.yubikey", "AWS:ana")
    assert both.returncode == 2
    assert "The device needs one of seed_command, code_command, yubikey." in both.stderr
    assert home.run("config", "unset", f"{key}.seed_command").returncode == 0
    assert home.settings.read_text() == ""
    assert home.run("config", "set", f"{key}.yubikey", "AWS:ana").returncode == 0
    assert home.run("config", "unset", "devices").returncode == 0
    assert home.settings.read_text() == ""


def test_edit_checks_what_the_editor_leaves(home: Home, tmp_path: Path) -> None:
    home.write_settings(FILE)
    editor = tmp_path / "an editor"
    editor.write_text("#!/bin/sh\nsed -i 's/nord/dracula/' \"$2\"\n")
    editor.chmod(0o700)
    done = home.run("config", "edit", env={"EDITOR": f"'{editor}' --wait"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert home.settings.read_text() == FILE.replace("nord", "dracula")


@pytest.mark.parametrize(
    ("script", "status", "said"),
    [
        ("s/^theme.*/theme =/", 2, "is not valid TOML"),
        ("s/^theme.*/timeout = 0/", 2, "line 2: timeout cannot be 0."),
        ("s/^theme.*/theem = 1/", 0, "unknown key 'theem'"),
        ("s/enter,ctrl+l/l/", 0, "[keymap]: login = 'l' is already the key for roles; the default stays."),
    ],
)
def test_edit_says_what_is_wrong(home: Home, script: str, status: int, said: str) -> None:
    home.write_settings(FILE)
    done = home.run("config", "edit", env={"VISUAL": f"sed -i '{script}'", "EDITOR": "false"})
    assert done.returncode == status
    assert said in done.stderr
    assert (home.settings.read_text() == FILE) == (status != 0)


@pytest.mark.parametrize(
    ("editor", "status", "said"),
    [
        ("false", 1, "The editor false failed; nothing was changed.\n  It ended with status 1."),
        ("rm", 1, "It left no file."),
        (
            "no-such-editor",
            1,
            "The editor no-such-editor failed; nothing was changed.\n  no-such-editor: command not found.\n",
        ),
        ("", 3, "There is no terminal for an editor."),
    ],
)
def test_an_editor_that_fails(home: Home, editor: str, status: int, said: str) -> None:
    home.write_settings(FILE)
    done = home.run("config", "edit", env={"EDITOR": editor})
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr
    assert home.settings.read_text() == FILE


def test_what_was_typed_is_kept_if_another_program_was_faster(home: Home, tmp_path: Path) -> None:
    home.write_settings(FILE)
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\necho 'timeout = 5' > \"$1\"\necho '# theirs' >> '{home.settings}'\n")
    editor.chmod(0o700)
    done = home.run("config", "edit", env={"EDITOR": str(editor)})
    assert (done.returncode, done.stdout) == (1, "")
    assert "another program has changed it meanwhile" in done.stderr
    assert home.settings.read_text() == FILE + "# theirs\n"
    kept = Path(done.stderr.split("What you wrote is in ")[1].strip())
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == ("timeout = 5\n", 0o600)


def test_edit_offers_to_edit_again(home: Home) -> None:
    home.write_settings(FILE)
    home.env["EDITOR"] = 'sh -c \'read line; echo "$line" > "$0"\''
    with terminal(home, "mfa-tui config edit") as shell:
        shell.type("timeout = 0\n")
        shell.wait_for("It must be a number of seconds from 1 to 120.")
        shell.wait_for(r"Edit again\? \[Y/n\]")
        shell.type("\n")
        shell.type("timeout = 5\n")
        shell.wait_for("Saved ")
        assert shell.status() == 0
    assert home.settings.read_text() == "timeout = 5\n"


def test_keys_are_completed(home: Home) -> None:
    script = home.run("completion", "bash").stdout
    (words,) = re.findall(r"config_get_pos_0_choices=\((.*?)\)", script)
    assert {"duration", "keymap.login"} <= set(words.split())
