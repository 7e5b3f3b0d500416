"""Problems of the AWS files themselves."""

from __future__ import annotations

from mfa_tui.core.problems.problem import WARNING, Problem

FILES = (
    Problem(
        "file-defect",
        "{path}, line {line}: no AWS tool can read this file.",
        "A section or key that appears twice, a line without =, a line before the first section, a byte order mark, "
        "bytes that are not UTF-8.",
        "Correct the line; the message says how.",
    ),
    Problem(
        "file-locale",
        "{path}, line {line}: the AWS SDK cannot read this character in the locale's encoding, {encoding}.",
        "boto3 and other Python tools read the AWS files in the locale's encoding, not in UTF-8.",
        "{remedy}",
        page="Use a UTF-8 locale: export LC_ALL=C.UTF-8 (on Windows: set PYTHONUTF8=1).",
    ),
    Problem(
        "file-locale-other",
        "{path}, line {line}: the AWS SDK reads other characters there, because the locale's encoding is {encoding}.",
        "boto3 and other Python tools read the AWS files in the locale's encoding, not in UTF-8.",
        "{remedy}",
        WARNING,
        "file-locale",
        page="Use a UTF-8 locale: export LC_ALL=C.UTF-8 (on Windows: set PYTHONUTF8=1).",
    ),
    Problem(
        "file-unreadable",
        "{path} cannot be read.",
        "Its permissions do not allow it, or the disk failed.",
        "Fix that; see the message.",
    ),
    Problem(
        "file-kind",
        "{path} cannot be read.",
        "It is a directory, a pipe or a device, or far too large.",
        "Move it away.",
    ),
    Problem(
        "backup-impossible",
        "No backup of {path} can be made in {directory}.",
        "{reason}. One is kept of each file as it was before mfa-tui first changed it.",
        "Make the directory writable for you, or copy the file yourself.",
        WARNING,
    ),
    Problem(
        "file-missing",
        "{variable} names {path}, which does not exist.",
        "Every AWS tool treats it as an empty file.",
        "Correct the variable, or unset {variable}",
        WARNING,
    ),
    Problem(
        "no-profiles",
        "There are no profiles.",
        "{config} and {credentials} do not exist, or have none.",
        "Run mfa-tui to set one up.",
        WARNING,
    ),
    Problem(
        "credentials-open",
        "{path} can be read by other users of this machine.",
        "Anyone who reads it has your access keys.",
        "{remedy}",
        WARNING,
        page="chmod 600 FILE; where that does not help, the message says what does.",
    ),
    Problem(
        "directory-open",
        "{path} can be written by other users of this machine.",
        "They could replace your AWS files.",
        "chmod go-w {quoted}",
        WARNING,
        page="chmod go-w DIRECTORY",
    ),
    Problem(
        "header-config",
        "boto3 and the AWS CLI do not read [{header}] as a profile.",
        "{reason}",
        "{remedy}",
        WARNING,
        page="Write it as the message says: [profile NAME].",
    ),
    Problem(
        "header-credentials",
        "The credentials file has [{header}], which is a profile of exactly that name.",
        "{reason}",
        "Write it as [{better}]",
        WARNING,
    ),
    Problem(
        "header-twice",
        "{profile} has two sections, [{header}] and [{later}]; only the later one is read.",
        "Both headers mean the same profile.",
        "Move the lines of [{header}] to [{later}], and remove [{header}].",
        WARNING,
    ),
    Problem(
        "header-for-all",
        "[DEFAULT] gives {keys} to every profile.",
        "Capital letters make it a section whose keys are added to all others; the default profile is [default].",
        "Write it as [default]",
        WARNING,
    ),
    Problem(
        "header-default-twice",
        "[DEFAULT] gives {keys} to every profile.",
        "Capital letters make it a section whose keys are added to all others; the default profile is [default].",
        "Move its lines to [{header}], and remove [DEFAULT].",
        WARNING,
        "header-for-all",
    ),
)
