"""Files that a user names, to read a secret from or to write one to."""

import os
from pathlib import Path

import pytest

from mfa_tui.adapters.filesystem import system_calls, user_files
from mfa_tui.adapters.filesystem.system_calls import sync
from mfa_tui.adapters.filesystem.user_files import check_new_file, read_user_file, write_new_file
from mfa_tui.errors import FileProblem
from tests.fire.secretkeeping import cannot_link, cannot_rename


def slug_of_reading(path: str) -> str:
    with pytest.raises(FileProblem) as problem:
        read_user_file(path, 10)
    assert 2 <= len(problem.value.lines()) <= 3
    return problem.value.slug


def test_a_file_up_to_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")
    assert read_user_file(str(tmp_path / "file"), 10) == b"0123456789"
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
        write_new_file(str(tmp_path / "new"), b"secret")
    finally:
        os.umask(before)
    assert (tmp_path / "new").read_bytes() == b"secret"
    if os.name == "posix":
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


@pytest.fixture(params=["rename", "link", "neither"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How a file can get a name that must be free."""
    if request.param != "rename":
        monkeypatch.setattr(system_calls, "_rename", cannot_rename)
    if request.param == "neither":
        monkeypatch.setattr(os, "link", cannot_link)
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_a_name_that_is_taken_at_the_last_moment_stays_its_owner_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken_meanwhile(handle: int) -> None:
        sync(handle)
        (tmp_path / "new").write_bytes(b"another's")

    monkeypatch.setattr(user_files, "sync", taken_meanwhile)
    with pytest.raises(FileProblem) as problem:
        write_new_file(str(tmp_path / "new"), b"secret")
    assert problem.value.slug == "given-exists"
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("new", b"another's")]


@pytest.mark.usefixtures("way")
def test_what_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for failure in (OSError(28, "No space left on device"), KeyboardInterrupt()):

        def fail(_: int, failure: BaseException = failure) -> None:
            raise failure

        monkeypatch.setattr(user_files, "sync", fail)
        with pytest.raises((FileProblem, KeyboardInterrupt)):
            write_new_file(str(tmp_path / "new"), b"secret")
        assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("way")
def test_a_name_as_long_as_can_be(tmp_path: Path) -> None:
    write_new_file(str(tmp_path / ("n" * 255)), b"secret")
    assert [path.name for path in tmp_path.iterdir()] == ["n" * 255]
    for name in ("n" * 256, "a\0b"):
        with pytest.raises(FileProblem) as problem:
            write_new_file(str(tmp_path / name), b"secret")
        assert problem.value.slug == "given-unwritable"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.usefixtures("way")
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
            write_new_file(str(tmp_path / name), b"secret")
        assert problem.value.slug == slug
    assert (tmp_path / "there").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "there"]


def test_a_file_that_exists_is_never_advised_to_be_removed(tmp_path: Path) -> None:
    """It may be the user's credentials file."""
    path = tmp_path / "credentials"
    path.write_text("[dev]\n")
    with pytest.raises(FileProblem) as problem:
        check_new_file(str(path))
    assert problem.value.remedy == "Choose another name."
