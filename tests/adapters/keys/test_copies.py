"""Copies of a secret that nobody looks after."""

import os
from pathlib import Path

from mfa_tui.adapters.keys.copies import copies_beside, variables_with
from mfa_tui.models import AccessKeys, Secret

KEYS = AccessKeys("AKIAIOSFODNN7EXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
SECRET = KEYS.secret_access_key.reveal()


def test_files_beside(tmp_path: Path) -> None:
    own = tmp_path / "credentials"
    for path in (own, tmp_path / "credentials.bak", tmp_path / "credentials~"):
        path.write_text(f"[dev]\naws_secret_access_key = {SECRET}\n")
    (tmp_path / "config").write_text("region = x\n")
    (tmp_path / "large").write_text(SECRET + " " * (1 << 20))
    (tmp_path / "directory").mkdir()
    (tmp_path / "directory" / "deeper").write_text(SECRET)
    (tmp_path / "broken").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "pipe")
    directories = [str(tmp_path), str(tmp_path), str(tmp_path / "gone")]
    found = copies_beside(directories, {str(own)}, KEYS)
    assert found == [str(tmp_path / "credentials.bak"), str(tmp_path / "credentials~")]


def test_variables() -> None:
    env = {"AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SECRET_KEY": "other", "OTHER": SECRET}
    assert variables_with(env, KEYS) == ["AWS_SECRET_ACCESS_KEY"]
    assert variables_with({}, KEYS) == []
