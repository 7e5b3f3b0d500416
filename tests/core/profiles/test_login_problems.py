"""What keeps a profile from logging in: which profile and place a problem names, and what to do."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from mfa_tui.core.problems.finding import Finding
from mfa_tui.core.profiles.login_problems import (
    login_problem,
    login_problems,
    near_name,
    serial_owner,
    serial_problem,
    settings_problems,
)
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.profiles.usual_settings import has_usual_settings
from tests.support.awsfiles.profiles import KEYS, ROLE, load
from tests.support.runner.examples import generated

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


@pytest.mark.parametrize(
    ("lines", "code", "place", "shortened"),
    [
        ("aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\naws_session_token = t\n",
         "token-unneeded", "aws_session_token", "AKIA…MPLE"),
        ("aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\naws_security_token = t\n",
         "token-unneeded", "aws_security_token", "AKIA…MPLE"),
        ("aws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n",
         "token-missing", "aws_access_key_id", "ASIA…MPLE"),
        ("aws_secret_access_key = s\n", "key-id-missing", "aws_secret_access_key", ""),
    ],
)  # fmt: skip
def test_keys_that_do_not_belong_together(lines: str, code: str, place: str, shortened: str) -> None:
    aws = load("", f"[dev]\n{lines}")
    (found,) = settings_problems(aws, "dev", with_region=True)
    assert (found.code, shortened in found.what + found.why) == (code, True)
    assert found.place is not None
    assert found.place.as_json()["line"] == lines.splitlines().index(f"{place} = {_value(lines, place)}") + 2


def _value(lines: str, key: str) -> str:
    return next(line.partition(" = ")[2] for line in lines.splitlines() if line.startswith(f"{key} "))


@pytest.mark.parametrize(
    ("config", "codes"),
    [
        ("role_arn =\nsource_profile = base\n", ["profile-broken"]),
        (f"{ROLE}source_profile = base\nmfa_serial =\nexternal_id =\n", []),
        (f"{ROLE}source_profile = base\ncredential_source = Environment\n", ["source-both"]),
        (f"{ROLE}credential_source = Environment\n", []),
        (f"{ROLE}credential_source = environment\n", ["credential-source-unknown"]),
        (f"{ROLE}credential_source = x\n", ["credential-source-unknown"]),
        (f"{ROLE}credential_source = x\nweb_identity_token_file = y\n", []),
        ("source_profile = base\n", ["role-missing"]),
        ("region = no where\n", ["value-malformed"]),
    ],
)
def test_settings_of_one_profile(config: str, codes: list[str]) -> None:
    aws = load(f"[profile dev]\n{config}[profile base]\n{KEYS}")
    assert [found.code for found in settings_problems(aws, "dev", with_region=True)] == codes
    without = [code for code in codes if code != "value-malformed"]
    assert [found.code for found in settings_problems(aws, "dev", with_region=False)] == without


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ("environment", "Write it as credential_source = Environment"),
        ("Ec2InstanceMetdata", "Write it as credential_source = Ec2InstanceMetadata"),
        ("xyzzy", "Set it to one of these, or use source_profile instead."),
    ],
)
def test_a_misspelled_credential_source(given: str, remedy: str) -> None:
    (found,) = settings_problems(load(f"[profile dev]\n{ROLE}credential_source = {given}\n"), "dev", with_region=True)
    assert found.remedy == remedy


@pytest.mark.parametrize(
    ("section", "code", "words"),
    [
        ("", "sso-session-missing", ""),
        ("[sso-session corq]\nsso_start_url = x\n", "sso-session-missing", " Did you mean 'corq'?"),
        ("[sso-session corp]\nsso_start_url = x\n", "sso-session-incomplete", "sso_region"),
        ("[sso-session 'corp']\n", "sso-session-incomplete", "sso_start_url and sso_region"),
        ("[sso-session corp]\nsso_start_url = x\nsso_region = eu-west-1\n", "", ""),
        ("[sso-session corp more]\nsso_start_url = x\n", "sso-session-missing", ""),
        ("[sso-sessions corp]\nsso_start_url = x\n", "sso-session-missing", ""),
    ],
)
def test_sections_that_a_profile_names(section: str, code: str, words: str) -> None:
    aws = load(f"[profile dev]\nsso_session = corp\n{section}")
    found = list(settings_problems(aws, "dev", with_region=True))
    assert [each.code for each in found] == ([code] if code else [])
    if code:
        assert words in f"{found[0].what} {found[0].why} {found[0].remedy}"


def test_services_that_a_profile_names() -> None:
    named = "[profile dev]\nservices = local\n"
    assert [each.code for each in settings_problems(load(named), "dev", with_region=True)] == ["services-missing"]
    assert list(settings_problems(load(f"{named}[services local]\n"), "dev", with_region=True)) == []


def test_a_serial_that_names_something_else() -> None:
    for serial, what in (
        ("arn:aws:iam::111122223333:user/ana", "The MFA serial in the profile 'dev' is the ARN of a user, not of an"),
        ("ana!", "The MFA serial in the profile 'dev' is "),
    ):
        aws = load("", f"{DEV}mfa_serial = {serial}\n")
        found = known(serial_problem(aws, read_profile(aws, "dev")))
        assert found.code == "serial-malformed"
        assert found.what.startswith(what)


def test_names_that_are_similar() -> None:
    assert near_name("bose", ("base", "x")) == "base"
    assert near_name("bose", ()) == near_name("bose", ("zzz",)) == ""
    many = ("base", *(f"p{number}" for number in range(199)))
    assert near_name("bose", many) == "base"
    assert near_name("bose", (*many, "one-more")) == ""


SETTINGS = {
    "region": ("eu-central-1", "eu-central", "", "EU"),
    "aws_access_key_id": ("AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE", "AKIAXXXXXXXXXXXXXXXX", ""),
    "aws_secret_access_key": ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "<secret>", ""),
    "aws_session_token": ("token", ""),
    "role_arn": ("arn:aws:iam::111122223333:role/admin", "arn:aws:iam::111122223333:user/ana", ""),
    "source_profile": ("dev", "ops", "gone", ""),
    "credential_source": ("Environment", "environment"),
    "duration_seconds": ("3600", "60"),
    "external_id": ("abc", "a"),
    "role_session_name": ("ana", "a"),
    "sso_session": ("corp",),
    "services": ("local",),
    "web_identity_token_file": ("/token",),
    "mfa_serial": ("arn:aws:iam::111122223333:mfa/ana",),
}
"""Values of each key, the first being good."""
SECTIONS = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in SETTINGS.items()})


@generated(100, 5000)
@given(SECTIONS, SECTIONS, st.booleans())
def test_settings_that_are_called_usual_have_no_problem(
    config: dict[str, str], keys: dict[str, str], with_region: bool
) -> None:
    section = "\n".join(f"{key} = {value}" for key, value in config.items())
    own = "\n".join(f"{key} = {value}" for key, value in keys.items())
    aws = load(f"[profile dev]\n{section}\n[profile ops]\nregion = eu-west-1\n", f"[dev]\n{own}\n")
    usual = has_usual_settings(aws, "dev", with_region=with_region)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mfa_tui.core.profiles.login_problems.has_usual_settings", lambda *_, **__: False)
        problems = list(settings_problems(aws, "dev", with_region=with_region))
    assert not (usual and problems), problems


def test_settings_as_most_have_them_are_called_usual() -> None:
    role = "role_arn = arn:aws:iam::111122223333:role/admin\nsource_profile = ops\nregion = eu-central-1\n"
    aws = load(f"[profile dev]\n{role}[profile ops]\nregion = eu-west-1\n", f"[ops]\n{KEYS}")
    assert [has_usual_settings(aws, name, with_region=True) for name in aws.names] == [True, True]
