"""Settings as they are, and changing them."""

import pytest

from mfa_tui.core.settings.key_names import parse_key
from mfa_tui.core.settings.table import SETTINGS
from mfa_tui.errors import ConfigError, UsageError
from mfa_tui.services.settings.change import check_value, set_value, unset
from mfa_tui.services.settings.check_text import check_text
from mfa_tui.services.settings.current_values import CurrentValues, SettingValue, load_values
from tests.support.homes.bench import SERIAL, Bench

DEVICE = f'devices."{SERIAL}"'


def text(bench: Bench) -> str:
    file = bench.path / ".config/mfa-tui/config.toml"
    return file.read_text() if file.exists() else ""


def change(bench: Bench, name: str, typed: str) -> bool:
    """Set a value, which is checked first; the check writes nothing."""
    before = text(bench)
    check_value(bench.context.paths, parse_key(name), typed)
    assert text(bench) == before
    return set_value(bench.context.paths, parse_key(name), typed)


def find(bench: Bench, name: str) -> SettingValue:
    return load_values(bench.context.paths).find(parse_key(name))


def names(bench: Bench) -> dict[str, object]:
    """The keys that are set."""
    return {each.key.name: each.value for each in load_values(bench.context.paths).all() if each.is_set}


def test_set_and_unset(bench: Bench) -> None:
    assert (find(bench, "timeout").value, find(bench, "timeout").is_set) == (10.0, False)
    assert change(bench, "timeout", "5")
    assert text(bench) == "timeout = 5\n"
    assert find(bench, "timeout")[1:] == (5, True, 10.0, None)
    assert not change(bench, "timeout", "5")
    assert change(bench, "timeout", "5.0")
    assert unset(bench.context.paths, parse_key("timeout"))
    assert not unset(bench.context.paths, parse_key("timeout"))
    assert text(bench) == ""


def test_one_of_another_type_is_another_value(bench: Bench) -> None:
    bench.set("timeout = 5.0\n")
    assert change(bench, "timeout", "5")
    assert text(bench) == "timeout = 5\n"


@pytest.mark.parametrize(
    ("name", "typed", "why"),
    [
        ("timeout", "0", "It must be a number of seconds from 1 to 120."),
        ("theme", "no-such-theme", "It must be one of mfa-tui-dark, "),
        ("seed_store", "x", "It must be 'keyring' or 'vault'."),
        ("keymap.login", "q", "login = 'q' is already the key for quit."),
        ("keymap.login", "z", "login = 'z' is already the key for logout."),
        ("accounts.*prod*.color", "pink", "It must be 'red' or 'yellow' or 'green' or 'blue' or 'purple'."),
        ("accounts.11112222333.name", "x", "The ID of an account has 12."),
        ("scopes.ci.regions", "mars", "regions cannot have 'mars'; names are such as eu-central-1."),
    ],
)
def test_a_wrong_value_is_refused(bench: Bench, name: str, typed: str, why: str) -> None:
    bench.set('[keymap]\nlogout = "z"\n')
    before = text(bench)
    for refused in (check_value, set_value):
        with pytest.raises(ConfigError) as error:
            refused(bench.context.paths, parse_key(name), typed)
        assert error.value.slug == "settings-value"
        assert error.value.what == f"{parse_key(name).name} cannot be {typed!r}."
        assert error.value.why.startswith(why)
    assert text(bench) == before


def test_a_long_wrong_value_is_cut(bench: Bench) -> None:
    for length in (60, 61):
        with pytest.raises(ConfigError) as error:
            change(bench, "timeout", "x" * length)
        assert error.value.what == f"timeout cannot be '{'x' * 60}'."


def test_what_one_key_may_be_depends_on_the_others(bench: Bench) -> None:
    change(bench, f"{DEVICE}.yubikey", "AWS:ana")
    with pytest.raises(ConfigError) as error:
        change(bench, f"{DEVICE}.seed_command", "pass x")
    assert error.value.slug == "settings-value"
    # Another table that is wrong does not matter.
    bench.set(text(bench) + '[scopes.x]\nregions = ["mars"]\n')
    assert change(bench, f"{DEVICE}.yubikey", "AWS:bob")


