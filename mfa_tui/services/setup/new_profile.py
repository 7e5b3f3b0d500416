"""The profile that a key gets: what it can be called, its region, and what writing it would do."""

from __future__ import annotations

import glob
import os
from itertools import count
from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.sdk_checks import known_regions
from mfa_tui.core.awsfiles.awsconfig import DEFAULT, text
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.shells.variables import REGIONS, profile_of_shell
from mfa_tui.errors import MfaTuiError, UsageError
from mfa_tui.services.keys.import_plan import import_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.errors import FileProblem, WriteProblem
    from mfa_tui.services.context import Context
    from mfa_tui.services.keys.import_plan import ImportTarget
    from mfa_tui.services.operation import Operation

_CSV_NAMES = ("*accessKeys*.csv", "*credentials*.csv")
"""What the console calls the files in which it offers a new key."""


def new_target(operation: Operation, name: str) -> ImportTarget:
    """The profile *name*, which is new or has no credentials.

    Raises ProfileProblem (``keys-import-kind``), UsageError (``keys-import-name``, ``profile-taken``), FileProblem.
    """
    target = import_target(operation, name)
    if target.name != name or (target.profile is not None and target.profile.kind != Kind.NO_CREDENTIALS):
        raise problem("profile-taken", profile=name).as_error(UsageError)
    return target


def suggested_name(operation: Operation, user: str) -> str:
    """A name for a new profile: the shell's, else ``default``, else that of the *user*, with a number if need be."""
    for name in _names(operation.context, user):
        try:
            if new_target(operation, name).profile is None:
                return name
        except MfaTuiError:
            continue
    raise AssertionError("one of the numbers is free")


def _names(context: Context, user: str) -> Iterator[str]:
    yield profile_of_shell(context.env) or DEFAULT
    yield DEFAULT
    own = user or "new"
    yield own
    yield from (f"{own}-{number}" for number in count(2))


def suggested_region(context: Context, given: str) -> str:
    """The region that stood beside the key, else the shell's, else that of ``default``; empty if there is none."""
    of_shell = next((context.env[name] for name in REGIONS if context.env.get(name)), "")
    if given or of_shell:
        return given or of_shell
    try:
        return text(context.files.load().merged(DEFAULT), "region")
    except MfaTuiError:
        return ""


def regions(partition: str) -> tuple[str, ...]:
    """All regions of a partition that the AWS SDK knows, in alphabetical order. It loads the SDK."""
    return tuple(sorted(known_regions(partition)))


def suggested_file(home: str) -> str:
    """The newest CSV file in the directory for downloads that may be the console's with a new key; empty if none."""
    found = [path for name in _CSV_NAMES for path in glob.glob(os.path.join(glob.escape(home), "Downloads", name))]
    try:
        return max(found, key=os.path.getmtime, default="")
    except OSError:
        return ""


def write_obstacle(context: Context) -> FileProblem | WriteProblem | None:
    """Why the AWS files cannot be written; None if they can."""
    return next(iter(context.files.write_obstacles()), None)
