"""What keeps a profile from logging in: which profile and place a problem names, and what to do."""

import pytest

from mfa_tui.core.problems.finding import Finding
from mfa_tui.core.profiles.login_problems import login_problem, login_problems, serial_owner, serial_problem
from mfa_tui.core.profiles.profile import read_profile
from tests.support.profiles import KEYS, ROLE, load

DEV = f"[dev]\n{KEYS}"


def first(config: str, credentials: str = "", name: str = "dev", env: dict[str, str] | None = None) -> Finding | None:
    aws = load(config, credentials)
    return login_problem(aws, read_profile(aws, name), env)


def known(finding: Finding | None) -> Finding:
    assert finding is not None
    return finding


@pytest.mark.parametrize(
    ("lines", "line", "remedy"),
    [
        ("  one\n", 3, "Remove line 3, or put a # at the start."),
        ("  one\n  two\n", 3, "Remove lines 3 to 4, or put a # at the start."),
        ("\n# comment\n  one\n\n  two\n", 5, "Remove lines 5 to 7, or put a # at the start."),
    ],
)
def test_a_value_that_continues_names_the_lines(lines: str, line: int, remedy: str) -> None:
    found = known(first(f"[profile dev]\nregion = eu-west-1\n{lines}", DEV, env={}))
    assert found.code == "value-continued"
    assert found.why.startswith(f"Line {line} is indented")
    assert found.remedy == remedy


@pytest.mark.parametrize(
    ("config", "profile", "line", "remedy"),
    [
        (f"[profile dev]\n{ROLE}", "dev", 2, "Add source_profile to 'dev': the profile whose"),
        (f"[profile dev]\n{ROLE}source_profile = mid\n[profile mid]\n{ROLE}", "dev", 5, "Add source_profile to 'mid'"),
        (
            f"[profile dev]\n{ROLE}source_profile = bose\n[profile base]\n{KEYS}", "dev", 3,
            "Add a profile 'bose', or correct source_profile in 'dev'. Did you mean 'base'?",
        ),
        (f"[profile dev]\n{ROLE}source_profile = dev\n", "dev", 3, "Name the profile with access keys as its"),
        (f"[profile dev]\n{ROLE}include_profile = x\n", "dev", 2, "Only aws-vault reads include_profile: copy"),
    ],
)  # fmt: skip
def test_a_broken_chain_is_reported_where_it_breaks(config: str, profile: str, line: int, remedy: str) -> None:
    found = known(first(config))
    assert (found.code, found.profile) == ("profile-broken", profile)
    assert found.place is not None
    assert found.place.line == line
    assert found.remedy.startswith(remedy)


def test_a_problem_of_a_source_names_the_source() -> None:
    config = f"[profile dev]\n{ROLE}source_profile = base\n[profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n"
    found = known(first(config))
    assert (found.code, found.profile) == ("profile-broken", "base")
    assert found.remedy.startswith("Add aws_secret_access_key to [base]")


def test_keys_in_two_files_are_not_combined() -> None:
    found = known(
        first("[profile dev]\naws_secret_access_key = s\n", "[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n")
    )
    assert found.remedy == "Put both into one file."


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_region_in_the_environment_overrides_the_profiles(variable: str) -> None:
    bad = "[profile dev]\nregion = eu west\n"
    assert first(bad, DEV) is None
    assert known(first(bad, DEV, env={})).code == "value-malformed"
    assert first(bad, DEV, env={variable: "eu-west-1"}) is None
    found = known(first("", DEV, env={variable: "eu west"}))
    assert (found.code, found.profile) == ("env-region", "")


def test_a_region_matters_only_to_a_profile_that_can_log_in() -> None:
    assert first("[profile dev]\nsso_session = s\n[sso-session s]\n", env={"AWS_REGION": "eu west"}) is None


def test_credentials_from_elsewhere_are_not_a_problem_of_the_settings() -> None:
    aws = load("[profile dev]\ncredential_process = x\nregion = eu west\n")
    assert list(login_problems(aws, read_profile(aws, "dev"), with_region=True)) == []
    aws = load(
        "[profile dev]\ncredential_process = x\nregion = eu west\nmfa_serial = arn:aws:iam::111122223333:mfa/a\n"
    )
    assert [found.code for found in login_problems(aws, read_profile(aws, "dev"), with_region=True)] == [
        "value-malformed"
    ]


def test_whose_serial_it_is() -> None:
    aws = load(
        f"[profile dev]\n{ROLE}source_profile = base\n[profile base]\n{KEYS}mfa_serial = arn:aws:iam::1:user/a\n"
    )
    profile = read_profile(aws, "dev")
    assert serial_owner(aws, profile) == "base"
    found = known(serial_problem(aws, profile))
    assert (found.code, found.profile) == ("serial-malformed", "base")
    assert "the ARN of a user" in found.what
    bare = load("", DEV)
    assert serial_owner(bare, read_profile(bare, "dev")) == "dev"
    assert serial_problem(bare, read_profile(bare, "dev")) is None
