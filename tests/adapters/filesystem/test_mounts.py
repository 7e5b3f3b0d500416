"""What is mounted where, in the words of the Linux kernel."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from mfa_tui.adapters.filesystem.mounts import mounts

if TYPE_CHECKING:
    import pytest


def test_mounts_are_read_with_their_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    told = (
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        "36 22 0:33 /sub /mnt/with\\040blank\\134040 rw - fuse.sshfs host:/x rw\n"
    )
    monkeypatch.setattr("builtins.open", lambda *_arguments, **_options: io.StringIO(told))
    assert mounts() == [("8:1", "/", "ext4"), ("0:33", "/mnt/with blank\\040", "fuse.sshfs")]


def test_where_the_system_does_not_tell_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.open", lambda *_arguments, **_options: io.StringIO("22 1\n"))
    assert mounts() == []
