"""What each command does. What it needs for that is imported then: the first picture shall not wait for it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from mfa_tui.errors import sentence
from mfa_tui.ui.state.list_order import ORDER_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.errors import MfaTuiError
    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.profiles.screen import MainScreen


class Actions:
    """The commands of the main screen, by their ids in the table."""

    def __init__(self, screen: MainScreen, host: HostScreen) -> None:
        self._screen = screen
        self._host = host
        self._app_state = screen.app_state
        self._table = {command.id: command for command in screen.TABLE}
        self._does: dict[str, Callable[[str], object]] = {
            "login": self._log_in,
            "renew": self._renew,
            "roles": self._log_in_to_roles,
            "remember": self._remember,
            "code": self._copy_code,
            "export": self._copy_export,
            "copy-message": self._copy_message,
            "logout": self._log_out,
            "import": self._import,
            "devices": self._devices,
            "trouble": self._trouble,
            "forget": self._forget,
            "cancel": self._cancel,
            "filter": lambda _: screen.find(),
            "keep": self._keep,
            "process": self._switch_process,
            "pin": self._pin,
            "order": self._order,
            "reload": self._reload,
            "help": self._help,
            "theme": self._choose_theme,
            "quit": lambda _: screen.run_worker(screen.app.action_quit()),
        }

    def do(self, command_id: str, name: str) -> None:
        """Do a command for the profile *name* (empty: there is none), or say why it cannot be done."""
        command = self._table[command_id]
        why_not = command.why_not(self._app_state.situation(name))
        self._app_state.action_log.set_hint(
            name, f"{command.label}: {why_not}." if why_not and command_id != "cancel" else ""
        )
        if not why_not or command_id == "cancel":
            self._does[command_id](name)
        self._screen.redraw()

    def type_code(self, name: str, digits: str) -> None:
        """Digits were typed on the list: they begin a code for the profile."""
        why_not = self._table["login"].why_not(self._app_state.situation(name))
        if why_not:
            self._app_state.action_log.set_hint(name, f"Code: {why_not}.")
        else:
            self._begin(name, digits=digits, and_then=self._logged_in)
        self._screen.redraw()

    def _begin(
        self,
        name: str,
        *,
        digits: str | None = None,
        renew: bool = False,
        serial: str = "",
        remember: bool = False,
        process: bool | None = None,
        and_then: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Log in to the profile; *and_then* is called with it once there is a session."""
        from mfa_tui.services.sessions.outcomes import LoginRequest
        from mfa_tui.ui.sessions.login_flow import LoginFlow

        request = LoginRequest(profile=name, renew=renew, serial=serial, remember_serial=remember, process=process)
        flow = LoginFlow(self._host, request)
        if digits is not None:
            flow.typed(digits)

        async def run() -> None:
            if await flow.run():
                and_then(name)
            elif flow.problem is not None:
                await self._offer_device(name, flow.problem)

        self._screen.run_worker(run())

    async def _offer_device(self, name: str, problem: MfaTuiError) -> None:
        """Without a device there is no login: offer to enrol one."""
        from mfa_tui.ui.profiles.details_text import NO_DEVICE

        if problem.slug != NO_DEVICE or "devices" not in self._table:
            return
        from mfa_tui.ui.dialogs.confirm import Confirm

        question = Confirm(
            f"Enroll an MFA device for {name}?",
            [problem.what, "It takes less than a minute, and ends with a first login."],
            yes="Enroll",
            no="Not now",
        )
        if await self._host.ask(question):
            from mfa_tui.ui.enrollment.screen import enroll

            await enroll(self._screen, name)

    async def renew_by_itself(self, name: str) -> bool:
        """Renew a session that is about to end, as far as that needs nobody's answer; returns whether that was so."""
        from mfa_tui.services.sessions.outcomes import LoginRequest
        from mfa_tui.ui.sessions.login_flow import LoginFlow

        # A session that another process has renewed meanwhile will do, so it is not forced.
        return await LoginFlow(self._host, LoginRequest(profile=name), asks=False).run()

    def _log_in(self, name: str) -> None:
        self._begin(name, and_then=self._logged_in)

    def _logged_in(self, name: str) -> None:
        """There is a session, as Enter or a typed code wanted."""

    def _renew(self, name: str) -> None:
        self._begin(name, renew=True)

    def _log_in_to_roles(self, name: str) -> None:
        """To the user of *name* and to all roles that come from it: one code does for all."""
        from mfa_tui.ui.sessions.choose_roles import log_in_to_roles

        row, app_state = self._app_state.row(name), self._app_state

        def why_not(each: str) -> str:
            return self._table["login"].why_not(app_state.situation(each))

        if row is not None:
            self._screen.run_worker(log_in_to_roles(self._host, row.profile.base, why_not))

    def _remember(self, name: str) -> None:
        self._begin(name, serial=self._app_state.action_log.entry(name).unsaved_serial, remember=True)

    def _log_out(self, name: str) -> None:
        from mfa_tui.ui.sessions.logout_flow import log_out

        self._screen.run_worker(log_out(self._host, name))

    def _import(self, name: str) -> None:
        from mfa_tui.ui.seeds.import_flow import import_secret

        self._screen.run_worker(import_secret(self._host, name))

    def _forget(self, name: str) -> None:
        from mfa_tui.ui.seeds.import_flow import remove_secret

        self._screen.run_worker(remove_secret(self._host, name))

    def _copy_code(self, name: str) -> None:
        from mfa_tui.ui.runtime.clipboard import Clipboard

        async def copy() -> None:
            await self._screen.read_seed(name, disturbing=True)
            pane = self._app_state.pane(name)
            if pane is None or pane.code is None:
                problem = pane.code_problem if pane else None
                # Whoever was asked in vain is asked again next time.
                self._app_state.codes.forget()
                self._app_state.action_log.set_hint(
                    name, f"Code: {problem.what if problem else 'it is not available.'}"
                )
                self._screen.redraw()
                return
            seconds = self._app_state.context.settings.clipboard_clear
            Clipboard(self._screen.app).put(pane.code.value, seconds)
            used = "It was used already, so AWS will not take it again. " if pane.code.used else ""
            cleared = f"Cleared there in {seconds:.0f} s." if seconds else ""
            self._host.notify_success("Code sent to the terminal", f"{used}{cleared}")

        self._screen.run_worker(copy())

    def _copy_export(self, name: str) -> None:
        row = self._app_state.row(name)
        if row is not None:
            self._copy(f"export AWS_PROFILE={shlex.quote(row.target)}")

    def _copy_message(self, name: str) -> None:
        pane = self._app_state.pane(name)
        problem = (pane.entry.problem or pane.problem) if pane else None
        if problem is not None:
            self._copy("\n".join(problem.lines()), "The message in the details.")

    def _copy(self, text: str, told: str = "") -> None:
        self._screen.app.copy_to_clipboard(text)
        self._host.notify_success("Sent to the terminal's clipboard", told or text)

    def _cancel(self, name: str) -> None:
        control = self._app_state.action_log.entry(name).control
        if control is not None:
            control.cancel()
        else:
            self._screen.show_all()

    def _keep(self, name: str) -> None:
        kept = self._app_state.keep_alive.keep(name)
        what = "It is renewed by itself while mfa-tui is open." if kept else "It ends when its time is over."
        self._host.notify_success(f"{name} is {'kept alive' if kept else 'kept alive no more'}", what)

    def _switch_process(self, name: str) -> None:
        row = self._app_state.row(name)
        self._begin(name, process=not (row and row.process))

    def _pin(self, name: str) -> None:
        self._app_state.list_order.pin(name)
        self._screen.rearrange()

    def _order(self, _: str) -> None:
        self._host.notify_success("Order of the list", sentence(ORDER_NAMES[self._app_state.list_order.cycle()]))
        self._screen.rearrange()

    def _reload(self, _: str) -> None:
        self._app_state.codes.forget()
        self._app_state.list_order.reopen()
        self._screen.run_worker(self._screen.reload())

    def _devices(self, name: str) -> None:
        from mfa_tui.ui.devices.screen import DevicesScreen

        self._screen.app.push_screen(DevicesScreen(self._screen, name))

    def _trouble(self, name: str) -> None:
        from mfa_tui.ui.help.troubleshooting_screen import TroubleScreen
        from mfa_tui.ui.help.troubleshooting_text import Whereabouts

        pane = self._app_state.pane(name)
        problem = (pane.entry.problem or pane.problem) if pane else None
        keymap = self._app_state.context.settings.keymap
        where = Whereabouts(keymap, name, devices=False, commands=self._table.values())
        self._screen.app.push_screen(TroubleScreen(where, problem.slug if problem else ""))

    def _choose_theme(self, _: str) -> None:
        self._screen.app.search_themes()

    def _help(self, name: str) -> None:
        from mfa_tui.ui.commands.keymap import keys_of
        from mfa_tui.ui.commands.profile_commands import BY_ID
        from mfa_tui.ui.help.command_lines import command_lines, list_lines
        from mfa_tui.ui.help.screen import HelpScreen

        commands, situation, keys = tuple(self._table.values()), self._app_state.situation(name), self._app_state.keys
        # The help has that one wherever it is opened.
        trouble = keys_of(self._app_state.context.settings.keymap, (BY_ID["trouble"],))["trouble"]
        self._screen.app.push_screen(
            HelpScreen(lambda width: command_lines(commands, situation, keys, width) + list_lines(width), trouble),
            lambda trouble: self._trouble(name) if trouble else None,
        )
