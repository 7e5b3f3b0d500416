"""Profiles, compared with botocore's own choice of a credential provider."""

from pathlib import Path

import botocore.session
import hypothesis.strategies as st
import pytest
from botocore.credentials import Credentials
from hypothesis import given

from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.profiles.login_problems import near_name
from mfa_tui.core.profiles.profile import Profile, read_profile
from tests.support.awsfiles.profiles import KEYS, ROLE, TEMPORARY, load
from tests.support.runner.examples import generated
from tests.support.runner.thoroughness import examples

SSO = "sso_start_url = https://x.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 777788889999\n"


def dev(config: str = "", credentials: str = "") -> Profile:
    return read_profile(load(config, credentials), "dev")


@pytest.mark.parametrize(
    ("config", "credentials", "kind"),
    [
        ("", f"[dev]\n{KEYS}", Kind.ACCESS_KEYS),
        (f"[profile dev]\n{KEYS}", "", Kind.ACCESS_KEYS),
        (f"[profile dev]\n{ROLE}source_profile = a\n[profile a]\n{KEYS}", "", Kind.ROLE),
        (f"[profile dev]\n{ROLE}source_profile = dev\n", f"[dev]\n{KEYS}", Kind.ROLE),
        (
            f"[profile dev]\n{ROLE}source_profile = a\n[profile a]\n{ROLE}source_profile = b\n",
            f"[b]\n{KEYS}",
            Kind.ROLE_CHAIN,
        ),
        # A source with keys of its own is the end of the chain, though it has a role too.
        (
            f"[profile dev]\n{ROLE}source_profile = a\n[profile a]\n{ROLE}source_profile = b\n",
            f"[a]\n{KEYS}",
            Kind.ROLE,
        ),
        (f"[profile dev]\n{ROLE}web_identity_token_file = /t\n", f"[dev]\n{KEYS}", Kind.WEB_IDENTITY),
        # A source's role is not assumed once more if it comes from a web identity.
        (
            f"[profile dev]\n{ROLE}source_profile = a\n[profile a]\n{ROLE}web_identity_token_file = /t\n",
            "",
            Kind.ROLE,
        ),
        (f"[profile dev]\n{SSO}sso_role_name = r\n", f"[dev]\n{KEYS}", Kind.SSO),
        ("[profile dev]\nsso_session = s\n", "", Kind.SSO),
        ("[profile dev]\ncredential_process = x\n", "", Kind.CREDENTIAL_PROCESS),
        (f"[profile dev]\ncredential_process = x\n{KEYS}", "", Kind.CREDENTIAL_PROCESS),
        ("[profile dev]\ncredential_process = x\n", f"[dev]\n{KEYS}", Kind.ACCESS_KEYS),
        ("[profile dev]\nlogin_session = arn:x\n", "", Kind.AWS_LOGIN),
        ("", f"[dev]\n{TEMPORARY}", Kind.SESSION),
        ("", f"[dev]\n{TEMPORARY}mfa_tui_source = ana\n", Kind.MFA_TUI_SESSION),
        ("", f"[dev]\n{TEMPORARY}[dev-long-term]\n{KEYS}", Kind.AWS_MFA_SESSION),
        ("[profile dev]\nregion = eu-west-1\n", "", Kind.NO_CREDENTIALS),
    ],
)
def test_kinds(config: str, credentials: str, kind: str) -> None:
    assert dev(config, credentials).kind == kind


def test_a_session_of_the_aws_cli_is_recognized_by_its_name() -> None:
    aws = load(credentials=f"[111122223333-ana]\n{TEMPORARY}")
    assert read_profile(aws, "111122223333-ana").kind == Kind.AWS_CLI_SESSION


def test_a_role_of_the_machine_is_for_the_sdks() -> None:
    profile = dev(f"[profile dev]\n{ROLE}credential_source = Environment\n")
    assert (profile.kind, profile.can_log_in) == (Kind.CREDENTIAL_SOURCE, False)
    assert profile.problem == "its credentials come from Environment"


@pytest.mark.parametrize(
    ("config", "credentials", "words"),
    [
        (f"[profile dev]\n{ROLE}", "", "source_profile is missing"),
        (f"[profile dev]\n{ROLE}source_profile = x\n", "", "source 'x' is missing"),
        (f"[profile dev]\n{ROLE}source_profile = dev\n", "", "dev → dev"),
        (
            f"[profile dev]\n{ROLE}source_profile = a\n[profile a]\n{ROLE}source_profile = dev\n",
            "",
            "dev → a → dev",
        ),
        ("", "[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n", "aws_secret_access_key is missing"),
        ("", "", "there is no profile 'dev'"),
    ],
)
def test_a_broken_profile_says_why(config: str, credentials: str, words: str) -> None:
    profile = dev(config, credentials)
    assert profile.kind == Kind.BROKEN
    assert not profile.can_log_in
    assert words in profile.problem


