"""Which variables change when a shell starts or stops using a profile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.shells.shell_code import SHELLS, can_unset
from mfa_tui.core.shells.switching import (
    PREVIOUS,
    EnvironmentChange,
    env_output,
    env_unset,
    profile_in_use,
    use_keys,
    use_nothing,
    use_profile,
)
from mfa_tui.core.shells.variables import CREDENTIALS, EXPORTED, PROFILES, SHOWN_PROFILE

KEYS = {"AWS_ACCESS_KEY_ID": "ASIA1", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}
REGIONS = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}
MINE = {"AWS_CA_BUNDLE": "/mine.pem", "HOME": "/home/ana"}

names = st.sampled_from(["dev", "we ird$(touch x)'\"", "a,b", "AWS_REGION", "-"])
steps = st.lists(st.tuples(st.sampled_from(["name", "keys", "nothing", "env"]), names), max_size=6)


def after(env: dict[str, str], change: EnvironmentChange) -> dict[str, str]:
    """The shell's variables once it has run the change."""
    return {**{name: value for name, value in env.items() if name not in change.removed}, **change.variables}


def taken(env: dict[str, str], how: str, name: str) -> dict[str, str]:
    changes = {
        "name": lambda: use_profile(env, name),
        "keys": lambda: use_keys(env, name, KEYS, REGIONS),
        "env": lambda: env_output(env, "sh", KEYS, REGIONS),
        "nothing": lambda: use_nothing(env),
    }
    return after(env, changes[how]())


@given(steps, names)
def test_one_profile_is_in_use_whatever_was_before(before: list[tuple[str, str]], name: str) -> None:
    env = dict(MINE)
    for how, other in before:
        env = taken(env, how, other)
    named, keyed = taken(env, "name", name), taken(env, "keys", name)
    assert profile_in_use(named) == profile_in_use(keyed) == name
    ours = {"AWS_PROFILE", PREVIOUS}
    assert {key: value for key, value in named.items() if key not in ours} == MINE
    assert {key: value for key, value in keyed.items() if key not in {PREVIOUS, EXPORTED}} == MINE | KEYS | REGIONS
    down = taken(keyed, "nothing", "")
    assert {key: value for key, value in down.items() if key != PREVIOUS} == MINE
    assert down[PREVIOUS] == name


def test_the_previous_profile_stays_when_the_same_one_is_used_again() -> None:
    env = taken(taken({}, "name", "dev"), "name", "two")
    assert env[PREVIOUS] == "dev"
    assert taken(env, "name", "two")[PREVIOUS] == "dev"
    assert PREVIOUS not in use_profile({}, "dev").variables


@pytest.mark.parametrize(
    ("env", "profile"),
    [
        ({}, ""),
        ({"AWS_PROFILE": "a", "AWS_DEFAULT_PROFILE": "b"}, "a"),
        ({"AWS_DEFAULT_PROFILE": "b"}, "b"),
        ({"AWS_ACCESS_KEY_ID": "ASIA1", EXPORTED: "AWS_REGION dev"}, "dev"),
        ({"AWS_ACCESS_KEY_ID": "ASIA1", EXPORTED: " dev"}, "dev"),
        ({"AWS_ACCESS_KEY_ID": "ASIA1", EXPORTED: "AWS_REGION", "AWS_PROFILE": "a"}, "a"),
        ({EXPORTED: "AWS_REGION dev"}, ""),
    ],
)
def test_which_profile_is_in_use(env: dict[str, str], profile: str) -> None:
    assert profile_in_use(env) == profile


@pytest.mark.parametrize("mark", ["AWS_X;touch,x", "$(touch x)", "PATH,AWS_,AWS_A B", "AWS_Ä", ",,", "AWS_A\nB"])
def test_a_forged_mark_does_not_become_code(mark: str) -> None:
    removed = use_profile({EXPORTED: mark}, "dev").removed
    assert set(removed) <= {*PROFILES, *CREDENTIALS, EXPORTED, "AWS_", "AWS_A"}


@pytest.mark.parametrize("shell", [shell for shell in SHELLS if can_unset(shell)])
def test_what_env_prints_is_what_unset_removes(shell: str) -> None:
    change = env_output(MINE, shell, KEYS, REGIONS)
    assert EXPORTED in change.variables
    env = after(MINE, change)
    assert after(env, env_unset(env)) == MINE


@pytest.mark.parametrize("shell", ["dotenv", "json"])
def test_formats_that_cannot_unset_get_no_mark(shell: str) -> None:
    assert env_output(MINE, shell, KEYS, REGIONS).variables == KEYS | REGIONS


@pytest.mark.parametrize("shell", ["sh", "cmd"])
def test_settings_that_are_not_ours_are_left_alone(shell: str) -> None:
    env = MINE | REGIONS
    assert after(env, env_unset(env)) == env
    env = after(env | KEYS, env_unset(env))
    assert env == MINE | REGIONS
    exported = after(env, env_output(env, shell, KEYS, {"AWS_REGION": "us-east-1"}))
    assert exported["AWS_REGION"] == "us-east-1"
    assert after(exported, env_unset(exported)) == env


@given(steps)
def test_the_users_own_settings_come_back(before: list[tuple[str, str]]) -> None:
    """However often they were exported over, with keys of one profile or another."""
    users = MINE | {"AWS_REGION": "mine", "AWS_CA_BUNDLE": "/mine.pem"}
    env = dict(users)
    for how, other in before:
        env = taken(env, how, other)
    named, down = taken(env, "name", "dev"), taken(env, "nothing", "")
    assert {key: value for key, value in named.items() if key not in {"AWS_PROFILE", PREVIOUS}} == users
    assert {key: value for key, value in down.items() if key != PREVIOUS} == users


def test_the_users_own_region_stays_if_none_was_exported() -> None:
    env = MINE | {"AWS_REGION": "mine"}
    env = after(env, use_keys(env, "dev", KEYS, {}))
    assert after(env, env_unset(env)) == MINE | {"AWS_REGION": "mine"}


def test_a_prompt_shows_no_profile_that_is_not_in_use_any_more() -> None:
    started_with = {SHOWN_PROFILE: "dev"}
    for change in (use_profile(started_with, "ops"), use_nothing(started_with), env_unset(started_with)):
        assert SHOWN_PROFILE in change.removed
    assert SHOWN_PROFILE not in use_profile({}, "ops").removed


def test_its_repr_shows_no_secret() -> None:
    assert "secret" not in repr(use_keys({}, "dev", KEYS, REGIONS))
