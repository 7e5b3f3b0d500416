"""``mfa-tui keys list``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.devices.options import add_user_options, parse_arguments
from mfa_tui.cli.keys.key_owner import keys_parser, load_owner
from mfa_tui.cli.keys.other_user import list_keys_for
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output, time_format
from mfa_tui.core.keys.key_age import age_words
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.errors import Exit
from mfa_tui.services.keys.list_keys import own_keys

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser
    from mfa_tui.services.keys.list_keys import OwnKey

_PLACES = {
    "credentials": "in the AWS files",
    "keyring": "in the keyring",
    "vault": "in the vault",
    "none": "secret not here",
}


def parser() -> Parser:
    """The parser of its arguments."""
    parser = keys_parser(
        "list",
        "List the access keys of the IAM user behind the profile: whether each is active, when it was created and last "
        "used, where its secret is kept, and which profiles use it. * marks the profile's own key.",
    )
    add_user_options(parser, "print the keys as JSON")
    return parser


def run(arguments: list[str]) -> int:
    """List the keys."""
    given = parse_arguments(parser(), arguments)
    if given.user is not None:
        return list_keys_for(given)
    owner = load_owner(new_operation(open_context(secrets=True)), given.profile, given.code)
    keys, rotation = own_keys(owner), owner.rotation()
    if given.json:
        identity = owner.identity
        output.print_json(
            {
                "profile": owner.name,
                "user": identity.user,
                "account": identity.account,
                "keys": [_as_json(key) for key in keys],
            }
        )
        return Exit.DONE
    for key in keys:
        output.print_result(_line(key, owner.context.clock.aws_now()))
    if not all(key.use_known for key in keys):
        output.say("AWS does not let this user see when keys were last used (iam:GetAccessKeyLastUsed).")
    if rotation is not None and rotation.unfinished:
        output.say("A rotation of the key is not finished. To finish: " + owner.command("mfa-tui keys rotate PROFILE"))
    elif rotation is not None and any(key.access_key_id == rotation.old_key_id for key in keys):
        output.say("The rotated key is still there. To delete it: " + owner.command("mfa-tui keys delete PROFILE"))
    return Exit.DONE


def _line(key: OwnKey, now: float) -> str:
    about = [
        "active" if key.active else "inactive",
        f"created {time_format.day(key.created_at)} ({age_words(key.created_at, now)})",
    ]
    if key.use_known:
        about.append(f"last used {time_format.day(key.used_at)}" if key.used_at is not None else "never used")
    about.append(_PLACES[key.kept])
    if key.profiles:
        about.append(f"used by {', '.join(key.profiles)}")
    return f"{'*' if key.current else ' '} {key.access_key_id}  {' · '.join(about)}"


def _as_json(key: OwnKey) -> dict[str, object]:
    return {
        "access_key_id": key.access_key_id,
        "status": "Active" if key.active else "Inactive",
        "created": format_utc(key.created_at),
        "last_used": format_utc(key.used_at) if key.used_at is not None else None,
        "kept": key.kept,
        "profiles": list(key.profiles),
        "current": key.current,
    }
