"""``mfa-tui vault``: the encrypted file for secrets where there is no keyring."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from mfa_tui.adapters.seeds.external import CODE_COMMAND, COMMAND, YUBIKEY
from mfa_tui.adapters.seeds.store import KEYRING, VAULT
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.cli.sessions.context import open_context
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.core.text.display import in_words
from mfa_tui.errors import Exit, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mfa_tui.services.context import Context

_DESCRIPTION = (
    "The vault keeps the secrets of MFA devices in an encrypted file (age format), for machines without a keyring. "
    "Its passphrase is asked for once per run, or comes from passphrase_command in the settings."
)
_WIDTH = 100
"""The widest line of the help, in columns."""
_SETTINGS = {COMMAND: "seed_command", CODE_COMMAND: "code_command", YUBIKEY: "yubikey"}
"""The setting for each external source of secrets or codes."""


def parser() -> Parser:
    """The parser of its commands' arguments."""
    return Parser("vault", _DESCRIPTION, {name: make() for name, (make, _) in _COMMANDS.items()})


def run(arguments: list[str]) -> int:
    """Run one of the commands of ``mfa-tui vault``."""
    name = arguments[0] if arguments else ""
    if name in ("-h", "--help"):
        commands = "\n".join(f"  {key:11}  {make().description}" for key, (make, _) in _COMMANDS.items())
        about = textwrap.fill(_DESCRIPTION, _WIDTH)
        output.print_result(f"usage: mfa-tui vault COMMAND …\n\n{about}\n\ncommands:\n{commands}")
        return Exit.DONE
    if name not in _COMMANDS:
        raise UsageError(
            "usage",
            f"There is no vault command {name[:40]!r}." if name else "Which vault command?",
            "",
            f"The commands are {in_words(list(_COMMANDS))}; see mfa-tui vault --help",
        )
    make, do = _COMMANDS[name]
    given = make().parse_args(arguments[1:])
    return do(open_context(secrets=True), getattr(given, "place", ""))


def _status_parser() -> Parser:
    return Parser("vault status", "Show which secrets are stored, and where. Nothing is decrypted.")


def _create_parser() -> Parser:
    return Parser("vault create", "Create an empty vault with a new passphrase.")


def _passphrase_parser() -> Parser:
    return Parser("vault passphrase", "Change the vault's passphrase.")


def _move_parser() -> Parser:
    parser = Parser("vault move", "Move all stored secrets and long-term keys to the vault or to the keyring.")
    parser.add_argument("place", choices=(KEYRING, VAULT), metavar="PLACE", help="keyring or vault")
    return parser


def _show_status(context: Context, _: str) -> int:
    kept, elsewhere = context.seeds.stored(), context.seeds.external()
    in_keyring, in_vault = ([serial for serial in kept if kept[serial] == place] for place in (KEYRING, VAULT))
    lost = context.vault.missing_files(expected=bool(in_vault))
    made = context.vault.directory if lost or context.vault.exists else "not created yet"
    damage = context.seeds.index_problem()
    _print_list(f"keyring:   {'?' if damage else len(in_keyring)}", in_keyring)
    _print_list(f"vault:     {'?' if damage else len(in_vault)} ({made})", in_vault)
    _print_list(f"elsewhere: {len(elsewhere)}", (f"{serial}  {_SETTINGS[kind]}" for serial, kind in elsewhere.items()))
    for where in (KEYRING, VAULT):
        if keys := [key for key, place in context.key_store.places().items() if place == where]:
            _print_list(f"long-term keys in the {where}: {len(keys)}", keys)
    output.print_result(f"New secrets go into the {context.settings.seed_store} (seed_store in the settings).")
    if (weakness := context.vault.weakness()) is not None:
        output.warn(f"{weakness.what} {weakness.why} {weakness.remedy}")
    for serial, place in context.seeds.copies().items():
        remedy = f"To finish: mfa-tui vault move {context.seeds.where(serial)}"
        output.warn(f"A copy of the secret of {serial} may be left in the {place}: a move was interrupted. {remedy}")
    status: int = Exit.DONE
    for problem in [*filter(None, [damage]), *lost]:
        status = output.print_error(problem)
    return status


def _print_list(heading: str, lines: Iterable[str]) -> None:
    output.print_result(heading)
    for line in sorted(lines):
        output.print_result(f"  {line}")


def _create_vault(context: Context, _: str) -> int:
    context.vault.create(CancelScope())
    output.print_result(f"Created the vault: {context.vault.directory}")
    if context.settings.seed_store != VAULT:
        output.say(f'To store new secrets there: seed_store = "vault" in {context.paths.settings}')
    if context.seeds.stored():
        output.say("To move stored secrets there: mfa-tui vault move vault")
    return Exit.DONE


def _change_passphrase(context: Context, _: str) -> int:
    context.vault.change_passphrase(CancelScope())
    output.print_result("The vault's passphrase was changed.")
    output.say("Older copies of the vault still open with the old passphrase.")
    if context.settings.passphrase_command:
        output.say("Make passphrase_command in the settings print the new one.")
    return Exit.DONE


def _move_secrets(context: Context, place: str) -> int:
    scope = CancelScope()
    context.seeds.check_index()
    moved: list[str] = []

    def report(serial: str) -> None:
        moved.append(serial)
        output.print_result(f"moved to the {place}: {serial}")

    context.seeds.move(place, scope, report)
    for key in sorted(context.key_store.places()):
        if context.key_store.move(key, place, scope):
            report(key)
    if not moved:
        output.print_result(f"There was nothing to move to the {place}.")
    if context.settings.seed_store != place:
        output.say(f'To store new secrets there too: seed_store = "{place}" in {context.paths.settings}')
    return Exit.DONE


_COMMANDS: dict[str, tuple[Callable[[], Parser], Callable[[Context, str], int]]] = {
    "status": (_status_parser, _show_status),
    "create": (_create_parser, _create_vault),
    "passphrase": (_passphrase_parser, _change_passphrase),
    "move": (_move_parser, _move_secrets),
}
