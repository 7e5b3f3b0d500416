"""The device commands with ``--user NAME``: what each does for another IAM user of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.devices.administration import (
    load_administered,
    renew_session,
    report,
    show_calls_of,
)
from mfa_tui.cli.devices.device_texts import device_as_json, device_line
from mfa_tui.cli.devices.enrollment import check_can_start, enroll_device
from mfa_tui.cli.devices.two_codes import ask_two_codes
from mfa_tui.cli.terminal import output, time_format
from mfa_tui.cli.terminal.aws_calls import show_calls
from mfa_tui.cli.terminal.consent import ask_consent
from mfa_tui.core.account.user_messages import enrolled_message
from mfa_tui.core.aws.mfa_serial import MfaSerial, checked_serial
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.core.text.display import format_account, in_words
from mfa_tui.errors import Exit, UsageError
from mfa_tui.services.account.administration import (
    check_listed,
    check_other,
    describe_enrollment,
    describe_reset,
    list_keys,
    reset_devices,
)
from mfa_tui.services.devices.enrollment import Enrollment, Keep
from mfa_tui.services.devices.list_devices import own_devices
from mfa_tui.services.devices.removal import check_own, unfinished_removals
from mfa_tui.services.devices.replacement import replace_device
from mfa_tui.services.devices.resync import needs_typed_codes, resync_by_codes

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from mfa_tui.cli.devices.enrollment import EnrollmentOptions
    from mfa_tui.services.account.administered_user import AdministeredUser
    from mfa_tui.services.account.administration import KeyOfUser
    from mfa_tui.services.devices.enrollment import NewDevice

_KEPT = {
    Keep.HERE: "its secret is kept here",
    Keep.PHONE: "its secret is not kept here",
    Keep.BOTH: "its secret is kept here, too",
}


def list_for(given: Namespace) -> int:
    """List another user's MFA devices and long-term keys."""
    user = load_administered(given.profile, given.user, takes_code=False)
    check_listed(user)
    keys = list_keys(user)
    devices, places = own_devices(user), user.context.seeds.places()
    if given.json:
        details = {
            "known": True,
            "devices": [device_as_json(device, places.get(device.serial.text, "")) for device in devices],
            "keys": None if keys is None else [key_as_json(key) for key in keys],
        }
        return report(user, "", details, as_json=True)
    for device in devices:
        output.print_result(device_line(device, places.get(device.serial.text, "")))
    for key in keys or ():
        output.print_result(key_line(key))
    if not devices:
        output.say(f"{user.user_name} has no MFA device. Enroll one: {user.command('mfa-tui device enroll PROFILE')}")
    if keys is None:
        output.say(f"AWS does not let {user.administrator} list the keys of {user.user_name}.")
    elif not keys:
        output.say(f"{user.user_name} has no long-term keys.")
    if output.stderr_is_terminal():
        show_calls(user.calls)
    return Exit.DONE


def enroll_for(given: Namespace, options: EnrollmentOptions) -> int:
    """Enroll a device for another user, whose phone scans the QR code."""
    user = load_administered(given.profile, given.user, given.code, may_be_new=True)
    check_other(user)
    enrollment = Enrollment(user)
    name = user.user_name
    sentences = _describe_enrollment(user, enrollment, options)
    if not ask_consent(sentences, f"Enroll an MFA device for {name}?", yes=given.yes):
        return Exit.DONE
    with show_calls_of(user):
        made = enroll_for_user(user, enrollment, options)
    return _report_enrolled(user, made, given, "enroll", [])


def _describe_enrollment(user: AdministeredUser, enrollment: Enrollment, options: EnrollmentOptions) -> list[str]:
    """What enrolling a device for *user* means, in sentences."""
    unfinished = enrollment.unfinished()
    keep = options.keep or (unfinished.keep if unfinished else Keep.PHONE)
    return describe_enrollment(user, keep, unfinished=unfinished is not None)


def enroll_for_user(user: AdministeredUser, enrollment: Enrollment, options: EnrollmentOptions) -> NewDevice:
    """Enroll a device for *user*, up to its enabling. Raises what the services raise, NoTerminal, Cancelled."""
    renew_session(user)
    made = enroll_device(enrollment, options)
    enrollment.finish(made)
    return made


def remove_for(given: Namespace) -> int:
    """Remove one device of another user."""
    user = load_administered(given.profile, given.user, given.code)
    check_other(user)
    check_listed(user)
    serials = _removable(user, given.serial)
    return _remove(user, serials, given, question=f"Remove the MFA device of {user.user_name}?", action="remove")


def reset_for(given: Namespace, options: EnrollmentOptions) -> int:
    """Reset the lost devices of another user; with ``--enroll``, enroll a new one at once."""
    user = load_administered(given.profile, given.user, given.code)
    check_other(user)
    check_listed(user)
    everything = [device.serial.text for device in user.devices or ()]
    serials = everything if given.all and everything else _removable(user, given.serial)
    question = f"Reset the MFA of {user.user_name}?"
    if not given.enroll:
        return _remove(user, serials, given, question=question, action="reset")
    # Before the old device is gone.
    check_can_start(options, options.keep or Keep.PHONE)
    sentences = [*describe_reset(user, serials), "Then a new device is enrolled, as device enroll --user does."]
    if not ask_consent(sentences, question, yes=given.yes):
        return Exit.DONE
    with show_calls_of(user):
        outcome = reset_devices(user, serials)
        made = enroll_for_user(user, Enrollment(user), options)
    return _report_enrolled(user, made, given, "reset", outcome.removed)


