"""Storing and removing the secret of a profile's MFA device."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.aws.mfa_serial import checked_serial
from mfa_tui.errors import AwsRefused, MfaTuiError
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Progress
from mfa_tui.services.seeds.import_seed import (
    device_of,
    discover_device,
    import_seed,
    known_device,
    preview_seed,
    read_secret_file,
    remove_seed,
    verification_refused,
    verification_request,
)
from mfa_tui.services.sessions.outcomes import NeedsSerial
from mfa_tui.ui.flows.attempt import attempt

if TYPE_CHECKING:
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.core.seeds.otp_entries import ImportedSeed, SecretsFound
    from mfa_tui.services.seeds.import_seed import ImportResult, RemovalResult
    from mfa_tui.ui.flows.host_screen import HostScreen


async def import_secret(host: HostScreen, name: str, serial: MfaSerial | None = None) -> None:
    """Ask for the secret, show its code to compare, store it, and verify it by a login if the user agrees.

    The device is *serial*, or the one that the profile names; otherwise AWS or the user is asked.
    """
    from mfa_tui.ui.seeds.seed_dialog import SeedDialog

    named: MfaSerial | None = None
    try:
        # At once: what is typed next is meant for the dialog.
        context = host.app_state.context
        named = known_device(context, context.resolve(name))
    except MfaTuiError as problem:
        # The profile may name a FIDO key; that does not prevent storing the secret of another device.
        if serial is None:
            host.app_state.action_log.end(name, problem=problem)
            host.redraw()
            return
    serial = serial or named or await _which(host, name)
    if serial is None:
        return
    look = partial(preview_seed, host.app_state.context, serial)
    seed = await host.ask(SeedDialog(name, serial, look, partial(_of_file, host)))
    if seed is None:
        return
    imported = await _stored(host, name, serial, seed)
    if imported is not None:
        await _prove(host, imported, remember=named is None)


async def _which(host: HostScreen, name: str) -> MfaSerial | None:
    """Find the device that the secret belongs to, from AWS or from the user."""
    context = host.app_state.context
    found = await attempt(
        host,
        name,
        lambda scope: discover_device(Operation(context, scope), context.resolve(name)),
        step=Progress("discovering", "Asking AWS for the MFA devices"),
    )
    return await _chosen(host, name, found) if isinstance(found, NeedsSerial) else found


async def _chosen(host: HostScreen, name: str, need: NeedsSerial) -> MfaSerial | None:
    if not need.devices:
        from mfa_tui.ui.dialogs.text_dialog import TextDialog

        text = f"{need.why} Type its ARN: arn:aws:iam::ACCOUNT:mfa/NAME"
        given = await host.ask(
            TextDialog(f"Device for {name}", text, "", lambda line: checked_serial(line, "the line"), yes="Continue")
        )
        return checked_serial(given, "the line") if given else None
    from mfa_tui.ui.dialogs.choose import Answer, Choose

    answers = [
        Answer(
            device.serial.name,
            device.serial.kind_words,
            "" if device.serial.usable else f"{device.serial.kind_words}: it has no secret",
        )
        for device in need.devices
    ]
    index = await host.ask(
        Choose(f"Device for {name}", ["Which device does the secret belong to?"], answers, leave="Cancel")
    )
    return need.devices[index].serial if index is not None else None


async def _of_file(host: HostScreen, path: str) -> SecretsFound:
    """The secrets in a file; without a path, in the picture on the clipboard. Raises UsageError, FileProblem."""

    def read() -> SecretsFound:
        if path:
            return read_secret_file(os.path.expanduser(path))
        from mfa_tui.adapters.seeds.clipboard_images import read_qr_from_clipboard
        from mfa_tui.core.seeds.secret_input import read_codes

        return read_codes(read_qr_from_clipboard(host.app_state.context.env, CancelScope()))

    return await host.threads.run(read)


async def _stored(host: HostScreen, name: str, serial: MfaSerial, seed: ImportedSeed) -> ImportResult | None:
    from mfa_tui.ui.dialogs.choose import Answer
    from mfa_tui.ui.seeds.vault_offer import ensure_store

    # Only now: the dialog opens at once, as what is typed next is meant for it.
    if not await ensure_store(host, name, Answer("Not now", "The secret is not stored.")):
        return None
    imported = await attempt(
        host,
        name,
        lambda scope: import_seed(host.app_state.context, name, serial, seed, scope),
        step=Progress("keyring", "Storing the secret"),
        notices=lambda imported: filter(None, (imported.warning,)),
    )
    if imported is not None:
        host.app_state.codes.forget(serial.text)
        host.notify_success(
            f"Secret stored for {name}", f"{host.app_state.keys['login']} now logs in without asking for a code."
        )
    await host.reload()
    return imported


async def _prove(host: HostScreen, imported: ImportResult, *, remember: bool) -> None:
    """Log in with a code of the new secret, if the user agrees; a refusal is reported as one of the secret."""
    from mfa_tui.ui.dialogs.confirm import Confirm
    from mfa_tui.ui.sessions.login_flow import LoginFlow

    saves = [f"If it works, {imported.serial.name} is saved in the profile as mfa_serial."] if remember else []
    question = Confirm(
        f"Log in to {imported.profile} now?",
        ["Logging in with the new secret shows whether it is right.", *saves],
        yes="Log in",
        no="Later",
    )
    if not await host.ask(question):
        return
    flow = LoginFlow(host, verification_request(imported, remember=remember))
    if not await flow.run() and isinstance(flow.problem, AwsRefused):
        host.app_state.action_log.end(imported.profile, problem=verification_refused(imported, flow.problem))
        host.redraw()


async def remove_secret(host: HostScreen, name: str) -> None:
    """Remove the stored secret, if the user confirms it."""
    from mfa_tui.ui.dialogs.confirm import Confirm

    agreed = await host.ask(
        Confirm(
            f"Remove the secret of {name}?",
            [
                "Removes it from this machine. The MFA device stays at AWS.",
                "Unless it is on a phone, too, you can no longer generate its codes.",
            ],
            yes="Remove",
            no="Keep",
            careful=True,
        )
    )
    if not agreed:
        return

    def work(scope: CancelScope) -> RemovalResult:
        context = host.app_state.context
        resolved = context.resolve(name)
        return remove_seed(context, resolved.profile.name, device_of(context, resolved), scope)

    removed = await attempt(host, name, work, step=Progress("keyring", "Removing the secret"))
    if removed is not None:
        host.app_state.codes.forget(removed.serial.text)
        what = "The secret it had replaced is back." if removed.restored else "From now on you type the codes."
        host.notify_success(f"Secret removed for {name}", what)
    await host.reload()