def test_a_role_takes_serial_from_its_source_and_account_from_its_arn() -> None:
    serial = "arn:aws:iam::111122223333:mfa/ana"
    profile = dev(f"[profile dev]\n{ROLE}source_profile = a\n[profile a]\nmfa_serial = {serial}\n", f"[a]\n{KEYS}")
    assert profile.serial is not None
    assert profile.serial.text == serial
    assert profile.account == "444455556666"
    assert profile.chain == ("dev", "a")


def test_aws_mfas_name_for_the_serial_counts() -> None:
    profile = dev("", f"[dev]\n{KEYS}aws_mfa_device = arn:aws:iam::111122223333:mfa/ana\n")
    assert profile.serial is not None
    assert profile.account == "111122223333"


def test_a_role_profile_with_a_long_term_source_is_not_a_session() -> None:
    aws = load(f"[profile dev]\n{ROLE}source_profile = dev-long-term\n", f"[dev-long-term]\n{KEYS}")
    assert aws.source_of_target("dev") is None
    assert read_profile(aws, "dev").kind == Kind.ROLE


def test_thousands_of_profiles_in_one_chain_are_followed() -> None:
    # Python's calls go a thousand deep.
    last = examples(10_000, short=3_000)
    config = "".join(f"[profile p{n}]\n{ROLE}source_profile = p{n + 1}\n" for n in range(last))
    profile = read_profile(load(config, f"[p{last}]\n{KEYS}"), "p0")
    assert profile.kind == Kind.ROLE_CHAIN
    assert profile.chain[-1] == f"p{last}"


@pytest.mark.parametrize(
    ("config", "credentials"),
    [
        (f"[profile dev]\n{KEYS}", f"[dev]\n{TEMPORARY}"),
        (f"[profile dev]\n{TEMPORARY}", f"[dev]\n{KEYS}"),
        ("[profile dev]\ncredential_process = false\n", f"[dev]\n{KEYS}"),
        (f"[profile 'dev']\n{KEYS}", ""),
        (f'[profile "dev"]\naws_access_key_id: AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY = {"s" * 9}\n', ""),
        (f"[DEFAULT]\n{KEYS}[profile dev]\nregion = x\n", ""),
        ("[profile dev]\nregion = x\n", f"[DEFAULT]\n{KEYS}[dev]\n"),
    ],
)
def test_the_keys_are_those_that_botocore_takes(
    config: str, credentials: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text(config)
    (tmp_path / "credentials").write_text(credentials)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    chosen = botocore.session.Session(profile="dev").get_credentials()
    assert isinstance(chosen, Credentials)
    profile = dev(config, credentials)
    if chosen.token:
        assert profile.kind == Kind.SESSION
    else:
        assert profile.keys is not None
        assert profile.keys.access_key_id == chosen.access_key
        assert profile.keys.secret_access_key.reveal() == chosen.secret_key


def test_credentials_from_different_places_have_different_ids() -> None:
    """The name of the source alone does not: another file, or a later one, may have it from another place."""

    def credential_id(source: str, rest: str = "", credentials: str = "") -> str:
        return dev(f"[profile dev]\n{ROLE}source_profile = s\n[profile s]\n{source}{rest}", credentials).credential_id

    sign_in = "[sso-session corp]\nsso_start_url = https://{0}.awsapps.com/start\nsso_region = us-east-1\n"
    account = "sso_session = corp\nsso_account_id = 777788889999\nsso_role_name = r\n"
    found = [
        credential_id("credential_process = ana\n"),
        credential_id("credential_process = bob\n"),
        credential_id(account, sign_in.format("one")),
        credential_id(account, sign_in.format("two")),
        credential_id(account.replace("= r", "= other"), sign_in.format("one")),
        credential_id("", credentials=f"[s]\n{TEMPORARY}"),
        credential_id("", credentials=f"[s]\n{TEMPORARY.replace('ASIAI', 'ASIAJ')}"),
    ]
    assert len(set(found)) == len(found)
    assert credential_id("credential_process = ana\nregion = eu-west-1\n") == found[0]


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        (f"[profile dev]\n{ROLE}", "source_profile is missing"),
        (
            f"[profile dev]\n{ROLE}source_profile = mid\n[profile mid]\n{ROLE}",
            "source 'mid': source_profile is missing",
        ),
        (f"[profile dev]\n{ROLE}source_profile = gone\n", "source 'gone' is missing"),
        (f"[profile dev]\n{ROLE}source_profile = mid\n[profile mid]\nregion = x\n", "source 'mid' has no credentials"),
        (f"[profile dev]\n{ROLE}duration_seconds = 1\nsource_profile = mid\n", "duration_seconds is not a number"),
        (
            f"[profile dev]\n{ROLE}source_profile = mid\n[profile mid]\n{ROLE}external_id = ü\n",
            "source 'mid': external_id is not",
        ),
        (
            f"[profile dev]\n{ROLE}source_profile = mid\n[profile mid]\naws_access_key_id = AKIAX\n",
            "source 'mid': aws_secret_access_key is missing",
        ),
        (
            f"[profile dev]\n{ROLE}source_profile = mid\n[profile mid]\n{ROLE}source_profile = dev\n",
            "its sources form a loop: dev → mid → dev",
        ),
    ],
)
def test_a_broken_chain_names_the_profile_that_breaks_it(config: str, problem: str) -> None:
    profile = dev(config)
    assert profile.kind == Kind.BROKEN
    assert profile.problem.startswith(problem)


