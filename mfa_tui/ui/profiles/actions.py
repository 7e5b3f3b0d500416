"""What each command of the main screen does.

The functions import what they need: the first frame must not wait for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.shells.variables import export_command
from mfa_tui.core.text.display import in_words
from mfa_tui.errors import sentence
from mfa_tui.services.sessions.lookup import State
from mfa_tui.ui.commands.profile_commands import sets_up
from mfa_tui.ui.state.list_order import ORDER_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.worker import Worker

    from mfa_tui.ui.commands.command import Command
    from mfa_tui.ui.commands.profile_commands import Situation
    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.profiles.presenter import Presenter
    from mfa_tui.ui.text.spans import Line


_MODULES = (
    ("login", "mfa_tui.ui.sessions.login_flow"),
    ("login", "mfa_tui.ui.codes.code_dialog"),
    ("help", "mfa_tui.ui.help.screen"),
    ("devices", "mfa_tui.ui.devices.screen"),
)
"""What most users need first. The other screens take less than 50 ms to import, and much memory together."""


class ListView(Protocol):
    """The screen with the list of profiles, as far as its commands need it."""

    def focus_filter(self) -> None:
        """Let the user type into the filter."""

    def show_all(self) -> None:
        """Clear the filter."""

    def show_order(self) -> None:
        """Show the list in the order that is chosen now."""

    def toggle_timeline(self) -> None:
        """Show the day's timeline, or hide it."""

    def go_on(self) -> None:
        """Move the cursor to the next profile."""


