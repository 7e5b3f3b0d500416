"""Problems in the environment, compared with what botocore does in the same environment."""

from collections.abc import Callable
from pathlib import Path

import botocore.session
import pytest

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.doctor.environment_checks import check_keys, check_profiles_named, check_proxies
from mfa_tui.core.problems.finding import Severity

NOW = 1_800_000_000
PAST, FUTURE = "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"
PAIR = {"AWS_ACCESS_KEY_ID": "AKIAENVENVENVENVENVE", "AWS_SECRET_ACCESS_KEY": "secret"}
SESSION = {"AWS_ACCESS_KEY_ID": "ASIAENVENVENVENVENVE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}
CREDENTIALS = "[dev]\naws_access_key_id = AKIADEV\naws_secret_access_key = s\n"
AWS = AwsConfig(Document.parse(b"", "config"), Document.parse(CREDENTIALS.encode(), "credentials"))

Botocore = Callable[[dict[str, str]], bool]


@pytest.fixture
def botocore_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Botocore:
    """Whether botocore finds credentials in an environment beside the AWS files."""
    (tmp_path / "credentials").write_text(CREDENTIALS)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))

    def works(env: dict[str, str]) -> bool:
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        try:
            credentials = botocore.session.Session().get_credentials()
            return credentials is not None and bool(credentials.get_frozen_credentials().access_key)
        except Exception:  # noqa: BLE001 - whatever it is that a user would meet
            return False

    return works


@pytest.mark.parametrize(
    ("env", "code"),
    [
        ({"AWS_ACCESS_KEY_ID": "AKIAENV"}, "env-keys-incomplete"),
        ({**SESSION, "AWS_CREDENTIAL_EXPIRATION": PAST}, "env-keys-ended"),
    ],
)
@pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")
def test_keys_that_make_botocore_fail(env: dict[str, str], code: str, botocore_works: Botocore) -> None:
    (finding,) = check_keys(env, NOW)
    assert (finding.code, finding.severity) == (code, Severity.ERROR)
    assert finding.remedy == f"unset {' '.join(env)}"
    assert not botocore_works({"AWS_PROFILE": "dev", **env})


def test_keys_that_we_exported_are_only_a_hint() -> None:
    (finding,) = check_keys({**SESSION, "MFA_TUI_EXPORTED": "AWS_REGION dev"}, NOW)
    assert (finding.code, finding.severity, finding.remedy) == ("env-keys", Severity.HINT, "mfa-tui use --unset")
    assert "'dev'" in finding.why


@pytest.mark.parametrize("env", [PAIR, SESSION, {**SESSION, "AWS_CREDENTIAL_EXPIRATION": FUTURE}])
def test_keys_that_override_every_profile(env: dict[str, str], botocore_works: Botocore) -> None:
    (finding,) = check_keys(env, NOW)
    assert (finding.code, finding.severity) == ("env-keys", Severity.WARNING)
    assert "secret" not in str(finding)
    assert "token" not in finding.what
    assert botocore_works({"AWS_DEFAULT_PROFILE": "dev", **env})


def test_a_session_without_its_token() -> None:
    env = {name: value for name, value in SESSION.items() if name != "AWS_SESSION_TOKEN"}
    assert [finding.code for finding in check_keys(env, NOW)] == ["env-token-missing"]


def test_two_tokens() -> None:
    codes = [finding.code for finding in check_keys({**SESSION, "AWS_SECURITY_TOKEN": "other"}, NOW)]
    assert codes == ["env-keys", "env-token-old"]
    assert [finding.code for finding in check_keys({**SESSION, "AWS_SECURITY_TOKEN": "token"}, NOW)] == ["env-keys"]


@pytest.mark.parametrize(
    ("variable", "tool"), [("AWS_VAULT", "aws-vault"), ("AWSUME_PROFILE", "awsume"), ("GRANTED_COMMAND", "Granted")]
)
def test_who_put_the_keys_there(variable: str, tool: str) -> None:
    (finding,) = check_keys({**PAIR, variable: "dev"}, NOW)
    assert finding.why.endswith(f"They seem to come from {tool}.")


@pytest.mark.parametrize("env", [{}, {"AWS_SECRET_ACCESS_KEY": "s"}, {"AWS_ACCESS_KEY_ID": ""}])
def test_no_keys(env: dict[str, str]) -> None:
    assert list(check_keys(env, NOW)) == []


