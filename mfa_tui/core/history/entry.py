"""One entry of the history: an action of the user or of an SDK, how it went, and the calls to AWS that it made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.aws.api_call import NO_ANSWER, ApiCall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Result:
    """How an action went; the names are stable (``history --json``)."""

    DONE = "done"
    """It was done."""
    REFUSED = "refused"
    """AWS answered no."""
    FAILED = "failed"
    """The network, the keyring or the disk prevented it, or something else did."""
    CANCELLED = "cancelled"
    """The user interrupted it. What AWS was asked until then may be done."""


ACTIONS = {
    "login": "login",
    "role-login": "role login",
    "scope": "limited session",
    "logout": "logout",
    "console": "console sign-in",
    "device-enroll": "device enrollment",
    "device-replace": "device replacement",
    "device-remove": "device removal",
    "device-resync": "device resync",
    "device-import": "secret import",
    "device-forget": "secret removal",
    "device-export": "secret export",
    "device-backup": "backup of secrets",
    "device-restore": "restore of secrets",
    "device-reset": "device reset",
    "key-import": "key import",
    "key-store": "key storage",
    "key-restore": "key restore",
    "key-rotate": "key rotation",
    "key-disable": "key deactivation",
    "key-enable": "key activation",
    "key-delete": "key deletion",
    "policy-apply": "MFA policy",
}
"""The actions, by their stable names, as people read them. Any other call that changes something has its own name."""


class Entry(NamedTuple):
    """One entry. It holds no secrets and no MFA codes."""

    at: int
    """When it was over, in seconds since the epoch, by AWS's clock as far as it is known."""
    profile: str
    """The profile that was used; empty for all."""
    action: str
    """What was done: one of :data:`ACTIONS`, or the name of a call, such as ``iam:TagUser``."""
    result: str
    """One of :class:`Result`."""
    text: str
    """What happened, in one sentence; may be empty."""
    why: str = ""
    """Why it was not done; empty if there is no more to say."""
    error: str = ""
    """The slug of the error that it ended with; empty if it was done."""
    user: str = ""
    """The IAM user that an administrator acted for; empty if it was the own one."""
    arn: str = ""
    """Who made the calls; empty if it is not known."""
    signer: str = ""
    """The access key ID that the calls were signed with; that of the user's long-term key for a session of its own."""
    calls: tuple[ApiCall, ...] = ()
    """The calls to AWS, in order."""
    uid: str = ""
    """What no other entry has."""

    @property
    def call(self) -> ApiCall | None:
        """The call that decided how it went; None if there was none."""
        return decisive_call(self.calls, refused=self.result != Result.DONE)

    @property
    def request_id(self) -> str:
        """AWS's id of that call; empty if there was none, or no answer."""
        call = self.call
        return call.request_id if call is not None else ""

    @property
    def denied(self) -> ApiCall | None:
        """The call that AWS refused; None if it refused none."""
        call = self.call if self.result == Result.REFUSED else None
        return call if call is not None and call.error not in ("", NO_ANSWER) else None

    @property
    def account(self) -> str:
        """The id of the account; empty if it is not known."""
        values = (value for call in self.calls for value in call.parameters.values())
        arns = (self.arn, *values)
        return next((account for arn in arns if (account := _account_in(arn))), "")


def action_words(action: str) -> str:
    """An action as people read it."""
    return ACTIONS.get(action, action)


def decisive_call(calls: Sequence[ApiCall], *, refused: bool) -> ApiCall | None:
    """Of *calls*, the one that decided how an action went: the last that failed if it was *refused*.

    Otherwise the last that changed something; failing that, the last that should have, or the last.
    """
    changing = [call for call in calls if call.changes]
    wanted = [call for call in (calls if refused else changing) if bool(call.error) == refused]
    found = wanted or changing or calls
    return found[-1] if found else None


def as_document(entry: Entry) -> dict[str, object]:
    """*entry* for JSON, with stable keys; see docs/history.md."""
    return {
        "at": entry.at,
        "profile": entry.profile,
        "action": entry.action,
        "result": entry.result,
        "text": entry.text,
        "why": entry.why,
        "error": entry.error,
        "user": entry.user,
        "arn": entry.arn,
        "signer": entry.signer,
        "calls": [call._asdict() for call in entry.calls],
    }


def parse_entry(document: Mapping[str, object], uid: str) -> Entry:
    """The entry of :func:`as_document`. Raises ValueError, TypeError, KeyError."""
    calls = document["calls"]
    if not isinstance(calls, list):
        raise TypeError("calls")
    texts = {name: _text(document[name]) for name in Entry._fields if name not in ("at", "calls", "uid")}
    return Entry(at=int(str(document["at"])), calls=tuple(map(_parse_call, calls)), uid=uid, **texts)


def _parse_call(call: Mapping[str, object]) -> ApiCall:
    parameters = call["parameters"]
    if not isinstance(parameters, dict):
        raise TypeError("parameters")
    texts = {name: _text(call[name]) for name in ApiCall._fields if name != "parameters"}
    return ApiCall(parameters={_text(name): _text(value) for name, value in parameters.items()}, **texts)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def _account_in(arn: str) -> str:
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[0] == "arn" and parts[4].isdigit() else ""  # noqa: PLR2004 - of an ARN
