"""Of which sessions it is noted that a name means them, and what is noted; without reading a note again."""

from typing import Any

import pytest

from mfa_tui.models import Session
from mfa_tui.services.scopes.find_scope import find_scope
from mfa_tui.services.sessions import shortcut
from tests.support.homes.bench import DEV, KEY, ROLES, SERIAL, Bench, role_session, session

OTHER = f"{SERIAL}-other"


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was noted."""
    notes: list[dict[str, Any]] = []
    monkeypatch.setattr(shortcut, "save_shortcut", lambda _, name, **about: notes.append({"name": name, **about}))
    return notes


def note(bench: Bench, of: Session, name: str | None = "dev", option: str = "") -> dict[str, str]:
    return shortcut.write_shortcut(bench.context, name, of, option)


def test_what_is_noted(bench: Bench, noted: list[dict[str, Any]]) -> None:
    own = session(duration=3_600)
    variables = note(bench, own)
    assert variables["AWS_REGION"] == "eu-west-1"
    (found,) = noted
    assert found.pop("files")
    assert found == {
        "name": "dev", "session": own.name, "renew_below": 900, "margin": 900, "profile": "dev", "option": "",
        "variables": variables, "scope": "", "policy_file": "",
    }  # fmt: skip
    note(bench, session(duration=1_000))
    assert (noted[1]["renew_below"], noted[1]["margin"]) == (750, 250)
    # Without a name nothing is noted, but the variables are found.
    bench.env["AWS_PROFILE"] = "dev"
    bench.renew()
    assert note(bench, own, None) == variables
    assert len(noted) == 2


@pytest.mark.parametrize(
    ("of", "known"),
    [
        (session(), True),
        (session(serial=OTHER), False),
        (session(serial=""), False),
        (session(key="AKIAOTHEROTHEROTHER1"), False),
        (session(roles=("arn:aws:iam::444455556666:role/admin",)), False),
    ],
)
def test_whose_session_it_is(bench: Bench, noted: list[dict[str, Any]], of: Session, *, known: bool) -> None:
    note(bench, of)
    assert len(noted) == known


def test_a_profile_without_a_device_means_any(bench: Bench, noted: list[dict[str, Any]]) -> None:
    bench.write("", DEV.replace(f"mfa_serial = {SERIAL}\n", ""))
    note(bench, session(serial=OTHER))
    assert len(noted) == 1


def test_sessions_of_roles(bench: Bench, noted: list[dict[str, Any]]) -> None:
    bench.write(ROLES)
    note(bench, role_session(bench.profile("admin")), "admin")
    assert [each["profile"] for each in noted] == ["admin"]
    note(bench, role_session(bench.profile("audit"), first=1), "audit")
    note(bench, session(), "admin")
    assert len(noted) == 1


def test_keys_of_the_environment_are_not_noted(bench: Bench, noted: list[dict[str, Any]]) -> None:
    bench.env |= {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": "s"}
    bench.write("[profile r]\nrole_arn = arn:aws:iam::444455556666:role/r\ncredential_source = Environment\n")
    profile = bench.profile("r")
    note(bench, role_session(profile), "r")
    assert noted == []


def test_limited_sessions(bench: Bench, noted: list[dict[str, Any]]) -> None:
    bench.set('[scopes.ci]\nservices = ["s3"]\n[scopes.odd]\nservices = ["ec2"]\n')
    parent = bench.keep(session())
    limited = session(scope=find_scope(bench.context, "ci").session_scope(parent.access_key_id))
    note(bench, limited, option="ci")
    assert [(each["scope"], each["option"], each["policy_file"]) for each in noted] == [("ci", "ci", "")]
    # Another scope, none, one that is unknown, or one of another parent.
    note(bench, limited, option="odd")
    note(bench, limited, option="unknown")
    note(bench, limited)
    note(bench, parent, option="ci")
    note(bench, session(scope=find_scope(bench.context, "ci").session_scope("ASIAOTHER")), option="ci")
    assert len(noted) == 1
    # A target that is limited says it by itself.
    bench.write("[profile dev-ci]\nmfa_tui_source = dev\nmfa_tui_scope = ci\n")
    note(bench, limited, "dev-ci")
    assert (noted[1]["scope"], noted[1]["option"], noted[1]["profile"]) == ("ci", "", "dev")
    bench.context.cache.forget(parent, bench.cancel)
    note(bench, limited, "dev-ci")
    assert len(noted) == 2


def test_the_file_of_a_policy_counts(bench: Bench, noted: list[dict[str, Any]]) -> None:
    bench.set('[scopes.own]\npolicy = "own.json"\n')
    file = bench.path / ".config/mfa-tui/own.json"
    file.write_text('{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}')
    parent = bench.keep(session())
    note(bench, session(scope=find_scope(bench.context, "own").session_scope(parent.access_key_id)), option="own")
    assert [each["policy_file"] for each in noted] == [str(file)]


@pytest.mark.parametrize(
    ("settings", "known"),
    [
        ("timeout = 5\n", True),
        ("margin = 60\n", False),
        ('target_pattern = "x-{profile}"\n', False),
        ('[scopes.ci]\nservices = ["s3"]\n', False),
        ("margin = -1\n", False),
        ("margin", False),
    ],
)
def test_settings_that_have_changed(
    bench: Bench, noted: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, settings: str, *, known: bool
) -> None:
    bench.renew()
    file = bench.path / ".config/mfa-tui/config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(settings)
    monkeypatch.setattr(shortcut, "is_settled", lambda *_: True)
    note(bench, session())
    assert len(noted) == known
