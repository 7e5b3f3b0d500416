"""Examining a set-up: what is wrong with it and how to fix it, and which other tools are used. Changes nothing."""

from __future__ import annotations

import os
import shlex
from typing import NamedTuple

from mfa_tui.adapters.awsfiles.permissions import permissions_remedy
from mfa_tui.adapters.doctor.other_tools import traces_on_disk
from mfa_tui.adapters.filesystem.own_directories import directory_problems
from mfa_tui.adapters.keys.known_users import KnownUsers
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.doctor.environment_checks import check_environment, check_profiles_named
from mfa_tui.core.doctor.other_tools import other_tools, traces_in_environment, traces_in_files
from mfa_tui.core.doctor.profile_checks import check_profiles
from mfa_tui.core.doctor.section_header_checks import check_headers
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.problems.finding import Finding, Severity, from_error
from mfa_tui.core.problems.place import place_of
from mfa_tui.core.problems.place import variable as variable_place
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.shells.variables import profile_of_shell
from mfa_tui.core.text.display import quoted
from mfa_tui.errors import ProfileProblem
from mfa_tui.services.doctor.key_checks import check_keys
from mfa_tui.services.doctor.machine_checks import check_machine
from mfa_tui.services.doctor.seed_checks import check_seeds
from mfa_tui.services.doctor.settings_checks import check_settings, open_with_defaults
from mfa_tui.services.profiles.resolve import source_and_scope
from mfa_tui.services.scopes.find_scope import check_scopes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.doctor.other_tools import OtherTool
    from mfa_tui.errors import FileProblem
    from mfa_tui.services.context import Context

_OF_BOTH_FILES = frozenset({"fido-only", "profile-without-keys", "serial-missing", "source-missing"})
_WEIGHTS = (Severity.ERROR, Severity.WARNING, Severity.HINT)


class Diagnosis(NamedTuple):
    """What was found."""

    examined: int
    """How many profiles were examined; targets belong to their sources, as in every list."""
    findings: tuple[Finding, ...]
    """The findings, the most serious first."""
    other_tools: tuple[OtherTool, ...]
    """Other tools of which there are traces."""


def examine(env: Mapping[str, str], name: str | None = None) -> Diagnosis:
    """Examine everything, or the profile *name*, its sources and targets, and what all profiles depend on.

    No request is made, no secret is used, and nothing is asked. Raises ProfileProblem (``profile-unknown``).
    """
    # Of os.environ, each look costs as much as the rest of a check.
    env = {**env}
    findings: list[Finding] = []
    context = open_with_defaults(env, findings)
    aws, problems = context.files.load_readable()
    pattern, now = context.settings.target_pattern, context.clock.aws_now()
    try:
        names = _names(aws, name, env, pattern, tuple(context.settings.scopes))
    except ProfileProblem:
        if not problems:
            raise
        # It may be in the file that cannot be read, which is reported.
        names = frozenset()
    findings += [from_error(error) for error in problems]
    findings += _check_files(context, aws, problems)
    findings += _check_own_directories(context.paths)
    findings += _check_history(context)
    findings += check_settings(context)
    findings += check_environment(env, now)
    findings += check_profiles_named(env, aws, pattern, complete=not problems, scopes=context.settings.scopes)
    findings += check_scopes(context, aws, names & aws.with_more)
    findings += check_headers(aws, None if name is None else names)
    findings += check_seeds(context)
    findings += check_keys(context, aws, names)
    findings += check_machine(context, aws, names, whole=not problems)
    users = KnownUsers(context.paths).read()
    found = check_profiles(aws, names, pattern, now=now, active=profile_of_shell(env), users=users)
    # What seems to be missing may be in the file that cannot be read.
    findings += [finding for finding in found if not (problems and finding.code in _OF_BOTH_FILES)]
    findings += _check_programs(aws, names & aws.with_more, env)
    traces = [traces_in_files(aws, names), traces_in_environment(env)]
    if name is None:
        traces.append(traces_on_disk(env, context.paths.home, now))
    findings.sort(key=lambda finding: _WEIGHTS.index(finding.severity))
    targets = [target for target, source in aws.sources.items() if target in names and source in aws]
    return Diagnosis(len(names) - len(targets), tuple(findings), tuple(other_tools(aws, names, traces)))


