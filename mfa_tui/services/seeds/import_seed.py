"""Storing the secret of a profile's MFA device, and removing it.

Whoever has a screen goes through these, in this order: what was given is read (``core.secretforms``), :func:`checked`,
the device is found (:func:`known_device`, else :func:`found_device`), :func:`chosen`,
:func:`preview`, :func:`import_seed`, and a login as the proof: :func:`proof`.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mfa_tui.adapters.filesystem.user_files import read_user_file
from mfa_tui.adapters.seeds.qr_images import LONGEST_FILE, decode_qr_data, is_picture
from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.core.aws.mfa_serial import VIRTUAL, MfaSerial, checked_serial
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.seeds.otp_entries import (
    ImportedSeed,
    OtpEntry,
    RefusedSeed,
    SecretsFound,
    names_device,
    other_account_id,
    other_device_name,
)
from mfa_tui.core.seeds.secret_input import read_codes, read_secrets
from mfa_tui.core.seeds.totp import code_at_step, seconds_left, seed_warning, step_at
from mfa_tui.core.text.display import in_words, shell_command
from mfa_tui.errors import AwsRefused, UsageError
from mfa_tui.models import Secret
from mfa_tui.services.profiles.resolve import able_profile, source_profile
from mfa_tui.services.seeds.current_code import serial_of
from mfa_tui.services.sessions.device_discovery import devices_of
from mfa_tui.services.sessions.lookup import live_session
from mfa_tui.services.sessions.outcomes import LoginRequest, NeedsSerial

if TYPE_CHECKING:
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.services.context import Context


@dataclass(frozen=True, slots=True)
class NeedsChoice:
    """Several entries could be meant: ``entries``, some of which may not serve."""

    entries: list[OtpEntry]


@dataclass(frozen=True, slots=True)
class Preview:
    """A seed that would be stored. ``code`` is its current code, ``next_code`` the one after.

    ``doubts`` are one-line warnings; ``replaces``: a secret is stored for the device already, and would be kept until
    the new one has worked.
    """

    code: Secret
    next_code: Secret
    seconds_left: float
    doubts: tuple[str, ...]
    replaces: bool


@dataclass(frozen=True, slots=True)
class Imported:
    """A seed that was stored. ``replaced``: another was stored; it is kept until the new one has worked."""

    profile: str
    serial: MfaSerial
    label: str
    warning: str
    replaced: bool


@dataclass(frozen=True, slots=True)
class Removed:
    """A seed that was removed. ``restored``: the one that it had replaced is back."""

    profile: str
    serial: MfaSerial
    restored: bool


def secrets_in_file(path: str) -> SecretsFound:
    """What a file holds: text, an app's export, or a picture of QR codes.

    Raises FileProblem (``given-…``), UsageError (as ``codes_in``, ``read_codes`` and ``read_secrets``).
    """
    content = read_user_file(path, LONGEST_FILE)
    if is_picture(content):
        return read_codes(decode_qr_data(content))
    # PowerShell's «>» writes UTF-16.
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    return read_secrets(Secret(content.decode(encoding, errors="replace")))


def device_of(context: Context, profile: str | None, serial: str = "") -> tuple[str, MfaSerial]:
    """The profile that is meant and the MFA serial that its seed is stored for. Raises ProfileProblem, UsageError."""
    name, known = known_device(context, profile, serial)
    if known:
        return name, known
    aws = context.files.load()
    return name, serial_of(aws, read_profile(aws, name))


def known_device(context: Context, profile: str | None, serial: str = "") -> tuple[str, MfaSerial | None]:
    """As :func:`device_of`; None if the profile names no device: see :func:`found_device`."""
    aws = context.files.load()
    name = source_profile(aws, profile, context.env, context.settings.target_pattern)
    understood = read_profile(aws, name)
    if serial:
        return name, _named(context, serial, understood.serial)
    return name, serial_of(aws, understood) if understood.serial is not None else None


def _named(context: Context, given: str, own: MfaSerial | None) -> MfaSerial:
    """The device that is meant by an ARN, or by the name of one that the profile names or whose secret is stored."""
    if given.startswith("arn:"):
        return checked_serial(given, "--serial")
    known = [MfaSerial(text) for text in sorted(context.seeds.serials())]
    meant = {serial.text: serial for serial in (*known, *([own] if own else [])) if serial.name == given}
    if own is not None and own.account:
        meant = {text: serial for text, serial in meant.items() if serial.account == own.account}
    if len(meant) == 1:
        return next(iter(meant.values()))
    raise UsageError(
        "serial-name",
        f"It is not known here which device {given[:60]!r} is.",
        "It is the name of no device, or of several, that the profile names or whose secret is stored.",
        "Give its ARN; mfa-tui device list shows those of a user.",
    )


def found_device(context: Context, profile: str, control: CancelScope) -> MfaSerial | NeedsSerial:
    """The only virtual device of a profile's user, as AWS tells; or the question which device it is.

    Raises ProfileProblem (``no-serial``, ``no-device``, ``fido-only`` …), AwsRefused, NetworkProblem, Cancelled.
    """
    aws = context.files.load()
    understood = able_profile(aws, profile)
    if not understood.has_user:
        # There is no IAM user whose devices could be listed.
        return serial_of(aws, understood)
    devices = devices_of(context, profile, control)
    request = LoginRequest(profile=profile)
    if isinstance(devices, str):
        return NeedsSerial(request, profile, why=devices)
    virtual = [device.serial for device in devices if device.serial.kind == VIRTUAL]
    if len(virtual) == 1:
        return virtual[0]
    return NeedsSerial(request, profile, tuple(devices), "The user has several MFA devices.")


def checked(found: SecretsFound) -> SecretsFound:
    """*found*, if any of it can serve. Raises UsageError: the reason of the only one, or ``none-fits``."""
    refused = [one for one in found.entries if isinstance(one, RefusedSeed)]
    if len(refused) < len(found.entries):
        return found
    if len(refused) == 1:
        raise refused[0].refusal
    raise UsageError(
        "none-fits",
        f"None of these {len(refused)} entries can serve as an AWS MFA device.",
        f"The first: {refused[0].refusal.why}",
        "Take the secret key or the QR code's otpauth://totp/ address that AWS showed for the device.",
    )


def chosen(found: SecretsFound, serial: MfaSerial, account: str = "") -> ImportedSeed | NeedsChoice:
    """The seed that is meant: the only one, or the one of that *account* (``account`` or ``issuer:account``).

    Of several, the one whose name is the device's, ``NAME@ACCOUNT``, if it is one alone.
    Raises UsageError: ``account-unknown``, or why the only one cannot serve.
    """
    candidates = found.entries
    if account:
        candidates = [one for one in candidates if _folded(account) in _names(one)]
        if not candidates:
            raise UsageError(
                "account-unknown",
                f"There is no account {account!r} among these.",
                listed(found.entries),
                "Give --account one of these names.",
            )
    if len(candidates) == 1:
        (only,) = candidates
        if isinstance(only, RefusedSeed):
            raise only.refusal
        return only
    its = [one for one in candidates if isinstance(one, ImportedSeed) and names_device(one, serial)]
    return its[0] if len(its) == 1 else NeedsChoice(candidates)


def _names(candidate: OtpEntry) -> set[str]:
    names = (candidate.account, f"{candidate.issuer}:{candidate.account}", candidate.label)
    return {_folded(name) for name in names if name}


def _folded(name: str) -> str:
    return ":".join(part.strip() for part in name.casefold().split(":"))


def listed(candidates: list[OtpEntry]) -> str:
    """The names of *candidates* in one line."""
    names = [one.label or "one without a name" for one in candidates]
    return f"There are {in_words(names)}."


def preview(context: Context, serial: MfaSerial, seed: ImportedSeed) -> Preview:
    """What to show of *seed* before it is stored."""
    now = context.clock.aws_now()
    doubts = [seed_warning(seed.seed)]
    if foreign := other_account_id(seed, serial):
        doubts.append(f"Its name says account {foreign}, but the device is of account {serial.account}.")
    elif foreign := other_device_name(seed, serial):
        doubts.append(f"Its name says {foreign}, but the device is called {serial.name}.")
    return Preview(
        code_at_step(seed.seed, step_at(now)),
        code_at_step(seed.seed, step_at(now) + 1),
        seconds_left(now),
        tuple(filter(None, doubts)),
        replaces=serial.text in context.seeds.serials(),
    )


def import_seed(
    context: Context, profile: str, serial: MfaSerial, seed: ImportedSeed, control: CancelScope
) -> Imported:
    """Store *seed* for a device. Raises UsageError (``seed-elsewhere``), KeyringProblem, WriteProblem, Cancelled."""
    replaced = context.seeds.store(serial.text, seed.seed, seed.label, control)
    return Imported(profile, serial, seed.label, seed_warning(seed.seed), replaced=replaced)


def proof(context: Context, imported: Imported, *, remember: bool) -> LoginRequest:
    """The login that proves a seed that was stored: a new session, with a code of it.

    *remember*: the serial is written to the profile once it has worked.
    """
    profile = read_profile(context.files.load(), imported.profile)
    user = live_session(context, profile, serial=imported.serial.text, margin=0, roles=()) if profile.roles else None
    return LoginRequest(
        profile=imported.profile,
        serial=imported.serial.text,
        renew=True,
        remember_serial=remember,
        # With a live session of the user, a role's needs no code.
        refused_source=user.access_key_id if user else "",
    )


def unproved(imported: Imported, refusal: AwsRefused) -> AwsRefused:
    """*refusal*, met in the proof, in words that say what of the secret that was stored."""
    if refusal.slug != AwsErrorKind.CODE:
        return refusal
    command = shell_command(imported.profile, "mfa-tui device forget PROFILE")
    back = (
        f"The secret before it is still kept. To get it back: {command}"
        if imported.replaced
        else f"Remove it: {command}; then import the right one."
    )
    return AwsRefused(
        refusal.slug,
        f"AWS did not accept the codes of this secret for {imported.serial.text}.",
        "It is of another device or damaged; or the device is out of step (mfa-tui device resync fixes that).",
        back,
    )


def remove_seed(context: Context, profile: str, serial: MfaSerial, control: CancelScope) -> Removed:
    """Remove the stored seed of a device.

    Raises UsageError (``no-seed``, ``seed-elsewhere``), KeyringProblem, WriteProblem, Cancelled.
    """
    if serial.text not in context.seeds.serials():
        context.seeds.check_index()
        raise UsageError("no-seed", f"No secret is stored for {profile}.", f"Its MFA device is {serial.text}.")
    return Removed(profile, serial, context.seeds.remove(serial.text, control))
