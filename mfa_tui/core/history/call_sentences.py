"""What calls to AWS have done, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.core.text.display import shortened_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.core.aws.api_call import ApiCall

_SENTENCES = {
    "GetSessionToken": "Got a session for {DurationSeconds}.",
    "AssumeRole": "Assumed the role {RoleArn} for {DurationSeconds}.",
    "GetScopedCredentials": "Got a limited session.",
    "getSigninToken": "Got a sign-in link.",
    "CreateVirtualMFADevice": "Created the MFA device {VirtualMFADeviceName}.",
    "EnableMFADevice": "Enabled the MFA device {SerialNumber}.",
    "ResyncMFADevice": "Resynced the MFA device {SerialNumber}.",
    "DeactivateMFADevice": "Deactivated the MFA device {SerialNumber}.",
    "DeleteVirtualMFADevice": "Deleted the MFA device {SerialNumber}.",
    "CreateAccessKey": "Created an access key.",
    "UpdateAccessKey": "Made the access key {AccessKeyId} {Status}.",
    "DeleteAccessKey": "Deleted the access key {AccessKeyId}.",
    "CreatePolicy": "Created the policy {PolicyName}.",
    "CreatePolicyVersion": "Replaced the text of the policy {PolicyArn}.",
    "AttachGroupPolicy": "Attached {PolicyArn} to the group {GroupName}.",
}


def done_sentences(calls: Sequence[ApiCall]) -> str:
    """What *calls* have changed, or got, in sentences; empty if nothing."""
    done = [call for call in calls if call.changes and not call.error]
    return " ".join(dict.fromkeys(_sentence(call) for call in done))


def _sentence(call: ApiCall) -> str:
    template = _SENTENCES.get(call.action)
    if template is None:
        return f"{call.service}:{call.action} was done."
    return template.format_map(_Words(call.parameters.items()))


class _Words(dict[str, str]):
    """Parameters in words, for a template."""

    def __getitem__(self, name: str) -> str:
        value = self.get(name, "")
        if name == "SerialNumber":
            return MfaSerial(value).name
        if name in ("RoleArn", "PolicyArn"):
            return value.rpartition("/")[2]
        if name == "DurationSeconds":
            return format_duration(int(value)) if value.isdigit() else "the usual time"
        if name == "AccessKeyId":
            return shortened_key(value)
        return value.lower() if name == "Status" else value