@pytest.mark.parametrize(
    ("env", "codes"),
    [
        ({}, []),
        ({"AWS_PROFILE": "dev"}, []),
        ({"AWS_PROFILE": "dev", "AWS_DEFAULT_PROFILE": "dev"}, []),
        ({"AWS_PROFILE": ""}, ["env-profile-empty"]),
        ({"AWS_PROFILE": "nobody"}, ["env-profile-unknown"]),
        ({"AWS_DEFAULT_PROFILE": "nobody"}, ["env-profile-unknown"]),
        ({"AWS_PROFILE": "dev-mfa"}, ["env-profile-unwritten"]),
        ({"AWS_PROFILE": "dev", "AWS_DEFAULT_PROFILE": "nobody"}, ["env-profile-unknown", "env-profiles-differ"]),
    ],
)
def test_profiles_that_the_environment_names(env: dict[str, str], codes: list[str], botocore_works: Botocore) -> None:
    found = list(check_profiles_named(env, AWS, "{profile}-mfa", complete=True))
    assert [finding.code for finding in found] == codes
    assert botocore_works(env or {"AWS_PROFILE": "dev"}) == (not codes)


def test_a_profile_that_may_be_in_the_unreadable_file() -> None:
    assert list(check_profiles_named({"AWS_PROFILE": "nobody"}, AWS, "{profile}-mfa", complete=False)) == []


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("", ""),
        ("proxy", ""),
        ("http://ana:secret@proxy:8080", ""),
        ("https://proxy:65535/", ""),
        ("http://proxy:1", ""),
        ("http://proxy:65536", "Its port is not a number from 1 to 65535."),
        ("http://proxy:0", "Its port is not a number from 1 to 65535."),
        ("proxy:x", "Its port is not a number from 1 to 65535."),
        ("http://:8080", "It has no host name."),
        ("socks5://proxy", "It starts with neither http:// nor https://; the AWS SDK supports no other proxies."),
        ("'http://proxy", "It is in quotes, which are part of the value."),
        ('http://proxy"', "It is in quotes, which are part of the value."),
        ("http://my proxy", "It contains a space or an invisible character."),
        ("http://pro\u200bxy", "It contains a space or an invisible character."),
    ],
)
def test_addresses_of_proxies(value: str, why: str) -> None:
    for variable in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        assert [(found.code, found.why) for found in check_proxies({variable: value})] == (
            [("proxy-malformed", why)] if why else []
        )
    assert list(check_proxies({"http_proxy": value})) == []


@pytest.mark.parametrize(
    ("env", "codes"),
    [
        (SESSION, ["env-keys"]),
        ({**SESSION, "AWS_SECURITY_TOKEN": "token"}, ["env-keys"]),
        ({**SESSION, "AWS_SECURITY_TOKEN": "older"}, ["env-keys", "env-token-old"]),
        ({**PAIR, "AWS_SECURITY_TOKEN": "older"}, ["env-token-unneeded"]),
        ({**PAIR, "AWS_SESSION_TOKEN": "token"}, ["env-token-unneeded"]),
        ({**SESSION, "AWS_SESSION_TOKEN": ""}, ["env-token-missing"]),
        ({**SESSION, "AWS_SECRET_ACCESS_KEY": "'secret'"}, ["env-keys-malformed"]),
        ({**SESSION, "AWS_CREDENTIAL_EXPIRATION": FUTURE}, ["env-keys"]),
        ({**SESSION, "AWS_CREDENTIAL_EXPIRATION": FUTURE, "AWS_SESSION_EXPIRATION": PAST}, ["env-keys-ended"]),
        ({"AWS_SECRET_ACCESS_KEY": "secret"}, []),
    ],
)
def test_credentials_of_the_environment(env: dict[str, str], codes: list[str]) -> None:
    assert [found.code for found in check_keys(env, NOW)] == codes


def test_they_have_expired_at_the_very_moment() -> None:
    env = {**SESSION, "AWS_CREDENTIAL_EXPIRATION": "2027-01-15T08:00:00Z"}
    assert [found.code for now in (NOW - 1, NOW) for found in check_keys(env, now)] == ["env-keys", "env-keys-ended"]