class Actions:
    """The commands of the main screen, by their ids."""

    def __init__(
        self, host: HostScreen, view: ListView, presenter: Presenter, table: Iterable[Command[Situation]]
    ) -> None:
        self._host = host
        self._view = view
        self._presenter = presenter
        self._app_state = host.app_state
        self._table = {command.id: command for command in table}
        self._commands_run: list[str] = []
        self._handlers: dict[str, Callable[[str], object]] = {
            "login": self._start_login,
            "renew": lambda name: self._start_login(name, renew=True),
            "roles": self._log_in_to_all_roles,
            "remember": self._save_device,
            "code": self._copy_code,
            "export": self._copy_export,
            "copy-message": self._copy_message,
            "logout": self._log_out,
            "import": self._import_secret,
            "devices": self._open_devices,
            "keys": self._open_keys,
            "console": self._open_console,
            "account": self._open_account,
            "settings": self._open_settings,
            "history": self._open_history,
            "doctor": self._open_doctor,
            "setup": self._set_up,
            "trouble": self._open_troubleshooting,
            "forget": self._remove_secret,
            "cancel": self._cancel,
            "filter": lambda _: view.focus_filter(),
            "shell": self._open_shell,
            "run": self._run_command,
            "keep": self._toggle_keep_alive,
            "process": self._switch_process,
            "pin": self._toggle_pin,
            "order": self._choose_order,
            "today": lambda _: view.toggle_timeline(),
            "mark": self._toggle_mark,
            "reload": self._reload_files,
            "help": self._open_help,
            "theme": self._choose_theme,
            "quit": lambda _: host.run_worker(host.app.action_quit()),
        }

    def preload(self) -> None:
        """Import what the first commands need, so that no key waits for it. To be called in a thread."""
        for command_id, module in _MODULES:
            if command_id in self._table:
                import_module(module)

    def run(self, command_id: str, name: str) -> None:
        """Run a command for the profile *name* (empty: there is none), or show why it cannot be done."""
        if self._app_state.marked and (together := self._together(command_id)) is not None:
            names, self._app_state.marked = self._app_state.marked, ()
            together(names)
            self._host.redraw()
            return
        situation = self._presenter.situation(name)
        if command_id == "login" and "setup" in self._table and sets_up(situation):
            command_id = "setup"
        command = self._table[command_id]
        why_not = command.why_not(situation)
        possible = not why_not or command_id == "cancel"
        self._app_state.action_log.set_hint(name, "" if possible else f"{command.label}: {why_not}.")
        if command.repaints:
            self._host.repaint()
        if possible:
            self._handlers[command_id](name)
        self._host.redraw()

    def _together(self, command_id: str) -> Callable[[tuple[str, ...]], object] | None:
        """What does a command for all marked profiles for which it can be done; None if it is for one only."""
        from mfa_tui.ui.sessions.marked_flow import work_on_marked

        work = work_on_marked(self._host, command_id)
        if work is None:
            return None

        def run(marked: tuple[str, ...]) -> None:
            if able := self._able_names("login" if command_id == "renew" else command_id, marked):
                work(able)
            else:
                impossible = f"{self._table[command_id].label}: not possible for {in_words(marked)}."
                self._host.notify(impossible, severity="warning", markup=False)

        return run

    def _able_names(self, command_id: str, marked: tuple[str, ...]) -> tuple[str, ...]:
        """Those for which a command can be done now; at the others it is said why not."""
        command, able = self._table[command_id], []
        for name in marked:
            why_not = command.why_not(self._presenter.situation(name))
            self._app_state.action_log.set_hint(name, f"{command.label}: {why_not}." if why_not else "")
            able += [] if why_not else [name]
        return tuple(able)

    def _toggle_mark(self, name: str) -> None:
        self._app_state.toggle_mark(name)
        self._view.go_on()

    def type_code(self, name: str, digits: str) -> None:
        """Open the code dialog for the profile, with *digits* that were typed on the list."""
        why_not = self._table["login"].why_not(self._presenter.situation(name))
        if why_not:
            self._app_state.action_log.set_hint(name, f"Code: {why_not}.")
        else:
            self._start_login(name, digits=digits)
        self._host.redraw()

    def _start_login(
        self,
        name: str,
        *,
        digits: str | None = None,
        renew: bool = False,
        serial: str = "",
        remember: bool = False,
        process: bool | None = None,
        and_then: Callable[[str], None] = lambda _: None,
    ) -> Worker[None]:
        """Start a login to the profile; *and_then* is called with its name once there is a session."""
        from mfa_tui.services.sessions.outcomes import LoginRequest
        from mfa_tui.ui.sessions.login_flow import LoginFlow

        request = LoginRequest(profile=name, renew=renew, serial=serial, remember_serial=remember, process=process)
        flow = LoginFlow(self._host, request)
        if digits is not None:
            flow.start_with(digits)

        async def run() -> None:
            if await flow.run():
                and_then(name)
            elif flow.problem is not None and "devices" in self._table:
                from mfa_tui.ui.enrollment.offer import offer_device

                await offer_device(self._host, name, flow.problem)

        return self._host.run_worker(run())

    def _log_in_to_all_roles(self, name: str) -> None:
        """Log in to the user of *name* and to every role assumed from it, with one code."""
        from mfa_tui.ui.sessions.roles_flow import log_in_to_roles

        row = self._app_state.row(name)

        def why_not(each: str) -> str:
            return self._table["login"].why_not(self._presenter.situation(each))

        if row is not None:
            self._host.run_worker(log_in_to_roles(self._host, row.profile.base, why_not))

    def _save_device(self, name: str) -> None:
        self._start_login(name, serial=self._app_state.action_log.entry(name).unsaved_serial, remember=True)

    def _log_out(self, name: str) -> None:
        from mfa_tui.ui.sessions.logout_flow import log_out

        self._host.run_worker(log_out(self._host, name))

    def _import_secret(self, name: str) -> None:
        from mfa_tui.ui.seeds.import_flow import import_secret

        self._host.run_worker(import_secret(self._host, name))

    def _remove_secret(self, name: str) -> None:
        from mfa_tui.ui.seeds.import_flow import remove_secret

        self._host.run_worker(remove_secret(self._host, name))

    def _copy_code(self, name: str) -> None:
        from mfa_tui.ui.runtime.clipboard import Clipboard
        from mfa_tui.ui.seeds.read_flow import read_seed

        async def copy() -> None:
            await read_seed(self._host, name, disturbing=True)
            details = self._presenter.details(name)
            if details is None or details.code is None:
                problem = details.code_problem if details else None
                # So that the next attempt asks again.
                self._app_state.codes.forget()
                self._app_state.action_log.set_hint(name, f"Code: {problem.what if problem else 'not available.'}")
                self._host.redraw()
                return
            seconds = self._app_state.context.settings.clipboard_clear
            Clipboard(self._host.app).put(details.code.value, seconds)
            used = "It was already used, so AWS will refuse it. " if details.code.used else ""
            cleared = f"It clears in {seconds:.0f} s." if seconds else ""
            self._host.notify_success("Code sent to the clipboard", f"{used}{cleared}")

        self._host.run_worker(copy())

    def _copy_export(self, name: str) -> None:
        row = self._app_state.row(name)
        if row is None:
            return
        export = export_command(row.target)
        usable = row.process or row.session.at(self._app_state.now()) not in (State.NONE, State.ENDED)
        self._copy(export, "" if usable else f"{export}: log in before you use it, there is no session yet.")

    def _copy_message(self, name: str) -> None:
        details = self._presenter.details(name)
        problem = (details.entry.problem or details.problem) if details else None
        if problem is not None:
            self._copy("\n".join(problem.lines()), "The message from the details.")

    def _copy(self, text: str, about: str = "") -> None:
        """Copy a text, and show it in the notification, or *about* in its place."""
        self._host.app.copy_to_clipboard(text)
        self._host.notify_success("Sent to the clipboard", about or text)

    def _cancel(self, name: str) -> None:
        scope = self._app_state.action_log.entry(name).scope
        if scope is not None:
            scope.cancel()
        elif self._app_state.marked:
            self._app_state.marked = ()
        else:
            self._view.show_all()

    def _toggle_keep_alive(self, name: str) -> None:
        from mfa_tui.ui.sessions.renew_flow import toggle_keep_alive

        toggle_keep_alive(self._host, name)

    def _switch_process(self, name: str) -> None:
        row = self._app_state.row(name)
        self._start_login(name, process=not (row and row.process))

    def _toggle_pin(self, name: str) -> None:
        self._app_state.list_order.toggle_pin(name)
        self._view.show_order()

    def _choose_theme(self, _: str) -> None:
        from mfa_tui.ui.settings.theme_dialog import ThemeDialog

        self._host.open_dialog(ThemeDialog())

    def _choose_order(self, _: str) -> None:
        self._host.notify_success("List order", sentence(ORDER_NAMES[self._app_state.choose_next_order()]))
        self._view.show_order()

    def _reload_files(self, _: str) -> None:
        self._app_state.codes.forget()
        self._app_state.list_order.reload()
        self._host.run_worker(self._host.reload())

    def _open_devices(self, name: str) -> None:
        from mfa_tui.ui.devices.screen import DevicesScreen

        self._host.app.push_screen(DevicesScreen(self._host, name))

    def _open_keys(self, name: str) -> None:
        from mfa_tui.ui.keys.screen import KeysScreen

        self._host.app.push_screen(KeysScreen(self._host, name))

    def _open_console(self, name: str) -> None:
        from mfa_tui.ui.console.flow import open_console

        self._host.run_worker(open_console(self._host, name))

    def _open_shell(self, name: str) -> None:
        from mfa_tui.ui.sessions.run_flow import open_shell

        self._host.run_worker(open_shell(self._host, name))

    def _run_command(self, name: str) -> None:
        from mfa_tui.ui.sessions.run_flow import run_command

        self._host.run_worker(run_command(self._host, name, self._commands_run))

    def _open_account(self, name: str) -> None:
        from mfa_tui.ui.account.screen import AccountScreen

        self._host.app.push_screen(AccountScreen(self._host, name))

    def _open_settings(self, _: str) -> None:
        from mfa_tui.ui.settings.screen import SettingsScreen

        self._host.app.push_screen(SettingsScreen(self._host))

    def _open_history(self, _: str) -> None:
        from mfa_tui.ui.history.screen import HistoryScreen

        self._host.app.push_screen(HistoryScreen(self._host))

    def _open_doctor(self, _: str) -> None:
        from mfa_tui.ui.doctor.screen import DoctorScreen

        self._host.app.push_screen(DoctorScreen(self._host))

    def _set_up(self, name: str) -> None:
        from mfa_tui.ui.profiles.list_widget import ProfileList
        from mfa_tui.ui.setup.screen import SetupScreen

        row = self._app_state.row(name)
        profile = name if row is not None and row.profile.kind == Kind.NO_CREDENTIALS else ""
        point_at = self._host.query_one(ProfileList).point_at
        self._host.app.push_screen(SetupScreen(self._host, profile), point_at)

    def _open_troubleshooting(self, name: str) -> None:
        from mfa_tui.ui.help.troubleshooting_screen import TroubleScreen
        from mfa_tui.ui.help.troubleshooting_text import HelpContext

        details = self._presenter.details(name)
        problem = (details.entry.problem or details.problem) if details else None
        keymap, ascii_only = self._app_state.context.settings.keymap, self._app_state.ascii_only
        where = HelpContext(keymap, name, devices=False, commands=self._table.values(), ascii_only=ascii_only)
        self._host.app.push_screen(TroubleScreen(where, problem.slug if problem else ""))

    def _open_help(self, name: str) -> None:
        from mfa_tui.ui.commands.keymap import keys_of
        from mfa_tui.ui.commands.profile_commands import BY_ID
        from mfa_tui.ui.help.command_lines import command_lines
        from mfa_tui.ui.help.screen import HelpScreen

        commands, situation, keys = tuple(self._table.values()), self._presenter.situation(name), self._app_state.keys
        # The help has this key on every screen.
        trouble = keys_of(self._app_state.context.settings.keymap, (BY_ID["trouble"],))["trouble"]
        self._host.app.push_screen(
            HelpScreen(lambda width: command_lines(commands, situation, keys, width) + self.list_help(width), trouble),
            lambda trouble: self._open_troubleshooting(name) if trouble else None,
        )

    def list_help(self, width: int) -> list[Line]:
        """The help's lines about the list: its other keys, and its signs."""
        from mfa_tui.ui.help.command_lines import list_lines

        return list_lines(width, ascii_only=self._app_state.ascii_only)
