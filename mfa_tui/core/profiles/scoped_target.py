"""The target of a scope: its name, which profile and scope it means, and whether it may be written."""

from __future__ import annotations

from mfa_tui.core.profiles.target import source_by_name
from mfa_tui.core.scopes.presets import PRESETS
from mfa_tui.core.text.display import quoted
from mfa_tui.errors import TargetRefused, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig

    ScopedName = tuple[str, str]
    """A profile, and the scope that its session is limited to; empty for none."""


def scoped_target_name(source: str, scope: str) -> str:
    """The section that login of *source* with *scope* writes unless another is given."""
    return f"{source}-{scope}"


def unwritten_scoped_target(aws: AwsConfig, name: str, own: Iterable[str]) -> tuple[str, str] | None:
    """The profile and the scope whose target is called *name*, for one that is not in the files; None if there is none.

    *own* are the names of the scopes in the settings. Where several match, none does: what was meant might be the
    narrower one.
    """
    found = []
    for scope in (*PRESETS, *own):
        source = name.removesuffix(f"-{scope}")
        if source != name and source in aws and aws.source_of_target(source) is None:
            found.append((source, scope))
    return found[0] if len(found) == 1 else None


def one_scope(named: str, wanted: str, profile: str) -> str:
    """The scope to use: that of the target which was *named*, or the *wanted* one of ``--scope``; empty for none.

    *profile* is what was given as PROFILE. Raises UsageError (``scope-twice``).
    """
    if named and wanted and named != wanted:
        raise UsageError(
            "scope-twice",
            f"{quoted(profile)} is limited to the scope {named} already; --scope {wanted} asks for another.",
            "",
            "Leave out --scope, or name the profile itself.",
        )
    return named or wanted


def check_scope_of_target(aws: AwsConfig, named: ScopedName, target: str, *, pattern: str, own: Iterable[str]) -> None:
    """Check that *target* means the same with the login of *named* as before.

    Programs that use it must not get more permissions, or others, without a word. *pattern* names the targets of
    logins without a scope; *own* are the names of the scopes in the settings. Raises TargetRefused (``target-scope``).
    """
    source, scope = named
    marked = aws.scope_of_target(target)
    if not scope and not marked:
        _check_no_scope_has_it(aws, source, target, pattern, own)
        return
    remedy = "Choose another target with --as."
    if scope and (other := source_by_name(aws, target, pattern)) is not None:
        raise TargetRefused(
            "target-scope",
            f"The scope {scope} cannot be saved as {quoted(target)}.",
            f"That is what login saves {quoted(other)} as, with all of its permissions.",
            "Choose another target with --as, or rename the scope in the settings.",
        )
    if target not in aws or (aws.source_of_target(target) == source and marked == scope):
        return
    if marked:
        holds = f"It holds {quoted(aws.source_of_target(target) or '?')} limited to the scope {marked}"
        why = f"{holds}, and programs that use it must not get other permissions."
        remedy = f"{remedy[:-1]}, or log out of it first."
    else:
        why = "There is a profile of that name, with its own permissions."
    whose = f"The scope {scope}" if scope else f"The session of {quoted(source)}"
    raise TargetRefused("target-scope", f"{whose} cannot be saved as {quoted(target)}.", why, remedy)


def _check_no_scope_has_it(aws: AwsConfig, source: str, target: str, pattern: str, own: Iterable[str]) -> None:
    """Check that *target*, if it is new, is not what a scope of a profile would be saved as."""
    if target in aws or source_by_name(aws, target, pattern) is not None:
        return
    if (found := unwritten_scoped_target(aws, target, own)) is not None:
        raise TargetRefused(
            "target-scope",
            f"The session of {quoted(source)} cannot be saved as {quoted(target)}.",
            f"That name means {quoted(found[0])} limited to the scope {found[1]}.",
            "Choose another target with --as.",
        )
