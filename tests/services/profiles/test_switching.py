"""What ``mfa-tui use NAME`` switches to."""

from functools import partial

import pytest

from mfa_tui.core.shells.switching import PREVIOUS
from mfa_tui.errors import MfaTuiError
from mfa_tui.services.profiles.resolve import ResolvedProfile, resolve_with_scope
from mfa_tui.services.profiles.switching import choose_profile
from tests.support.awsfiles.profiles import KEYS, ROLE, TEMPORARY, load


def resolver() -> "partial[tuple[ResolvedProfile, str]]":
    config = (
        f"[profile r]\n{ROLE}source_profile = dev\n[profile broken]\n{ROLE}source_profile = gone\n"
        "[profile sso]\nsso_session = x\n[profile process]\ncredential_process = true\n"
        f"[profile web]\n{ROLE}web_identity_token_file = /t\n[profile empty]\nregion = eu-west-1\n"
        f"[profile machine]\n{ROLE}credential_source = Ec2InstanceMetadata\n"
    )
    aws = load(config, f"[dev]\n{KEYS}[temporary]\n{TEMPORARY}")
    return partial(resolve_with_scope, aws, env={}, pattern="{profile}-mfa", scopes=())


@pytest.mark.parametrize("name", ["dev", "r", "sso", "process", "web", "machine", "temporary"])
def test_profiles_that_can_be_used(name: str) -> None:
    assert choose_profile(resolver(), name, {})[0].profile.name == name


@pytest.mark.parametrize("name", ["broken", "empty", "nobody"])
def test_profiles_that_cannot(name: str) -> None:
    with pytest.raises(MfaTuiError):
        choose_profile(resolver(), name, {})


def test_back_to_the_previous_one() -> None:
    assert choose_profile(resolver(), "-", {PREVIOUS: "sso"})[0].profile.name == "sso"
    with pytest.raises(MfaTuiError) as caught:
        choose_profile(resolver(), "-", {})
    assert caught.value.slug == "no-previous"


def test_back_to_a_profile_with_a_scope() -> None:
    resolved, scope = choose_profile(resolver(), "-", {PREVIOUS: "dev-read-only"})
    assert (resolved.profile.name, scope) == ("dev", "read-only")


@pytest.mark.parametrize("name", ["sso", "process", "machine", "temporary"])
def test_a_profile_that_mfa_tui_cannot_limit_is_not_used_with_a_scope(name: str) -> None:
    with pytest.raises(MfaTuiError):
        choose_profile(resolver(), name, {}, "read-only")
