"""``mfa-tui keys import``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.keys.export_commands import TOOLS, export_command, run_export
from mfa_tui.cli.devices.options import parse_arguments
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output, tty
from mfa_tui.cli.terminal.consent import ask_consent
from mfa_tui.cli.terminal.parser import PROFILE_HELP, Parser
from mfa_tui.core.keys.key_input import describe_keys, read_keys
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import Cancelled, Exit, NoTerminal, UsageError
from mfa_tui.models import Secret
from mfa_tui.services.keys.import_keys import check_keyring, import_keys
from mfa_tui.services.keys.import_plan import (
    LONGEST,
    describe_import,
    import_target,
    plan_import,
    read_key_file,
)
from mfa_tui.services.profiles.typed_region import check_region

if TYPE_CHECKING:
    from argparse import Namespace

    from mfa_tui.core.keys.key_input import PastedKeys
    from mfa_tui.services.keys.import_plan import ImportTarget
    from mfa_tui.services.operation import Operation

_MOST_LINES = 12
"""Lines that are asked for at most."""
_FIRST = "Access key ID, or paste the lines that have the key (not shown): "
_NOTHING = "Nothing was imported."
_MORE = "Secret access key, or the next line; Enter alone ends (not shown): "


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "keys import",
        "Store an access key for a profile, which is created if there is none. The key can be export, set or $Env: "
        "lines, a section of an AWS file, JSON, or the CSV file of the console. It is read from a hidden prompt, or "
        "from standard input if that is not a terminal. AWS is asked whose it is before anything is written.",
    )
    parser.add_argument("profile", nargs="?", metavar="PROFILE", help=PROFILE_HELP)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--file", metavar="FILE", help="read the key from FILE, such as the console's CSV file")
    source.add_argument(
        "--from", dest="tool", choices=TOOLS, help="run this tool's own export command for its profile PROFILE"
    )
    parser.add_argument(
        "--to",
        choices=("keyring", "vault", "credentials"),
        default="",
        help="where to (default: seed_store in the settings); credentials is the credentials file",
    )
    parser.add_argument("--region", default="", metavar="REGION", help="the region of a profile that has none")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    return parser


def run(arguments: list[str]) -> int:
    """Import a key, after showing whose it is."""
    given = parse_arguments(parser(), arguments)
    if given.region:
        check_region(given.region)
    operation = new_operation(open_context(secrets=True))
    target = import_target(operation, given.profile)
    found = _read(given, operation, target)
    if found is None:
        return Exit.DONE
    keys = found.keys
    output.say(f"Found: {describe_keys(keys)}.")
    region = given.region
    if target.profile is None and not region:
        region = found.region or ("" if given.yes else _ask_region())
        if region:
            check_region(region)
    plan = plan_import(operation, target, keys, place=given.to, region=region)
    if not ask_consent(describe_import(plan), "Import it?", yes=given.yes, otherwise=_NOTHING):
        return Exit.DONE
    import_keys(operation, plan)
    where = "AWS files" if plan.place == "credentials" else plan.place
    output.print_result(f"{target.name}: the key {keys.access_key_id} is in the {where}")
    if given.file:
        output.say(f"{given.file} still has the key: delete it when you no longer need it.")
    output.remark(f"Log in: {shell_command(target.name, 'mfa-tui login PROFILE')}")
    return Exit.DONE


def _read(given: Namespace, operation: Operation, target: ImportTarget) -> PastedKeys | None:
    """Read the key from where the options say, else from standard input, else from prompts; None: the user said no."""
    if given.file is not None:
        return read_key_file(given.file)
    if given.tool is not None:
        name = target.name
        command = " ".join(export_command(given.tool, name))
        if not ask_consent([f"Runs: {command}"], f"Run {given.tool}?", yes=given.yes, otherwise=_NOTHING):
            return None
        return read_keys(run_export(given.tool, name, operation.cancel, on_terminal=tty.is_interactive()))
    piped = tty.read_piped_text(LONGEST)
    if piped is not None:
        return read_keys(Secret(piped))
    # Nobody should type a key, and answer questions, only to learn that there is no place for it.
    check_keyring(operation, target, given.to)
    return _ask_key()


def _ask_key() -> PastedKeys:
    """Ask for the key, line by line as it may be pasted, until it is complete. An empty line ends it."""
    missing = NoTerminal("no-terminal", "There is no terminal to ask for the key on.", "", "Pass it on standard input.")

    def goes_on(lines: list[str]) -> bool:
        if not any(lines):
            raise Cancelled
        try:
            read_keys(Secret("\n".join(lines)))
        except UsageError as incomplete:
            if incomplete.slug != "keys-input" or not lines[-1] or len(lines) >= _MOST_LINES:
                raise
            return True
        return False

    return read_keys(Secret("\n".join(tty.ask_secret_lines((_FIRST, _MORE), missing, goes_on))))


def _ask_region() -> str:
    """Ask for the region of a new profile until it can be one; empty for none."""
    question = "Region of the new profile, such as eu-central-1 (Enter for none): "
    while tty.is_available() and (region := tty.ask(question, NoTerminal("no-terminal", ""))):
        try:
            check_region(region)
        except UsageError as wrong:
            output.say(f"{wrong.what} {wrong.remedy}")
        else:
            return region
    return ""