def _names(
    aws: AwsConfig, name: str | None, env: Mapping[str, str], pattern: str, scopes: Sequence[str]
) -> frozenset[str]:
    """The profiles to examine: all, or *name* with its sources and their targets."""
    if name is None:
        return frozenset(filter(aws.in_files, aws.names))
    named = name if name in aws else source_and_scope(aws, name, env, pattern, scopes)[0]
    source = aws.source_of_target(named)
    meant = source if source is not None and source in aws else named
    chain = {named, *read_profile(aws, meant).chain}
    targets = [target for target in aws.names if aws.source_of_target(target) in chain]
    return frozenset((*chain, *targets))


def _check_files(context: Context, aws: AwsConfig, problems: Sequence[FileProblem]) -> Iterator[Finding]:
    """Check whether the files exist, can be written, and can be read by others; *problems* were found while reading."""
    files = context.files
    for variable, path in (
        ("AWS_CONFIG_FILE", files.config_path),
        ("AWS_SHARED_CREDENTIALS_FILE", files.credentials_path),
    ):
        if context.env.get(variable) and not os.path.exists(path):
            yield problem("file-missing", place=variable_place(variable), variable=variable, path=path)
    if not aws.names and not problems:
        yield problem("no-profiles", config=files.config_path, credentials=files.credentials_path)
    if (warning := files.backup_warning()) is not None:
        yield warning
    # What is not a file can be neither read nor written: once is enough.
    kinds = {error.slug for error in problems} & {"file-kind"}
    yield from (from_error(error) for error in files.write_obstacles() if error.slug not in kinds)
    for directory in files.directories_writable_by_others():
        yield problem("directory-open", path=directory, quoted=shlex.quote(directory))
    if files.is_readable_by_others():
        remedy = permissions_remedy(files.credentials_path, "AWS_SHARED_CREDENTIALS_FILE")
        yield problem("credentials-open", path=files.credentials_path, remedy=remedy)


def _check_own_directories(paths: Paths) -> Iterator[Finding]:
    """Check our own directories: other users may own or write them, or a run as another user left them unusable."""
    for found in directory_problems(paths):
        yield Finding(
            "directory-of-others",
            Severity.ERROR,
            f"{found.strerror}.",
            "Sessions there could be read or replaced, so mfa-tui does not use it.",
            found.remedy,
        )
    uses = {
        os.path.join(paths.cache, "sessions"): "Sessions are kept there.",
        os.path.join(paths.cache, "flights"): "Locks there keep two processes from requesting the same session.",
        paths.cache: "Sessions are kept there.",
        paths.data: "The list of stored secrets is kept there.",
        paths.state: "Used codes are recorded there, so that none is sent twice.",
    }
    told = set()
    for wanted, use in uses.items():
        path = wanted
        while not os.path.lexists(path) and os.path.dirname(path) != path:
            path = os.path.dirname(path)
        # What is above ours need not be writable: it may hold them already when they are needed.
        usable = os.path.isdir(path) and (path not in uses or os.access(path, os.R_OK | os.W_OK | os.X_OK))
        if not usable and path not in told:
            told.add(path)
            yield Finding(
                "directory-unusable",
                Severity.ERROR,
                f"{path} cannot be used.",
                f"It is not a directory, or you cannot write to it. {use}",
                "Fix its owner and permissions, or move it away.",
            )


def _check_history(context: Context) -> Iterator[Finding]:
    """Check whether the history can be used, and whether a damaged one was set aside."""
    if context.settings.days_of_history == 0:
        return
    log = context.history.log
    if (wrong := log.problem()) is not None:
        yield from_error(wrong, Severity.WARNING)
    if log.was_damaged():
        yield problem("history-damaged", path=log.damaged_path, quoted=shlex.quote(log.damaged_path))


def _check_programs(aws: AwsConfig, names: frozenset[str], env: Mapping[str, str]) -> Iterator[Finding]:
    """Check that the programs exist that profiles run for their credentials (``credential_process``)."""
    for name in filter(names.__contains__, aws.names):
        kind = read_profile(aws, name).kind
        stored = kind == Kind.STORED_KEYS and "credential_process" in aws.in_config(name)
        if kind != Kind.CREDENTIAL_PROCESS and not stored:
            continue
        import shutil

        try:
            # As botocore splits it: no shell is between.
            words = shlex.split(text(aws.merged(name), "credential_process"), posix=os.name == "posix")
        except ValueError:
            words = []
        program = words[0].strip('"') if words else ""
        if not program or shutil.which(program, path=env.get("PATH")) is None:
            # A variable that a shell would have set may hold a secret.
            before, equals, _ = program.partition("=")
            told = before + "=…" if equals else program
            place = place_of(aws, name, "credential_process")
            yield problem("process-missing", profile=name, place=place, program=quoted(told))
