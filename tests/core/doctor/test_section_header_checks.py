"""Headers that do not make the profile that was meant, and why."""

import pytest

from mfa_tui.core.doctor.section_header_checks import check_headers, header_for, intended_profile
from tests.support.awsfiles.profiles import KEYS, load


@pytest.mark.parametrize(
    ("header", "reason", "remedy"),
    [
        ("dev", "In the config file, a profile's header is", "Write it as [profile dev]"),
        (" profile dev", "It has a space before its first word.", "Write it as [profile dev]"),
        ("Profile dev", "The word profile must be in lower case.", "Write it as [profile dev]"),
        ("profiledev", "It has no space after the word profile.", "Write it as [profile dev]"),
        ("profile a b", "A name of several words must be in quotes.", 'Write it as [profile "a b"]'),
        ('profile "dev', "Its quote is not closed.", "Write it as [profile dev]"),
        ('Profile "a b"', "The word profile must be in lower case.", 'Write it as [profile "a b"]'),
        ("dev] # my [own", "A header goes up to the last bracket of its line", "Write it as [profile dev]"),
        ("profile", "It has no name.", "Name it: [profile NAME]"),
        ("Default", "In the config file, a profile's header is", "Write it as [profile Default]"),
    ],
)
def test_a_config_header_that_makes_no_profile(header: str, reason: str, remedy: str) -> None:
    (found,) = check_headers(load(f"[{header}]\nregion = eu-west-1\n"))
    assert found.code == "header-config"
    assert found.why.startswith(reason)
    assert found.remedy == remedy
    assert found.place is not None
    assert found.place.line == 1


@pytest.mark.parametrize(
    ("header", "reason", "better"),
    [
        ("profile dev", "The word profile belongs to the config file only.", "dev"),
        ('profile "a b"', "The word profile belongs to the config file only.", "a b"),
        ('"dev"', "In the credentials file, quotes are part of the name.", "dev"),
        ("dev ", "Spaces at either end are part of the name.", "dev"),
        ("dev] # [own", "A header goes up to the last bracket of its line", "dev"),
    ],
)
def test_a_credentials_header_that_makes_another_profile(header: str, reason: str, better: str) -> None:
    (found,) = check_headers(load("", f"[{header}]\n{KEYS}"))
    assert (found.code, found.profile) == ("header-credentials", header)
    assert found.why.startswith(reason)
    assert found.remedy == f"Write it as [{better}]"


@pytest.mark.parametrize(
    "config",
    [
        "[profile dev]\nregion = x\n", "[default]\nregion = x\n", "[sso-session dev]\nsso_session = x\n",
        "[services dev]\nendpoint_url = x\n", "[plugins]\nregion = x\n", "[dev]\nunknown = 1\n",
    ],
)  # fmt: skip
def test_headers_that_are_right(config: str) -> None:
    assert list(check_headers(load(config, f"[dev]\n{KEYS}"))) == []


def test_two_sections_of_one_profile() -> None:
    config = "[profile dev]\nregion = x\n[profile 'dev']\nregion = y\n"
    (found,) = check_headers(load(config))
    assert (found.code, found.profile) == ("header-twice", "dev")
    assert found.place is not None
    assert found.place.line == 1
    assert list(check_headers(load(config), ["ops"])) == []
    assert len(list(check_headers(load(config), ["dev"]))) == 1


@pytest.mark.parametrize(
    ("own", "remedy"), [("", "Write it as [default]"), ("[default]\n", "Move its lines to [default]")]
)
def test_keys_for_all_profiles(own: str, remedy: str) -> None:
    (found,) = check_headers(load(f"[DEFAULT]\nregion = x\noutput = json\n{own}"), [])
    assert found.code == "header-for-all"
    assert found.what == "[DEFAULT] gives region and output to every profile."
    assert found.remedy.startswith(remedy)


def test_a_header_for_a_message() -> None:
    assert [header_for(name) for name in ("default", "dev", "a b")] == ["default", "profile dev", 'profile "a b"']
    assert [intended_profile(header) for header in ("profile", "PROFILE x", "x")] == ["", "x", "x"]
