"""Other programs that write the credentials in place, replace them, or are stopped halfway, while login is at work.

Afterwards all that is the user's is there, the other program's change and the session too; or login has written
nothing, has said so, and has kept the session.
"""

import os
import time
from typing import Any

import pytest

from mfa_tui.adapters.awsfiles import file_edit
from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from tests.awsfiles.writers import (
    CREDENTIALS,
    HALF,
    THEIRS,
    Writer,
    assert_nothing_lost,
    at_last_moment,
    backups,
    failure,
    home,
    layout,
    leases,
    named_backup,
    while_waiting,
)
from tests.support.awsfiles.saved_sessions import (
    age,
    context_of,
    log_in,
)
from tests.support.homes.home import Home

__all__ = ["at_last_moment", "home", "layout", "leases", "while_waiting"]


@pytest.mark.parametrize("pause", [0.2, 0.5])
def test_half_a_file_is_waited_for(home: Home, while_waiting: Any, pause: float) -> None:
    writers: list[Writer] = []

    def write() -> None:
        writers.append(Writer(home.credentials, HALF, THEIRS[len(HALF) :], pause))
        writers[0].wait_for("open")

    while_waiting(write)
    log_in(home)
    writers[0].end()
    assert_nothing_lost(home)
    assert backups(home)[-1] == THEIRS


def test_whether_it_was_saved_before(home: Home) -> None:
    """Where the system does not say who writes, the files are looked at again after the write: our own is no reason."""
    assert not log_in(home).saved_before
    assert log_in(home).saved_before


@pytest.mark.parametrize("late", [False, True])
def test_what_the_edit_itself_removes_is_not_lost(home: Home, at_last_moment: Any, *, late: bool) -> None:
    """When the files are looked at again after the write, because another program may have written meanwhile."""
    files = context_of(home).files
    writers: list[Writer] = []

    def write() -> None:
        writers.append(Writer(home.credentials, THEIRS[:100], THEIRS[100:], 0.3))
        time.sleep(0.3)

    def edit(aws: AwsConfig) -> tuple[Document, Document]:
        return aws.config, aws.credentials.without_keys({"ops": ["aws_secret_access_key"]})

    if late:
        at_last_moment(write)
    assert files.edit(edit, start=files.load())
    for writer in writers:
        writer.end()
    secret = "aws_secret_access_key = secret/of/ops\n"
    assert_nothing_lost(home, (THEIRS if late else CREDENTIALS).replace(secret, ""), session=False)


def test_a_writer_who_takes_too_long(
    home: Home, while_waiting: Any, leases: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_edit, "TIMEOUT", 0.7)
    old_config = home.config.read_bytes()
    writers: list[Writer] = []

    def write() -> None:
        writers.append(Writer(home.credentials, HALF, THEIRS[len(HALF) :], 2))
        writers[0].wait_for("open")

    while_waiting(write)
    problem = failure(home)
    assert problem.slug == "write-contended"
    assert problem.exit_status == 1
    assert "The session is kept: no new code is needed." in problem.remedy
    if leases:
        assert f"process {writers[0].process.pid} (python" in problem.why
    assert home.config.read_bytes() == old_config
    writers[0].end()
    assert_nothing_lost(home, session=False)
    log_in(home)
    assert_nothing_lost(home)


def test_the_backup_of_a_file_that_held_a_session_of_ours_is_named(home: Home, while_waiting: Any) -> None:
    ours = "\n[ops-mfa]\naws_access_key_id = ASIAEXAMPLEEXAMPLE00\nmfa_tui_source = ops\n"
    home.credentials.write_text(CREDENTIALS + ours)
    age(home)

    def write() -> None:
        home.credentials.write_text(HALF + "\n[ops]\naws_sec")
        os.utime(home.credentials, (time.time() - 60,) * 2)

    while_waiting(write)
    problem = failure(home)
    assert problem.slug == "file-defect"
    assert named_backup(problem).read_text().startswith(CREDENTIALS)


def test_what_has_come_in_the_way_meanwhile_keeps_its_remedy(home: Home, while_waiting: Any) -> None:
    while_waiting(lambda: os.link(home.credentials, home.credentials.with_name("other")))
    problem = failure(home)
    assert problem.slug == "file-hard-link"
    assert problem.remedy.startswith("The session is kept: no new code is needed. ")
    assert problem.remedy.endswith("Make the other names symbolic links to this file.")


@pytest.mark.parametrize("where", ["at a header", "in a section", "in the last section", "in a line", "nothing"])
def test_a_writer_who_dies_halfway(home: Home, while_waiting: Any, where: str, leases: bool) -> None:
    cut = HALF + "\n[ops]\naws_access_key_id = AKIAEXAMPLEEXAMPLE00\n"
    last = CREDENTIALS[: CREDENTIALS.rindex("aws_secret")]
    parts = {"at a header": HALF, "in a section": cut, "in the last section": last, "in a line": cut + "aws_sec"}
    left = parts.get(where, "")

    def write() -> None:
        writer = Writer(home.credentials, left, None)
        writer.end()
        os.utime(home.credentials, (time.time() - 60,) * 2)

    while_waiting(write)
    if leases and where == "at a header":
        # So it looks when somebody removes the others.
        log_in(home)
        assert_nothing_lost(home, HALF)
    else:
        problem = failure(home)
        assert problem.slug == ("file-defect" if where == "in a line" else "write-contended")
        lost = {
            "nothing": "[default], [dev], [ops] and 2 more",
            "in a section": "[other] and [last]",
            "in the last section": "keys in [last]",
        }
        if where != "in a line":
            named = lost.get(where, "[ops], [other] and [last]")
            assert f"it has lost {named} since this command began" in problem.what
        assert "The session is kept: no new code is needed." in problem.remedy
        assert home.credentials.read_text() == left
        assert named_backup(problem).read_text() == CREDENTIALS
    assert backups(home)[0] == CREDENTIALS


def test_sections_that_are_taken_out_meanwhile(home: Home, while_waiting: Any, leases: bool) -> None:
    """By an editor, which replaces the file; everything else is as it was."""
    less = CREDENTIALS.replace(_section("ops"), "")

    def edit() -> None:
        new = home.aws_dir / "new"
        new.write_text(less)
        os.utime(new, (time.time() - 60,) * 2)
        new.replace(home.credentials)

    while_waiting(edit)
    if leases:
        log_in(home)
        assert_nothing_lost(home, less)
        assert CREDENTIALS in backups(home)
    else:
        assert "[ops]" in failure(home).what
        assert home.credentials.read_text() == less


def _section(name: str) -> str:
    return f"[{name}]\naws_access_key_id = AKIAEXAMPLEEXAMPLE00\naws_secret_access_key = secret/of/{name}\n\n"
