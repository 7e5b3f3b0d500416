"""``mfa-tui keys delete``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.devices.options import parse_arguments
from mfa_tui.cli.keys.key_owner import load_owner
from mfa_tui.cli.keys.status import key_parser
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.consent import ask_consent
from mfa_tui.core.text.display import shortened_key
from mfa_tui.errors import Exit
from mfa_tui.services.keys.retirement import check_deletable, choose_key, delete_key, describe_deletion

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser


def parser() -> Parser:
    """The parser of its arguments."""
    return key_parser(
        "delete",
        "Delete an inactive access key of the profile's user, at AWS and here, after showing when it was last used. "
        "That cannot be undone. The key in use is never deleted.",
    )


def run(arguments: list[str]) -> int:
    """Delete a key, after confirmation."""
    given = parse_arguments(parser(), arguments)
    owner = load_owner(new_operation(open_context(secrets=True)), given.profile, given.code)
    chosen = choose_key(owner, given.key)
    check_deletable(owner, chosen)
    question = f"Delete the key {shortened_key(chosen.key.access_key_id)}?"
    if not ask_consent(describe_deletion(owner, chosen), question, yes=given.yes, otherwise="Nothing was deleted."):
        return Exit.DONE
    delete_key(owner, chosen)
    output.print_result(f"{owner.name}: deleted the key {chosen.key.access_key_id}")
    return Exit.DONE
