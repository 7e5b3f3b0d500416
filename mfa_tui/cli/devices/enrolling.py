"""Enrolling on the command line: the questions, the QR code, the codes, and the login that proves the device."""

from __future__ import annotations

from dataclasses import replace
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.cli import output, terminal
from mfa_tui.cli.asking import logged_in, obtained
from mfa_tui.cli.devices.codes import ask_pair
from mfa_tui.cli.devices.pictures import show_secret
from mfa_tui.cli.devices.users import tell
from mfa_tui.cli.login import show
from mfa_tui.core.totp import code_at_step, step_at
from mfa_tui.errors import KeyringProblem, MfaTuiError, NoTerminal, UsageError
from mfa_tui.services.enrolment import PLACES, Keep
from mfa_tui.services.pictures import check_image, write_image

if TYPE_CHECKING:
    from mfa_tui.services.enrolment import Enrolment, Made


class Wishes(NamedTuple):
    """What was asked for. ``keep`` may be None: then it is asked, or ``here``; ``asks``: a person may be asked."""

    name: str
    keep: str | None
    image: str
    asks: bool


def enrolled(enrolment: Enrolment, wishes: Wishes) -> Made:
    """The device, enabled and proved. Raises what the services raise, NoTerminal, Cancelled."""
    user = enrolment.user
    made = _taken_up(enrolment, wishes)
    if made is None:
        made = _made(enrolment, wishes)
    if wishes.image and made.uri is not None:
        write_image(wishes.image, made.uri)
        output.say(f"The QR code is in {wishes.image}: scan it, then delete the file.")
    if not made.enabled:
        try:
            _enable(enrolment, made)
        except MfaTuiError:
            output.say(
                f"mfa-tui: the device {made.serial.name} is made and not enabled yet; "
                f"mfa-tui device enroll {quote(user.name)} goes on with it."
            )
            raise
    tell(user.notices)
    where = {Keep.HERE: "its secret is kept here", Keep.PHONE: "its secret is on your phone only"}
    output.result(
        f"{user.name}: enrolled {made.serial.text}; {where.get(made.keep, 'its secret is kept here and on your phone')}"
    )
    _prove(enrolment, made)
    return made


def _taken_up(enrolment: Enrolment, wishes: Wishes) -> Made | None:
    """The device of an interrupted run, if it is to be gone on with."""
    made = enrolment.resumed()
    tell(enrolment.user.notices)
    if made is None or made.enabled or made.keep != Keep.PHONE:
        return made
    question = f"Is {made.serial.name} in your authenticator app? (no: it is deleted, and a new one is made)"
    if wishes.asks and terminal.confirm(question, default=True):
        return made
    # Nobody here has its seed, and without a person nobody can type its codes.
    enrolment.abandon(made)
    output.say(f"mfa-tui: the device {made.serial.name} was deleted again.")
    return None


def _made(enrolment: Enrolment, wishes: Wishes) -> Made:
    keep = wishes.keep or (_asked_keep(enrolment) if wishes.asks and terminal.is_there() else Keep.HERE)
    if keep == Keep.PHONE and not terminal.is_there():
        raise NoTerminal(
            "no-terminal",
            "Two codes of the phone would be asked for, and there is no terminal to ask on.",
            "With --keep phone the secret is not kept here, so nobody else can make them.",
            "Run it on a terminal, or give --keep here or --keep both; nothing was made.",
        )
    if keep == Keep.BOTH and not terminal.is_there() and not wishes.image:
        raise UsageError(
            "no-picture",
            "There is no terminal to show the QR code on.",
            "With --keep both a phone is to scan it.",
            "Have it written to a file, with --image FILE.svg; or give --keep here. Nothing was made.",
        )
    if wishes.image:
        check_image(wishes.image)
    name = wishes.name
    if not name and wishes.asks and terminal.is_there():
        suggested = enrolment.suggested_name()
        name = terminal.ask(f"Name of the device [{suggested}]: ", NoTerminal("no-terminal", "")) or suggested
    made = enrolment.create(name, keep)
    tell(enrolment.user.notices)
    return made


def _asked_keep(enrolment: Enrolment) -> str:
    """Where the secret shall be kept, as the user says."""
    try:
        enrolment.user.context.seeds.try_out(enrolment.user.control)
    except KeyringProblem as problem:
        output.say(f"{problem.what} So the secret goes to the phone only.")
        return Keep.PHONE
    output.say("Where shall the secret of the device be kept?")
    for number, place in enumerate(Keep.ALL, start=1):
        output.say(f"  {number}  {'. '.join(PLACES[place])}")
    while True:
        answer = terminal.ask("1, 2 or 3 [1]: ", NoTerminal("no-terminal", "")) or "1"
        if answer in ("1", "2", "3"):
            return Keep.ALL[int(answer) - 1]


def _enable(enrolment: Enrolment, made: Made) -> None:
    if made.keep != Keep.HERE and made.uri is not None and made.seed is not None and terminal.is_there():
        show_secret(made.uri, made.seed, f"Scan this with your authenticator app ({made.serial.name})")
        if made.keep == Keep.BOTH:
            code = code_at_step(made.seed, step_at(enrolment.user.context.clock.aws_now())).reveal()
            output.remark(f"The app shows {code[:3]} {code[3:]} now, or the code after it.")
    if made.keep != Keep.PHONE:
        enrolment.enable(made)
        return
    ask_pair(made.serial, lambda codes: enrolment.enable(made, codes))


def _prove(enrolment: Enrolment, made: Made) -> None:
    """Log in with the device; into the AWS files if the profile is to go by it from now on."""
    context, control = enrolment.user.context, enrolment.user.control
    request = enrolment.proof_request(made)
    if request.remember_serial:
        done = logged_in(context, request, control)
        output.notices(done.notices)
        show(context, replace(done, unsaved_serial=""))
    else:
        obtained(context, request, control)
        output.say(f"A session was made with it: {made.serial.name} works.")
