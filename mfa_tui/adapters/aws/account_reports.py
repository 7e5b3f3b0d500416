"""IAM's and CloudTrail's calls about a whole account, one page for each call.

https://docs.aws.amazon.com/IAM/latest/APIReference/ and https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/.
Every method raises AwsError, AwsUnreachable, ConfigError, Cancelled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mfa_tui.adapters.aws.paging import next_marker, note_page, pages
from mfa_tui.core.account.account import OpenRole, PasswordPolicy, ServiceCredential
from mfa_tui.core.account.administrators import Holder, first_administrators, makes_administrators
from mfa_tui.core.account.sign_in_events import DAYS, ConsoleLogin, parse_event
from mfa_tui.core.account.trust_policies import open_principals
from mfa_tui.core.aws import response_checks

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.aws.sts import Aws
    from mfa_tui.adapters.system.cancellation import CancelScope

    T = TypeVar("T")

_PAGE = 1000
"""The most entries that IAM puts on a page."""
_EVENTS = 50
"""The most events that CloudTrail puts on a page."""
_MOST_PAGES = 20_000
"""How many pages of events a Region has at most: a million sign-ins."""
_DAY = 86_400
COMPLETE = "COMPLETE"
"""The state of a credential report that can be read."""


class Report(NamedTuple):
    """The credential report as AWS sends it."""

    text: str
    """CSV."""
    made_at: int
    """When AWS made it, in seconds since the epoch."""


class Authorizations(NamedTuple):
    """A page of users, groups and managed policies, with what their policies allow."""

    users: tuple[Holder, ...]
    """Users."""
    groups: tuple[Holder, ...]
    """Groups."""
    policies: dict[str, bool]
    """By a managed policy's ARN, whether it makes administrators."""
    marker: str
    """What the next page is asked for with; empty on the last one."""


class VirtualDevices(NamedTuple):
    """A page of virtual devices."""

    owners: tuple[str, ...]
    """The ARN of the owner of each assigned device."""
    marker: str
    """What the next page is asked for with; empty on the last one."""


