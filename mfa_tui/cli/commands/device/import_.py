"""``mfa-tui device import``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mfa_tui.adapters.seeds.clipboard_images import read_qr_from_clipboard
from mfa_tui.adapters.seeds.qr_images import read_qr_file
from mfa_tui.cli.devices.options import device_parser, parse_arguments
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.sessions.login_prompts import ask_serial, log_in, show_login
from mfa_tui.cli.terminal import output, tty
from mfa_tui.core.aws.mfa_serial import MfaSerial, checked_serial
from mfa_tui.core.seeds.otp_entries import ImportedSeed, RefusedSeed, SecretsFound, describe_seed
from mfa_tui.core.seeds.secret_input import read_codes, read_secrets, secret_of_paste
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import AwsRefused, Exit, NoTerminal
from mfa_tui.models import Secret
from mfa_tui.services.seeds.import_seed import (
    ImportResult,
    NeedsChoice,
    check_usable,
    discover_device,
    entry_names,
    import_seed,
    known_device,
    preview_seed,
    read_secret_file,
    select_seed,
    verification_refused,
    verification_request,
)
from mfa_tui.services.setup.storage import keyring_problem

if TYPE_CHECKING:
    from argparse import Namespace

    from mfa_tui.cli.terminal.parser import Parser
    from mfa_tui.services.context import Context
    from mfa_tui.services.operation import Operation
    from mfa_tui.services.profiles.resolve import ResolvedProfile

_LONGEST = 1_000_000
"""The most bytes to read from standard input. An app's export may contain icons."""


