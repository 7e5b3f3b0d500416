"""The application: screens, themes, the palette, screenshots without secrets, and an exit that finishes writes."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.text import Text
from textual.actions import SkipAction
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.events import InputEvent, Resize
from textual.widgets import Input

from mfa_tui.adapters.libraries.logs import silence_libraries
from mfa_tui.adapters.settings.load import load_settings
from mfa_tui.core.settings.interface import usable_keymap, wrong_settings
from mfa_tui.core.text.display import printable
from mfa_tui.core.text.glyphs import has_blocks, is_ascii_only, key_in_words
from mfa_tui.errors import Exit, MfaTuiError
from mfa_tui.services.listing.preferences import load_preferences, update_preferences
from mfa_tui.ui.dialogs.vault_passphrase import PassphraseAsker
from mfa_tui.ui.flows.host_screen import HostScreen
from mfa_tui.ui.profiles.screen import MainScreen
from mfa_tui.ui.runtime.crash_report import crash_report
from mfa_tui.ui.runtime.drivers import driver
from mfa_tui.ui.runtime.garbage_collection import REST, FullCollections
from mfa_tui.ui.runtime.key_gate import KeyGate
from mfa_tui.ui.runtime.screen_buffer import ScreenBuffer
from mfa_tui.ui.runtime.signals import HUNG_UP, TYPED, on_signals, restored_terminal, stop_by_key
from mfa_tui.ui.runtime.themes import ANSI, default_theme, themes_for, with_own_variables
from mfa_tui.ui.runtime.threads import Threads
from mfa_tui.ui.runtime.visible_text import VisibleOnly
from mfa_tui.ui.state.app_state import AppState

if TYPE_CHECKING:
    import signal
    from collections.abc import Iterable, Sequence

    from textual.binding import BindingType
    from textual.events import Event
    from textual.filter import LineFilter
    from textual.screen import Screen

    from mfa_tui.services.context import Context
    from mfa_tui.ui.runtime.drivers import LendingDriver
    from mfa_tui.ui.runtime.lent_terminal import LentTerminal, Program

TIMEOUT = 5.0
"""Seconds that quitting waits for a write that has begun."""


def run(context: Context, profile: str = "") -> int:
    """Run the interface, with the cursor on *profile* at first. Returns the exit status."""
    silence_libraries()
    app = MfaTuiApp(context, profile)
    with app.passphrases, restored_terminal(), app.collections:
        app.run()
    return app.return_code or 0


def pick(context: Context, profile: str = "") -> str | None:
    """Let the user pick a profile, below the prompt, with the cursor on *profile* at first.

    Logs in to it, if possible. Returns its name; None if nothing was picked.
    """
    silence_libraries()
    app = MfaTuiApp(context, profile, picks=True)
    with app.passphrases, restored_terminal(), app.collections:
        return app.run()


class MfaTuiApp(App[str]):
    """The interface; *picks*: as the picker, which returns the name of a profile."""

    TITLE = "mfa-tui"
    CSS_PATH = "profiles/main.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        # Works above dialogs, too; on the main screen it is one of the commands.
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, system=True),
        Binding("ctrl+c", "interrupt", show=False, priority=True, system=True),
        Binding("ctrl+z", "stop", show=False, priority=True, system=True),
    ]

    def __init__(self, context: Context, profile: str = "", *, picks: bool = False) -> None:
        context.settings.check(interface=True)
        super().__init__(driver_class=driver(below_the_prompt=picks))
        self._picks = picks
        self._services = context
        wrong = wrong_settings(context.settings.theme, context.settings.keymap, self.available_themes)
        context.settings.keymap = usable_keymap(context.settings.keymap)[0]
        self._threads = Threads()
        self._lent: LentTerminal | None = None
        main_screen: type[MainScreen] = MainScreen
        if picks:
            from mfa_tui.ui.profiles.picker import PickScreen

            main_screen = PickScreen
        self._main_screen = main_screen
        self.passphrases = PassphraseAsker(self, context.prompts)
        """Asks for the vault's passphrase. It is a context manager, to be held while the interface runs."""
        self.collections = FullCollections()
        """Lets garbage be collected while the user rests. A context manager, to be held while the interface runs."""
        self._rests = False
        self.encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
        self.ascii_only, self.has_blocks = is_ascii_only(context.env, self.encoding), has_blocks(self.encoding)
        self.app_state = AppState(context, self._shown_keys(), picks=picks, ascii_only=self.ascii_only)
        """What the screens show."""
        self.app_state.wrong_settings = wrong
        self._first = profile
        self._main: MainScreen | None = None
        self._visible = VisibleOnly()
        self._terminal_filters: dict[tuple[bool, bool, bool, bool], tuple[LineFilter, ...]] = {}
        self.screen_buffer = ScreenBuffer()
        """What the terminal shows."""
        self.keys = KeyGate(keeps_text=picks)
        """Drops keys that were typed for screens that are not open yet, or closed."""
        for theme in themes_for(self.console.color_system):
            self.register_theme(theme)
        self._default_theme = default_theme(self.console.color_system)
        self._theme_wanted = self._wanted_theme()
        known = self._theme_wanted in self.available_themes
        self._theme_first = self._theme_wanted if known else self._default_theme
        self._begin_with_theme()
        self.set_keymap(context.settings.keymap)

    def _begin_with_theme(self) -> None:
        """Set the theme before anything is drawn, so that styles are computed once."""
        theme = self.available_themes[self._theme_first]
        if theme.ansi:
            # It takes more than styles, which Textual does when the theme is set later.
            return
        self.set_reactive(App.theme, theme.name)
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_class(theme.dark, "-dark-mode", update=False)
        self.set_class(not theme.dark, "-light-mode", update=False)

    def get_css_variables(self) -> dict[str, str]:
        """The colors of the theme, by the names that styles use."""
        return with_own_variables(super().get_css_variables())

    def get_default_screen(self) -> MainScreen:
        """The main screen, with the files as they are."""
        self.app_state.use_files(self.app_state.load_files())
        demo = None
        path = self._services.env.get("MFA_TUI_DEMO", "")
        # A shell may have outlived its demo.
        if os.path.isfile(path):
            from mfa_tui.ui.state.demo_phone import DemoPhone

            demo = DemoPhone(path)
        self._main = self._main_screen(self.app_state, self._threads, demo, self._first)
        if not self._picks:
            self._main.expect_size(self.size)
        return self._main

    async def on_event(self, event: Event) -> None:
        """Pass on keys and pasted text, unless the gate drops them."""
        if isinstance(event, InputEvent):
            self._rests = False
        elif isinstance(event, Resize):
            self.screen_buffer.forget()
        if not event.is_forwarded and self.screen_stack and self.keys.drops(event, self.screen):
            if self.keys.mark_explained():
                self.notify(f"Keys do nothing yet: {self.keys.reason}. Press esc to cancel.", markup=False)
            return
        await super().on_event(event)

    def on_load(self) -> None:
        """Handle signals before the terminal is taken, so that it is given back whatever ends the program."""
        on_signals(self._obey)

    def on_mount(self) -> None:
        """Let garbage be collected, and set a theme of the terminal's own colors."""
        if self._driver is not None and not self._driver.is_headless:
            self.set_interval(REST, self._rest)
        self.theme = self._theme_first

    def on_ready(self) -> None:
        """The first frame is drawn: garbage can be collected."""
        self.collections.begin()

    def _rest(self) -> None:
        """Collect garbage if nothing was typed since the last time, nothing is running, and no other screen is open."""
        if self._rests and len(self.screen_stack) == 1 and not self.app_state.action_log.running():
            self.collections.collect()
        self._rests = True

    def apply_settings(self) -> None:
        """Read the settings again and use them at once, as far as that is possible. Raises ConfigError."""
        settings = load_settings(self._services.paths.settings, lambda _: None)
        settings.check(interface=True)
        self.app_state.wrong_settings = wrong_settings(settings.theme, settings.keymap, self.available_themes)
        settings.keymap = usable_keymap(settings.keymap)[0]
        before = self._services.settings.theme
        self._services.use_settings(settings)
        self.set_keymap(settings.keymap)
        self.app_state.keys = self._shown_keys()
        for screen in self.screen_stack:
            if isinstance(screen, HostScreen):
                screen.use_keymap(settings.keymap)
        if settings.theme != before and (wanted := self._wanted_theme()) in self.available_themes:
            self.preview_theme(wanted)
        if self._main is not None:
            self._main.redraw()

    def _shown_keys(self) -> dict[str, str]:
        """The labels of the main screen's keys, by the ids of its commands."""
        keys = self._main_screen.shown_keys(self._services.settings.keymap)
        return {command: key_in_words(key) for command, key in keys.items()} if self.ascii_only else keys

    def _wanted_theme(self) -> str:
        """The theme that the settings name, else the one that was chosen last, else ours."""
        services = self._services
        return services.settings.theme or load_preferences(services.paths).theme or self._default_theme

    def preview_theme(self, name: str) -> None:
        """Show a theme; it is not remembered as the user's choice."""
        self.theme = name

    def choose_theme(self, name: str) -> None:
        """Show a theme from now on, as the user has chosen it."""
        self.theme = name
        update_preferences(self._services.paths, lambda now: now._replace(theme=name))
        named, key = self._services.settings.theme, self.app_state.keys.get("settings", "")
        if named not in ("", name) and key:
            text = f"The next start is in {named} again: the settings name it. Press {key} to change them."
            self.notify(text, title="Theme", markup=False)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The commands that can be done now, and a screenshot without codes."""
        if isinstance(screen, HostScreen):
            for command in screen.available_commands():
                yield SystemCommand(*command)
        yield SystemCommand(
            "Screenshot",
            "Save a screenshot (SVG), with codes hidden.",
            # By then the palette has closed.
            lambda: self.set_timer(0.1, self._save_screenshot),
        )

    def action_command_palette(self) -> None:
        """Open the palette of commands."""
        from mfa_tui.ui.dialogs.dimmed_screen import Palette

        if not isinstance(self.screen, Palette):
            # Textual finds its styles by the id.
            self.push_screen(Palette(id="--command-palette"))

    async def _save_screenshot(self) -> None:
        """Save a screenshot. Textual's own fails without a reason where there is no directory for downloads."""
        from mfa_tui.adapters.filesystem.screenshots import save_screenshot

        picture = self.export_screenshot()
        try:
            path = await self._threads.run(lambda: save_screenshot(picture), commits=True)
        except MfaTuiError as problem:
            self.notify(" ".join(problem.lines()), title="Screenshot not saved", severity="error", markup=False)
        else:
            self.notify(path, title="Screenshot saved", markup=False)

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """A screenshot without readable codes, as SVG."""
        self._mask(masked=True)
        try:
            return super().export_screenshot(title=title, simplify=simplify)
        finally:
            self._mask(masked=False)

    def _mask(self, *, masked: bool) -> None:
        for screen in self.screen_stack:
            mask = getattr(screen, "mask", None)
            if mask is not None:
                mask(masked)
            # A dialog keeps a picture of what is below it.
            screen.refresh()

    async def action_quit(self) -> None:
        """Quit: cancel what is running, but finish a write that has begun."""
        await self._leave(Exit.DONE)

    async def action_interrupt(self) -> None:
        """Ctrl+C, unless selected text is to be copied: does what Escape does, or says how to quit."""
        field = self.focused if isinstance(self.focused, Input) else None
        if self.screen.get_selected_text() or (field is not None and field.selected_text):
            raise SkipAction
        running = self.app_state.action_log.running()
        if self._picks:
            await self.action_quit()
        elif self.screen is not self._main or field is not None:
            self.simulate_key("escape")
        elif running:
            for scope in running:
                scope.cancel()
        else:
            self.notify(f"To quit, press {self.app_state.keys['quit']} or ctrl+q.", markup=False)

    def action_stop(self) -> None:
        """Ctrl+Z stops it until fg. Not the picker: its shell waits for what it prints, and could not continue it."""
        if self._driver is not None and not self._picks:
            stop_by_key(self._driver, self.repaint)

    async def _leave(self, status: int) -> None:
        for scope in self.app_state.action_log.running():
            scope.cancel()
        self._hang_up()
        await self._threads.wait_for_writes(TIMEOUT)
        self.exit(return_code=status, message=self._unfinished())

    def _hang_up(self) -> None:
        """Ask the program that has the terminal, if any, to end, and wait for no passphrase any more."""
        if self._lent is not None:
            self._lent.hang_up()
        self.passphrases.leave()

    def _unfinished(self) -> Text | None:
        """What is half done at AWS, to be printed on the terminal."""
        unfinished = [screen.unfinished for screen in self.screen_stack if isinstance(screen, HostScreen)]
        text = "\n".join(filter(None, unfinished))
        return Text(printable(text)) if text else None

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The filters that each line passes before it is drawn.

        They are the same each time: Textual keeps what each has made of a line.
        """
        wanted = (
            self.console.color_system == "256",
            self.theme == ANSI.name and not self.no_color,
            self._services.env.get("TERM") == "linux",
            self.ascii_only,
        )
        if wanted not in self._terminal_filters:
            self._terminal_filters[wanted] = self._filters_for(*wanted) if any(wanted) else ()
        return [*super().get_line_filters(), self._visible, *self._terminal_filters[wanted]]

    def _filters_for(
        self, few_colors: bool, white_on_black: bool, never_dim: bool, ascii_only: bool
    ) -> tuple[LineFilter, ...]:
        # Most terminals need none of them.
        from mfa_tui.ui.runtime.ascii_only import AsciiOnly
        from mfa_tui.ui.runtime.palette import NearestEntries, NothingDim, WhiteOnBlack

        return (
            *([NearestEntries()] if few_colors else []),
            *([WhiteOnBlack()] if white_on_black else []),
            *([NothingDim()] if never_dim else []),
            *([AsciiOnly(self.encoding)] if ascii_only else []),
        )

    def can_lend_terminal(self) -> bool:
        """Whether the terminal can be lent to another program: not the few lines below the prompt, nor without one."""
        return hasattr(self._driver, "lend_terminal")

    async def lend_terminal(self, program: Program) -> int:
        """Run *program* on the terminal; see :meth:`LentTerminal.lend`. Everything is drawn again after it."""
        from mfa_tui.ui.runtime.lent_terminal import LentTerminal

        self._lent = LentTerminal(self._threads)
        try:
            return await self._lent.lend(cast("LendingDriver", self._driver), program)
        finally:
            self._lent = None
            self.refresh(layout=True)

    def _obey(self, number: signal.Signals) -> None:
        if self._lent is not None and number.name in TYPED:
            self._lent.pass_on(number.name)
        # A second signal changes nothing: shells send several.
        elif all(worker.group != "end" for worker in self.workers):
            self.run_worker(self._leave(128 + number), group="end")

    def repaint(self) -> None:
        """Draw the whole terminal again."""
        self.screen_buffer.forget()
        self.refresh(layout=True)

    def lose_terminal(self) -> None:
        """Quit at once, as there is no terminal any more, but finish a write that has begun. Any thread may call it."""
        try:
            for scope in self.app_state.action_log.running():
                scope.cancel()
            self._hang_up()
            self._threads.block_for_writes(TIMEOUT)
        finally:
            # Textual's own exit would wait for a terminal to draw on.
            os._exit(HUNG_UP)

    def panic(self, *_: object) -> None:
        """Exit after an error, without the values that Textual would show."""
        self._fatal_error()

    def _fatal_error(self) -> None:
        # Textual's own traceback shows the values of local variables, which may be secret.
        self.bell()
        if not self._exit_renderables:
            self._exit_renderables.append(Text(crash_report(self._exception or sys.exception())))
        self._close_messages_no_wait()
