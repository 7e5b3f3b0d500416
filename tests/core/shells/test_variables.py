"""The variables in the environment of a command."""

import pytest

from mfa_tui.core.shells.variables import CLEARED, credential_variables, session_environment
from mfa_tui.models import Secret, Session

SESSION = Session(
    access_key_id="ASIANEW",
    secret_access_key=Secret("new secret"),
    session_token=Secret("new token"),
    expires_at=1_795_521_342,
    duration=3600,
    source_key_id="AKIA",
    serial="",
)
NEW = {
    "AWS_ACCESS_KEY_ID": "ASIANEW",
    "AWS_SECRET_ACCESS_KEY": "new secret",
    "AWS_SESSION_TOKEN": "new token",
    "AWS_CREDENTIAL_EXPIRATION": "2026-11-24T11:55:42Z",
}


def test_older_credentials_go_and_all_else_stays() -> None:
    old = dict.fromkeys(CLEARED, "old") | {"PATH": "/bin", "AWS_PAGER": "", "AWS_CONFIG_FILE": "/c"}
    assert session_environment(old, credential_variables(SESSION), {}) == {
        "PATH": "/bin", "AWS_PAGER": "", "AWS_CONFIG_FILE": "/c", **NEW,
    }  # fmt: skip
    assert old["AWS_PROFILE"] == "old"


@pytest.mark.parametrize(
    ("environment", "settings", "regions"),
    [
        ({}, {}, (None, None)),
        ({"AWS_REGION": "a"}, {}, ("a", "a")),
        ({"AWS_DEFAULT_REGION": "a"}, {}, ("a", "a")),
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": "a"}, {}, ("a", "a")),
        ({"AWS_REGION": "a", "AWS_DEFAULT_REGION": "b"}, {}, ("a", "b")),
        ({"AWS_REGION": "a"}, {"AWS_REGION": "c", "AWS_DEFAULT_REGION": "c"}, ("c", "c")),
    ],
)
def test_both_regions_are_set_if_one_is_known(
    environment: dict[str, str], settings: dict[str, str], regions: tuple[str | None, str | None]
) -> None:
    found = session_environment(environment, {}, settings)
    assert (found.get("AWS_REGION"), found.get("AWS_DEFAULT_REGION")) == regions


def test_settings_that_were_exported_with_older_keys_go_too() -> None:
    old = {"AWS_ENDPOINT_URL": "http://other", "AWS_REGION": "mine", "MFA_TUI_EXPORTED": "AWS_ENDPOINT_URL other"}
    assert session_environment(old, {}, {}) == {"AWS_REGION": "mine", "AWS_DEFAULT_REGION": "mine"}


def test_the_users_saved_settings_are_restored() -> None:
    old = {"AWS_REGION": "theirs", "MFA_TUI_BEFORE_AWS_REGION": "mine", "MFA_TUI_EXPORTED": "AWS_REGION other"}
    assert session_environment(old, {}, {}) == {"AWS_REGION": "mine", "AWS_DEFAULT_REGION": "mine"}


def test_a_profile_that_the_settings_name_stays() -> None:
    assert session_environment({"AWS_PROFILE": "old"}, {}, {"AWS_PROFILE": "bare"}) == {"AWS_PROFILE": "bare"}