@pytest.mark.parametrize(("seconds", "kind"), [(3600, Kind.ROLE_CHAIN), (3601, Kind.BROKEN)])
def test_a_chain_of_roles_has_one_hour(seconds: int, kind: str) -> None:
    role = f"[profile dev]\n{ROLE}duration_seconds = {seconds}\nsource_profile = mid\n"
    profile = dev(f"{role}[profile mid]\n{ROLE}duration_seconds = 7200\nsource_profile = base\n", f"[base]\n{KEYS}")
    assert profile.kind == kind
    assert [role.duration for role in profile.roles] == [3600, seconds]


@pytest.mark.parametrize(("seconds", "direct"), [(3600, False), (3601, True)])
def test_a_long_role_session_needs_long_term_keys(seconds: int, *, direct: bool) -> None:
    profile = dev(f"[profile dev]\n{ROLE}duration_seconds = {seconds}\nsource_profile = base\n", f"[base]\n{KEYS}")
    assert profile.needs_direct_assume is direct


@pytest.mark.parametrize(("serial", "takes_codes"), [("", False), ("mfa_serial = arn:aws:iam::1:mfa/a\n", True)])
def test_a_role_with_keys_of_a_process_needs_codes_only_with_a_serial(serial: str, *, takes_codes: bool) -> None:
    profile = dev(f"[profile dev]\n{ROLE}{serial}source_profile = base\n[profile base]\ncredential_process = x\n")
    assert profile.has_user
    assert profile.takes_codes is takes_codes
    assert dev("[profile dev]\ncredential_process = x\n").takes_codes


def test_a_misspelled_name_is_compared_with_few() -> None:
    names = tuple(f"p{number}" for number in range(199))
    assert near_name("develop", (*names, "develops")) == "develops"
    assert near_name("develop", (*names, "other", "develops")) == ""
    assert near_name("develop", ("unlike",)) == ""


VALUES = {
    "region": ("eu-west-1", "a b", ""),
    "mfa_serial": ("arn:aws:iam::111122223333:mfa/ana", "arn:aws-cn:iam::111122223333:mfa/p/ana.b", "GAHT12345678", ""),
    "aws_mfa_device": ("arn:aws:iam::111122223333:mfa/bob",),
    "aws_access_key_id": ("AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE", "AKIAXXXX", ""),
    "aws_secret_access_key": ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "a b", ""),
    "aws_session_token": ("token", ""),
    "role_arn": ("arn:aws:iam::111122223333:role/admin", "arn:aws:iam::111122223333:role/a/b_c-d", ""),
    "source_profile": ("ops", "ops", "dev", "dev-long-term", "gone"),
    "duration_seconds": ("7200", "60"),
    "mfa_tui_scope": ("read",),
    "sso_account_id": ("111122223333",),
    "sso_role_name": ("admin",),
    "mfa_tui_source": ("ops",),
    "credential_process": ("/bin/keys",),
    "web_identity_token_file": ("/token",),
}
SECTIONS = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in VALUES.items()})
OF_SOURCE = (
    "", "region = a b\n", "mfa_serial = arn:aws:iam::111122223333:mfa/ana\n", "mfa_tui_source = dev\n",
    "mfa_tui_scope = read\n", "role_arn = arn:aws:iam::111122223333:role/r\nsource_profile = dev\n",
)  # fmt: skip


@generated(150, 5000)
@given(SECTIONS, SECTIONS, st.sampled_from(("dev", "dev-long-term", "ops-long-term")), st.sampled_from(OF_SOURCE))
def test_usual_profiles_are_read_as_all_others(
    config: dict[str, str], keys: dict[str, str], name: str, of_source: str
) -> None:
    section, own = ("".join(f"{key} = {value}\n" for key, value in values.items()) for values in (config, keys))
    texts = f"[profile {name}]\n{section}[profile ops]\n{of_source}", f"[{name}]\n{own}[ops]\n{KEYS}"
    usual = read_profile(load(*texts), name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mfa_tui.core.profiles.profile.has_usual_keys", lambda *_: False)
        patch.setattr("mfa_tui.core.profiles.profile.has_usual_role", lambda *_: False)
        one_by_one = read_profile(load(*texts), name)
    assert _facts(usual) == _facts(one_by_one)


def _facts(profile: Profile) -> dict[str, object]:
    """All that is known of a profile."""
    facts = {slot: getattr(profile, slot) for slot in Profile.__slots__ if slot not in ("_keys", "_section", "usual")}
    keys, serial = profile.keys, profile.serial
    facts["keys"] = keys and (keys.access_key_id, keys.secret_access_key.reveal())
    facts["serial"] = serial and (serial.text, serial.partition, serial.account, serial.name, serial.kind)
    facts["roles"] = [role.identity for role in profile.roles]
    return {**facts, "access_key_id": profile.access_key_id}
