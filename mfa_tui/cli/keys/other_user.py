"""``--user NAME`` of the keys commands: an administrator lists, deactivates and activates keys of another user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.devices.administration import (
    load_administered,
    renew_session,
    report,
    show_calls_of,
)
from mfa_tui.cli.devices.other_user import key_as_json, key_line
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.aws_calls import show_calls
from mfa_tui.cli.terminal.consent import ask_consent
from mfa_tui.core.text.display import format_account, in_words
from mfa_tui.errors import AwsRefused, Exit, UsageError
from mfa_tui.services.account.administration import check_other, describe_key_change, list_keys, set_key_status

if TYPE_CHECKING:
    from argparse import Namespace

    from mfa_tui.services.account.administered_user import AdministeredUser
    from mfa_tui.services.account.administration import KeyOfUser


def list_keys_for(given: Namespace) -> int:
    """List another user's long-term keys."""
    user = load_administered(given.profile, given.user, given.code)
    keys = _keys(user)
    if given.json:
        return report(user, "", {"keys": [key_as_json(key) for key in keys]}, as_json=True)
    for key in keys:
        output.print_result(key_line(key))
    if not keys:
        output.say(f"{user.user_name} has no long-term keys.")
    if output.stderr_is_terminal():
        show_calls(user.calls)
    return Exit.DONE


def change_status_for(given: Namespace, *, active: bool) -> int:
    """Activate or deactivate a key of another user, after confirmation."""
    user = load_administered(given.profile, given.user, given.code)
    check_other(user)
    key_id = given.key or _only_key(user, active=active)
    verb, account = "Activate" if active else "Deactivate", format_account(user.identity.account)
    sentences = [
        f"{verb}s an access key of {user.user_name} (account {account}), signed as {user.administrator}.",
        *describe_key_change(user, key_id, active=active),
    ]
    if not ask_consent(sentences, f"{verb} the key {key_id}?", yes=given.yes):
        return Exit.DONE
    renew_session(user)
    with show_calls_of(user):
        set_key_status(user, key_id, active=active)
    state = "active" if active else "inactive"
    details: dict[str, object] = {"action": "enable" if active else "disable", "access_key_id": key_id, "status": state}
    return report(user, f"{user.user_name}: the key {key_id} is {state} now", details, as_json=given.json)


def _only_key(user: AdministeredUser, *, active: bool) -> str:
    """The only key that can be activated, or deactivated. Raises UsageError (``key-unclear``)."""
    found = [key.access_key_id for key in _keys(user) if key.active != active]
    if len(found) == 1:
        return found[0]
    state = "inactive" if active else "active"
    raise UsageError(
        "key-unclear",
        f"Which key of {user.user_name}?",
        f"There are {in_words(found)}." if found else f"The user has no {state} key.",
        "Name it with --key." if found else f"See {user.command('mfa-tui keys list PROFILE')}",
    )


def _keys(user: AdministeredUser) -> tuple[KeyOfUser, ...]:
    """The user's keys. Raises AwsRefused (``key-denied``) if a policy keeps them from the administrator."""
    keys = list_keys(user)
    if keys is None:
        raise AwsRefused(
            "key-denied",
            f"AWS does not let {user.administrator} list the keys of {user.user_name}.",
            "No policy allows it, or one denies it.",
            f"The policies of {user.administrator} must allow iam:ListAccessKeys for that user.",
        )
    return keys
