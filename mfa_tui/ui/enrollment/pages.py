"""The text of the pages of an enrollment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.account.user_messages import enrolled_message
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.shells.variables import export_command
from mfa_tui.core.text.display import format_account
from mfa_tui.services.account.administered_user import AdministeredUser
from mfa_tui.services.account.administration import describe_enrollment
from mfa_tui.services.devices.enrollment import PLACES, Keep
from mfa_tui.ui.text.aws_requests import request_lines
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, format_time, line, titled, top_line, wrapped, wrapped_message

if TYPE_CHECKING:
    from mfa_tui.services.devices.enrollment import NewDevice
    from mfa_tui.ui.enrollment.state import EnrollmentState

_KEPT = {
    Keep.BOTH: "stored here and on the phone",
    Keep.HERE: "stored here only",
    Keep.PHONE: "on the phone only",
}


def title(state: EnrollmentState, width: int) -> Line:
    """The top line."""
    what = f"Replacing {MfaSerial(state.replaces).name}" if state.replaces else "New MFA device"
    whom = [state.profile]
    if state.made is not None:
        whom = [state.made.serial.name, format_account(state.made.serial.account)]
    elif state.user is not None:
        whom = [state.user.identity.user, format_account(state.user.identity.account)]
    return top_line(what, whom, state.place, width, Tone.KEY)


def check_page(state: EnrollmentState, width: int) -> list[Line]:
    """The page before the user is known."""
    whom = state.other or f"the user of {state.profile}"
    return wrapped(f"A virtual MFA device for {whom}.", width, Tone.DIM)


def user_lines(state: EnrollmentState, width: int) -> list[Line]:
    """Who the user is, and which devices there are."""
    if state.user is None:
        return check_page(state, width)
    identity, devices = state.user.identity, state.user.devices
    how = "with the session" if state.other else "with the keys"
    about = f"IAM user in account {format_account(identity.account)}, {how} of {state.user.name}"
    lines = titled(identity.user, about, width)
    if devices is None:
        return [*lines, *wrapped("AWS does not let this user list MFA devices.", width, Tone.DIM)]
    if devices:
        told = ", ".join(f"{device.serial.name} ({device.serial.kind_words})" for device in devices)
        lines += wrapped(told, width, Tone.DIM, first=Span("has ", Tone.DIM))
    else:
        lines.append(line(Span("no MFA device yet", Tone.WARN)))
    if isinstance(state.user, AdministeredUser):
        lines += wrapped(" ".join(describe_enrollment(state.user, state.keep, unfinished=False)), width)
    return lines


def storage_choices(state: EnrollmentState, width: int) -> list[list[Line]]:
    """Where the secret can be kept, each with its trade-off in a sentence."""
    result = []
    for place in Keep.ALL:
        label, about = PLACES[place] if not state.other else (PLACES[place][0], _PLACES_FOR_OTHER[place])
        chosen = place == state.keep
        if place in state.can_keep:
            mark = Span("◉ ", Tone.KEY) if chosen else Span("○ ", Tone.DIM)
            first = line(mark, Span(label, Tone.STRONG if chosen else Tone.PLAIN))
        else:
            first, about = line(Span(f"✗ {label}", Tone.DIM)), state.not_here
        result.append([first, *wrapped(about, width, Tone.DIM, first=Span("  "))])
    return result


def codes_page(state: EnrollmentState, now: float, width: int) -> list[Line]:
    """What to do about the two codes."""
    made = state.made
    if made is None:
        return []
    if not state.types_codes:
        return wrapped(f"Enabling {made.serial.name} with two codes that mfa-tui generates.", width)
    if made.uri is None:
        lines = wrapped(
            f"{made.serial.name} was created before the interruption, and its secret was shown once. If your phone has "
            "it, type its codes. If not, press esc and delete the device.",
            width,
        )
    else:
        lines = wrapped(f"AWS needs two codes in a row from {made.serial.name}.", width)
    return [*lines, EMPTY, state.two_codes.advice(now), EMPTY]


def login_page(state: EnrollmentState, width: int) -> list[Line]:
    """The page of the login that verifies the enabled device."""
    made = state.made
    name = made.serial.name if made else ""
    lines = [*wrapped(f"{name} is enabled.", width, first=Span("✓ ", Tone.GOOD)), EMPTY]
    if state.problem is not None:
        return lines
    return [*lines, *wrapped("A first login confirms that it works.", width)]


def done_page(state: EnrollmentState, now: float, width: int) -> list[Line]:
    """What was done, and what to do next."""
    made, done, user = state.made, state.done, state.user
    if made is None or user is None:
        return []
    if isinstance(user, AdministeredUser):
        return _done_for_other(user, made, width)
    confirmed = f"{made.serial.name} is enabled, and a login has confirmed that it works."
    lines = [*wrapped(confirmed, width, Tone.STRONG, first=_CHECK), EMPTY]
    facts = [("device", made.serial.text), ("secret", _KEPT[made.keep])]
    if state.old:
        facts.append(("replaces", state.old))
    if state.writes:
        facts.append(("saved", f"mfa_serial in {user.name}"))
    if done is not None:
        until = f"valid until {format_time(done.session.expires_at, now)}"
        facts.append(("session", f"saved as {done.target}, {until}" if done.target else until))
    for label, value in facts:
        lines += _fact(label, value, width)
    if done is not None and done.target:
        lines += _fact("use it", export_command(done.target), width)
        lines[-1] = (*lines[-1], Span("  y", Tone.KEY))
    lines.append(EMPTY)
    if state.picture:
        picture = f"{state.picture} still shows the secret. Delete it once you have scanned it."
        lines += [*wrapped(picture, width, first=Span("! ", Tone.WARN)), EMPTY]
    if len(user.usable) == 1:
        backup = "enrolls a backup device in case you lose this one."
        lines += wrapped(backup, width, first=Span("b ", Tone.KEY))
    return lines


def _fact(label: str, value: str, width: int) -> list[Line]:
    return wrapped(value, width, first=Span(f"  {label:<9}", Tone.DIM))


def _done_for_other(user: AdministeredUser, made: NewDevice, width: int) -> list[Line]:
    """What was done for another user: the device, the AWS requests, and a text to send."""
    name, account = user.user_name, user.identity.account
    lines = [*wrapped(f"{made.serial.name} is enabled for {name}.", width, Tone.STRONG, first=_CHECK), EMPTY]
    for label, value in (("device", made.serial.text), ("secret", _KEPT_FOR_OTHER[made.keep])):
        lines += _fact(label, value, width)
    lines += [EMPTY, line(Span(f"A text to send to {name}", Tone.DIM))]
    lines += wrapped_message(enrolled_message(name, account, made.serial), width)
    return [*lines, *request_lines(user.calls, width)]


def message_for_other(state: EnrollmentState) -> str:
    """The text to send to the other user for whom a device was enrolled; empty if there is none."""
    if state.made is None or state.user is None or not state.other:
        return ""
    return enrolled_message(state.other, state.user.identity.account, state.made.serial)


_PLACES_FOR_OTHER = {
    Keep.BOTH: "This machine can generate codes in the user's name, too.",
    Keep.HERE: "Only this machine can generate codes, in the user's name.",
    Keep.PHONE: "The secret is not kept here: nobody but the user can generate codes.",
}
"""The trade-offs of ``PLACES`` where it is another user's device."""
_KEPT_FOR_OTHER = {
    Keep.BOTH: "on the phone of the user, and stored here",
    Keep.HERE: "stored here only",
    Keep.PHONE: "on the phone of the user only",
}
_CHECK = Span("✓ ", Tone.GOOD)
