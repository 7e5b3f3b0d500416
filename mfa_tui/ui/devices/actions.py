"""What each command of the device screen does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.errors import Cancelled, MfaTuiError
from mfa_tui.services.devices.enrollment import Enrollment
from mfa_tui.services.devices.iam_user import IamUser
from mfa_tui.services.devices.list_devices import own_devices
from mfa_tui.services.devices.removal import unfinished_removals
from mfa_tui.services.operation import Operation
from mfa_tui.ui.devices.state import UserDevices
from mfa_tui.ui.sessions.login_flow import UserLoginFlow

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.ui.devices.state import DeviceList
    from mfa_tui.ui.flows.user_list_screen import UserListScreen


class DeviceActions:
    """The commands of the device screen, by their ids."""

    def __init__(self, host: UserListScreen, devices: DeviceList) -> None:
        self._host = host
        self._devices = devices
        self._app_state = host.app_state
        self._does: dict[str, Callable[[], Coroutine[None, None, None]]] = {
            "device-enroll": self._enroll,
            "device-import": self._import,
            "device-resync": self._resync,
            "device-replace": self._replace,
            "device-remove": self._remove,
            "device-export": self._export,
            "device-backup": self._back_up,
            "device-restore": self._restore,
            "device-log-in": self._log_in,
            "device-reload": self.reload,
            "device-trouble": self._trouble,
            "device-help": self._help,
            "device-back": self._host.go_back,
        }

    def run(self, command_id: str) -> None:
        """Run a command for the device under the cursor."""
        self._host.run_worker(self._does[command_id]())

    async def reload(self, problem: MfaTuiError | None = None, notices: tuple[str, ...] = ()) -> None:
        """Ask AWS for the devices and show them, with the *problem* and the *notices* of the action before."""
        action_log, name = self._app_state.action_log, self._host.base
        loaded: UserDevices | None = None
        scope = action_log.begin(name)
        self._host.redraw()
        try:
            loaded = await self._host.threads.run(lambda: self._load_devices(scope))
            self._devices.take(loaded)
        except Cancelled:
            pass
        except MfaTuiError as error:
            problem = error
        action_log.end(name, problem=problem, notices=notices)
        # The hint may say that a key does nothing while AWS is being asked: that is over.
        self._host.hint = ""
        self._host.redraw()
        if problem is None and loaded is not None and loaded.removing:
            await self._finish_removals(loaded)

    async def _finish_removals(self, loaded: UserDevices) -> None:
        from mfa_tui.ui.devices.flows import finish_removing

        if await finish_removing(self._host, loaded.user, loaded.removing):
            await self.reload(notices=self._app_state.action_log.entry(self._host.base).notices)

    def _load_devices(self, scope: CancelScope) -> UserDevices:
        operation = Operation(self._app_state.context, scope, partial(self._host.report, self._host.base))
        user = IamUser(operation, self._devices.profile)
        user.load()
        removing = unfinished_removals(user)
        begun = Enrollment(user).unfinished()
        name = MfaSerial(begun.serial).name if begun else ""
        return UserDevices(user, own_devices(user), name, user.needs_session(), removing)

    @property
    def _user(self) -> IamUser:
        loaded = self._devices.loaded
        if loaded is None:
            raise AssertionError("there is no device until AWS has answered")
        return loaded.user

    @property
    def _serial(self) -> MfaSerial:
        device = self._devices.current
        if device is None:
            raise AssertionError("the command says why not")
        return device.serial

    async def _enroll(self, replaces: str = "") -> None:
        from mfa_tui.ui.enrollment.screen import enroll

        await enroll(self._host, self._devices.profile, replaces)
        await self.reload()

    async def _replace(self) -> None:
        await self._enroll(self._serial.text)

    async def _import(self) -> None:
        from mfa_tui.ui.seeds.import_flow import import_secret

        await import_secret(self._host, self._host.base, self._serial)

    async def _resync(self) -> None:
        from mfa_tui.ui.devices.flows import resync_device

        await resync_device(self._host, self._user, self._serial)

    async def _remove(self) -> None:
        from mfa_tui.ui.devices.flows import remove_device

        removed = await remove_device(self._host, self._user, self._serial)
        entry = self._app_state.action_log.entry(self._host.base)
        if removed or entry.problem is not None:
            # It may be gone even if not everything that belongs to it could be removed.
            await self.reload(entry.problem, entry.notices)

    async def _export(self) -> None:
        from mfa_tui.ui.devices.flows import export_secret
        from mfa_tui.ui.seeds.qr_screen import QrScreen

        serial = self._serial
        exported = await export_secret(self._host, self._user, serial)
        if exported is not None:
            self._host.app.push_screen(QrScreen(self._host, serial.name, exported))

    async def _back_up(self) -> None:
        from mfa_tui.ui.seeds.backup_flow import back_up_secrets

        await back_up_secrets(self._host, self._host.base)

    async def _restore(self) -> None:
        from mfa_tui.ui.seeds.backup_flow import restore_secrets

        await restore_secrets(self._host, self._host.base)

    async def _log_in(self) -> None:
        if await UserLoginFlow(self._host, self._user.session_request(), notifies=False).run():
            await self.reload()

    async def _trouble(self) -> None:
        from mfa_tui.ui.help.troubleshooting_screen import TroubleScreen
        from mfa_tui.ui.help.troubleshooting_text import HelpContext

        problem = self._app_state.action_log.entry(self._host.base).problem
        slug = problem.slug if problem else ""
        user = self._devices.loaded.user if self._devices.loaded else None
        if user is not None and user.devices is None:
            slug = slug or "list-denied"
        where = HelpContext(
            self._app_state.context.settings.keymap,
            self._devices.profile,
            devices=True,
            ascii_only=self._app_state.ascii_only,
        )
        self._host.app.push_screen(TroubleScreen(where, slug))

    async def _help(self) -> None:
        if await self._host.show_help(self._app_state.keys["trouble"]):
            await self._trouble()
