"""What an administrator does for one user: load, enroll, reset a lost device, disable a key.

Each says first what it will do. What was asked of AWS is shown afterwards, also if it failed.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.account.updates import with_devices, with_key_status
from mfa_tui.core.text.display import format_account
from mfa_tui.services.account.administered_user import AdministeredUser
from mfa_tui.services.account.administration import (
    check_listed,
    describe_key_change,
    describe_reset,
    list_keys,
    reset_devices,
    set_key_status,
)
from mfa_tui.services.devices.removal import unfinished_removals
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Progress
from mfa_tui.ui.flows.attempt import attempt
from mfa_tui.ui.sessions.user_session import ensure_session, run_for_user

if TYPE_CHECKING:
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.account.account import User
    from mfa_tui.models import Session
    from mfa_tui.services.account.administration import KeyOfUser, ResetOutcome
    from mfa_tui.ui.flows.host_screen import HostScreen


class Administrator(NamedTuple):
    """Who acts for other users."""

    profile: str
    """The profile."""
    session: Session | None
    """Its session; None if its long-term keys sign the requests, as it has no MFA device."""


class LoadedUser(NamedTuple):
    """A user as AWS knows it now."""

    user: AdministeredUser
    """The user, with its devices."""
    keys: tuple[KeyOfUser, ...] | None
    """Its long-term keys; None if a policy denies listing them."""
    resets: bool
    """Whether a reset was begun that has not ended."""

    @property
    def has_no_devices(self) -> bool:
        """Whether AWS has said that there is no device, and no reset is to be ended either."""
        return self.user.devices == () and not self.resets


class ChangedUser(NamedTuple):
    """A user that was changed."""

    user: User
    """The user as the table has it, brought up to date."""
    loaded: LoadedUser
    """The user as AWS knows it now."""


async def open_user(host: HostScreen, administrator: Administrator, name: str) -> AdministeredUser | None:
    """The user, not loaded yet, with a session of the administrator that is valid; None if there is none.

    If not, the action log says why.
    """

    def make(scope: CancelScope) -> AdministeredUser:
        operation = Operation(host.app_state.context, scope, partial(host.report, administrator.profile))
        return AdministeredUser(operation, administrator.profile, name, administrator.session)

    step = Progress("asking", f"Asking AWS about {name}")
    user = await attempt(host, administrator.profile, make, step=step)
    return user if user is not None and await ensure_session(host, user) else None


async def load_user(
    host: HostScreen, administrator: Administrator, name: str, *, changes: bool = False
) -> LoadedUser | None:
    """Ask AWS for the user's devices and keys; None if that fails, and the action log says why.

    *changes*: the user is to be changed, so it must be another one than the administrator.
    """
    user = await open_user(host, administrator, name)
    if user is None:
        return None
    found: list[LoadedUser] = []

    def load() -> None:
        user.load()
        found.append(LoadedUser(user, list_keys(user), resets=bool(unfinished_removals(user))))

    if not await run_for_user(host, user, load):
        return None
    if changes and user.is_own:
        own = f"{name} is the user of {administrator.profile} itself."
        told = f"{own} Press {host.app_state.keys.get('devices', '')} on the list of profiles for its devices."
        host.app_state.action_log.add_notice(administrator.profile, told)
        host.redraw()
        return None
    return found[0]


async def enroll_for(host: HostScreen, administrator: Administrator, user: User) -> ChangedUser | None:
    """Enroll a device for the user. Returns the user as it is then; None if nothing was enrolled."""
    from mfa_tui.ui.enrollment.screen import enroll_for as enroll_device_for

    if not await enroll_device_for(host, administrator.profile, user.name):
        return None
    return await _reload(host, administrator, user)


async def _reload(host: HostScreen, administrator: Administrator, user: User) -> ChangedUser | None:
    loaded = await load_user(host, administrator, user.name)
    return _changed(user, loaded) if loaded is not None else None


async def reset_for(host: HostScreen, administrator: Administrator, user: User) -> ChangedUser | None:
    """Reset a device that the user has lost. Returns the user as it is then; None if nothing was changed."""
    from mfa_tui.ui.account.result_dialog import ResultDialog
    from mfa_tui.ui.dialogs.confirm import Confirm

    loaded = await load_user(host, administrator, user.name, changes=True)
    if loaded is None:
        return None
    other = loaded.user
    serials = await _choose_devices(host, other)
    if serials is None:
        return None
    question = Confirm(
        f"Reset the MFA of {user.name}?", describe_reset(other, serials), yes="Reset", no="Cancel", careful=True
    )
    if not (await host.ask(question) and await ensure_session(host, other)):
        return None
    before, outcomes = len(other.calls), list["ResetOutcome"]()
    done = await run_for_user(host, other, lambda: outcomes.append(reset_devices(other, serials)))
    calls = other.calls[before:]
    if not done:
        if not calls:
            return None
        await host.ask(ResultDialog(f"The reset of {user.name} failed", _problem(host, administrator), "", calls))
        return await _reload(host, administrator, user)
    (outcome,) = outcomes
    told = ResultDialog(f"Reset the MFA of {user.name}", [outcome.sentence], outcome.message, calls, enrolls=True)
    if await host.ask(told):
        return await enroll_for(host, administrator, user) or _changed(user, loaded)
    return _changed(user, loaded)


async def _choose_devices(host: HostScreen, user: AdministeredUser) -> list[str] | None:
    """The serials of the devices to reset: the only one, or those that are chosen; None if none."""
    from mfa_tui.ui.dialogs.choose import Answer, Choose

    if not await run_for_user(host, user, lambda: check_listed(user)):
        return None
    devices = user.devices or ()
    if not devices:
        if unfinished_removals(user):
            return []
        host.app_state.action_log.add_notice(user.name, f"{user.user_name} has no MFA device.")
        host.redraw()
        return None
    everything = [device.serial.text for device in devices]
    if len(everything) == 1:
        return everything
    answers = [
        Answer(device.serial.name, f"{device.serial.kind_words} · since {day(device.enabled_at)}") for device in devices
    ]
    answers.append(Answer(f"All {len(everything)}", "For example after the loss of a phone with all of them."))
    chosen = await host.ask(Choose(f"Which device of {user.user_name}?", [], answers, leave="Cancel"))
    if chosen is None:
        return None
    return everything if chosen == len(everything) else [everything[chosen]]


async def change_key_for(host: HostScreen, administrator: Administrator, user: User) -> ChangedUser | None:
    """Disable a key of the user, or enable it again. Returns the user as it is then; None if nothing was changed."""
    from mfa_tui.ui.account.result_dialog import ResultDialog
    from mfa_tui.ui.dialogs.confirm import Confirm

    loaded = await load_user(host, administrator, user.name, changes=True)
    key = await _choose_key(host, loaded) if loaded is not None else None
    if loaded is None or key is None:
        return None
    other, active = loaded.user, not key.active
    verb = "Enable" if active else "Disable"
    question = Confirm(
        f"{verb} {key.access_key_id}?",
        [
            *describe_key_change(other, key.access_key_id, active=active),
            f"Account {format_account(other.identity.account)}, signed as {other.administrator}.",
        ],
        yes=verb,
        no="Cancel",
        careful=True,
    )
    if not (await host.ask(question) and await ensure_session(host, other)):
        return None
    before = len(other.calls)
    change = partial(set_key_status, other, key.access_key_id, active=active)
    done = await run_for_user(host, other, change)
    calls = other.calls[before:]
    if not done:
        if calls:
            await host.ask(ResultDialog("The key was not changed", _problem(host, administrator), "", calls))
        return None
    told = [f"The key {key.access_key_id} of {user.name} is {'enabled again' if active else 'disabled'}."]
    await host.ask(ResultDialog(f"{verb}d {key.access_key_id}", told, "", calls))
    keys = tuple(one._replace(active=active) if one == key else one for one in loaded.keys or ())
    return ChangedUser(with_key_status(user, key.created_at, active=active), loaded._replace(keys=keys))


async def _choose_key(host: HostScreen, loaded: LoadedUser) -> KeyOfUser | None:
    from mfa_tui.ui.dialogs.choose import Answer, Choose

    user, keys = loaded.user, loaded.keys
    if not keys:
        told = (
            f"AWS does not let {user.administrator} list the keys of {user.user_name} (iam:ListAccessKeys)."
            if keys is None
            else f"{user.user_name} has no long-term keys."
        )
        host.app_state.action_log.add_notice(user.name, told)
        host.redraw()
        return None
    answers = [Answer(f"{'Disable' if key.active else 'Enable'} {key.access_key_id}", key_words(key)) for key in keys]
    chosen = await host.ask(Choose(f"Which key of {user.user_name}?", [], answers, leave="Cancel"))
    return None if chosen is None else keys[chosen]


def key_words(key: KeyOfUser) -> str:
    """What is known of a key, in words."""
    used = f"last used {day(key.last_used_at)}" if key.last_used_at else "never used"
    state = "active" if key.active else "disabled"
    return f"{state} · since {day(key.created_at)} · {used if key.use_known else 'last use not known'}"


def day(moment: int) -> str:
    """The date of a moment, in this machine's time zone."""
    return time.strftime("%Y-%m-%d", time.localtime(moment))


def _problem(host: HostScreen, administrator: Administrator) -> list[str]:
    problem = host.app_state.action_log.entry(administrator.profile).problem
    return list(problem.lines()) if problem is not None else ["It was stopped."]


def _changed(user: User, loaded: LoadedUser) -> ChangedUser:
    devices = loaded.user.devices
    if devices is not None:
        user = with_devices(user, tuple(device.serial.kind for device in devices))
    return ChangedUser(user, loaded)
