"""Files that a user names, to read a secret from."""

import os
from pathlib import Path

import pytest

from mfa_tui.adapters.givenfiles import read_given
from mfa_tui.errors import FileProblem


def slug_of_reading(path: str) -> str:
    with pytest.raises(FileProblem) as problem:
        read_given(path, 10)
    assert 2 <= len(problem.value.lines()) <= 3
    return problem.value.slug


def test_a_file_up_to_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")
    assert read_given(str(tmp_path / "file"), 10) == b"0123456789"
    assert slug_of_reading(str(tmp_path / "none")) == "given-missing"
    assert slug_of_reading("\0") == "given-unreadable"
    (tmp_path / "file").write_bytes(b"01234567890")
    assert slug_of_reading(str(tmp_path / "file")) == "given-large"


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices are POSIX's")
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        assert slug_of_reading(str(path)) == "given-kind"
