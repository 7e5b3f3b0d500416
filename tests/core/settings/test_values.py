"""The settings as values: which wrong one stops what."""

import pytest

from mfa_tui.core.settings.values import ScopeSettings, Settings, WrongSetting
from mfa_tui.errors import ConfigError

WRONG = WrongSetting("config.toml, line 1: it is wrong.", "It must be right.")


def test_values_that_are_equal() -> None:
    for one, same, other in (
        (WRONG, WrongSetting(WRONG.what, WRONG.why), WrongSetting(WRONG.what, "")),
        (ScopeSettings(duration=60), ScopeSettings(duration=60), ScopeSettings(duration=61)),
    ):
        assert one == same
        assert hash(one) == hash(same)
        assert one != other
        assert one != "text"


def test_a_wrong_setting_has_no_value() -> None:
    settings = Settings()
    settings.wrong["timeout"] = WRONG
    del settings.timeout
    with pytest.raises(ConfigError) as error:
        assert settings.timeout
    assert (error.value.slug, error.value.what, error.value.remedy) == ("settings-value", WRONG.what, "Correct it.")
    with pytest.raises(AttributeError):
        assert settings.no_such_setting  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "every_command", "interface"),
    [
        ("timeout", True, True),
        ("notify", False, True),
        ("theme", False, True),
        ("browser", False, False),
        ("scopes", False, False),
        ("history_days", False, False),
        ("scopes.ci", False, False),
        ("accounts", False, True),
        ("accounts.111122223333", False, True),
    ],
)
def test_what_a_wrong_setting_stops(name: str, *, every_command: bool, interface: bool) -> None:
    settings = Settings()
    settings.check(interface=True)
    settings.wrong[name] = WRONG
    for options, stops in (({}, every_command), ({"interface": True}, interface)):
        if stops:
            with pytest.raises(ConfigError):
                settings.check(**options)
        else:
            settings.check(**options)


def test_a_wrong_account_stops_what_shows_accounts() -> None:
    settings = Settings()
    settings.wrong["scopes.accounts"] = WRONG
    settings.check_accounts()
    settings.wrong["accounts.111122223333"] = WRONG
    with pytest.raises(ConfigError):
        settings.check_accounts()


def test_no_history_if_its_setting_is_wrong() -> None:
    settings = Settings()
    assert settings.days_of_history == 90
    settings.wrong["history_days"] = WRONG
    assert settings.days_of_history == 0


def test_wrong_settings_are_reset_for_the_doctor() -> None:
    settings = Settings()
    settings.wrong |= {"timeout": WRONG, "scopes.ci": WRONG}
    del settings.timeout
    assert [error.slug for error in settings.reset_wrong()] == ["settings-value"] * 2
    assert settings.timeout == 10.0
    assert settings.wrong == {}
