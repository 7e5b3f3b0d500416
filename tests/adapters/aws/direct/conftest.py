"""A profile whose AWS is whatever a test puts in its place."""

from pathlib import Path

import pytest

from tests.support.aws.two_ways import choose


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, aws_data_read_once: None) -> Path:  # noqa: ARG001 - needed
    """The config file, with the profile ``dev``."""
    path = tmp_path / "config"
    path.write_text("[profile dev]\nregion = eu-central-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    # A pause between two attempts is as long as chance says.
    monkeypatch.setattr("random.random", lambda: 0.01)
    return path


@pytest.fixture(params=["direct", "botocore"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Without botocore, or with it."""
    choose(request.param, monkeypatch)
    return str(request.param)
