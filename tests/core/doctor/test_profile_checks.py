"""Problems of profiles, with their places and remedies."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from mfa_tui.core.doctor.profile_checks import check_profiles
from mfa_tui.core.doctor.section_header_checks import check_headers
from mfa_tui.core.problems.finding import Finding, Severity
from tests.support.awsfiles.profiles import load
from tests.support.runner.examples import generated

KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = verysecretverysecretverysecretverysecret\n"
OTHER_KEYS = (
    "aws_access_key_id = AKIAOTHEROTHEROTHERO\naws_secret_access_key = verysecretverysecretverysecretverysecret\n"
)
TEMPORARY = f"{KEYS.replace('AKIA', 'ASIA')}aws_session_token = token\n"
SERIAL = "mfa_serial = arn:aws:iam::111122223333:mfa/ana\n"
ROLE = "role_arn = arn:aws:iam::444455556666:role/admin\n"
NOW = 1_800_000_000
PAST, FUTURE = "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"


def check(config: str = "", credentials: str = "", *, active: str = "", only: str = "") -> list[Finding]:
    aws = load(config, credentials)
    names = [only] if only else aws.names
    found = list(check_profiles(aws, names, "{profile}-mfa", now=NOW, active=active))
    assert "verysecret" not in str(found)
    assert "token = " not in str(found)
    return found


def codes(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.code, finding.severity, finding.profile) for finding in found]


def test_a_good_setup() -> None:
    session = f"{TEMPORARY}x_security_token_expires = {FUTURE}\nmfa_tui_source = dev\n"
    assert (
        check(
            f"[default]\nregion = x\n[profile dev]\n{SERIAL}[profile prod]\n{ROLE}source_profile = dev\n"
            "[profile corp]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n"
            "[sso-session corp]\nsso_start_url = https://x\nsso_region = x\n"
            "[profile other]\ncredential_process = /bin/true\n",
            f"[dev]\n{KEYS}[dev-mfa]\n{session}",
        )
        == []
    )


@pytest.mark.parametrize(
    ("config", "credentials", "what", "remedy"),
    [
        (
            "",
            "[dev]\naws_access_key_id = AKIADEV\n",
            "aws_secret_access_key is missing",
            "Add aws_secret_access_key to [dev]; if it is lost, create a new access key.",
        ),
        (
            f"[profile dev]\n{ROLE}",
            "",
            "source_profile is missing",
            "Add source_profile to 'dev': the profile whose credentials may assume the role.",
        ),
        (
            f"[profile dev]\n{ROLE}include_profile = common\n",
            "",
            "source_profile is missing",
            "Only aws-vault reads include_profile: copy the settings of 'common' into 'dev'.",
        ),
        (
            f"[profile dev]\n{ROLE}source_profile = prdo\n[profile prod]\nregion = x\n",
            "",
            "source 'prdo' is missing",
            "Add a profile 'prdo', or correct source_profile in 'dev'. Did you mean 'prod'?",
        ),
        (
            f"[profile dev]\n{ROLE}source_profile = other\n[profile other]\n{ROLE}source_profile = dev\n",
            "",
            "form a loop",
            "Correct source_profile in 'other': the chain must end at a profile with credentials.",
        ),
        (
            f"[profile dev]\n{ROLE}source_profile = dev\n",
            "",
            "form a loop",
            "Name the profile with access keys as its source_profile, or add the keys: aws configure --profile dev",
        ),
        (
            f"[profile dev]\n{ROLE}source_profile = base\n[profile base]\n{SERIAL}",
            "",
            "source 'base' has no credentials",
            "Add access keys to 'base': aws configure --profile base",
        ),
        (
            f"[profile a]\n{ROLE}source_profile = b\n[profile dev]\n{ROLE}source_profile = a\nduration_seconds=7200\n",
            f"[b]\n{SERIAL}{KEYS}",
            "that role chaining allows",
            "Correct that in 'dev', or name another source_profile.",
        ),
        (
            "[profile dev]\nrole_arn = nonsense\nsource_profile = base\n",
            f"[base]\n{SERIAL}{KEYS}",
            "role_arn is not the ARN of a role",
            "Set it to the ARN of a role (arn:aws:iam::123456789012:role/NAME).",
        ),
    ],
)
def test_a_broken_profile(config: str, credentials: str, what: str, remedy: str) -> None:
    finding = next(finding for finding in check(config, credentials) if finding.profile == "dev")
    assert (finding.code, finding.severity) == ("profile-broken", Severity.ERROR)
    assert what in finding.what
    assert finding.remedy == remedy


def test_a_role_with_the_machines_credentials_is_not_an_error() -> None:
    found = check(f"[profile dev]\n{ROLE}credential_source = Ec2InstanceMetadata\n")
    assert codes(found) == [("profile-broken", Severity.HINT, "dev")]


def test_profiles_whose_keys_are_elsewhere() -> None:
    found = check(f"[profile dev]\n{SERIAL}")
    assert codes(found) == [("profile-without-keys", Severity.WARNING, "dev")]
    assert found[0].remedy == "aws configure --profile dev"


@pytest.mark.parametrize(
    ("serial", "code", "severity"),
    [
        ("arn:aws:iam::111122223333:u2f/ana", "serial-fido", Severity.ERROR),
        ("arn:aws:iam::111122223333:sms-mfa/ana", "serial-sms", Severity.ERROR),
        ("arn:aws:iam::111122223333:user/ana", "serial-malformed", Severity.ERROR),
        ("", "serial-missing", Severity.HINT),
    ],
)
def test_serials(serial: str, code: str, severity: str) -> None:
    found = check(f"[profile dev]\nmfa_serial = {serial}\n[profile r]\n{ROLE}source_profile = dev\n", f"[dev]\n{KEYS}")
    # Reported once in its own profile, not for each role that inherits it.
    assert codes(found) == [(code, severity, "dev")]


@pytest.mark.parametrize(
    ("config", "credentials", "code"),
    [
        ("[profile dev-mfa]\nsso_session = corp\n", "", "target-ignored"),
        ("", f"[dev-mfa]\n{SERIAL}{OTHER_KEYS}", "target-long-term"),
        ("[profile dev-mfa]\n[profile dev]\nmfa_tui_target = a]b\n", "", "target-name"),
    ],
)
def test_targets_that_login_would_refuse(config: str, credentials: str, code: str) -> None:
    found = check(config, f"[dev]\n{SERIAL}{KEYS}{credentials}", only="dev")
    assert codes(found) == [(code, Severity.ERROR, "dev")]
    assert found[0].remedy == "Set mfa_tui_target = NAME in 'dev', or use --as NAME at login."


def test_a_target_that_login_would_ask_about() -> None:
    found = check("", f"[dev]\n{SERIAL}{KEYS}[dev-mfa]\n{TEMPORARY}")
    assert codes(found) == [("target-foreign", Severity.HINT, "dev")]
    assert "ASIA…MPLE" in found[0].what


def test_a_shared_target() -> None:
    found = check(
        "[profile a]\nmfa_tui_target = t\n[profile b]\nmfa_tui_target = t\n",
        f"[a]\n{SERIAL}{KEYS}[b]\n{SERIAL}{OTHER_KEYS}",
    )
    assert codes(found) == [("target-shared", Severity.WARNING, "a")]
    assert found[0].what == "'a' and 'b' have the same target, [t]."


def test_one_key_in_many_profiles() -> None:
    found = check("", "".join(f"[{name}]\n{SERIAL}{KEYS}" for name in ("a", "b", "c", "d", "e")))
    assert codes(found) == [("keys-shared", Severity.HINT, "a")]
    assert found[0].what == "'a', 'b', 'c' and 2 more have the same access key (AKIA…MPLE)."
    assert check("", f"[a]\n{SERIAL}{KEYS}[b]\n{SERIAL}{KEYS}[c]\n{SERIAL}{OTHER_KEYS}", only="c") == []


def test_one_key_in_both_files() -> None:
    found = check(f"[profile dev]\n{SERIAL}{KEYS}", f"[dev]\n{KEYS}")
    assert found[0].what == "Both files have, in 'dev', the same access key (AKIA…MPLE)."


@pytest.mark.parametrize(("active", "severity"), [("", Severity.HINT), ("dev-mfa", Severity.WARNING)])
def test_an_expired_session(active: str, severity: str) -> None:
    session = f"[dev-mfa]\n{TEMPORARY}x_security_token_expires = {PAST}\nmfa_tui_source = dev\n"
    found = check("", f"[dev]\n{SERIAL}{KEYS}{session}", active=active)
    assert codes(found) == [("session-ended", severity, "dev-mfa")]
    assert found[0].remedy == "mfa-tui login dev"


def test_a_session_whose_source_is_gone() -> None:
    found = check("", f"[x-mfa]\n{TEMPORARY}x_security_token_expires = {FUTURE}\nmfa_tui_source = x y\n")
    assert codes(found) == [("source-missing", Severity.WARNING, "x-mfa")]
    assert found[0].remedy == "Add 'x y' again, or remove the session: mfa-tui logout x-mfa"


def test_an_older_token_that_takes_precedence() -> None:
    found = check("", f"[t]\n{TEMPORARY}aws_security_token = old\n")
    assert codes(found) == [("token-old", Severity.ERROR, "t")]
    assert check("", f"[t]\n{TEMPORARY}aws_security_token = token\n") == []


def test_processes_that_ask_for_each_other() -> None:
    process = "credential_process = mfa-tui credential-process"
    found = check(f"[profile a]\n{process} b\n[profile b]\n{process} a\n[profile c]\n{process} gone\n")
    assert codes(found)[:3] == [
        ("process-loop", Severity.ERROR, "a"),
        ("process-loop", Severity.ERROR, "b"),
        ("source-missing", Severity.ERROR, "c"),
    ]
    assert found[0].why == "'a' → 'b' → 'a'."


@pytest.mark.parametrize(
    ("config", "credentials", "remedies"),
    [
        ("[dev]\nregion = x\n", "", ["Write it as [profile dev]"]),
        (
            "[dev]\nregion = x\n[profile dev]\nregion = y\n",
            "",
            ["Move its lines to [profile dev], which is read, and remove it."],
        ),
        ("[profile ]\nregion = x\n", "", ["Name it: [profile NAME]"]),
        ("[profile]\nregion = x\n", "", ["Name it: [profile NAME]"]),
        ("[profile a b]\nregion = x\n", "", ['Write it as [profile "a b"]']),
        ("", f"[profile dev]\n{KEYS}", ["Write it as [dev]"]),
        (
            "[default]\nregion = x\n[sso-session corp]\nsso_region = x\n[services s]\nsts =\n  endpoint_url = x\n",
            "",
            [],
        ),
        (
            "[plugins]\ncli_legacy_plugin_path = /x\n[granted_registry_start team]\n[granted_registry_end team]\n",
            "",
            [],
        ),
        (
            "[profile dev]\nregion = x\n[profile 'dev']\nregion = y\n",
            f"[dev]\n{KEYS}",
            ["Move the lines of [profile dev] to [profile 'dev'], and remove [profile dev]."],
        ),
        (
            "[default]\nregion = x\n[profile default]\nregion = y\n",
            "",
            ["Move the lines of [default] to [profile default], and remove [default]."],
        ),
        ('[profile "open]\nregion = x\n', "", ["Write it as [profile open]"]),
        ('[profile ""]\nregion = x\n', "", ["Name it: [profile NAME]"]),
        ("[ profile dev]\nregion = x\n", "", ["Write it as [profile dev]"]),
        ("[profiledev]\nregion = x\n", "", ["Write it as [profile dev]"]),
        ("[Profile dev]\nregion = x\n", "", ["Write it as [profile dev]"]),
        ("[profile dev] # the [old] one\nregion = x\n", "", ["Write it as [profile dev]"]),
        ("[ default]\nregion = x\n", "", ["Write it as [default]"]),
        ("[DEFAULT]\nregion = x\n", "", ["Write it as [default]"]),
        (
            "[DEFAULT]\nregion = x\n[default]\noutput = json\n",
            "",
            ["Move its lines to [default], and remove [DEFAULT]."],
        ),
        ("", f"[ dev ]\n{KEYS}", ["Write it as [dev]"]),
        ("", f'["dev"]\n{KEYS}', ["Write it as [dev]"]),
        ("", f"[dev] # [old]\n{KEYS}", ["Write it as [dev]"]),
        ("", f'[profile "dev"]\n{KEYS}', ["Write it as [dev]"]),
    ],
)
def test_headers_that_make_no_profile(config: str, credentials: str, remedies: list[str]) -> None:
    found = list(check_headers(load(config, credentials)))
    assert [finding.remedy for finding in found] == remedies
    assert all(finding.place is not None and finding.place.line for finding in found)


def test_messages_show_headers_without_control_characters() -> None:
    found = list(
        check_headers(load("[\x1b[0m]\nregion = x\n[profile a \x1b]\nregion = x\n", f"[profile \x1b]\n{KEYS}"))
    )
    assert len(found) == 3
    assert "\x1b" not in "".join(finding.what + finding.remedy for finding in found)


def test_messages_show_names_without_control_characters() -> None:
    loop = f"[profile \x1b[0m]\n{ROLE}source_profile = \x1b[0m\n"
    found = check(loop, f"[\x1b[31mred]\n{KEYS}[\x1b]0;x\x07]\naws_access_key_id = AKIA\n")
    assert {finding.code for finding in found} == {"profile-broken", "serial-missing", "target-name"}
    assert "\x1b" not in "".join(finding.what + finding.why + finding.remedy for finding in found)


SSO = "[sso-session corp]\nsso_start_url = https://x\nsso_region = eu-west-1\n"


@pytest.mark.parametrize(
    ("config", "credentials", "said"),
    [
        (
            "[profile dev]\nsource_profile = base\n",
            f"[dev]\n{SERIAL}{KEYS}[base]\n{SERIAL}{OTHER_KEYS}",
            ("source-ignored", Severity.WARNING, 2, "Delete the source_profile line, or add role_arn."),
        ),
        (
            f"[profile dev]\nsso_session = crop\nsso_account_id = 1\nsso_role_name = r\n{SSO}",
            "",
            (
                "sso-session-missing",
                Severity.ERROR,
                2,
                "Add that section (aws configure sso-session). Did you mean 'corp'?",
            ),
        ),
        (
            "[profile dev]\nsso_session = corp\n[sso-session corp]\nsso_region = eu-west-1\n",
            "",
            ("sso-session-incomplete", Severity.ERROR, 2, "Add sso_start_url to [sso-session corp]."),
        ),
        (
            f"[profile dev]\n{ROLE}credential_source = ec2instancemetadata\n",
            "",
            ("credential-source-unknown", Severity.ERROR, 3, "Write it as credential_source = Ec2InstanceMetadata"),
        ),
        (
            f"[profile dev]\n{ROLE}credential_source = IMDS\n",
            "",
            ("credential-source-unknown", Severity.ERROR, 3, "Set it to one of these, or use source_profile instead."),
        ),
        (
            "",
            f"[dev]\n{KEYS.replace('AKIA', 'ASIA')}",
            (
                "token-missing",
                Severity.ERROR,
                2,
                "Replace both keys with long-term ones (AKIA…): aws configure --profile dev",
            ),
        ),
        (
            f"[DEFAULT]\nregion = eu-west-1 # all\n[profile dev]\n{SERIAL}",
            f"[dev]\n{KEYS}",
            ("value-comment", Severity.ERROR, 2, "Write it as region = eu-west-1"),
        ),
    ],
)
def test_what_else_is_wrong_with_a_profile(config: str, credentials: str, said: tuple[str, str, int, str]) -> None:
    (found,) = [finding for finding in check(config, credentials) if finding.profile == "dev"]
    assert found.place is not None
    assert (found.code, found.severity, found.place.line, found.remedy) == said


SETTINGS = {
    "region": ("eu-central-1", "eu-central", ""),
    "output": ("json",),
    "aws_access_key_id": ("AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE", ""),
    "aws_secret_access_key": ("s" * 40, "s" * 39, ""),
    "aws_session_token": ("token",),
    "mfa_serial": (
        "arn:aws:iam::111122223333:mfa/ana", "arn:aws:iam::111122223333:mfa/a na",
        "arn:aws:iam::111122223333:u2f/ana/x", "arn:aws:iam::111122223333:user/ana",
        f"arn:aws:iam::111122223333:mfa/{'a' * 300}",
        "GAHT12345678", "x", "",
    ),
    "aws_mfa_device": ("arn:aws:iam::111122223333:mfa/ana",),
    "source_profile": ("ops", "gone"),
    "credential_process": ("tool",),
    "mfa_tui_target": ("ops", "DEFAULT"),
    "mfa_tui_source": ("ops", "gone"),
    "expiration": ("2020-01-01 00:00:00",),
}  # fmt: skip
"""Values of each key, the first being good."""
SECTIONS = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in SETTINGS.items()})
PATTERNS = st.sampled_from(("{profile}-mfa", "{profile}", "ops", "{profile}]", "DEFAULT", " {profile}"))


@generated(100, 5000)
@given(SECTIONS, SECTIONS, PATTERNS)
def test_a_profile_that_is_passed_over_has_no_problem(
    config: dict[str, str], keys: dict[str, str], pattern: str
) -> None:
    sections = ["".join(f"{key} = {value}\n" for key, value in values.items()) for values in (config, keys)]
    aws = load(f"[profile dev]\n{sections[0]}[profile ops]\nregion = eu-west-1\n", f"[dev]\n{sections[1]}")
    quick = [finding.code for finding in check_profiles(aws, aws.names, pattern, now=0.0, active="dev")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mfa_tui.core.doctor.profile_checks._is_usual", lambda *_: False)
        whole = [finding.code for finding in check_profiles(aws, aws.names, pattern, now=0.0, active="dev")]
    assert quick == whole


def test_a_profile_as_most_have_it_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    serial = "mfa_serial = arn:aws:iam::111122223333:mfa/ana\n"
    keys = f"aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {'s' * 40}\n"
    aws = load(f"[profile dev]\nregion = eu-west-1\n{serial}", f"[dev]\n{keys}")
    monkeypatch.setattr("mfa_tui.core.doctor.profile_checks.settings_problems", None)
    assert list(check_profiles(aws, aws.names, "{profile}-mfa", now=0.0, active="")) == []
