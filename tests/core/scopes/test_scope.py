"""Scopes of the settings: what is understood, and what is refused."""

import re

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


def test_what_identifies_a_session_stays_the_same_from_version_to_version() -> None:
    """Cached sessions have it in their names."""
    assert Scope("mine", "{}", 60).session_scope("ASIA1") == "mine 4e17f0d856fdb14f"


def test_a_session_is_another_for_another_parent_policy_or_duration() -> None:
    scopes = [Scope("a", "{}", None), Scope("a", "{ }", None), Scope("a", "{}", 60), Scope("b", "{}", None)]
    found = {scope.session_scope(parent) for scope in scopes for parent in ("ASIA1", "ASIA2")}
    assert len(found) == len(scopes) * 2
    with pytest.raises(KeyError):
        build_scope("gone", {}, no_file)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"services": []}, "services is a list of names, as in IAM's actions, such as s3 or ec2."),
        ({"services": "s3"}, "services is a list of names, as in IAM's actions, such as s3 or ec2."),
        ({"services": ["s3", "S 3"]}, "services cannot have 'S 3'; names are as in IAM's actions, such as s3 or ec2."),
        ({"services": [5]}, "services cannot have '5'; names are as in IAM's actions, such as s3 or ec2."),
        ({"read_only": 1}, "read_only is true or false."),
        ({"policy": ""}, "policy is the path of a file with an IAM policy."),
        ({"policy": " "}, "policy is the path of a file with an IAM policy."),
        ({"policy": "a\nb"}, "policy is the path of a file with an IAM policy."),
        ({"policy": 5}, "policy is the path of a file with an IAM policy."),
        ({"duration": True}, "duration is a length of time from 1 m to 36 h, such as 1h or 30m."),
        ({"duration": "soon"}, "duration is a length of time from 1 m to 36 h, such as 1h or 30m."),
        ({"duration": 59}, "duration is a length of time from 1 m to 36 h, such as 1h or 30m."),
        ({"duration": "129601"}, "duration is a length of time from 1 m to 36 h, such as 1h or 30m."),
        ({}, f"It limits nothing; it needs one of {', '.join(KEYS)}."),
        ({"read_only": False}, f"It limits nothing; it needs one of {', '.join(KEYS)}."),
        ({"service": ["s3"]}, f"It has an unknown key 'service'; known are {', '.join(KEYS)}."),
        (
            {"policy": "x", "read_only": True},
            "It has a policy and services, regions or read_only as well; use one or the other.",
        ),
    ],
)
def test_why_a_table_is_refused(table: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        read_scope("mine", table)


def test_the_shortest_and_the_longest() -> None:
    for typed, seconds in ((60, 60), ("36h", 129_600)):
        assert read_scope("mine", {"duration": typed}).duration == seconds
    assert read_scope("x" * 48, {"duration": 60}).duration == 60
    assert read_scope("mine", {"services": ["s3", "ec2", "s3"]}).services == ("s3", "ec2")
    assert read_scope("mine", {"policy": "x y"}).policy == "x y"
