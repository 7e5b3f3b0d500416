"""Enrollment on the command line: the questions, the QR code, the codes, and the login that verifies the device."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.devices.enrollment_journal import Phase
from mfa_tui.cli.devices.qr_display import show_secret
from mfa_tui.cli.devices.two_codes import ask_two_codes
from mfa_tui.cli.sessions.login_prompts import log_in, obtain_session, show_login
from mfa_tui.cli.terminal import output, tty
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.seeds.totp import code_at_step, step_at
from mfa_tui.errors import Cancelled, KeyringProblem, MfaTuiError, NoTerminal, UsageError
from mfa_tui.services.devices.enrollment import PLACES, Keep
from mfa_tui.services.seeds.qr_file import check_image, write_image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.adapters.devices.enrollment_journal import JournalEntry
    from mfa_tui.services.devices.enrollment import Enrollment, NewDevice
    from mfa_tui.services.devices.iam_user import IamUser


class EnrollmentOptions(NamedTuple):
    """The options of an enrollment as the command line has them."""

    name: str
    """The device's name; empty for the suggested one."""
    keep: str | None
    """Where to keep the secret, one of ``Keep.ALL``. None: ask, or keep it here."""
    image: str
    """The file to write the QR code to; empty for none."""
    start_over: bool
    """Delete the device of an unfinished enrollment instead of continuing."""
    asks: bool
    """Whether to ask a person for what was not given."""


def enroll_device(enrollment: Enrollment, options: EnrollmentOptions) -> NewDevice:
    """Enroll a device, up to a first login. Raises what the services raise, NoTerminal, Cancelled."""
    user = enrollment.user
    made = _resume(enrollment, options)
    if made is None:
        made = _start(enrollment, options)
    if options.image and made.uri is not None:
        write_image(options.image, made.uri)
        output.say(f"The QR code is in {options.image}: scan it, then delete the file.")
    if not made.enabled:
        with _show_how_to_resume(user, f"{made.serial.name} was created but is not enabled yet"):
            _enable(enrollment, made, shows=not options.image)
    if user.administered:
        # Two codes have proved the device; only its user can log in with it.
        return made
    where = {Keep.HERE: "its secret is kept here", Keep.PHONE: "its secret is on your phone only"}
    output.print_result(
        f"{user.name}: enrolled {made.serial.text}; {where.get(made.keep, 'its secret is kept here and on your phone')}"
    )
    with _show_how_to_resume(user, f"{made.serial.name} is enabled, but no login has verified it yet"):
        _verify(enrollment, made)
    return made


@contextmanager
def _show_how_to_resume(user: IamUser, state: str) -> Iterator[None]:
    """If an error ends the block, say how far the enrollment has come and how to continue it."""
    try:
        yield
    except (MfaTuiError, KeyboardInterrupt) as end:
        output.say(f"mfa-tui: {state}. To continue: {user.command('mfa-tui device enroll PROFILE')}")
        if isinstance(end, Cancelled):
            raise Cancelled("Cancelled.") from None
        raise


def _resume(enrollment: Enrollment, options: EnrollmentOptions) -> NewDevice | None:
    """Continue an interrupted enrollment, if there is one, and return its device."""
    unfinished = enrollment.unfinished()
    if unfinished is not None and unfinished.phase != Phase.CREATING:
        _check_same_options(enrollment, unfinished, options)
        if options.start_over:
            _abandon(enrollment, unfinished.serial)
            return None
    made = enrollment.resume()
    if made is None or made.enabled or made.keep != Keep.PHONE:
        return made
    whose = "the user's" if enrollment.user.administered else "your"
    question = f"Is {made.serial.name} in {whose} authenticator app? (n deletes it and creates a new one)"
    if not tty.is_available():
        raise NoTerminal(
            "no-terminal",
            f"To continue the enrollment of {made.serial.name}, two codes from the phone are needed.",
            "There is no terminal to ask for them on.",
            "Run it on a terminal, or with --start-over if no phone has the secret.",
        )
    if not options.asks or tty.confirm(question, default=True):
        return made
    _abandon(enrollment, made.serial.text)
    return None


def _check_same_options(enrollment: Enrollment, unfinished: JournalEntry, options: EnrollmentOptions) -> None:
    """Raise UsageError (``enrolment-begun``) if the options differ from those of the unfinished enrollment."""
    name = MfaSerial(unfinished.serial).name
    for_another = enrollment.replaces and unfinished.replaces not in ("", enrollment.replaces)
    if options.start_over or (
        options.name in ("", name) and options.keep in (None, unfinished.keep) and not for_another
    ):
        return
    command = enrollment.user.command("mfa-tui device enroll PROFILE")
    raise UsageError(
        "enrolment-begun",
        f"The enrollment of {name} with --keep {unfinished.keep} was started earlier and is not finished.",
        "This command has other options.",
        f"Continue that one: {command}; or delete it first with --start-over.",
    )


