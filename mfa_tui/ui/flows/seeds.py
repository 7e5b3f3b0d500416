"""Storing and removing the secret of a profile's MFA device."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.core.otpauth import parse_secret
from mfa_tui.errors import Cancelled, MfaTuiError
from mfa_tui.services.progress import Progress
from mfa_tui.services.seedimport import device_of, import_seed, remove_seed

if TYPE_CHECKING:
    from mfa_tui.ui.flows import Host


async def import_secret(host: Host, name: str) -> None:
    """Ask for the secret, show its code to compare, and store it."""
    from mfa_tui.ui.screens.seed_dialog import SeedDialog

    desk = host.desk
    row = desk.row(name)
    if row is None or row.profile.serial is None:
        return
    secret = await host.ask(SeedDialog(name, row.profile.serial, desk.now, replaces=row.has_seed))
    if secret is None:
        return
    control = desk.journal.begin(name)
    desk.journal.step(name, Progress("keyring", "Storing the secret in the keyring"))
    host.changed()
    problem: MfaTuiError | None = None
    warning = ""
    try:
        profile, serial = device_of(desk.context, name)
        seed = parse_secret(secret)
        imported = await host.threads.run(partial(import_seed, desk.context, profile, serial, seed, control))
        warning = imported.warning
        desk.codes.forget(serial.text)
    except Cancelled:
        pass
    except MfaTuiError as error:
        problem = error
    else:
        host.succeed(f"Secret stored for {name}", f"{desk.keys['login']} now logs in without typing a code.")
    await host.reload()
    desk.journal.end(name, problem=problem, notices=(warning,) if warning else ())
    host.changed()


async def remove_secret(host: Host, name: str) -> None:
    """Remove the stored secret, if the user says so."""
    from mfa_tui.ui.screens.confirm import Confirm

    desk = host.desk
    agreed = await host.ask(
        Confirm(
            f"Remove the secret of {name}?",
            [
                "It goes from the keyring; the MFA device at AWS stays as it is.",
                "Without it on a phone as well, nobody can make its codes any more.",
            ],
            yes="Remove",
            no="Keep",
            careful=True,
        )
    )
    if not agreed:
        return
    control = desk.journal.begin(name)
    host.changed()
    problem: MfaTuiError | None = None
    try:
        profile, serial = device_of(desk.context, name)
        removed = await host.threads.run(partial(remove_seed, desk.context, profile, serial, control))
        desk.codes.forget(serial.text)
        what = "The one that it had replaced is back." if removed.restored else "Codes are typed from now on."
        host.succeed(f"Secret removed for {name}", what)
    except Cancelled:
        pass
    except MfaTuiError as error:
        problem = error
    await host.reload()
    desk.journal.end(name, problem=problem)
    host.changed()
