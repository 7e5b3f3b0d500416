"""``mfa-tui device backup``."""

from __future__ import annotations

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.cli.sessions.context import open_context
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.cli.terminal.passphrases import get_new_passphrase
from mfa_tui.errors import Exit
from mfa_tui.services.seeds.backup import back_up, secrets_in_words


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "device backup",
        "Write all stored secrets of MFA devices to one file, encrypted in the age format with a passphrase (typed "
        "twice, or on standard input) or for a public key. Keep it away from this machine. The "
        "age program can open it too.",
    )
    parser.add_argument("file", metavar="FILE", help="a new file; an existing one is not overwritten")
    parser.add_argument("--recipient", default="", metavar="KEY", help="an age public key, instead of a passphrase")
    return parser


def run(arguments: list[str]) -> int:
    """Back up the secrets. The exit status is 1 if one of them could not be read."""
    given = parser().parse_args(arguments)
    context = open_context(secrets=True)
    done = back_up(
        context,
        given.file,
        CancelScope(),
        recipient=given.recipient,
        passphrase=lambda: get_new_passphrase("the backup"),
    )
    output.print_result(f"{given.file}: backed up {secrets_in_words(len(done.saved))}")
    for sentence in done.left_out:
        output.warn(sentence)
    return Exit.REFUSED if done.lost else Exit.DONE
