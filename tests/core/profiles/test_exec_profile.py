"""A credentials endpoint along with AWS files that have credentials: what botocore uses."""

from pathlib import Path

import botocore.session
import pytest
from botocore.credentials import ContainerProvider, RefreshableCredentials

from mfa_tui.core.awsfiles.awsconfig import AwsConfig, gives_credentials
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.profiles.exec_profile import with_empty_profile
from mfa_tui.errors import ConfigError

KEYS = "aws_access_key_id = AKIADEFAULT\naws_secret_access_key = long-term-secret\n"
SOURCE = "[profile dev]\nregion = eu-central-1\ns3 =\n  addressing_style = path\nmfa_serial = arn:aws:iam::1:mfa/a\n"


def files(config: str, credentials: str = "") -> AwsConfig:
    return AwsConfig(Document.parse(config.encode(), "config"), Document.parse(credentials.encode(), "credentials"))


@pytest.mark.parametrize(
    ("config", "credentials", "given"),
    [
        ("", "", False),
        ("[default]\nregion = eu-central-1\noutput = json\n", "", False),
        ("[profile dev]\n" + KEYS, "[dev]\n" + KEYS, False),
        ("", "[default]\n" + KEYS, True),
        ("[default]\n" + KEYS, "", True),
        ("[profile default]\ncredential_process = x\n", "", True),
        ("[default]\nrole_arn = x\nsource_profile = dev\n", "", True),
        ("[default]\nsso_session = x\nsso_account_id = 1\n", "", True),
        ("[default]\nweb_identity_token_file = x\n", "", True),
        ("[default]\nlogin_session = x\n", "", True),
    ],
)
def test_profiles_that_would_hide_the_endpoint(config: str, credentials: str, given: bool) -> None:
    assert gives_credentials(files(config, credentials).merged("default")) is given


@pytest.mark.parametrize(
    ("config", "credentials"),
    [
        (SOURCE, f"[default]\n{KEYS}[dev]\n{KEYS}"),
        (f"[default]\n{KEYS}\n{SOURCE}", ""),
        (f"[profile dev]\n{KEYS}\n[default]\ncredential_process = false\n", ""),
        ("", f"[default]\n{KEYS}[dev]\n{KEYS}"),
        (f"[profile mfa-tui-exec]\n{KEYS}{SOURCE}", f"[default]\n{KEYS}[mfa-tui-exec-]\n{KEYS}"),
        (f"[DEFAULT]\noutput = text\naws_session_token = x\n{SOURCE}", f"[default]\n{KEYS}"),
        (f"[default]\naws_access_key_id = AKIA\naws_secret_access_key =\n  a=long-term-secret\n{SOURCE}", ""),
    ],
)
def test_botocore_asks_the_endpoint_with_the_empty_profile(
    config: str, credentials: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, bare = with_empty_profile(files(config, credentials), "dev")
    (tmp_path / "config").write_bytes(bare.render())
    (tmp_path / "credentials").write_text(credentials)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_PROFILE", name)
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/")
    asked: list[str] = []

    def load(_: ContainerProvider) -> RefreshableCredentials | None:
        asked.append("endpoint")
        return None

    monkeypatch.setattr(ContainerProvider, "load", load)
    session = botocore.session.Session()
    assert session.get_credentials() is None
    assert asked == ["endpoint"]
    if config == SOURCE:
        assert session.get_scoped_config()["s3"] == {"addressing_style": "path"}
        assert session.get_config_variable("region") == "eu-central-1"
    assert "long-term-secret" not in bare.render().decode()
    before = {profile for profile in botocore.session.Session().full_config["profiles"] if profile != name}
    assert before == set(files(config, credentials).names)


def test_keys_that_leak_into_every_profile_are_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        with_empty_profile(files(f"[DEFAULT]\n{KEYS}\n{SOURCE}\n[default]\nregion = x\n"), "dev")
    assert caught.value.slug == "default-outranks"
    assert "[DEFAULT]" in caught.value.why
