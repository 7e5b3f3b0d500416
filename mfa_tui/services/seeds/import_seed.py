"""Storing the secret of a profile's MFA device, and removing it.

A front end takes these steps, in this order: read the input (``core.seeds.secret_input``), :func:`check_usable`; find
the device (:func:`known_device`, else :func:`discover_device`); :func:`select_seed`; :func:`preview_seed`;
:func:`import_seed`; and a login that verifies the secret: :func:`verification_request`.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mfa_tui.adapters.filesystem.user_files import read_user_file
from mfa_tui.adapters.seeds.qr_images import LONGEST_FILE, decode_qr_data, is_picture
from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.core.aws.mfa_serial import VIRTUAL, MfaSerial, checked_serial
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
from mfa_tui.core.seeds.totp import proven_codes, seconds_left, seed_warning, step_at
from mfa_tui.core.text.display import format_account, in_words, shell_command
from mfa_tui.errors import AwsRefused, UsageError
from mfa_tui.models import Secret
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.history.recorder import Action
from mfa_tui.services.profiles.resolve import check_can_log_in
from mfa_tui.services.seeds.current_code import required_serial
from mfa_tui.services.sessions.device_discovery import find_devices_of
from mfa_tui.services.sessions.outcomes import Continuation, LoginRequest, NeedsSerial

if TYPE_CHECKING:
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.services.context import Context
    from mfa_tui.services.operation import Operation
    from mfa_tui.services.profiles.resolve import ResolvedProfile


@dataclass(frozen=True, slots=True)
class NeedsChoice:
    """Several entries could be meant."""

    entries: list[OtpEntry]
    """All of them; some may not be usable."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A secret that would be stored."""

    code: Secret
    """Its current code."""
    next_code: Secret
    """The code after that."""
    seconds_left: float
    """Seconds until the code changes."""
    doubts: tuple[str, ...]
    """Warnings, a line each."""
    replaces: bool
    """Whether a secret is stored for the device already; it would be kept until the new one has worked."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """A secret that was stored."""

    profile: str
    """The profile that it was stored for."""
    serial: MfaSerial
    """Its device."""
    label: str
    """The name that the secret came with; may be empty."""
    warning: str
    """A warning in a line; empty if there is none."""
    replaced: bool
    """Whether another one was stored; it is kept until the new one has worked."""


@dataclass(frozen=True, slots=True)
class RemovalResult:
    """A secret that was removed."""

    profile: str
    """The profile that it was stored for."""
    serial: MfaSerial
    """Its device."""
    restored: bool
    """Whether the one that it had replaced is stored again."""


def read_secret_file(path: str) -> SecretsFound:
    """Read a file: text, an app's export, or an image of QR codes.

    Raises FileProblem (``given-…``), UsageError (as ``decode_qr_data``, ``read_codes`` and ``read_secrets``).
    """
    content = read_user_file(path, LONGEST_FILE)
    if is_picture(content):
        return read_codes(decode_qr_data(content))
    # In PowerShell, > writes UTF-16.
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    return read_secrets(Secret(content.decode(encoding, errors="replace")))


def device_of(context: Context, resolved: ResolvedProfile, given: str = "") -> MfaSerial:
    """The MFA serial that the profile's secret is stored for. Raises as :func:`known_device`, and ``no-serial``."""
    return known_device(context, resolved, given) or required_serial(*resolved)


def known_device(context: Context, resolved: ResolvedProfile, given: str = "") -> MfaSerial | None:
    """The device that is *given* by its ARN or name, else the one that the profile names; None if neither is.

    Then :func:`discover_device` asks AWS. Raises UsageError (``serial-…``).
    """
    serial = resolved.profile.serial
    if given:
        return _given_device(context, given, serial)
    return required_serial(*resolved) if serial is not None else None


def _given_device(context: Context, given: str, own: MfaSerial | None) -> MfaSerial:
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
        f"It is not clear which device {given[:60]!r} is.",
        "None of the devices that the profile names or whose secret is stored has that name, or several have it.",
        "Use its ARN; mfa-tui device list shows those of a user.",
    )


def discover_device(operation: Operation, resolved: ResolvedProfile) -> MfaSerial | NeedsSerial:
    """Ask AWS for the only virtual device of a profile's user; or return the question which device it is.

    Raises ProfileProblem (``no-serial``, ``no-device``, ``fido-only`` …), AwsRefused, NetworkProblem, Cancelled.
    """
    profile = resolved.profile
    check_can_log_in(*resolved)
    if not profile.has_user:
        # There is no IAM user whose devices could be listed.
        return required_serial(*resolved)
    devices = find_devices_of(operation, resolved)
    request = LoginRequest(profile=profile.name)
    if isinstance(devices, str):
        return NeedsSerial(request, Continuation(), profile.name, why=devices)
    virtual = [device.serial for device in devices if device.serial.kind == VIRTUAL]
    if len(virtual) == 1:
        return virtual[0]
    return NeedsSerial(request, Continuation(), profile.name, tuple(devices), "The user has several MFA devices.")


