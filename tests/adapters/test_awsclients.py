"""Sessions of botocore in a program that runs for hours, while the AWS files change."""

import os
from pathlib import Path

import pytest

from mfa_tui.adapters.aws import Aws
from mfa_tui.adapters.clock import Clock
from mfa_tui.adapters.control import Control
from mfa_tui.adapters.paths import Paths


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
        assert aws.credentials_of("base", "session base", Control()).access_key_id == key_id
