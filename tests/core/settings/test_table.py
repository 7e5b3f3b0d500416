"""The table of settings: it agrees with the values that the program uses, and with docs/settings.md."""

from pathlib import Path

import pytest

from mfa_tui.core.settings.page import markdown
from mfa_tui.core.settings.readers import TABLE
from mfa_tui.core.settings.table import DEVICE_SETTINGS, SCOPE_SETTINGS, SETTINGS
from mfa_tui.core.settings.value_text import as_toml, as_typed, default_of, from_typed
from mfa_tui.core.settings.values import ExternalDevice, ScopeSettings, Settings

DOCS = Path(__file__).parents[3] / "docs" / "settings.md"


def test_the_page_in_docs_is_the_table() -> None:
    assert DOCS.read_text(encoding="utf-8") == markdown()


def test_each_setting_has_one_row() -> None:
    assert set(SETTINGS) == {*Settings.__slots__} - {"wrong"}
    assert set(DEVICE_SETTINGS) == {*ExternalDevice.__slots__}
    assert set(SCOPE_SETTINGS) == {*ScopeSettings.__slots__}


@pytest.mark.parametrize("name", [name for name in SETTINGS if SETTINGS[name].kind != TABLE])
def test_the_default_is_a_value_that_the_reader_takes(name: str) -> None:
    setting = SETTINGS[name]
    default = default_of(setting)
    if default is None:
        assert setting.unset
    else:
        assert setting.read(default) == getattr(Settings(), name)
        assert from_typed(setting, as_typed(default)) == default
        assert as_toml(default)


def test_what_can_hold_a_secret() -> None:
    rows = (SETTINGS | DEVICE_SETTINGS).items()
    assert {name for name, row in rows if not row.secret_free} == {
        "passphrase_command", "browser", "seed_command", "code_command",
    }  # fmt: skip
