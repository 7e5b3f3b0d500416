"""``mfa-tui device restore``."""

from __future__ import annotations

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.cli.sessions.context import open_context
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.cli.terminal.passphrases import open_with_passphrase
from mfa_tui.errors import Exit
from mfa_tui.services.seeds.backup import WRONG_KEY, restore, secrets_in_words


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "device restore",
        "Store the secrets from a backup that are not stored on this machine yet. Its passphrase is typed, or read "
        "from standard input.",
    )
    parser.add_argument("file", metavar="FILE", help="the file that mfa-tui device backup wrote")
    parser.add_argument("--identity", default="", metavar="KEYFILE", help="the age key file that opens it")
    parser.add_argument(
        "--replace",
        action="store_true",
        help="also replace secrets that differ; the old ones are kept until the new ones have worked",
    )
    return parser


def run(arguments: list[str]) -> int:
    """Restore the secrets."""
    given = parser().parse_args(arguments)
    context = open_context(secrets=True)
    done = open_with_passphrase(
        "the backup",
        WRONG_KEY,
        lambda passphrase: restore(
            context,
            given.file,
            CancelScope(),
            identity=given.identity,
            replace=given.replace,
            passphrase=passphrase,
        ),
    )
    for serial in done.added:
        output.print_result(f"stored the secret of {serial}")
    for serial in done.replaced:
        output.print_result(f"replaced the secret of {serial}; the old one is kept until the new one has worked")
    for sentence in done.left_out:
        output.warn(sentence)
    if done.differing:
        output.say("With --replace, the backup's replace them; the old ones are kept until the new ones have worked.")
    if not (done.added or done.replaced):
        output.print_result("Nothing was stored.")
    if done.same:
        output.say(f"Already stored: {secrets_in_words(len(done.same))}.")
    return Exit.DONE
