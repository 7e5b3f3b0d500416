"""``mfa-tui vault``: the encrypted file that keeps secrets where there is no keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.seeds.external import CODE_COMMAND, COMMAND, YUBIKEY
from mfa_tui.adapters.seeds.store import KEYRING, VAULT
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.cli.sessions.context import open_context
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.errors import Exit, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mfa_tui.services.context import Context

_DESCRIPTION = (
    "The vault keeps the secrets of MFA devices in a file of the age format, for machines without a keyring. "
    "Its passphrase is asked for once in each run, or printed by passphrase_command of the settings."
)
_SETTINGS = {COMMAND: "seed_command", CODE_COMMAND: "code_command", YUBIKEY: "yubikey"}
"""The setting that says that a secret is elsewhere."""


def parser() -> Parser:
    """The parser of its commands' arguments."""
    return Parser("vault", _DESCRIPTION, {name: make() for name, (make, _) in _COMMANDS.items()})


def run(arguments: list[str]) -> int:
    """Run one of the vault's commands."""
    name = arguments[0] if arguments else ""
    if name in ("-h", "--help"):
        commands = "\n".join(f"  {key:11}  {make().description}" for key, (make, _) in _COMMANDS.items())
        output.print_result(f"usage: mfa-tui vault COMMAND …\n\n{_DESCRIPTION}\n\ncommands:\n{commands}")
        return Exit.DONE
    if name not in _COMMANDS:
        raise UsageError(
            "usage",
            f"There is no vault command {name[:40]!r}." if name else "Which vault command?",
            "",
            f"They are {', '.join(_COMMANDS)}; see mfa-tui vault --help",
        )
    make, do = _COMMANDS[name]
    given = make().parse_args(arguments[1:])
    return do(open_context(secrets=True), getattr(given, "place", ""))


def _status_parser() -> Parser:
    return Parser("vault status", "Which secrets of MFA devices are kept, and where; nothing is opened.")


def _create_parser() -> Parser:
    return Parser("vault create", "Make an empty vault, with a new passphrase.")


def _passphrase_parser() -> Parser:
    return Parser("vault passphrase", "Give the vault another passphrase.")


def _move_parser() -> Parser:
    parser = Parser("vault move", "Move all stored secrets into the vault, or into the keyring.")
    parser.add_argument("place", choices=(KEYRING, VAULT), metavar="PLACE", help="keyring or vault")
    return parser


def _show_status(context: Context, _: str) -> int:
    kept, elsewhere = context.seeds.stored(), context.seeds.external()
    in_keyring, in_vault = ([serial for serial in kept if kept[serial] == place] for place in (KEYRING, VAULT))
    lost = context.vault.missing_files(expected=bool(in_vault))
    made = context.vault.directory if lost or context.vault.exists else "not made yet"
    damage = context.seeds.index_problem()
    _print_list(f"keyring:   {'?' if damage else len(in_keyring)}", in_keyring)
    _print_list(f"vault:     {'?' if damage else len(in_vault)} ({made})", in_vault)
    _print_list(f"elsewhere: {len(elsewhere)}", (f"{serial}  {_SETTINGS[kind]}" for serial, kind in elsewhere.items()))
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
    output.print_result(f"The vault was made: {context.vault.directory}")
    if context.settings.seed_store != VAULT:
        output.say(f'For new secrets to go there: seed_store = "vault" in {context.paths.settings}')
    if context.seeds.stored():
        output.say("For stored secrets to go there: mfa-tui vault move vault")
    return Exit.DONE


def _change_passphrase(context: Context, _: str) -> int:
    context.vault.change_passphrase(CancelScope())
    output.print_result("The vault has its new passphrase.")
    output.say("A copy of its files made before still opens with the old one.")
    if context.settings.passphrase_command:
        output.say("Have passphrase_command of the settings print the new one.")
    return Exit.DONE


def _move_secrets(context: Context, place: str) -> int:
    control = CancelScope()
    context.seeds.check_index()
    moved: list[str] = []

    def tell(serial: str) -> None:
        moved.append(serial)
        output.print_result(f"moved into the {place}: {serial}")

    context.seeds.move(place, control, tell)
    if not moved:
        output.print_result(f"There was nothing to move into the {place}.")
    if context.settings.seed_store != place:
        output.say(f'For new secrets to go there, too: seed_store = "{place}" in {context.paths.settings}')
    return Exit.DONE


_COMMANDS: dict[str, tuple[Callable[[], Parser], Callable[[Context, str], int]]] = {
    "status": (_status_parser, _show_status),
    "create": (_create_parser, _create_vault),
    "passphrase": (_passphrase_parser, _change_passphrase),
    "move": (_move_parser, _move_secrets),
}
