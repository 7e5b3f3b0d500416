"""Putting a session into its target: what may be replaced, and what is said where it cannot be written."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.errors import FileProblem, MfaTuiError, WriteProblem
from mfa_tui.services.login.target_writer import TargetWriter, check_writers, foreign_target, write_sessions
from mfa_tui.services.progress import Progress
from tests.support.homes.bench import DEV, SERIAL, Bench, session

if TYPE_CHECKING:
    from mfa_tui.models import Session

THEIRS = "[dev-mfa]\naws_access_key_id = ASIATHEIRSTHEIRS1234\naws_secret_access_key = s\naws_session_token = t\n"
LINE = "/x/mfa-tui credential-process dev"


def writer(target: str = "dev-mfa", **options: Any) -> TargetWriter:
    return TargetWriter("dev", target, **{"overwrite": False, "save_serial": False, **options})


def write(bench: Bench, *writers: TargetWriter, **options: Any) -> dict[str, MfaTuiError]:
    sessions: list[tuple[TargetWriter, Session]] = [(each, session()) for each in writers]
    return write_sessions(bench.operation(), sessions, start=bench.aws(), **options)


def test_a_session_is_written_once(bench: Bench) -> None:
    assert not writer().is_written(bench.aws(), session())
    assert write(bench, writer()) == {}
    values = bench.aws().in_credentials("dev-mfa")
    assert [text(values, key) for key in ("aws_access_key_id", "mfa_tui_source")] == [session().access_key_id, "dev"]
    assert text(bench.aws().in_config("dev-mfa"), "region") == "eu-west-1"
    assert writer().is_written(bench.aws(), session())
    assert not writer().is_written(bench.aws(), session(name="other"))
    # With the settings of the source as they are now.
    bench.credentials.write_text(bench.credentials.read_text().replace("eu-west-1", "eu-west-3"))
    assert not writer().is_written(bench.renew().files.load(), session())


def test_what_others_have_written_is_not_replaced(bench: Bench) -> None:
    bench.write(credentials=DEV + THEIRS)
    what = "temporary credentials that mfa-tui did not write (ASIA…1234)"
    assert (writer().foreign(bench.aws()), writer(overwrite=True).foreign(bench.aws())) == (what, "")
    with pytest.raises(WriteProblem) as caught:
        writer().changes(bench.aws(), session())
    assert caught.value.slug == "target-changed"
    assert foreign_target("dev-mfa", what).what == f"The target [dev-mfa] holds {what}."
    assert write(bench, writer(overwrite=True)) == {}
    assert THEIRS not in bench.credentials.read_text()


def test_settings_of_the_users_own_are_in_the_way_of_a_process_only(bench: Bench) -> None:
    bench.write("[profile dev-mfa]\noutput = json\n")
    assert writer().foreign(bench.aws()) == ""
    assert "settings of yours" in writer(process=LINE).foreign(bench.aws())
    assert not writer(process=LINE).is_written(bench.aws(), session())
    assert writer(process=LINE, overwrite=True).foreign(bench.aws()) == ""


def test_the_serial_is_saved_once_it_has_worked(bench: Bench) -> None:
    bench.write("[profile dev]\noutput = json\n", DEV.replace(f"mfa_serial = {SERIAL}\n", ""))
    write(bench, writer())
    assert text(bench.aws().merged("dev"), "mfa_serial") == ""
    write(bench, writer(save_serial=True))
    assert text(bench.aws().merged("dev"), "mfa_serial") == SERIAL
    config, credentials = writer(save_serial=True).changes(bench.aws(), session(serial=""))
    assert "dev" not in str(list(config)).replace("dev-mfa", "") + str(list(credentials)).replace("dev-mfa", "")


def test_a_config_file_in_a_read_only_store_is_left_alone(bench: Bench) -> None:
    old = bench.config.read_bytes()
    stays = writer(read_only_store="It is in a store.")
    assert write(bench, stays) == {}
    assert bench.config.read_bytes() == old
    assert stays.by_hand.splitlines()[0] == "[profile dev-mfa]"
    assert "region = eu-west-1" in stays.by_hand
    # A process needs a section there, so that is not left out.
    assert write(bench, writer(process=LINE, overwrite=True, read_only_store="It is in a store.")) == {}
    assert f"credential_process = {LINE}" in bench.config.read_text()


def test_problems_of_one_target_among_several(bench: Bench) -> None:
    bench.write(credentials=DEV + THEIRS)
    both = [writer(), writer("other")]
    refused = check_writers(bench.context.files, bench.aws(), both, all_or_none=False)
    assert {target: problem.slug for target, problem in refused.items()} == {"dev-mfa": "target-changed"}
    with pytest.raises(WriteProblem) as caught:
        check_writers(bench.context.files, bench.aws(), both)
    assert caught.value.remedy.endswith(". No code was used.")
    assert ".." not in caught.value.remedy
    assert list(write(bench, *both, all_or_none=False)) == ["dev-mfa"]
    assert bench.aws().source_of_target("other") == "dev"
    with pytest.raises(WriteProblem) as kept:
        write(bench, *both)
    assert kept.value.remedy.startswith("The session is kept: no new code is needed. ")
    with pytest.raises(WriteProblem) as lost:
        write(bench, *both, cached=False)
    assert not lost.value.remedy.startswith("The session is kept")


def test_a_directory_in_place_of_the_file(bench: Bench) -> None:
    aws = bench.aws()
    bench.credentials.unlink()
    bench.credentials.mkdir()
    with pytest.raises(FileProblem) as caught:
        check_writers(bench.context.files, aws, [writer()])
    assert caught.value.remedy.endswith(". No code was used.")
    with pytest.raises(FileProblem) as several:
        check_writers(bench.context.files, aws, [writer()], all_or_none=False)
    assert "No code" not in several.value.remedy


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "Writing [t0]"),
        (8, "Writing [t0], [t1], [t2], [t3], [t4], [t5], [t6], [t7]"),
        (10, "Writing [t0], [t1], [t2], [t3], [t4], [t5], [t6], [t7] and 2 more"),
    ],
)
def test_which_targets_are_named(bench: Bench, count: int, words: str) -> None:
    write(bench, *(writer(f"t{number}") for number in range(count)))
    assert [each.text for each in bench.reports if isinstance(each, Progress)] == [words]


def test_the_files_are_private_afterwards(bench: Bench) -> None:
    write(bench, writer())
    assert Path(bench.credentials).stat().st_mode & 0o777 == 0o600
