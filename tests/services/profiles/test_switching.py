"""What ``mfa-tui use NAME`` switches to."""

from functools import partial

import pytest

from mfa_tui.core.shells.switching import PREVIOUS
from mfa_tui.errors import MfaTuiError
from mfa_tui.services.profiles.resolve import ResolvedProfile, resolve
from mfa_tui.services.profiles.switching import choose_profile
from tests.support.profiles import KEYS, ROLE, TEMPORARY, load


def resolver() -> "partial[ResolvedProfile]":
    config = (
        f"[profile r]\n{ROLE}source_profile = dev\n[profile broken]\n{ROLE}source_profile = gone\n"
        "[profile sso]\nsso_session = x\n[profile process]\ncredential_process = true\n"
        f"[profile web]\n{ROLE}web_identity_token_file = /t\n[profile empty]\nregion = eu-west-1\n"
        f"[profile machine]\n{ROLE}credential_source = Ec2InstanceMetadata\n"
    )
    aws = load(config, f"[dev]\n{KEYS}[temporary]\n{TEMPORARY}")
    return partial(resolve, aws, env={}, pattern="{profile}-mfa")


@pytest.mark.parametrize("name", ["dev", "r", "sso", "process", "web", "machine", "temporary"])
def test_profiles_that_can_be_used(name: str) -> None:
    assert choose_profile(resolver(), name, {}).profile.name == name


@pytest.mark.parametrize("name", ["broken", "empty", "nobody"])
def test_profiles_that_cannot(name: str) -> None:
    with pytest.raises(MfaTuiError):
        choose_profile(resolver(), name, {})


def test_back_to_the_previous_one() -> None:
    assert choose_profile(resolver(), "-", {PREVIOUS: "sso"}).profile.name == "sso"
    with pytest.raises(MfaTuiError) as caught:
        choose_profile(resolver(), "-", {})
    assert caught.value.slug == "no-previous"
