"""``mfa-tui audit --policy`` and ``--apply``: the policy that enforces MFA, printed or attached to a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.aws_calls import calls_as_json, show_calls
from mfa_tui.cli.terminal.consent import ask_consent
from mfa_tui.cli.terminal.parser import exclusive_options
from mfa_tui.core.account.enforce_policy import NAME, enforce_policy, policy_text
from mfa_tui.core.console.partitions import DEFAULT_PARTITION, partition_of
from mfa_tui.errors import Exit, MfaTuiError, ProfileProblem, UsageError
from mfa_tui.services.account.enforce import Enforcement, PolicyState, check_entity_name, describe_plan

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.cli.terminal.parser import Parser
    from mfa_tui.services.account.enforce import EnforcementOutcome, EnforcementPlan
    from mfa_tui.services.context import Context
    from mfa_tui.services.operation import Operation


def add_policy_options(parser: Parser) -> None:
    """Add the options of this module."""
    parser.add_argument(
        "--policy", action="store_true", help="print a policy that enforces MFA, for the profile's partition"
    )
    parser.add_argument(
        "--apply",
        metavar="GROUP",
        help="attach that policy to the IAM group GROUP, after showing who would be affected",
    )
    parser.add_argument(
        "--policy-name", default=NAME, metavar="NAME", help=f"with --apply: the policy's name (default: {NAME})"
    )
    parser.add_argument(
        "--replace-policy",
        action="store_true",
        help="with --apply: replace the text of a policy of that name, as a new version",
    )
    parser.add_argument("--yes", action="store_true", help="with --apply: do not ask")


def check_policy_options(given: Namespace) -> None:
    """Raise UsageError if an option would have no effect: a script would take it for done."""
    chosen = "--policy" if given.policy else "--apply" if given.apply is not None else ""
    for option, is_given in {
        "--apply": given.policy and given.apply is not None,
        "--fail-on": given.fail_on is not None,
        "--no-sign-ins": not given.sign_ins,
        f"--{given.format}": given.format not in (None, "json"),
    }.items():
        if chosen and is_given:
            raise exclusive_options(chosen, option)
    if given.apply is None:
        for option, is_given in {
            "--policy-name": given.policy_name != NAME,
            "--replace-policy": given.replace_policy,
            "--yes": given.yes,
        }.items():
            if is_given:
                raise UsageError("usage", f"{option} needs --apply.", "", "Leave it out, or name a group with --apply.")


def print_policy(context: Context, profile: str | None) -> int:
    """Print the policy for the partition of *profile*; no request is made. Without any profile, it is ``aws``.

    Raises FileProblem, ProfileProblem.
    """
    try:
        _, named = context.resolve(profile)
    except ProfileProblem:
        if profile is not None:
            raise
        partition = DEFAULT_PARTITION
    else:
        partition = named.partition or partition_of(named.region) or DEFAULT_PARTITION
    output.print_result(policy_text(enforce_policy(partition)))
    return Exit.DONE


def apply_policy(operation: Operation, given: Namespace, get_caller: Callable[[], Caller]) -> int:
    """Attach the policy to the group of ``--apply``, after confirmation.

    *get_caller* gets the administrator's session. Raises what the services raise, NoTerminal, Cancelled.
    """
    for name in (given.apply, given.policy_name):
        check_entity_name(name)
    enforcement = Enforcement(operation, get_caller())
    plan = enforcement.plan(given.apply, given.policy_name)
    sentences = describe_plan(plan, replace=given.replace_policy)
    refused = plan.state == PolicyState.DIFFERENT and not given.replace_policy
    if plan.done or refused:
        for sentence in sentences[refused:]:
            output.say(sentence)
    elif not ask_consent(sentences, f"Enforce MFA for the group {plan.group}?", yes=given.yes):
        return Exit.DONE
    try:
        outcome = enforcement.apply(plan, replace=given.replace_policy)
    except (MfaTuiError, KeyboardInterrupt):
        show_calls([call for call in enforcement.calls if _changes(call.action)])
        raise
    if given.format == "json":
        output.print_json(_as_json(plan, outcome) | {"calls": calls_as_json(enforcement.calls)})
    else:
        output.print_result(_result(outcome))
        show_calls([call for call in enforcement.calls if _changes(call.action)])
    return Exit.DONE


def _changes(action: str) -> bool:
    return action.startswith(("Create", "Attach"))


def _result(outcome: EnforcementOutcome) -> str:
    plan = outcome.plan
    did = [
        *(["created"] if outcome.created else []),
        *(["replaced by a new version"] if outcome.replaced else []),
        f"attached to the group {plan.group}" if outcome.attached else f"already attached to the group {plan.group}",
    ]
    return f"{plan.policy_arn}: {', '.join(did)}"


def _as_json(plan: EnforcementPlan, outcome: EnforcementOutcome) -> dict[str, object]:
    return {
        "account": plan.account,
        "group": plan.group,
        "policy_arn": plan.policy_arn,
        "created": outcome.created,
        "replaced": outcome.replaced,
        "attached": outcome.attached,
        "members": plan.members,
        "without_mfa": list(plan.without_mfa),
        "fido_only": list(plan.fido_only),
    }
