"""Fixing what can be fixed at once: permissions of files and directories that others have."""

from __future__ import annotations

import os
import stat

from mfa_tui.adapters.filesystem.os_errors import as_write_problem
from mfa_tui.core.doctor.fixes import permission_change
from mfa_tui.errors import WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from mfa_tui.core.problems.finding import Finding

_OF_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def repair(finding: Finding) -> bool:
    """Fix a finding whose fix is a repair (``core.doctor.fixes``); returns whether it is one.

    Only permissions are taken away, and only from group and others. Raises WriteProblem (``write-failed``).
    """
    change = permission_change(finding)
    if change is None:
        return False
    mode, path = change
    with as_write_problem(f"The permissions of {path} were not changed."):
        before = stat.S_IMODE(os.stat(path).st_mode)
        os.chmod(path, before & ~_OF_OTHERS if mode == "go-w" else before & stat.S_IRWXU)
    return True


def repair_all(findings: Iterable[Finding]) -> tuple[list[Finding], list[WriteProblem]]:
    """Fix all that can be fixed at once; returns what was fixed, and why the rest was not."""
    done: list[Finding] = []
    failed: list[WriteProblem] = []
    for finding in findings:
        try:
            if repair(finding):
                done.append(finding)
        except WriteProblem as problem:
            failed.append(problem)
    return done, failed
