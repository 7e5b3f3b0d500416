"""Findings that are fixed at once: only rights of others go."""

import os
import stat
from typing import TYPE_CHECKING

import pytest

from mfa_tui.core.problems.finding import Finding, Severity
from mfa_tui.errors import WriteProblem
from mfa_tui.services.doctor.repair import repair, repair_all

if TYPE_CHECKING:
    from pathlib import Path

    from tests.services.doctor.conftest import Examine
    from tests.support.homes.bench import Bench


def mode(path: "Path") -> int:
    return stat.S_IMODE(path.stat().st_mode)


def finding(code: str, remedy: str) -> Finding:
    return Finding(code, Severity.WARNING, "what", "", remedy)


def test_what_others_may_read_and_write_is_found_fixed_and_found_no_more(bench: "Bench", examine: "Examine") -> None:
    bench.credentials.chmod(0o664)
    bench.credentials.parent.chmod(0o777)
    found = examine.all()
    assert {"credentials-open", "directory-open"} <= {each.code for each in found}
    done, failed = repair_all(found)
    assert ({each.code for each in done}, failed) == ({"credentials-open", "directory-open"}, [])
    assert (mode(bench.credentials), mode(bench.credentials.parent)) == (0o600, 0o755)
    assert not {"credentials-open", "directory-open"} & {each.code for each in examine.all()}


@pytest.mark.parametrize(("before", "after"), [(0o777, 0o700), (0o640, 0o600), (0o400, 0o400)])
def test_the_owner_keeps_what_the_owner_has(tmp_path: "Path", before: int, after: int) -> None:
    file = tmp_path / "credentials"
    file.touch()
    file.chmod(before)
    assert repair(finding("credentials-open", f"chmod 600 {file}"))
    assert mode(file) == after


def test_a_directory_stays_readable(tmp_path: "Path") -> None:
    directory = tmp_path / "aws"
    directory.mkdir()
    directory.chmod(0o777)
    assert repair(finding("directory-open", f"chmod go-w {directory}"))
    assert mode(directory) == 0o755


def test_other_findings_are_left_alone(tmp_path: "Path") -> None:
    assert not repair(finding("history-damaged", f"rm {tmp_path}"))
    assert os.path.isdir(tmp_path)


def test_what_cannot_be_fixed_says_why_and_the_rest_is_fixed(tmp_path: "Path") -> None:
    file = tmp_path / "credentials"
    file.touch(0o644)
    gone = finding("directory-open", f"chmod go-w {tmp_path}/gone")
    with pytest.raises(WriteProblem) as caught:
        repair(gone)
    assert caught.value.slug == "write-failed"
    done, failed = repair_all([gone, finding("credentials-open", f"chmod 600 {file}")])
    assert (len(done), [problem.what for problem in failed]) == (1, [caught.value.what])
    assert mode(file) == 0o600
