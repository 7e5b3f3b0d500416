"""Scopes of the settings: what is understood, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.scopes.scope import KEYS, Scope, build_scope, read_scope
from mfa_tui.core.settings.values import ScopeSettings

VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.text(max_size=8), max_size=3)


def no_file(path: str) -> str:
    raise FileNotFoundError(2, "No such file or directory", path)


def test_a_scope_with_everything() -> None:
    found = read_scope(
        "mine", {"services": ["s3", "ec2"], "regions": ["eu-west-1"], "read_only": True, "duration": "1h"}
    )
    assert found == ScopeSettings(services=("s3", "ec2"), regions=("eu-west-1",), read_only=True, duration=3600)
    scope = build_scope("mine", {"mine": found}, no_file)
    assert (scope.name, scope.duration, scope.policy_file) == ("mine", 3600, "")
    assert '"aws:RequestedRegion":["eu-west-1"]' in scope.policy


def test_only_a_shorter_life_needs_no_policy() -> None:
    scope = build_scope("short", {"short": read_scope("short", {"duration": 600})}, no_file)
    assert (scope.policy, scope.duration) == ("", 600)


@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), VALUES))
def test_any_table_is_a_scope_that_limits_or_an_error(table: dict[str, object]) -> None:
    try:
        found = read_scope("mine", table)
    except ValueError:
        return
    assert set(table) <= set(KEYS)
    assert found.services or found.regions or found.read_only or found.policy or found.duration


@pytest.mark.parametrize("region", ["mars", "eu", "eu-central-1a", "EU-CENTRAL-1", "eu-*"])
def test_what_is_no_region_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match="names are such as eu-central-1"):
        read_scope("mine", {"regions": [region]})


@pytest.mark.parametrize(
    "name", ["read-only", "no-iam", "", "a b", "a]", "-a", "long-term", "my-long-term", "x" * 49, "é", "a\n"]
)
def test_names_that_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"name|Names"):
        read_scope(name, {"services": ["s3"]})


def test_a_session_is_another_for_another_parent_policy_or_duration() -> None:
    scopes = [Scope("a", "{}", None), Scope("a", "{ }", None), Scope("a", "{}", 60), Scope("b", "{}", None)]
    found = {scope.session_scope(parent) for scope in scopes for parent in ("ASIA1", "ASIA2")}
    assert len(found) == len(scopes) * 2
    with pytest.raises(KeyError):
        build_scope("gone", {}, no_file)
