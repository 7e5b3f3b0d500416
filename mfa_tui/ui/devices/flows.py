"""Resyncing, removing and exporting a device of a user, with the questions that each asks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.errors import Cancelled, MfaTuiError
from mfa_tui.services.devices import removal
from mfa_tui.services.devices.consecutive_codes import can_type_again
from mfa_tui.services.devices.removal import consequences, describe_removal, finish_removals
from mfa_tui.services.devices.resync import needs_typed_codes, resync_by_codes
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Progress
from mfa_tui.ui.flows.attempt import attempt
from mfa_tui.ui.sessions.user_session import ensure_session, run_for_user

if TYPE_CHECKING:
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.services.devices.iam_user import IamUser
    from mfa_tui.services.seeds.export_seed import ExportedSeed
    from mfa_tui.ui.flows.host_screen import HostScreen


async def resync_device(host: HostScreen, user: IamUser, serial: MfaSerial) -> bool:
    """Resync with the stored secret, or with two typed codes.

    No session is required: a user whose only device has drifted may be unable to get one.
    """
    if needs_typed_codes(user, serial.text):
        resynced = await _resync_by_typed(host, user, serial)
    else:
        resynced = await run_for_user(host, user, partial(resync_by_codes, user, serial.text))
    if resynced:
        host.notify_success(
            f"{serial.name} is back in sync", "Its codes work again. Wait for the next one: the last two are used."
        )
    return resynced


async def _resync_by_typed(host: HostScreen, user: IamUser, serial: MfaSerial) -> bool:
    from mfa_tui.ui.codes.two_codes_dialog import TwoCodesDialog

    dialog = TwoCodesDialog(f"Two codes from {serial.name}", host.app_state.now)
    await host.wait_for_turn()
    host.open_dialog(dialog)
    action_log = host.app_state.action_log
    while True:
        codes = await dialog.answer()
        if codes is None:
            return False
        scope = action_log.begin(user.name)
        user.operation = Operation(user.context, scope, partial(host.report, user.name))
        dialog.cancel = scope.cancel
        problem: MfaTuiError | None = None
        try:
            await host.threads.run(partial(resync_by_codes, user, serial.text, codes))
        except Cancelled:
            action_log.cancel(user.name)
            return False
        except MfaTuiError as error:
            if can_type_again(error):
                action_log.end(user.name)
                dialog.refuse(error)
                continue
            problem = error
        action_log.end(user.name, problem=problem)
        dialog.close()
        host.redraw()
        return problem is None


async def remove_device(host: HostScreen, user: IamUser, serial: MfaSerial) -> bool:
    """Remove a device after confirmation; the last device takes a second confirmation."""
    from mfa_tui.ui.dialogs.confirm import Confirm

    what = consequences(user, serial.text)
    who = user.identity.user
    question = Confirm(
        f"Remove {serial.name}?",
        describe_removal(user, what),
        yes="Remove",
        no="Keep",
        careful=True,
    )
    if not await host.ask(question):
        return False
    if what.last:
        last = Confirm(
            f"Leave {who} without MFA?",
            [
                f"{serial.name} is the last device of {who} that can generate codes.",
                "Use Replace instead to enroll a new one first, so that you are not locked out.",
            ],
            yes="Remove anyway",
            no="Keep",
            careful=True,
        )
        if not await host.ask(last):
            return False
    if not await ensure_session(host, user):
        return False
    became: list[str] = []
    if not await run_for_user(host, user, lambda: became.append(removal.remove_device(user, what))):
        return False
    host.app_state.codes.forget(serial.text)
    await host.reload()
    gone = "Removed at AWS. Its secret was removed here." if what.stored else "Removed at AWS."
    host.notify_success(f"Removed {serial.name}", " ".join(filter(None, (gone, *became))))
    return True


async def finish_removing(host: HostScreen, user: IamUser, serials: tuple[MfaSerial, ...]) -> bool:
    """Finish, after confirmation, removals that were interrupted after AWS had deactivated the devices."""
    from mfa_tui.ui.dialogs.confirm import Confirm

    names = ", ".join(serial.name for serial in serials)
    question = Confirm(
        f"Finish removing {names}?",
        [
            "The removal was interrupted after AWS had deactivated the device.",
            "Finishing deletes the device at AWS and its secret here.",
        ],
        yes="Finish",
        no="Later",
    )
    if not (await host.ask(question) and await ensure_session(host, user)):
        return False
    if not await run_for_user(host, user, partial(finish_removals, user)):
        return False
    for serial in serials:
        host.app_state.codes.forget(serial.text)
    await host.reload()
    host.notify_success(f"Removed {names}", "The earlier removal is finished.")
    return True


async def export_secret(host: HostScreen, user: IamUser, serial: MfaSerial) -> ExportedSeed | None:
    """Show the stored secret as a QR code, if the user confirms it."""
    from mfa_tui.services.seeds.export_seed import export_seed
    from mfa_tui.ui.dialogs.confirm import Confirm

    question = Confirm(
        f"Show the secret of {serial.name}?",
        [
            "It is shown as a QR code for another phone to scan.",
            "Anyone who sees this can generate your codes forever. Make sure nobody is watching or recording it.",
        ],
        yes="Show",
        no="Cancel",
        careful=True,
    )
    if not await host.ask(question):
        return None
    return await attempt(
        host,
        user.name,
        lambda scope: export_seed(host.app_state.context, user.name, serial, scope),
        step=Progress("keyring", "Reading the secret"),
    )
