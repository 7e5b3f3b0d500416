"""Files that a user names, to read a secret from or to write one to."""

import os
from pathlib import Path

import pytest

from mfa_tui.adapters.givenfiles import read_given, write_new
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


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_new(str(tmp_path / "new"), b"secret")
    finally:
        os.umask(before)
    assert (tmp_path / "new").read_bytes() == b"secret"
    if os.name == "posix":
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name, slug in (
        ("there", "given-exists"),
        ("link", "given-exists"),
        ("none/new", "given-unwritable"),
        ("", "given-exists"),
    ):
        with pytest.raises(FileProblem) as problem:
            write_new(str(tmp_path / name), b"secret")
        assert problem.value.slug == slug
    assert (tmp_path / "there").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "there"]