def replace_for(given: Namespace, options: EnrollmentOptions) -> int:
    """Enroll a new device for another user, and remove the old one once the new one is enabled."""
    user = load_administered(given.profile, given.user, given.code)
    check_other(user)
    check_listed(user)
    unfinished = Enrollment(user).unfinished()
    begun = unfinished.replaces if unfinished else ""
    old = MfaSerial(begun) if begun and not given.serial else _selected(user, given.serial)
    if old.text != begun:
        # The old device of an interrupted run may be removed already.
        check_own(user, old.text)
    enrollment = Enrollment(user, replaces=old.text)
    sentences = [
        *_describe_enrollment(user, enrollment, options),
        f"Once it is enabled, the old device {old.name} is removed.",
    ]
    if not ask_consent(sentences, f"Replace {old.name} of {user.user_name}?", yes=given.yes):
        return Exit.DONE
    with show_calls_of(user):
        made = enroll_for_user(user, enrollment, options)
        renew_session(user)
        replace_device(enrollment, made)
    return _report_enrolled(user, made, given, "replace", [old])


def _report_enrolled(
    user: AdministeredUser, made: NewDevice, given: Namespace, action: str, removed: Sequence[MfaSerial]
) -> int:
    """Print that *made* was enrolled after, or before, the devices *removed* were removed. Returns the exit status."""
    name = user.user_name
    message = enrolled_message(name, user.identity.account, made.serial, removed)
    serials = [serial.text for serial in removed]
    details: dict[str, object] = {"action": action}
    if removed:
        details["removed"] = serials
    details |= {"device": made.serial.text, "keep": made.keep, "message": message}
    gone = f"; removed {in_words(serials)}" if removed else ""
    plain = f"{name}: enrolled {made.serial.text}; {_KEPT[made.keep]}{gone}"
    status = report(user, plain, details, as_json=given.json)
    if not given.json:
        _show_message(user, message)
    return status


def resync_for(given: Namespace) -> int:
    """Resync a device of another user, with two codes that the user types or reads out."""
    user = load_administered(given.profile, given.user, takes_code=False)
    check_other(user)
    check_listed(user)
    serial = checked_serial(_selected(user, given.serial).text, "--serial")
    whose = f"{user.user_name} (account {format_account(user.identity.account)})"
    output.say(f"Brings {serial.name} of {whose} back in sync with AWS, signed as {user.administrator}.")
    with show_calls_of(user):
        if given.type or needs_typed_codes(user, serial.text):
            ask_two_codes(serial, lambda codes: resync_by_codes(user, serial.text, codes))
        else:
            resync_by_codes(user, serial.text)
    plain = f"{user.user_name}: {serial.text} is in sync with AWS again"
    return report(user, plain, {"action": "resync", "device": serial.text}, as_json=given.json)


def _remove(user: AdministeredUser, serials: list[str], given: Namespace, *, question: str, action: str) -> int:
    if not ask_consent(describe_reset(user, serials), question, yes=given.yes):
        return Exit.DONE
    renew_session(user)
    with show_calls_of(user):
        outcome = reset_devices(user, serials)
    removed = [serial.text for serial in outcome.removed]
    details: dict[str, object] = {"action": action, "removed": removed, "message": outcome.message}
    plain = "\n".join(f"{user.user_name}: removed {serial}" for serial in removed)
    status = report(user, plain, details, as_json=given.json)
    if not given.json:
        _show_message(user, outcome.message)
    return status


def _removable(user: AdministeredUser, given: str) -> list[str]:
    """As :func:`_selected`, in a list. It is empty if there is only an interrupted removal to finish."""
    if not user.devices and not given and unfinished_removals(user):
        return []
    return [_selected(user, given).text]


def _selected(user: AdministeredUser, given: str) -> MfaSerial:
    """The device to change: *given*, a serial or name, else the user's only one.

    Raises UsageError (``device-unclear``, ``no-device``).
    """
    devices = [device.serial for device in user.devices or ()]
    if given:
        return next((serial for serial in devices if given in (serial.text, serial.name)), MfaSerial(given))
    if len(devices) == 1:
        return devices[0]
    if devices:
        raise UsageError(
            "device-unclear",
            f"Which device of {user.user_name}?",
            f"There are {in_words([serial.text for serial in devices])}.",
            "Choose one with --serial.",
        )
    raise UsageError(
        "no-device",
        f"{user.user_name} has no MFA device.",
        "",
        f"Enroll one: {user.command('mfa-tui device enroll PROFILE')}",
    )


def _show_message(user: AdministeredUser, message: str) -> None:
    output.say(f"A text to send to {user.user_name}:")
    for line in message.splitlines():
        output.say(f"  {line}")


def key_as_json(key: KeyOfUser) -> dict[str, object]:
    """A key of another user for ``--json``."""
    return {
        "access_key_id": key.access_key_id,
        "status": "Active" if key.active else "Inactive",
        "created": format_utc(key.created_at),
        "last_used": format_utc(key.last_used_at) if key.last_used_at else None,
        "last_used_known": key.use_known,
    }


def key_line(key: KeyOfUser) -> str:
    """A key of another user in a line."""
    used = f"last used {time_format.day(key.last_used_at)}" if key.last_used_at else "never used"
    state = "active" if key.active else "disabled"
    return f"  {key.access_key_id}  long-term key, {state} · since {time_format.day(key.created_at)} · " + (
        used if key.use_known else "last use not known"
    )
