"""Traces of other tools in the AWS files are recognized, and nothing else is mistaken for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.doctor.other_tools import OtherTool, other_tools, traces_in_environment, traces_in_files
from tests.support.awsfiles.profiles import load

KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = verysecret\n"
TEMPORARY = (
    "aws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = verysecret\naws_session_token = verysecret\n"
)
AWS_MFA = f"{TEMPORARY}aws_security_token = verysecret\nassumed_role = False\nexpiration = 2026-11-24 11:55:42\n"
DEVICE = "arn:aws:iam::111122223333:mfa/ana"


def found(config: str = "", credentials: str = "", *, only: str = "") -> dict[str, list[str]]:
    aws = load(config, credentials)
    lines = traces_in_files(aws, [only] if only else aws.names)
    assert "verysecret" not in str(lines)
    return lines


def changes(config: str = "", credentials: str = "") -> dict[str, str]:
    aws = load(config, credentials)
    return {other.tool: other.change for other in other_tools(aws, aws.names, [traces_in_files(aws, aws.names)])}


@pytest.mark.parametrize(
    ("process", "tool"),
    [
        ("aws-vault export --format=json --no-session dev", "aws-vault"),
        ("/opt/homebrew/bin/aws-vault --backend=file exec dev --json", "aws-vault"),
        ('"C:\\\\Program Files\\\\aws-vault.exe" export --format=json dev', "aws-vault"),
        ("env AWS_VAULT_BACKEND=pass aws-vault exec --json dev", "aws-vault"),
        ("granted credential-process --profile=dev", "Granted"),
        ("dgranted credential-process --auto-login --profile dev", "Granted"),
        ("/usr/local/bin/granted credential-process --profile dev", "Granted"),
        ("leapp session generate 0a1b", "Leapp"),
    ],
)
def test_processes_of_other_tools(process: str, tool: str) -> None:
    assert found(f"[profile dev]\ncredential_process = {process}\n") == {
        tool: ["'dev' gets its credentials from it (credential_process)"]
    }


@pytest.mark.parametrize(
    "process",
    [
        "mfa-tui credential-process dev",
        "my-aws-vault-replacement export dev",
        "fetch --profile granted",
        "sh -c 'exec get-keys'",
        "ungranted credential-process",
    ],
)
def test_processes_of_unknown_tools(process: str) -> None:
    assert found(f"[profile dev]\ncredential_process = {process}\n") == {}


def test_aws_vaults_own_settings() -> None:
    config = "[profile dev]\nmfa_process = pass otp aws\ninclude_profile = common\n"
    assert found(config) == {"aws-vault": ["'dev' has mfa_process", "'dev' has include_profile"]}
    assert "code_command" in changes(config)["aws-vault"]
    assert "Only aws-vault reads include_profile" in changes(config)["aws-vault"]
    assert "include_profile" not in changes("[profile dev]\nmfa_process = x\n")["aws-vault"]


def test_granteds_own_settings() -> None:
    config = "[profile dev]\ngranted_sso_account_id = 1\n[granted_registry_start team]\n[granted_registry_end team]\n"
    assert found(config) == {"Granted": ["'dev' has granted_sso_account_id", "profiles of its registry 'team'"]}


def test_awsumes_sessions() -> None:
    session = f"manager = awsume\n{TEMPORARY}expiration = 2026-11-24 11:55:42\n"
    lines = found("", f"[prod]\n{session}[autoawsume-prod]\n{session}autoawsume = true\n")
    # No time: it is that of a place which the file does not tell.
    assert lines == {"awsume": ["[prod] holds a session", "[autoawsume-prod] holds a session, which autoawsume renews"]}


def test_the_setup_of_aws_mfa() -> None:
    credentials = f"[x-long-term]\n{KEYS}aws_mfa_device = {DEVICE}\n[x]\n{AWS_MFA}"
    assert found("", credentials) == {
        "aws-mfa": [
            f"[x-long-term] holds long-term keys, of the device {DEVICE}; sessions go to [x]",
            "[x] holds a session, until 2026-11-24T11:55:42Z",
        ]
    }
    assert "assume_role" not in changes("", credentials)["aws-mfa"]


def test_aws_mfas_roles() -> None:
    credentials = (
        f"[x-long-term]\n{KEYS}assume_role = arn:aws:iam::111122223333:role/r\n"
        f"[x]\n{AWS_MFA}assumed_role_arn = arn:aws:iam::111122223333:role/r\n"
    )
    assert "[x] holds a session of the role arn:aws:iam::111122223333:role/r" in found("", credentials)["aws-mfa"][1]
    change = changes("", credentials)["aws-mfa"]
    assert "assume_role is not followed" in change
    assert "login replaces it with the user's session" in change


def test_aws_mfas_other_suffixes() -> None:
    credentials = f"[x-keys]\n{KEYS}aws_mfa_device = {DEVICE}\n[x]\n{AWS_MFA}"
    assert found("", credentials)["aws-mfa"] == [
        "[x-keys] names its MFA device as aws_mfa_device",
        "[x] holds a session, until 2026-11-24T11:55:42Z",
    ]


def test_what_login_wrote_for_aws_mfas_profile_is_ours() -> None:
    lines = found("", f"[x-long-term]\n{KEYS}[x]\n{TEMPORARY}mfa_tui_source = x-long-term\n")
    assert lines == {"aws-mfa": ["[x-long-term] holds long-term keys; sessions go to [x]"]}


def test_sessions_of_aws_configure_mfa_login() -> None:
    config = f"[profile dev]\nmfa_serial = {DEVICE}\n[profile token]\nmfa_serial = GAHT12345678\n"
    keys = f"[dev]\n{KEYS}[token]\n{KEYS}"
    lines = found(
        config,
        f"{keys}[111122223333-ana]\n{TEMPORARY}[444455556666-bob]\n{TEMPORARY}[session-GAHT12345678]\n{TEMPORARY}"
        f"[session-other]\n{TEMPORARY}",
    )
    assert lines == {
        "aws configure mfa-login": [
            "[111122223333-ana] holds a session of the MFA device of 'dev'",
            "[444455556666-bob] holds a session",
            "[session-GAHT12345678] holds a session of the MFA device of 'token'",
        ]
    }


def test_only_the_named_profiles_count() -> None:
    assert found("", f"[a-long-term]\n{KEYS}[b-long-term]\n{KEYS}", only="a-long-term") == {
        "aws-mfa": ["[a-long-term] holds long-term keys; sessions go to [a]"]
    }


def test_shells_of_other_tools() -> None:
    assert traces_in_environment({"AWS_VAULT": "dev", "AWSUME_PROFILE": "", "HOME": "/"}) == {
        "aws-vault": ["this shell has credentials from it, of 'dev' (AWS_VAULT)"]
    }


def test_traces_in_several_places_are_reported_once() -> None:
    aws = load()
    parts = [{"awsume": ["one"]}, {"awsume": ["two"], "Leapp": ["three"]}]
    first, second = other_tools(aws, aws.names, parts)
    assert isinstance(first, OtherTool)
    assert (first.tool, first.found, second.found) == ("awsume", ("one", "two"), ("three",))


NAME = st.text(st.characters(exclude_characters="[]\r\n", codec="utf-8"), min_size=1).filter(str.strip)


@given(NAME, st.text(st.characters(exclude_characters="\r\n", codec="utf-8")))
def test_any_name_and_value(name: str, value: str) -> None:
    """Any text in the files is reported without characters that a terminal obeys, or not at all."""
    section = (
        f"[{name}]\ncredential_process = aws-vault exec {value}\ngranted_x = {value}\nassumed_role_arn = {value}\n"
    )
    for lines in found("", f"{section}{TEMPORARY}assumed_role = True\n").values():
        assert all(map(str.isprintable, lines))
