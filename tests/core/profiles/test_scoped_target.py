"""Targets of scopes by their names."""

import pytest

from mfa_tui.core.profiles.scoped_target import check_scope_of_target, one_scope, unwritten_scoped_target
from mfa_tui.errors import TargetRefused, UsageError
from tests.support.awsfiles.profiles import KEYS, TEMPORARY, load


def test_a_name_that_is_not_written_yet() -> None:
    aws = load("", f"[dev]\n{KEYS}[dev-x]\n{KEYS}[dev-mfa]\n{TEMPORARY}mfa_tui_source = dev\n")
    assert unwritten_scoped_target(aws, "dev-read-only", ()) == ("dev", "read-only")
    assert unwritten_scoped_target(aws, "dev-mine", ("mine",)) == ("dev", "mine")
    assert unwritten_scoped_target(aws, "dev-mine", ()) is None
    assert unwritten_scoped_target(aws, "read-only", ()) is None
    # A target has no scoped target of its own.
    assert unwritten_scoped_target(aws, "dev-mfa-read-only", ()) is None
    # It might be dev with the scope x-y, or dev-x with y.
    assert unwritten_scoped_target(aws, "dev-x-y", ("y", "x-y")) is None


def test_one_scope_at_a_time() -> None:
    assert (one_scope("", "", "dev"), one_scope("a", "", "dev-a"), one_scope("", "a", "dev")) == ("", "a", "a")
    assert one_scope("a", "a", "dev-a") == "a"
    with pytest.raises(UsageError):
        one_scope("a", "b", "dev-a")


@pytest.mark.parametrize(
    ("source", "target", "scope", "refused"),
    [
        ("dev", "dev-read-only", "read-only", False),
        ("dev", "new", "read-only", False),
        ("dev", "dev-mfa", "", False),
        ("dev", "work", "", False),
        ("dev", "dev-mine", "", True),
        ("dev", "ops-no-iam", "", True),
        ("dev", "dev-mfa", "mfa", True),
        ("dev", "ops-mfa", "read-only", True),
        ("dev", "ops", "read-only", True),
        ("dev", "dev-read-only", "", True),
        ("dev", "dev-read-only", "no-iam", True),
        ("ops", "dev-read-only", "read-only", True),
    ],
)
def test_what_a_target_meant_it_means(source: str, target: str, scope: str, refused: bool) -> None:
    marks = "mfa_tui_scope = read-only\nmfa_tui_source = dev\n"
    aws = load("", f"[dev]\n{KEYS}[ops]\n{KEYS}[dev-read-only]\n{TEMPORARY}{marks}")
    if refused:
        with pytest.raises(TargetRefused):
            check_scope_of_target(aws, (source, scope), target, pattern="{profile}-mfa", own=("mine", "mfa"))
    else:
        check_scope_of_target(aws, (source, scope), target, pattern="{profile}-mfa", own=("mine", "mfa"))