def check_usable(found: SecretsFound) -> SecretsFound:
    """*found*, if any of it can be used. Raises UsageError: the reason for the only one, or ``none-fits``."""
    refused = [one for one in found.entries if isinstance(one, RefusedSeed)]
    if len(refused) < len(found.entries):
        return found
    if len(refused) == 1:
        raise refused[0].refusal
    raise UsageError(
        "none-fits",
        f"None of these {len(refused)} entries can be used for an AWS MFA device.",
        f"The first: {refused[0].refusal.why}",
        "Use the secret key or the QR code's otpauth://totp/ address that AWS showed for the device.",
    )


def select_seed(found: SecretsFound, serial: MfaSerial, account: str = "") -> ImportedSeed | NeedsChoice:
    """The secret that is meant: the only one, or the one of that *account* (``account`` or ``issuer:account``).

    Of several, the one whose name is the device's, ``NAME@ACCOUNT``, if there is just one such.
    Raises UsageError: ``account-unknown``, or why the only one cannot be used.
    """
    candidates = found.entries
    if account:
        candidates = [one for one in candidates if _folded(account) in _names(one)]
        if not candidates:
            raise UsageError(
                "account-unknown",
                f"There is no account {account!r} among these.",
                entry_names(found.entries),
                "Use one of these names with --account.",
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


def entry_names(candidates: list[OtpEntry]) -> str:
    """The names of *candidates* in one line."""
    names = [one.label or "one without a name" for one in candidates]
    return f"There are {in_words(names)}."


def preview_seed(context: Context, serial: MfaSerial, seed: ImportedSeed) -> Preview:
    """What to show of a secret before it is stored."""
    now = context.clock.aws_now()
    doubts = [seed_warning(seed.seed)]
    if foreign := other_account_id(seed, serial):
        named, real = format_account(foreign), format_account(serial.account)
        doubts.append(f"Its name says account {named}, but the device is in account {real}.")
    elif foreign := other_device_name(seed, serial):
        doubts.append(f"Its name says {foreign}, but the device is called {serial.name}.")
    return Preview(
        *proven_codes(seed.seed, step_at(now)),
        seconds_left(now),
        tuple(filter(None, doubts)),
        replaces=serial.text in context.seeds.serials(),
    )


@recorded(
    lambda context, profile, *_: (context, Action("device-import", profile)),
    lambda done: f"Stored the secret of {done.serial.name}.",
)
def import_seed(
    context: Context, profile: str, serial: MfaSerial, seed: ImportedSeed, cancel: CancelScope
) -> ImportResult:
    """Store a secret for a device. Raises UsageError (``seed-elsewhere``), KeyringProblem, WriteProblem, Cancelled."""
    replaced = context.seeds.store(serial.text, seed.seed, seed.label, cancel)
    return ImportResult(profile, serial, seed.label, seed_warning(seed.seed), replaced=replaced)


def verification_request(imported: ImportResult, *, remember: bool) -> LoginRequest:
    """The login that verifies a stored secret: a new session, with one of its codes.

    *remember*: the serial is saved in the profile once it has worked.
    """
    return LoginRequest(
        profile=imported.profile,
        serial=imported.serial.text,
        renew=True,
        renew_source=True,
        remember_serial=remember,
    )


def verification_refused(imported: ImportResult, refusal: AwsRefused) -> AwsRefused:
    """*refusal*, which ended the login that was to verify the secret, as an error about that secret."""
    if refusal.slug != AwsErrorKind.CODE:
        return refusal
    command = shell_command(imported.profile, "mfa-tui device forget PROFILE")
    back = (
        f"The previous secret is still kept; to restore it: {command}"
        if imported.replaced
        else f"Remove it: {command}; then import the right one."
    )
    return AwsRefused(
        refusal.slug,
        f"AWS did not accept the codes of this secret for {imported.serial.text}.",
        "It may be damaged or another device's; or the device's clock has drifted (mfa-tui device resync fixes that).",
        back,
    )


@recorded(
    lambda context, profile, *_: (context, Action("device-forget", profile)),
    lambda done: f"Removed the secret of {done.serial.name}.",
)
def remove_seed(context: Context, profile: str, serial: MfaSerial, cancel: CancelScope) -> RemovalResult:
    """Remove the stored secret of a device.

    Raises UsageError (``no-seed``, ``seed-elsewhere``), KeyringProblem, WriteProblem, Cancelled.
    """
    check_removable(context, profile, serial)
    return RemovalResult(profile, serial, context.seeds.remove(serial.text, cancel))


def check_removable(context: Context, profile: str, serial: MfaSerial) -> None:
    """Raise UsageError (``no-seed``) if there is no secret of the device here. No store is opened for it."""
    if serial.text not in context.seeds.serials():
        context.seeds.check_index()
        raise UsageError("no-seed", f"No secret is stored for {profile}.", f"Its MFA device is {serial.text}.")