def parser() -> Parser:
    """The parser of its arguments."""
    parser = device_parser(
        "import",
        "Store the secret of the profile's MFA device on this machine. It can be a base32 key, otpauth:// addresses, "
        "an export of Google Authenticator, Aegis or 2FAS, or a picture of a QR code with one of these. It is read "
        "from a hidden prompt, or from standard input if that is not a terminal.",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--file", metavar="FILE", help="read the secret from FILE")
    source.add_argument("--image", metavar="FILE", help="read the QR codes in FILE (PNG or JPEG)")
    source.add_argument("--clipboard", action="store_true", help="read the QR codes in the picture on the clipboard")
    parser.add_argument(
        "--account", default="", metavar="NAME", help="which of several accounts to use: its name, or issuer:name"
    )
    parser.add_argument("--login", action="store_true", help="log in with it at once, to verify it")
    parser.add_argument("--yes", action="store_true", help="do not ask: store it, and log in only with --login")
    return parser


@dataclass(slots=True)
class _Device:
    """The device that the secret belongs to.

    ``remember`` says whether to save its serial in the profile if it works. None: ask about that later.
    """

    serial: MfaSerial
    remember: bool | None = False


def run(arguments: list[str]) -> int:
    """Store a secret, after showing its codes to compare, and verify it with a login."""
    given = parse_arguments(parser(), arguments)
    context = open_context(secrets=True)
    operation, resolved = new_operation(context), context.resolve(given.profile)
    name, known = resolved.profile.name, known_device(context, resolved, given.serial)
    # First the device: nobody should look for a secret, and type it, only to learn that there is none to store it for.
    device = _Device(known) if known is not None else _find_device(operation, resolved)
    found = check_usable(_read_secrets(given, operation, name))
    output.print_notices(found.notices)
    # A script that pipes the secret in wants no questions that can be avoided.
    asks = not given.yes and tty.is_interactive()
    seed = select_seed(found, device.serial, given.account)
    if isinstance(seed, NeedsChoice):
        seed = _ask_which(seed)
    if not _confirm(context, device.serial, seed, asks=asks):
        output.say("Nothing was stored.")
        return Exit.DONE
    imported = import_seed(context, name, device.serial, seed, operation.cancel)
    output.print_result(f"{name}: stored the secret of {device.serial.text}{f' ({seed.label})' if seed.label else ''}")
    if path := given.file or given.image:
        output.remark(f"{path} still contains the secret: delete it when you no longer need it.")
    if given.login or (asks and tty.confirm("Log in now to verify it?", default=True)):
        _verify(operation, imported, device, asks=asks)
    elif device.remember:
        output.say("To save mfa_serial as well: " + shell_command(name, "mfa-tui login PROFILE --save-serial"))
    return Exit.DONE


def _read_secrets(given: Namespace, operation: Operation, profile: str) -> SecretsFound:
    """Read the secrets from the place that was given, else from standard input if it is piped, else from a prompt."""
    if given.image is not None:
        return read_codes(read_qr_file(given.image))
    if given.clipboard:
        return read_codes(read_qr_from_clipboard(operation.context.env, operation.cancel))
    if given.file is not None:
        return read_secret_file(given.file)
    piped = tty.read_piped_text(_LONGEST)
    if piped is not None:
        return read_secrets(Secret(piped))
    missing = NoTerminal(
        "no-terminal", "There is no terminal to ask for the secret on.", "", "Pass it on standard input."
    )
    if (problem := keyring_problem(operation)) is not None:
        raise problem
    prompt = f"Secret key or otpauth:// address for {profile} (not shown): "
    # A paste may have several lines; none of them may answer a question, or be a command to the shell.
    lines = tty.ask_secret_lines((prompt, prompt), missing, lambda _: False)
    return read_secrets(secret_of_paste(lines))


def _find_device(operation: Operation, resolved: ResolvedProfile) -> _Device:
    """Find the user's only virtual device at AWS, or ask which one."""
    found = discover_device(operation, resolved)
    if isinstance(found, MfaSerial):
        output.say(f"Using {found.text}, the user's only virtual MFA device.")
        return _Device(found, remember=None)
    answer = ask_serial(found)
    return _Device(checked_serial(answer.serial, "your answer"), remember=answer.remember_serial)


def _ask_which(choice: NeedsChoice) -> ImportedSeed:
    """Ask for one of the entries, by its number."""
    missing = NoTerminal(
        "no-terminal",
        "Several accounts were found, and there is no terminal to ask which one.",
        entry_names(choice.entries),
        "Use --account NAME. Nothing was stored.",
    )
    if not tty.is_available():
        raise missing
    for number, one in enumerate(choice.entries, start=1):
        note = f"   ({one.refusal.why})" if isinstance(one, RefusedSeed) else ""
        output.say(f"  {number}  {one.label or 'without a name'}{note}")
    while True:
        answer = tty.ask(f"Which one (1-{len(choice.entries)}): ", missing)
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(choice.entries):
            one = choice.entries[int(answer) - 1]
            if isinstance(one, ImportedSeed):
                return one
            output.print_error(one.refusal)


def _confirm(context: Context, serial: MfaSerial, seed: ImportedSeed, *, asks: bool) -> bool:
    """Show the secret's account, and its codes to compare, and ask whether to store it."""
    shown = preview_seed(context, serial, seed)
    output.say(f"Found: {'; '.join(describe_seed(seed))}.")
    codes = (
        f"Its code is {shown.code.reveal()} for another {shown.seconds_left:.0f} s, then {shown.next_code.reveal()}. "
        "Compare it with the other device."
    )
    # Only a person compares codes. Elsewhere they would end up in a log.
    output.remark(codes)
    for doubt in shown.doubts:
        output.warn(doubt)
    if shown.replaces:
        output.say(f"A secret is already stored for {serial.text}. It is kept until the new one has worked.")
    question = "Store it?" if output.stderr_is_terminal() else f"{codes}\nStore it?"
    return not asks or tty.confirm(question, default=True)


def _verify(operation: Operation, imported: ImportResult, device: _Device, *, asks: bool) -> None:
    """Log in with a code from the secret."""
    remember = device.remember
    if remember is None:
        remember = asks and tty.confirm(
            f"Save the device as mfa_serial in {imported.profile} if it works?", default=True
        )
    try:
        done = log_in(operation, verification_request(imported, remember=remember))
    except AwsRefused as refusal:
        raise verification_refused(imported, refusal) from None
    output.print_notices(done.notices)
    show_login(operation.context, done)
