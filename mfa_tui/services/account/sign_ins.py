"""The check of console sign-ins, from CloudTrail's event history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.account.sign_in_events import INTERVAL, SignInLog, sign_in_regions
from mfa_tui.services.account.requests import Failed, Refused

if TYPE_CHECKING:
    from mfa_tui.services.account.examination import Examination

_ACTION = "cloudtrail:LookupEvents"


def add_sign_ins(examination: Examination) -> None:
    """The sign-ins of the last 90 days, Region by Region. Cancelling keeps what was seen until then.

    A Region that refuses, because the organization denies it or it is not enabled, does not keep the others from
    being read. Raises Refused or Failed, which names those Regions.
    """
    log = SignInLog()
    refused: dict[str, Refused | Failed] = {}
    try:
        for region in sign_in_regions(examination.facts.partition, examination.caller.region):
            try:
                _read_region(examination, region, log)
                log.finish(region)
            except (Refused, Failed) as refusal:
                refused[region] = refusal
    finally:
        if not log.is_empty:
            examination.add(sign_ins=log.result())
    if refused:
        first = next(iter(refused.values()))
        raise first.in_regions(tuple(refused))


def _read_region(examination: Examination, region: str, log: SignInLog) -> None:
    token, seen = "", 0
    now = examination.audit.made_at
    while True:
        so_far = f": {seen} so far" if seen else ""
        examination.operation.progress("asking", f"Reading console sign-ins in {region}{so_far}")
        logins, token = examination.requests.make(
            _ACTION,
            lambda at=token: examination.reports.list_sign_ins(region, now, at),  # type: ignore[misc]
        )
        for login in logins:
            log.add(login)
        seen += len(logins)
        if not token:
            return
        examination.add(sign_ins=log.result())
        examination.operation.cancel.sleep(INTERVAL)