def test_keys_of_the_interface(bench: Bench) -> None:
    change(bench, "keymap.login", "ctrl+l")
    assert change(bench, "keymap.code", "ctrl+k")
    assert names(bench) == {"keymap.login": "ctrl+l", "keymap.code": "ctrl+k"}
    with pytest.raises(ConfigError):
        change(bench, "keymap.roles", "ctrl+l")
    # What is wrong there already is no reason to refuse another key.
    bench.set("keymap = 5\n")
    with pytest.raises(ConfigError) as error:
        change(bench, "keymap.login", "ctrl+l")
    assert error.value.slug.startswith("settings")


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("scopes", ", ".join(f"scopes.NAME.{key}" for key in ("services", "regions", "read_only", "policy"))
         + " and scopes.NAME.duration"),
        ("devices", "devices.NAME.seed_command, devices.NAME.code_command and devices.NAME.yubikey"),
        ("keymap", "keymap.login, keymap.renew, keymap.roles, keymap.code, keymap.export and 1 more"),
    ],
)  # fmt: skip
def test_a_table_has_no_value(bench: Bench, name: str, listed: str) -> None:
    with pytest.raises(UsageError) as error:
        change(bench, name, "x")
    assert (error.value.slug, error.value.what) == ("setting-table", f"{name} is a table; a value is for a key in it.")
    assert error.value.remedy == f"Name one: {listed}"


def test_a_device_or_scope_goes_with_its_last_key(bench: Bench) -> None:
    bench.set('# mine\n[scopes.ci]\nregions = ["eu-west-1"]\nservices = ["s3"]\n')
    unset(bench.context.paths, parse_key("scopes.ci.services"))
    assert names(bench) == {"scopes.ci.regions": ["eu-west-1"]}
    unset(bench.context.paths, parse_key("scopes.ci.regions"))
    assert names(bench) == {}
    assert "[scopes.ci]" not in text(bench)
    bench.set('[keymap]\nlogin = "x"\n')
    unset(bench.context.paths, parse_key("keymap.login"))
    assert text(bench) == "[keymap]\n"
    bench.set('scopes.ci.regions = ["eu-west-1"]\nscopes.ci.services = ["s3"]\n')
    assert unset(bench.context.paths, parse_key("scopes.ci"))
    assert names(bench) == {}


def test_all_values(bench: Bench) -> None:
    every = list(load_values(bench.context.paths).all())
    assert [each.key.name for each in every] == list(SETTINGS)
    assert not any(each.is_set for each in every)
    values = CurrentValues(
        "config.toml",
        f'timeout = 0\nscopes = 5\n[keymap]\nlogin = "f2"\n[{DEVICE}]\nyubikey = "AWS:ana"\n[devices.empty]\n',
    )
    found = {each.key.name: each for each in values.all() if each.is_set}
    assert list(found) == ["timeout", "keymap.login", f"{DEVICE}.yubikey", "devices.empty", "scopes"]
    assert {name for name, each in found.items() if each.wrong} == {"timeout", "devices.empty", "scopes"}
    assert found["timeout"].value == 0
    assert (found["keymap.login"].default, found["keymap.login"].key.setting is None) == (None, False)
    # Of a key that is not set nothing is wrong, though its table is.
    assert values.find(parse_key("scopes.ci.services"))[1:] == (None, False, None, None)


def test_inside_a_table(bench: Bench) -> None:
    bench.set('scopes.odd = 5\n[scopes.ci]\nregions = ["eu-west-1"]\n')
    values = load_values(bench.context.paths)

    def inside(*, unset: bool) -> dict[str, bool]:
        return {each.key.name: each.is_set for each in values.inside("scopes", unset=unset)}

    assert inside(unset=False) == {"scopes.odd": True, "scopes.ci.regions": True}
    assert inside(unset=True) == {
        "scopes.odd": True, "scopes.ci.services": False, "scopes.ci.regions": True, "scopes.ci.read_only": False,
        "scopes.ci.policy": False, "scopes.ci.duration": False,
    }  # fmt: skip
    assert list(values.inside("devices")) == []


def test_a_whole_text(bench: Bench) -> None:
    assert check_text(bench.env, "") == ((), ())
    assert check_text(bench.env, 'theme = "nord"\n') == ((), ())
    errors, warnings = check_text(bench.env, "x = \n")
    assert ([error.slug for error in errors], warnings) == (["settings-syntax"], ())
    path = bench.context.paths.settings
    errors, warnings = check_text(
        bench.env, 'timeout = 0\nmargin = -1\nstrange = 1\ntheme = "x"\n[keymap]\nlogin = "q"\n'
    )
    assert [error.slug for error in errors] == ["settings-value"] * 2
    assert warnings[0].startswith(f"{path}: unknown key 'strange'")
    assert warnings[1].startswith(f"{path}: unknown theme 'x'; known are mfa-tui-dark, mfa-tui-light,")
    assert warnings[2:] == (f"{path}, [keymap]: login = 'q' is already the key for quit; the default stays.",)