def _abandon(enrollment: Enrollment, serial: str) -> None:
    enrollment.abandon(serial)
    output.say(f"mfa-tui: The device {MfaSerial(serial).name} was deleted.")


def _start(enrollment: Enrollment, options: EnrollmentOptions) -> NewDevice:
    if enrollment.user.administered:
        keep = options.keep or Keep.PHONE
    else:
        keep = options.keep or (_ask_keep(enrollment) if options.asks else Keep.HERE)
    check_can_start(options, keep)
    return _create_device(enrollment, options, keep)


def check_can_start(options: EnrollmentOptions, keep: str) -> None:
    """Raise NoTerminal or UsageError if an enrollment that keeps the secret at *keep* cannot work here."""
    if keep == Keep.PHONE and not tty.is_available():
        raise NoTerminal(
            "no-terminal",
            "Two codes from the phone are needed, and there is no terminal to ask on.",
            "With --keep phone the secret is not kept here, so only the phone can generate them.",
            "Run it on a terminal, or use --keep here or --keep both. Nothing was created.",
        )
    if keep != Keep.HERE and not tty.can_show() and not options.image:
        raise UsageError(
            "no-picture",
            "There is no terminal that can show the QR code.",
            f"With --keep {keep} a phone has to scan it.",
            "Write it to a file with --image FILE.svg, or use --keep here. Nothing was created.",
        )
    if options.image:
        check_image(options.image)


def _create_device(enrollment: Enrollment, options: EnrollmentOptions, keep: str) -> NewDevice:
    """Create a device with the given name, or ask for one. A typed name that is not possible is asked for again."""
    if options.name or not options.asks or not tty.is_available():
        return enrollment.create(options.name, keep)
    suggested = enrollment.suggested_name()
    while True:
        name = tty.ask(f"Device name [{suggested}]: ", NoTerminal("no-terminal", "")) or suggested
        try:
            return enrollment.create(name, keep)
        except UsageError as problem:
            if problem.slug not in ("device-name", "seed-elsewhere"):
                # Another name would not help.
                raise
            output.print_error(problem)


def _ask_keep(enrollment: Enrollment) -> str:
    """Ask where to keep the secret. Raises NoTerminal."""
    if not tty.is_available():
        raise NoTerminal(
            "no-terminal",
            "There is no terminal to ask you where to keep the secret.",
            "",
            "Use --yes to keep it here, or --keep WHERE. Nothing was created.",
        )
    try:
        enrollment.user.context.seeds.check_storage(enrollment.user.operation.cancel)
    except KeyringProblem as problem:
        output.say(f"{problem.what} So only the phone can keep the secret.")
        return Keep.PHONE
    output.say("Where should the device's secret be kept?")
    for number, place in enumerate(Keep.ALL, start=1):
        output.say(f"  {number}  {'. '.join(PLACES[place])}")
    while True:
        answer = tty.ask("1, 2 or 3 [1]: ", NoTerminal("no-terminal", "")) or "1"
        if answer in Keep.ALL:
            return answer
        if answer in ("1", "2", "3"):
            return Keep.ALL[int(answer) - 1]


def _enable(enrollment: Enrollment, made: NewDevice, *, shows: bool) -> None:
    """Enable the device. With *shows*, the QR code is shown on the terminal if a phone needs it."""
    shows = shows and made.keep != Keep.HERE and tty.is_available()
    if shows and made.uri is not None and made.seed is not None:
        whose = f"{user.identity.user}'s" if (user := enrollment.user).administered else "your"
        show_secret(made.uri, made.seed, f"Scan this with {whose} authenticator app ({made.serial.name})")
        if made.keep == Keep.BOTH:
            code = code_at_step(made.seed, step_at(enrollment.user.context.clock.aws_now())).reveal()
            output.remark(f"The app should show {code[:3]} {code[3:]} now, or the next code.")
    if made.keep != Keep.PHONE:
        enrollment.enable(made)
        return
    ask_two_codes(made.serial, lambda codes: enrollment.enable(made, codes))


def _verify(enrollment: Enrollment, made: NewDevice) -> None:
    """Log in with the device. The session is saved if the profile uses the device from now on."""
    operation = enrollment.user.operation
    request = enrollment.verification_request(made)
    if request.remember_serial:
        done = log_in(operation, request)
        output.print_notices(done.notices)
        show_login(operation.context, done._replace(unsaved_serial=""))
    else:
        obtain_session(operation, request)
        output.say(f"Logged in with {made.serial.name}: it works.")