class AccountReports:
    """The calls about an account, made as one caller."""

    def __init__(self, aws: Aws, caller: Caller, cancel: CancelScope) -> None:
        self._aws = aws
        self._caller = caller
        self._cancel = cancel
        self._seen: dict[str, set[str]] = {}
        """For each list, the markers of its pages so far."""

    def request_report(self) -> str:
        """Ask for the credential report; its state: STARTED, INPROGRESS or COMPLETE (GenerateCredentialReport)."""
        return self._iam(lambda client: str(client.generate_credential_report()["State"]))

    def get_report(self) -> Report:
        """The credential report (GetCredentialReport)."""

        def call(client: Any) -> Report:
            answer = client.get_credential_report()
            return Report(answer["Content"].decode("utf-8", "replace"), self._aws.past(answer["GeneratedTime"]))

        return self._iam(call)

    def get_summary(self) -> dict[str, int]:
        """How much of everything there is in the account (GetAccountSummary)."""

        def call(client: Any) -> dict[str, int]:
            summary = dict(client.get_account_summary()["SummaryMap"])
            for flag in ("AccountMFAEnabled", "AccountAccessKeysPresent"):
                # Without them, nothing would be known about root, and nothing said.
                _ = summary[flag]
            return summary

        return self._iam(call)

    def get_password_policy(self) -> PasswordPolicy:
        """The password policy (GetAccountPasswordPolicy), which AWS reports as missing by an error."""

        def call(client: Any) -> PasswordPolicy:
            try:
                policy = client.get_account_password_policy()["PasswordPolicy"]
            except client.exceptions.NoSuchEntityException:
                return PasswordPolicy(exists=False)
            length, reuse = policy["MinimumPasswordLength"], policy.get("PasswordReusePrevention", 0)
            return PasswordPolicy(exists=True, length=int(length), reuse=int(reuse))

        return self._iam(call)

    def get_authorizations(self, marker: str) -> Authorizations:
        """A page of users, groups and the account's own policies (GetAccountAuthorizationDetails).

        Policies of AWS itself are not asked for: there are more than a thousand, and their names are known.
        """

        def call(client: Any) -> Authorizations:
            answer = client.get_account_authorization_details(
                Filter=["User", "Group", "LocalManagedPolicy"], **_page(marker)
            )
            return Authorizations(
                tuple(_holder(one, "User") for one in answer["UserDetailList"]),
                tuple(_holder(one, "Group") for one in answer["GroupDetailList"]),
                {one["Arn"]: _default_makes_administrators(one) for one in answer["Policies"]},
                self._next("authorizations", marker, answer),
            )

        return self._iam(call)

    def list_virtual_devices(self, marker: str) -> VirtualDevices:
        """A page of the virtual devices that belong to somebody (ListVirtualMFADevices)."""

        def call(client: Any) -> VirtualDevices:
            answer = client.list_virtual_mfa_devices(AssignmentStatus="Assigned", **_page(marker))
            owners = tuple(str(one.get("User", {}).get("Arn", "")) for one in answer["VirtualMFADevices"])
            return VirtualDevices(owners, self._next("devices", marker, answer))

        return self._iam(call)

    def list_device_kinds(self, user: str) -> tuple[str, ...] | None:
        """The kinds of the devices of *user* (ListMFADevices); None if there is no such user any more."""

        def call(client: Any) -> tuple[str, ...] | None:
            try:
                devices = [
                    one for page in pages(client, "list_mfa_devices", UserName=user) for one in page["MFADevices"]
                ]
            except client.exceptions.NoSuchEntityException:
                return None
            for one in devices:
                response_checks.check_owner(one["UserName"], user)
            return tuple(response_checks.parse_serial(one["SerialNumber"]).kind for one in devices)

        return self._iam(call)

    def list_credentials(self, marker: str, service: str = "") -> tuple[tuple[ServiceCredential, ...], str]:
        """A page of all users' active credentials for one *service*, or for all, and the next marker.

        (ListServiceSpecificCredentials with AllUsers)
        """

        def call(client: Any) -> tuple[tuple[ServiceCredential, ...], str]:
            of_service = {"ServiceName": service} if service else {}
            answer = client.list_service_specific_credentials(AllUsers=True, **of_service, **_page(marker))
            found = (
                self._credential(one)
                for one in answer["ServiceSpecificCredentials"]
                if response_checks.is_active(one["Status"])
            )
            return tuple(found), self._next(f"credentials {service}", marker, answer)

        return self._iam(call)

    def list_open_roles(self, marker: str) -> tuple[tuple[OpenRole, ...], str]:
        """The roles of a page that let users in without MFA, and the next marker (ListRoles)."""

        def call(client: Any) -> tuple[tuple[OpenRole, ...], str]:
            answer = client.list_roles(**_page(marker))
            found = (
                OpenRole(
                    response_checks.parse_entity(one["RoleName"], one["Arn"]),
                    one["Arn"],
                    open_principals(_document(one["AssumeRolePolicyDocument"])),
                )
                for one in answer["Roles"]
            )
            return tuple(role for role in found if role.trusted), self._next("roles", marker, answer)

        return self._iam(call)

    def list_sign_ins(self, region: str, now: float, token: str) -> tuple[tuple[ConsoleLogin, ...], str]:
        """The sign-ins of a page of events of *region*, of the 90 days before *now*, and the next token.

        (LookupEvents, the newest events first)
        """
        from datetime import UTC, datetime

        def call(client: Any) -> tuple[tuple[ConsoleLogin, ...], str]:
            more = {"NextToken": token} if token else {}
            answer = client.lookup_events(
                LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "ConsoleLogin"}],
                StartTime=datetime.fromtimestamp(now - DAYS * _DAY, UTC),
                MaxResults=_EVENTS,
                **more,
            )
            events = (
                parse_event(one["CloudTrailEvent"], self._aws.past(one["EventTime"]), region)
                for one in answer["Events"]
            )
            found, following = tuple(one for one in events if one is not None), str(answer.get("NextToken", ""))
            if following:
                note_page(following, self._pages_of(f"events {region}", token), _MOST_PAGES)
            return found, following

        return self._aws.call("cloudtrail", self._caller._replace(only_region=region), call, self._cancel, attempts=2)

    def _next(self, what: str, marker: str, answer: dict[str, Any]) -> str:
        """The marker of the page after *answer*, which was asked for with *marker*; empty if it is the last one."""
        return next_marker(answer, self._pages_of(what, marker))

    def _pages_of(self, what: str, marker: str) -> set[str]:
        """The markers of the pages of *what* so far; without a *marker*, its first page is asked for."""
        if not marker:
            self._seen[what] = set()
        return self._seen.setdefault(what, set())

    def _credential(self, one: dict[str, Any]) -> ServiceCredential:
        return ServiceCredential(
            response_checks.parse_user_name(one["UserName"]),
            str(one["ServiceName"]),
            str(one["ServiceSpecificCredentialId"]),
            self._aws.past(one["CreateDate"]),
            int(one["ExpirationDate"].timestamp()) if "ExpirationDate" in one else None,
        )

    def _iam(self, call: Callable[[Any], T]) -> T:
        return self._aws.call("iam", self._caller, call, self._cancel, attempts=2)


def _page(marker: str) -> dict[str, Any]:
    return {"MaxItems": _PAGE, **({"Marker": marker} if marker else {})}


def _holder(one: dict[str, Any], kind: str) -> Holder:
    """The user or group in an entry of GetAccountAuthorizationDetails; *kind* begins the names of its fields."""
    inline = one.get(f"{kind}PolicyList", ())
    attached = one["AttachedManagedPolicies"]
    return Holder(
        response_checks.parse_entity(one[f"{kind}Name"], one["Arn"]),
        first_administrators((str(each["PolicyName"]), _document(each["PolicyDocument"])) for each in inline),
        tuple(
            (response_checks.parse_entity(each["PolicyName"], each["PolicyArn"]), str(each["PolicyArn"]))
            for each in attached
        ),
        tuple(str(name) for name in one.get("GroupList", ())),
    )


def _default_makes_administrators(policy: dict[str, Any]) -> bool:
    return any(
        makes_administrators(_document(version["Document"]))
        for version in policy.get("PolicyVersionList", ())
        if version.get("IsDefaultVersion")
    )


def _document(value: object) -> object:
    """A policy document. botocore has decoded it, unless it is no JSON. Raises ImplausibleResponse."""
    if not isinstance(value, dict):
        raise response_checks.ImplausibleResponse("a policy document is malformed")
    return value
