"""The checks of users' MFA devices: the virtual ones of the account, then the kinds of all others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from mfa_tui.core.account.updates import with_devices
from mfa_tui.core.aws.mfa_serial import VIRTUAL

if TYPE_CHECKING:
    from mfa_tui.core.account.account import User
    from mfa_tui.services.account.examination import Examination

_MOST_LOOKUPS = 200
"""How many users with a virtual device are asked for, at most, to find further devices of theirs."""


def add_devices(examination: Examination) -> None:
    """The virtual devices. A user who has one has MFA, even if the report is too old to know."""
    examination.operation.progress("asking", "Asking AWS for the virtual MFA devices")

    def page(marker: str) -> tuple[tuple[str, ...], str]:
        answer = examination.reports.list_virtual_devices(marker)
        return answer.owners, answer.marker

    owners: Counter[str] = Counter()
    for page_owners in examination.requests.pages("iam:ListVirtualMFADevices", page):
        owners.update(page_owners)
    users = tuple(
        user._replace(has_mfa=True, devices=(VIRTUAL,) * owners[user.arn]) if owners[user.arn] else user
        for user in examination.facts.users or ()
    )
    examination.virtual_devices = owners
    if examination.facts.users is not None:
        examination.add(users=users)


def add_device_kinds(examination: Examination) -> None:
    """The devices of users with MFA whose devices are not among the virtual ones: FIDO keys and hardware tokens.

    A user with one virtual device may have another kind too. The account summary counts all devices in use, so those
    users are asked for only while some device is not accounted for. Cancelling keeps what was seen until then.
    """
    found: dict[str, tuple[str, ...] | None] = {}
    try:
        _look_up_unknown(examination, found)
        _look_up_missing(examination, found)
    finally:
        users = examination.facts.users
        if users is not None:
            examination.add(
                users=tuple(_with_kinds(user, found) for user in users if found.get(user.arn, ()) is not None)
            )


def _look_up_unknown(examination: Examination, found: dict[str, tuple[str, ...] | None]) -> None:
    users = examination.facts.users or ()
    unknown = [user for user in users if user.has_mfa and user.devices is None and user.can_log_in]
    for number, user in enumerate(unknown, start=1):
        examination.operation.progress("asking", f"Asking AWS for MFA devices: {number} of {len(unknown)} users")
        found[user.arn] = _kinds(examination, user)


def _look_up_missing(examination: Examination, found: dict[str, tuple[str, ...] | None]) -> None:
    missing = _unaccounted(examination, found)
    with_one = [user for user in examination.facts.users or () if user.devices == (VIRTUAL,)]
    for number, user in enumerate(with_one[:_MOST_LOOKUPS], start=1):
        if missing <= 0:
            break
        examination.operation.progress("asking", f"Asking AWS for further MFA devices: {number} users so far")
        found[user.arn] = _kinds(examination, user)
        missing -= len(found[user.arn] or (VIRTUAL,)) - 1


def _kinds(examination: Examination, user: User) -> tuple[str, ...] | None:
    return examination.requests.make("iam:ListMFADevices", lambda: examination.reports.list_device_kinds(user.name))


def _with_kinds(user: User, found: dict[str, tuple[str, ...] | None]) -> User:
    kinds = found.get(user.arn)
    return user if kinds is None else with_devices(user, kinds)


def _unaccounted(examination: Examination, found: dict[str, tuple[str, ...] | None]) -> int:
    """How many devices are in use that were not seen; root's, which the API lists only if it is virtual, apart."""
    owners, summary = examination.virtual_devices, examination.summary
    has_hidden_root_device = bool(summary.get("AccountMFAEnabled")) and not owners[examination.facts.root_arn]
    seen = owners.total() + sum(len(kinds or ()) for kinds in found.values()) + has_hidden_root_device
    return summary.get("MFADevicesInUse", 0) - seen
