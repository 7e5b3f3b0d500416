"""Screens over the one that opened them whose keys, palette, bottom line and help come from a table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from mfa_tui.ui.commands.keymap import keys_of
from mfa_tui.ui.flows.host_screen import HOST_SCREEN_CSS, HostScreen, palette_commands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mfa_tui.ui.commands.command import Command
    from mfa_tui.ui.flows.host_screen import PaletteCommand
    from mfa_tui.ui.text.spans import Line


class CommandScreen(HostScreen):
    """Opened from *opener*, which also reads the AWS files again."""

    TABLE: ClassVar[tuple[Command[Any], ...]] = ()
    """The commands, for the ``situation`` of the screen."""
    CSS_PATH = HOST_SCREEN_CSS
    AUTO_FOCUS = ""

    def __init__(self, opener: HostScreen) -> None:
        super().__init__(opener.app_state, opener.threads, opener.demo)
        self._opener = opener
        self._masked = False
        self.hint = ""
        """Why the last key did nothing."""
        self.keys = self._labels(self.app_state.context.settings.keymap)
        """The keys of the commands as they are shown, by the commands' ids."""

    # What each screen has of its own.

    @property
    def situation(self) -> Any:
        """What the commands depend on now."""
        raise NotImplementedError

    @property
    def log_name(self) -> str:
        """The name in the action log of what is running here."""
        raise NotImplementedError

    async def load(self) -> None:
        """Ask AWS for what the screen shows."""
        raise NotImplementedError

    def run_command(self, command_id: str) -> None:
        """Run a command, which can be run now."""
        raise NotImplementedError

    # What they have in common.

    def on_mount(self) -> None:
        """Begin to load."""
        self.redraw()
        self.set_interval(1.0, self.redraw)
        self.run_worker(self.load())

    def on_resize(self) -> None:
        """Lay everything out again."""
        self.redraw()

    @property
    def key_labels(self) -> Mapping[str, str]:
        """The keys of the commands as hints show them."""
        return self.keys

    def _labels(self, keymap: Mapping[str, str]) -> Mapping[str, str]:
        return keys_of(keymap, self.TABLE, ascii_only=self.app_state.ascii_only)

    def use_keymap(self, keymap: Mapping[str, str]) -> None:
        """Show the keys after the user's *keymap*, which has changed."""
        self.keys = self._labels(keymap)
        self.redraw()

    async def reload(self) -> None:
        """Read the AWS files again, and show what they contain."""
        await self._opener.reload()
        self.redraw()

    def mask(self, masked: bool) -> None:
        """Hide the codes of the demo's phone while a screenshot is taken."""
        self._masked = masked
        self.redraw()

    def action_key(self, command_id: str) -> None:
        """Run the command of a key. The notifications of the one before have been seen."""
        self.app.clear_notifications()
        self.action_command(command_id)

    def available_commands(self) -> Iterable[PaletteCommand]:
        """All commands that can be run now."""
        return palette_commands(self.TABLE, self.situation, self.action_command)

    def action_command(self, command_id: str) -> None:
        """Run a command, or say why it cannot be run."""
        command = next(one for one in self.TABLE if one.id == command_id)
        why_not = command.why_not(self.situation)
        self.hint = f"{command.label}: {why_not}." if why_not else ""
        if command.repaints:
            self.repaint()
        if not why_not:
            self.run_command(command_id)
        self.redraw()

    async def show_help(self, trouble: str = "", more: Callable[[], list[Line]] = list) -> bool:
        """Show the keys, and why some do nothing now, with *more* lines below; *trouble* is the troubleshooting key.

        Returns whether to open troubleshooting.
        """
        from mfa_tui.ui.help.command_lines import command_lines
        from mfa_tui.ui.help.screen import HelpScreen

        def lines(width: int) -> list[Line]:
            return [*command_lines(self.TABLE, self.situation, self.keys, width), *more()]

        wants_trouble = await self.ask(HelpScreen(lines, trouble))
        return bool(wants_trouble)

    async def go_back(self) -> None:
        """Stop what is running; if nothing is, close the screen."""
        scope = self.app_state.action_log.entry(self.log_name).scope
        if scope is not None:
            scope.cancel()
        else:
            self.dismiss("")
