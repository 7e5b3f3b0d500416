"""Sessions of botocore in a program that runs for hours, while the AWS files change."""

import os
from pathlib import Path

import botocore.session
import pytest
from botocore.exceptions import UnknownServiceError

from mfa_tui.adapters.aws.clients import Clients
from mfa_tui.adapters.aws.parsed_session import full_config
from mfa_tui.adapters.aws.sts import Aws
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from tests.support.awsfiles.shapes import Shape, pairs
from tests.support.runner.thoroughness import sample


def test_credentials_that_another_program_renewed_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = tmp_path / "credentials"
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    aws = Aws(Clock(), Paths(os.environ))
    for key_id in ("ASIAFIRST", "ASIASECOND"):
        credentials.write_text(
            f"[base]\naws_access_key_id = {key_id}\naws_secret_access_key = s\naws_session_token = t\n"
        )
        assert aws.load_profile_credentials("base", "session base", CancelScope()).access_key_id == key_id


def test_botocore_would_read_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    sections = (
        b"[services s]\nsts =\n  endpoint_url = x\n[sso-session c]\nsso_region = y\n[plugins]\nx = y\n[profile a b]\n"
    )
    for shape in [*sample(pairs(), short=40), Shape("other sections", sections, b"[default]\nregion = x\n")]:
        (tmp_path / "config").write_bytes(shape.config)
        (tmp_path / "credentials").write_bytes(shape.credentials)
        config, credentials = Document.parse(shape.config, "config"), Document.parse(shape.credentials, "credentials")
        theirs = botocore.session.Session().full_config
        # Nothing can ask for a profile that has no name.
        theirs["profiles"].pop("", None)
        ours = full_config(AwsConfig(config, credentials))
        # Where there is no file at all, there are no other sections either.
        assert ours == {"services": {}, "sso_sessions": {}, **theirs}, shape.name


def test_a_client_opens_the_data_of_its_own_service_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Botocore has a directory for each of 400 services, and lists them all before it loads one."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    listed: list[str] = []
    listdir = os.listdir

    def list_and_note(path: str = ".") -> list[str]:
        listed.append(path)
        return listdir(path)

    monkeypatch.setattr(os, "listdir", list_and_note)
    session = Clients(Clock(), Paths(os.environ), 10, watch=lambda _client: None).session("default")
    session.create_client("sts", aws_access_key_id="AKIAEXAMPLE", aws_secret_access_key="s")
    assert "sts" in session.get_available_services()
    services = {Path(path).name for path in listed if Path(path).parent.name == "data"}
    # None at all where the tests have the data already.
    assert services <= {"sts"}
    with pytest.raises(UnknownServiceError):
        session.create_client("no-such-service")
