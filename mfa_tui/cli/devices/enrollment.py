"""Enrolling on the command line: the questions, the QR code, the codes, and the login that proves the device."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.devices.enrollment_journal import Phase
from mfa_tui.cli.commands.login import show_login
from mfa_tui.cli.devices.iam_user import print_notices
from mfa_tui.cli.devices.qr_display import show_secret
from mfa_tui.cli.devices.two_codes import ask_two_codes
from mfa_tui.cli.sessions.login_prompts import log_in, obtain_session
from mfa_tui.cli.terminal import output, tty
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.seeds.totp import code_at_step, step_at
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import Cancelled, KeyringProblem, MfaTuiError, NoTerminal, UsageError
from mfa_tui.services.devices.enrollment import PLACES, Keep
from mfa_tui.services.seeds.qr_file import check_image, write_image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.adapters.devices.enrollment_journal import JournalEntry
    from mfa_tui.services.devices.enrollment import Enrolment, Made
    from mfa_tui.services.devices.iam_user import IamUser


class EnrollmentOptions(NamedTuple):
    """What was asked for.

    ``keep`` may be None: then it is asked, or ``here``; ``anew``: nothing is gone on with; ``asks``: a person may be
    asked what was not said.
    """

    name: str
    keep: str | None
    image: str
    anew: bool
    asks: bool


def enroll_device(enrolment: Enrolment, wishes: EnrollmentOptions) -> Made:
    """The device, enabled and proved. Raises what the services raise, NoTerminal, Cancelled."""
    user = enrolment.user
    made = _resume(enrolment, wishes)
    if made is None:
        made = _start(enrolment, wishes)
    if wishes.image and made.uri is not None:
        write_image(wishes.image, made.uri)
        output.say(f"The QR code is in {wishes.image}: scan it, then delete the file.")
    if not made.enabled:
        with _show_how_to_resume(user, f"{made.serial.name} is made and not enabled yet"):
            _enable(enrolment, made, shows=not wishes.image)
    print_notices(user.notices)
    where = {Keep.HERE: "its secret is kept here", Keep.PHONE: "its secret is on your phone only"}
    output.print_result(
        f"{user.name}: enrolled {made.serial.text}; {where.get(made.keep, 'its secret is kept here and on your phone')}"
    )
    with _show_how_to_resume(user, f"{made.serial.name} is enabled, and no login has proved it yet"):
        _verify(enrolment, made)
    return made


@contextmanager
def _show_how_to_resume(user: IamUser, state: str) -> Iterator[None]:
    """Whatever ends it here: say how far it has come, and what goes on with it."""
    try:
        yield
    except (MfaTuiError, KeyboardInterrupt) as end:
        output.say(f"mfa-tui: {state}; {shell_command(user.name, 'mfa-tui device enroll PROFILE')} goes on with it.")
        if isinstance(end, Cancelled):
            raise Cancelled("Cancelled.") from None
        raise


def _resume(enrolment: Enrolment, wishes: EnrollmentOptions) -> Made | None:
    """The device of an interrupted run, if it is to be gone on with."""
    begun = enrolment.unfinished()
    if begun is not None and begun.phase != Phase.MAKING:
        _check_same_options(enrolment, begun, wishes)
        if wishes.anew:
            _abandon(enrolment, begun.serial)
            return None
    made = enrolment.resumed()
    print_notices(enrolment.user.notices)
    if made is None or made.enabled or made.keep != Keep.PHONE:
        return made
    question = f"Is {made.serial.name} in your authenticator app? (no: it is deleted, and a new one is made)"
    if not tty.is_available():
        raise NoTerminal(
            "no-terminal",
            f"The enrollment of {made.serial.name} was begun earlier, and goes on with two codes of the phone.",
            "There is no terminal to ask for them on.",
            "Run it on a terminal; or with --anew, if no phone has it.",
        )
    if not wishes.asks or tty.confirm(question, default=True):
        return made
    _abandon(enrolment, made.serial.text)
    return None


def _check_same_options(enrolment: Enrolment, begun: JournalEntry, wishes: EnrollmentOptions) -> None:
    """Raise UsageError (``enrolment-begun``) if something else was asked for than what was begun earlier."""
    name = MfaSerial(begun.serial).name
    for_another = enrolment.replaces and begun.replaces not in ("", enrolment.replaces)
    if wishes.anew or (wishes.name in ("", name) and wishes.keep in (None, begun.keep) and not for_another):
        return
    command = shell_command(enrolment.user.name, "mfa-tui device enroll PROFILE")
    raise UsageError(
        "enrolment-begun",
        f"The enrollment of {name}, with --keep {begun.keep}, was begun earlier and is not ended.",
        "Something else is asked for now.",
        f"Go on with that one: {command}; or take it away first, with --anew.",
    )


def _abandon(enrolment: Enrolment, serial: str) -> None:
    enrolment.abandon(serial)
    output.say(f"mfa-tui: the device {MfaSerial(serial).name} was deleted again.")


def _start(enrolment: Enrolment, wishes: EnrollmentOptions) -> Made:
    keep = wishes.keep or (_ask_keep(enrolment) if wishes.asks else Keep.HERE)
    if keep == Keep.PHONE and not tty.is_available():
        raise NoTerminal(
            "no-terminal",
            "Two codes of the phone would be asked for, and there is no terminal to ask on.",
            "With --keep phone the secret is not kept here, so nobody else can make them.",
            "Run it on a terminal, or give --keep here or --keep both; nothing was made.",
        )
    if keep != Keep.HERE and not tty.can_show() and not wishes.image:
        raise UsageError(
            "no-picture",
            "There is no terminal that can show the QR code.",
            f"With --keep {keep} a phone is to scan it.",
            "Have it written to a file, with --image FILE.svg; or give --keep here. Nothing was made.",
        )
    if wishes.image:
        check_image(wishes.image)
    made = _create_device(enrolment, wishes, keep)
    print_notices(enrolment.user.notices)
    return made


def _create_device(enrolment: Enrolment, wishes: EnrollmentOptions, keep: str) -> Made:
    """A device of the name that was given, or of the one that is typed now: again, if there can be none such."""
    if wishes.name or not wishes.asks or not tty.is_available():
        return enrolment.create(wishes.name, keep)
    suggested = enrolment.suggested_name()
    while True:
        name = tty.ask(f"Name of the device [{suggested}]: ", NoTerminal("no-terminal", "")) or suggested
        try:
            return enrolment.create(name, keep)
        except UsageError as problem:
            if problem.slug not in ("device-name", "seed-elsewhere"):
                # No other name would do, either.
                raise
            output.print_error(problem)


def _ask_keep(enrolment: Enrolment) -> str:
    """Where the secret shall be kept, as the user says. Raises NoTerminal."""
    if not tty.is_available():
        raise NoTerminal(
            "no-terminal",
            "Where the secret is to be kept would be asked, and there is no terminal.",
            "",
            "Give --yes, to keep it here, or --keep; nothing was made.",
        )
    try:
        enrolment.user.context.seeds.check_storage(enrolment.user.control)
    except KeyringProblem as problem:
        output.say(f"{problem.what} So the secret goes to the phone only.")
        return Keep.PHONE
    output.say("Where should the secret of the device be kept?")
    for number, place in enumerate(Keep.ALL, start=1):
        output.say(f"  {number}  {'. '.join(PLACES[place])}")
    while True:
        answer = tty.ask("1, 2 or 3 [1]: ", NoTerminal("no-terminal", "")) or "1"
        if answer in Keep.ALL:
            return answer
        if answer in ("1", "2", "3"):
            return Keep.ALL[int(answer) - 1]


def _enable(enrolment: Enrolment, made: Made, *, shows: bool) -> None:
    """Enable it; *shows*: a phone that is to have it sees it on the terminal."""
    shows = shows and made.keep != Keep.HERE and tty.is_available()
    if shows and made.uri is not None and made.seed is not None:
        show_secret(made.uri, made.seed, f"Scan this with your authenticator app ({made.serial.name})")
        if made.keep == Keep.BOTH:
            code = code_at_step(made.seed, step_at(enrolment.user.context.clock.aws_now())).reveal()
            output.remark(f"The app shows {code[:3]} {code[3:]} now, or the code after it.")
    if made.keep != Keep.PHONE:
        enrolment.enable(made)
        return
    ask_two_codes(made.serial, lambda codes: enrolment.enable(made, codes))


def _verify(enrolment: Enrolment, made: Made) -> None:
    """Log in with the device; into the AWS files if the profile is to go by it from now on."""
    context, control = enrolment.user.context, enrolment.user.control
    request = enrolment.proof_request(made)
    if request.remember_serial:
        done = log_in(context, request, control)
        output.print_notices(done.notices)
        show_login(context, done._replace(unsaved_serial=""))
    else:
        obtain_session(context, request, control)
        output.say(f"A session was made with it: {made.serial.name} works.")
