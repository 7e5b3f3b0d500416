"""Texts about an entry of the history: for a support ticket, and for an administrator who can help."""

from __future__ import annotations

import re
from shlex import quote
from typing import TYPE_CHECKING

from mfa_tui.core.aws.api_call import call_words
from mfa_tui.core.doctor.troubleshooting import topic_of
from mfa_tui.core.history.entry import action_words
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.core.text.display import format_account, printable

if TYPE_CHECKING:
    from mfa_tui.core.aws.api_call import ApiCall
    from mfa_tui.core.history.entry import Entry

_WITH_CODES = ("EnableMFADevice", "ResyncMFADevice")
"""Actions that take two codes of the device, which no record has."""
_FOR_HIMSELF = ("sts", "signin")
"""Services whose calls nobody else can make for the user."""


def user_in(arn: str) -> str:
    """The IAM user's name in its ARN; empty if it is another identity's."""
    kind, _, path = arn.rpartition(":")[2].partition("/")
    return path.rpartition("/")[2] if kind == "user" else ""


def ticket_text(entry: Entry, version: str) -> str:
    """*entry* for a support ticket: all that is known of it. *version* is mfa-tui's."""
    lines = [
        f"{_title(entry)}: {entry.result}",
        *_labelled(
            ("Time", format_utc(entry.at)),
            ("Profile", entry.profile),
            ("What", entry.text),
            ("Why", entry.why),
            ("Error", entry.error),
            ("For the user", entry.user),
            *_identity(entry),
            ("mfa-tui", version),
        ),
    ]
    if entry.calls:
        lines.append("Requests to AWS:")
    for call in entry.calls:
        lines.append(f"  {call_words(call)}")
        if call.message:
            lines.append(f"    AWS's words: {call.message}")
    return printable("\n".join(lines))


def administrator_text(entry: Entry) -> str:
    """A text that asks an administrator to help with what AWS refused; empty if it refused nothing."""
    call = entry.denied
    if call is None:
        return ""
    name = f"{call.service}:{call.action}"
    lines = [
        "Hello,",
        f"AWS refused a request of mine: {name}.",
        *_labelled(
            ("Call", cli_command(call)),
            *_identity(entry),
            ("Time", format_utc(entry.at)),
            ("Request ID", call.request_id),
            ("AWS's words", call.message or call.error),
        ),
    ]
    user = user_in(entry.arn)
    if not user and entry.signer:
        lines.append("To see whose key it is:")
        lines.append(f"  aws iam get-access-key-last-used --access-key-id {quote(entry.signer)}")
    topic = topic_of(entry.error)
    if topic is None or entry.error in _DENIED:
        can = "" if call.service in _FOR_HIMSELF else ", or make the call for me"
        lines.append(f"Please allow {name}{_target(call)}{can}.")
    if topic is not None:
        words = {"USER": entry.user or user, "ARN": call.parameters.get("SerialNumber", ""), "ACCOUNT": entry.account}
        lines.append(f"What an administrator can do ({topic.title[:1].lower()}{topic.title[1:]}):")
        for step in topic.administrator:
            lines.append(f"- {step.text}")
            if step.command:
                lines.append(f"  {_filled(step.command, words)}")
    return printable("\n".join(lines))


_DENIED = ("denied", "device-denied", "key-denied", "list-denied", "scope-refused")
"""Slugs of errors where a policy does not allow the call."""


def cli_command(call: ApiCall) -> str:
    """*call* as a command line of the AWS CLI. Codes, which are not recorded, are to be filled in."""
    if call.service == "signin":
        return f"{call.service}:{call.action}"
    options = [f" --{_dashed(name)} {quote(value)}" for name, value in call.parameters.items()]
    if call.action in _WITH_CODES:
        options.append(" --authentication-code1 CODE1 --authentication-code2 CODE2")
    if call.action == "GetSessionToken":
        options.append(" --token-code CODE")
    return f"aws {call.service} {_dashed(call.action)}{''.join(options)}"


def _title(entry: Entry) -> str:
    words = action_words(entry.action)
    return words[:1].upper() + words[1:] if ":" not in words else words


def _identity(entry: Entry) -> list[tuple[str, str]]:
    return [
        ("User", user_in(entry.arn)),
        ("ARN", entry.arn),
        ("Account", format_account(entry.account)),
        ("Access key", entry.signer),
    ]


def _labelled(*pairs: tuple[str, str]) -> list[str]:
    """A line for each pair that has a value."""
    return [f"{label}: {value}" for label, value in pairs if value]


def _target(call: ApiCall) -> str:
    """What the call is about, as policies name it."""
    role = call.parameters.get("RoleArn", "")
    return f" on {role}, in the user's policies and in the role's trust policy" if role else ""


def _dashed(name: str) -> str:
    """An action's or a parameter's name as the AWS CLI writes it: ``EnableMFADevice`` is ``enable-mfa-device``."""
    return re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1-\2", name)).lower()


def _filled(command: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        if value:
            command = re.sub(rf"(?<![\w-]){word}(?![\w-])", lambda _, value=value: quote(value), command)  # type: ignore[misc]
    return command
