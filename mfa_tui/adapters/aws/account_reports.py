"""IAM's and CloudTrail's calls about a whole account, one page for each call.

https://docs.aws.amazon.com/IAM/latest/APIReference/ and https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/.
Every method raises AwsError, AwsUnreachable, ConfigError, Cancelled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

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

    def request_report(self) -> str:
        """Ask for the credential report; its state: STARTED, INPROGRESS or COMPLETE (GenerateCredentialReport)."""
        return self._iam(lambda client: str(client.generate_credential_report()["State"]))

    def get_report(self) -> Report:
        """The credential report (GetCredentialReport)."""

        def call(client: Any) -> Report:
            answer = client.get_credential_report()
            return Report(answer["Content"].decode("utf-8", "replace"), int(answer["GeneratedTime"].timestamp()))

        return self._iam(call)

    def get_summary(self) -> dict[str, int]:
        """How much of everything there is in the account (GetAccountSummary)."""
        return self._iam(lambda client: dict(client.get_account_summary()["SummaryMap"]))

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
                tuple(_holder(one, "User") for one in answer.get("UserDetailList", ())),
                tuple(_holder(one, "Group") for one in answer.get("GroupDetailList", ())),
                {one["Arn"]: _default_makes_administrators(one) for one in answer.get("Policies", ())},
                _next(answer),
            )

        return self._iam(call)

    def list_virtual_devices(self, marker: str) -> VirtualDevices:
        """A page of the virtual devices that belong to somebody (ListVirtualMFADevices)."""

        def call(client: Any) -> VirtualDevices:
            answer = client.list_virtual_mfa_devices(AssignmentStatus="Assigned", **_page(marker))
            owners = tuple(str(one.get("User", {}).get("Arn", "")) for one in answer["VirtualMFADevices"])
            return VirtualDevices(owners, _next(answer))

        return self._iam(call)

    def list_device_kinds(self, user: str) -> tuple[str, ...] | None:
        """The kinds of the devices of *user* (ListMFADevices); None if there is no such user any more."""

        def call(client: Any) -> tuple[str, ...] | None:
            try:
                devices = client.list_mfa_devices(UserName=user)["MFADevices"]
            except client.exceptions.NoSuchEntityException:
                return None
            return tuple(response_checks.parse_serial(one["SerialNumber"]).kind for one in devices)

        return self._iam(call)

    def list_credentials(self, marker: str, service: str = "") -> tuple[tuple[ServiceCredential, ...], str]:
        """A page of all users' active credentials for one *service*, or for all, and the next marker.

        (ListServiceSpecificCredentials with AllUsers)
        """

        def call(client: Any) -> tuple[tuple[ServiceCredential, ...], str]:
            of_service = {"ServiceName": service} if service else {}
            answer = client.list_service_specific_credentials(AllUsers=True, **of_service, **_page(marker))
            found = (_credential(one) for one in answer["ServiceSpecificCredentials"] if one["Status"] == "Active")
            return tuple(found), _next(answer)

        return self._iam(call)

    def list_open_roles(self, marker: str) -> tuple[tuple[OpenRole, ...], str]:
        """The roles of a page that let users in without MFA, and the next marker (ListRoles)."""

        def call(client: Any) -> tuple[tuple[OpenRole, ...], str]:
            answer = client.list_roles(**_page(marker))
            found = (
                OpenRole(one["RoleName"], one["Arn"], open_principals(_document(one.get("AssumeRolePolicyDocument"))))
                for one in answer["Roles"]
            )
            return tuple(role for role in found if role.trusted), _next(answer)

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
                parse_event(one.get("CloudTrailEvent"), int(one["EventTime"].timestamp()), region)
                for one in answer["Events"]
            )
            return tuple(one for one in events if one is not None), str(answer.get("NextToken", ""))

        return self._aws.call("cloudtrail", self._caller._replace(only_region=region), call, self._cancel, attempts=2)

    def _iam(self, call: Callable[[Any], T]) -> T:
        return self._aws.call("iam", self._caller, call, self._cancel, attempts=2)


def _page(marker: str) -> dict[str, Any]:
    return {"MaxItems": _PAGE, **({"Marker": marker} if marker else {})}


def _next(answer: dict[str, Any]) -> str:
    return str(answer["Marker"]) if answer.get("IsTruncated") else ""


def _holder(one: dict[str, Any], kind: str) -> Holder:
    """The user or group in an entry of GetAccountAuthorizationDetails; *kind* begins the names of its fields."""
    inline = one.get(f"{kind}PolicyList", ())
    attached = one.get("AttachedManagedPolicies", ())
    return Holder(
        str(one[f"{kind}Name"]),
        first_administrators((str(each["PolicyName"]), _document(each["PolicyDocument"])) for each in inline),
        tuple((str(each["PolicyName"]), str(each["PolicyArn"])) for each in attached),
        tuple(str(name) for name in one.get("GroupList", ())),
    )


def _default_makes_administrators(policy: dict[str, Any]) -> bool:
    return any(
        makes_administrators(_document(version.get("Document")))
        for version in policy.get("PolicyVersionList", ())
        if version.get("IsDefaultVersion")
    )


def _document(value: object) -> object:
    """A policy document. botocore has decoded it, unless it is no JSON."""
    return value if isinstance(value, dict) else None


def _credential(one: dict[str, Any]) -> ServiceCredential:
    return ServiceCredential(
        str(one["UserName"]),
        str(one["ServiceName"]),
        str(one["ServiceSpecificCredentialId"]),
        int(one["CreateDate"].timestamp()),
        int(one["ExpirationDate"].timestamp()) if "ExpirationDate" in one else None,
    )
