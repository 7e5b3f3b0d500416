"""Attaching a policy that enforces MFA to a group: who would be affected, then creating and attaching it.

The same command a second time changes nothing. A policy of that name with another text is never overwritten unasked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.aws.account_reports import AccountReports
from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.aws.group_policies import GroupPolicies
from mfa_tui.core.account.enforce_policy import (
    MOST_VERSIONS,
    NAME,
    enforce_policy,
    is_same_policy,
    policy_text,
)
from mfa_tui.core.aws.error_kinds import AwsErrorKind, without_codes
from mfa_tui.core.aws.mfa_serial import FIDO
from mfa_tui.core.text.display import counted, format_account, in_words
from mfa_tui.errors import AwsRefused, UsageError
from mfa_tui.services.devices.refusals import GONE, TOO_MANY
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.history.recorder import Action
from mfa_tui.services.propagation import retry_until_known
from mfa_tui.services.sessions.refusals import error_for
from mfa_tui.services.sessions.send_code import retry_after_clock_sync

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from mfa_tui.core.aws.api_call import ApiCall
    from mfa_tui.services.operation import Operation

    T = TypeVar("T")

_GROUP = re.compile(r"[A-Za-z0-9_+=,.@-]{1,128}\Z")
"""GroupName and PolicyName (IAM API reference, CreateGroup and CreatePolicy)."""
_DESCRIPTION = "Denies users who have not used MFA everything except managing their own MFA devices."


class PolicyState:
    """What there is of the policy already."""

    MISSING = "missing"
    SAME = "same"
    """A policy of that name has this text."""
    DIFFERENT = "different"
    """A policy of that name has another text."""


class EnforcementPlan(NamedTuple):
    """What attaching the policy to a group would do."""

    account: str
    """The account's id."""
    group: str
    """The group."""
    policy_name: str
    """The policy's name."""
    policy_arn: str
    """The policy's ARN."""
    text: str
    """The policy."""
    state: str
    """One of :class:`PolicyState`."""
    attached: bool
    """Whether a policy of that name is attached to the group already."""
    members: int
    """How many users the group has."""
    without_mfa: tuple[str, ...]
    """The names of its users without any MFA device."""
    fido_only: tuple[str, ...]
    """The names of its users whose devices work in the browser only."""
    administrator: str = ""
    """The IAM user who signs the requests; empty for a role."""

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do."""
        return self.attached and self.state == PolicyState.SAME


class EnforcementOutcome(NamedTuple):
    """The policy is attached."""

    plan: EnforcementPlan
    """What was to be done."""
    created: bool
    """Whether the policy was created."""
    replaced: bool
    """Whether the text of an existing policy was replaced by a new version."""
    attached: bool
    """Whether it was attached just now; False if it was before."""


class Enforcement:
    """The work of one administrator, whose session signs the requests. They are in ``calls`` afterwards.

    All methods raise AwsRefused, NetworkProblem, ConfigError, Cancelled.
    """

    def __init__(self, operation: Operation, caller: Caller) -> None:
        """*caller* has the administrator's session, or long-term keys."""
        self.calls: list[ApiCall] = []
        """The requests that were made, in order."""
        self.context = operation.context
        """The adapters."""
        self.profile = caller.profile
        """The administrator's profile."""
        self._operation = operation
        self._caller = caller._replace(record=self.calls.append)
        self._aws, self._cancel = operation.context.aws, operation.cancel
        self._policies = GroupPolicies(self._aws, self._caller, self._cancel)

    def plan(self, group: str, policy_name: str = NAME) -> EnforcementPlan:
        """Find out who would be affected, and what there is already; nothing is changed.

        Raises UsageError (``group-name``, ``group-unknown``).
        """
        for name in (group, policy_name):
            check_entity_name(name)
        self._operation.progress("asking", f"Asking AWS who is in the group {group}, and who has MFA")
        iam, silent = self._operation.context.iam, self._caller._replace(record=None)
        own = self._make("sts:GetCallerIdentity", lambda: iam.get_identity(silent, self._cancel))
        partition, account = own.partition, own.account
        members = self._members(group, account)
        without, fido = self._unprotected(members)
        arn = f"arn:{partition}:iam::{account}:policy/{policy_name}"
        document = enforce_policy(partition)
        return EnforcementPlan(
            account,
            group,
            policy_name,
            arn,
            policy_text(document),
            self._state(arn, document),
            attached=arn in self._make("iam:ListAttachedGroupPolicies", lambda: self._policies.attached(group)),
            members=len(members),
            without_mfa=without,
            fido_only=fido,
            administrator=own.user,
        )

    @recorded(lambda self, *_, **__: (self.context, Action("policy-apply", self.profile)))
    def apply(self, plan: EnforcementPlan, *, replace: bool = False) -> EnforcementOutcome:
        """Create the policy if it is missing, and attach it to the group if it is not.

        With *replace*, the text of a policy of that name is replaced if it differs. Raises UsageError
        (``policy-differs``), AwsRefused (``policy-limit``).
        """
        created = replaced = False
        if plan.state == PolicyState.DIFFERENT:
            if not replace:
                raise _differs(plan)
            self._operation.progress("asking", f"Replacing the text of the policy {plan.policy_name}")
            self._make(
                "iam:CreatePolicyVersion", lambda: self._policies.create_version(plan.policy_arn, plan.text), plan
            )
            replaced = True
        elif plan.state == PolicyState.MISSING:
            self._operation.progress("asking", f"Creating the policy {plan.policy_name}")
            self._make(
                "iam:CreatePolicy", lambda: self._policies.create(plan.policy_name, plan.text, _DESCRIPTION), plan
            )
            created = True
        if not plan.attached:
            self._operation.progress("asking", f"Attaching the policy to the group {plan.group}")
            self._attach(plan, new=created)
        return EnforcementOutcome(plan, created=created, replaced=replaced, attached=not plan.attached)

    def _attach(self, plan: EnforcementPlan, *, new: bool) -> None:
        """Attach the policy. A *new* one may not be known everywhere yet."""

        def attach() -> None:
            self._policies.attach(plan.group, plan.policy_arn)

        def attach_new() -> None:
            retry_until_known(self._operation, attach, "AWS does not know the new policy everywhere yet")

        self._make("iam:AttachGroupPolicy", attach_new if new else attach, plan)

    def _members(self, group: str, account: str) -> tuple[tuple[str, str], ...]:
        """Name and ARN of the group's users."""
        try:
            return self._make("iam:GetGroup", lambda: self._policies.members(group), expected=GONE)
        except AwsError:
            raise UsageError(
                "group-unknown",
                f"Account {format_account(account)} has no IAM group {group}.",
                "Names are case-sensitive; the profile may be of another account.",
                "See the groups: aws iam list-groups",
            ) from None

    def _unprotected(self, members: tuple[tuple[str, str], ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of the users without MFA, and of those with FIDO keys or passkeys only.

        Users with a virtual device are known from the account's list; only the others are asked for one by one.
        """
        reports = AccountReports(self._aws, self._caller, self._cancel)
        protected: set[str] = set()
        marker = ""
        while members:
            page = self._make(
                "iam:ListVirtualMFADevices",
                lambda at=marker: reports.list_virtual_devices(at),  # type: ignore[misc]
            )
            protected.update(page.owners)
            marker = page.marker
            if not marker:
                break
        without, fido = [], []
        for name, arn in members:
            if arn in protected:
                continue
            kinds = self._make("iam:ListMFADevices", lambda of=name: reports.list_device_kinds(of))  # type: ignore[misc]
            if kinds is not None and not kinds:
                without.append(name)
            elif kinds is not None and set(kinds) == {FIDO}:
                fido.append(name)
        return tuple(without), tuple(fido)

    def _state(self, arn: str, document: dict[str, object]) -> str:
        try:
            version = self._make("iam:GetPolicy", lambda: self._policies.default_version(arn), expected=GONE)
        except AwsError:
            return PolicyState.MISSING
        text = self._make("iam:GetPolicyVersion", lambda: self._policies.text(arn, version))
        return PolicyState.SAME if is_same_policy(text, document) else PolicyState.DIFFERENT

    def _make(
        self, action: str, call: Callable[[], T], plan: EnforcementPlan | None = None, *, expected: str = ""
    ) -> T:
        """The result of *call*, a request of *action*. Raises AwsError for the code that is *expected*."""
        try:
            return retry_after_clock_sync(self._operation, call)
        except AwsUnreachable as failure:
            raise error_for(failure, self._caller) from None
        except AwsError as answer:
            if expected and answer.code == expected:
                raise
            if answer.means == AwsErrorKind.DENIED:
                raise AwsRefused(
                    "policy-denied",
                    f"AWS does not let {self._caller.profile} call {action}.",
                    without_codes(answer.message),
                    f"The policies of {self._caller.profile} must allow {action}.",
                ) from None
            if plan is not None and answer.code == TOO_MANY:
                raise _limit(action, plan) from None
            raise error_for(answer, self._caller, offset=self._operation.context.clock.known_offset) from None


def describe_plan(plan: EnforcementPlan, *, replace: bool = False) -> list[str]:
    """What :meth:`Enforcement.apply` will do, and to whom, in sentences."""
    policy, group = plan.policy_name, plan.group
    if plan.done:
        does = f"The policy {policy} is already attached to the group {group}, with this text. There is nothing to do."
    elif plan.state == PolicyState.MISSING:
        account = format_account(plan.account)
        does = f"Creates the policy {policy} and attaches it to the group {group} (account {account})."
    elif plan.state == PolicyState.SAME:
        does = f"Attaches the policy {policy}, which exists with this text, to the group {group}."
    elif replace:
        does = f"Replaces the text of the policy {policy}, wherever it is attached, and enforces it for {group}."
    else:
        does = f"The policy {policy} exists with another text. It is not overwritten without --replace-policy."
    sentences = [does, f"The group has {counted(plan.members, 'user')}."]
    if plan.without_mfa:
        sentences += [
            f"Without MFA now ({len(plan.without_mfa)}): {_all_of(plan.without_mfa)}.",
            "They can still enroll an MFA device of their own (mfa-tui device enroll) and log in with it.",
            "Until then everything else is denied to them, with their keys and in the console.",
        ]
        if plan.administrator in plan.without_mfa:
            sentences.append(f"{plan.administrator}, whose session signs these requests, is one of them.")
    elif plan.members:
        sentences.append("All of them have MFA.")
    if plan.fido_only:
        sentences.append(
            f"With FIDO keys or passkeys only ({len(plan.fido_only)}): {_all_of(plan.fido_only)}. Everything is denied "
            "to their access keys, since the API takes six-digit codes; the console and aws login work."
        )
    if plan.members > len(plan.without_mfa):
        sentences.append("Those with MFA need a session made with it: their access keys alone are denied.")
    return sentences


def _all_of(names: tuple[str, ...]) -> str:
    return in_words(names, len(names))


def check_entity_name(name: str) -> None:
    """Raise UsageError (``group-name``) if no IAM group or policy can have that *name*."""
    if not _GROUP.match(name):
        raise UsageError(
            "group-name",
            "An IAM group or policy cannot have that name.",
            "A name has 1 to 128 letters, digits or any of _+=,.@- and no spaces.",
            "Give the name alone, without the ARN around it.",
        )


def _differs(plan: EnforcementPlan) -> UsageError:
    return UsageError(
        "policy-differs",
        f"The policy {plan.policy_name} exists with another text.",
        "It may be yours, or come from another version of mfa-tui; it is not overwritten unasked.",
        "Compare it with mfa-tui audit PROFILE --policy; then use --replace-policy, or another --policy-name.",
    )


def _limit(action: str, plan: EnforcementPlan) -> AwsRefused:
    if action == "iam:CreatePolicyVersion":
        return AwsRefused(
            "policy-limit",
            f"The policy {plan.policy_name} has {MOST_VERSIONS} versions already.",
            "AWS keeps no more.",
            f"Delete one: aws iam delete-policy-version --policy-arn {plan.policy_arn} --version-id v1",
        )
    return AwsRefused(
        "policy-limit",
        f"The group {plan.group} or the account has as many policies as AWS allows.",
        "By default a group can have ten.",
        "Detach one that is not needed, or ask AWS for a higher quota; then run it again.",
    )
