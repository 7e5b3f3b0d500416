"""The settings: each with its meaning, value and default, changed in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding
from textual.message import Message

from mfa_tui.core.settings.readers import FLAG
from mfa_tui.core.settings.table import KEYMAP
from mfa_tui.core.settings.value_text import as_typed
from mfa_tui.errors import ConfigError, MfaTuiError
from mfa_tui.services.settings.change import check_value, set_value, unset
from mfa_tui.ui.commands.command import key_bindings
from mfa_tui.ui.commands.settings_commands import SETTINGS_COMMANDS, SettingsSituation
from mfa_tui.ui.settings.rows import SettingRow, about_setting, setting_rows
from mfa_tui.ui.settings.table_screen import HasSettings, TableScreen
from mfa_tui.ui.text.spans import Line, Span, Tone
from mfa_tui.ui.widgets.ordered_input import OrderedInput
from mfa_tui.ui.widgets.value_choices import ValueChoices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.binding import BindingType
    from textual.widget import Widget
    from textual.widgets import Input

    from mfa_tui.core.settings.key_names import Key
    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.widgets.command_bar import Item

_THEME = "theme"
_LONGEST = 28
"""Cells that the names of settings take at most."""


class ValueField(OrderedInput):
    """The field for a value. Posts Input's messages, and ``Left`` when Escape is pressed."""

    DEFAULT_CSS = """
    ValueField { margin: 1 0 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    class Left(Message):
        """The value is not to be changed."""

    def action_leave(self) -> None:
        """Leave without a value."""
        self.post_message(self.Left())


class SettingsScreen(TableScreen[SettingRow]):
    """Opened from *opener*."""

    TABLE = SETTINGS_COMMANDS
    TITLE = "Settings"
    THING = "setting"
    FILTER, FILTER_ENTER = "settings-filter", "settings-change"
    COLUMNS: ClassVar[Mapping[str, int]] = {"SETTING": 18, "FROM": 8, "VALUE": 28, "MEANS": 30}
    SPARE = ("MEANS",)
    BINDINGS: ClassVar[list[BindingType]] = [*key_bindings(SETTINGS_COMMANDS)]

    def __init__(self, opener: HostScreen) -> None:
        super().__init__(opener)
        self._field = ValueField(compact=True, select_on_focus=True, id="field")
        self._choices = ValueChoices()
        self._theme_before = ""

    def answer_widgets(self) -> Sequence[Widget]:
        """A field, or choices."""
        return (self._field, self._choices)

    async def load(self) -> None:
        """Read the file, and import what the first change needs."""
        await super().load()
        self.run_worker(self.threads.run(_preload), group="preload")

    def make_rows(self) -> list[SettingRow]:
        """A row for each setting."""
        rows = setting_rows(self.values) if self.values is not None else []
        longest = max((len(row.label) for row in rows), default=0)
        self.table.columns = {**self.COLUMNS, "SETTING": max(self.COLUMNS["SETTING"], min(longest, _LONGEST))}
        return rows

    def mask(self, masked: bool) -> None:
        """Hide command lines, which may hold passwords, while a picture is taken."""
        setting = self.answered.found.key.setting if self.answered is not None else None
        self._field.password = masked and setting is not None and not setting.secret_free
        super().mask(masked)

    def cells(self) -> list[Mapping[str, Span]]:
        """The rows of the table."""
        return [
            {
                "SETTING": Span(row.label),
                "VALUE": row.masked if self._masked else row.value,
                "FROM": row.source,
                "MEANS": Span(row.meaning, Tone.DIM),
            }
            for row in self.rows
        ]

    def about(self, width: int) -> list[Line]:
        """The details of the setting under the cursor."""
        return about_setting(self.row, width, short=self.is_refused) if self.row is not None else []

    @property
    def situation(self) -> SettingsSituation:
        """What the commands depend on now."""
        if self.row is None:
            why_not = "the file cannot be read" if self.is_empty else "there is no setting here"
            return SettingsSituation(why_not=why_not, is_empty=self.is_empty)
        return self.row.situation

    # Changing a value.

    def answer_bar(self) -> list[Item]:
        """The bottom line while a value is given."""
        save = ("screen.save_answer", "⏎", "Save", self.problem is None)
        move = [("screen.move_choice(1)", "↑↓", "Move", True)] if self._choices.display else []
        return [save, *move, ("screen.leave_answer", "esc", "Leave it as it is", True)]

    def run_command(self, command_id: str) -> None:
        """Run a command for the setting under the cursor."""
        does: dict[str, Callable[[], object]] = {
            "settings-change": self._begin_change,
            "settings-default": self._reset,
            "settings-filter": self.focus_filter,
            "settings-reload": lambda: self.run_worker(self.load()),
            "settings-help": lambda: self.run_worker(self.show_help()),
            "settings-back": lambda: self.run_worker(self.go_back()),
        }
        does[command_id]()

    def _begin_change(self) -> None:
        row = self.row
        if row is None or row.found.key.setting is None:
            return
        setting, key = row.found.key.setting, row.found.key
        if key.path == (KEYMAP,):
            from mfa_tui.ui.settings.keymap_screen import KeymapScreen

            self.app.push_screen(KeymapScreen(self), self._load_again)
        elif setting.kind == FLAG:
            self._save(key, as_typed(not row.found.value))
        elif choices := setting.read.choices():
            self._theme_before = self.app.theme
            self._choices.begin(choices, self.app.theme if key.path == (_THEME,) else as_typed(row.found.value))
            self.add_class("-choosing")
            self.begin_answer(self._choices)
        else:
            self.begin_answer(self._field)
            self._field.value = row.typed

    async def _load_again(self, _: str | None) -> None:
        await self.load()

    def drop_answer(self) -> None:
        """Put a theme back that was tried."""
        if self._tries_themes:
            cast("HasSettings", self.app).preview_theme(self._theme_before)

    @property
    def _tries_themes(self) -> bool:
        return self.answered is not None and self.answered.found.key.path == (_THEME,)

    def on_input_changed(self, message: Input.Changed) -> None:
        """Check what was typed so far. The filter has a handler of its own, which Textual calls next."""
        if message.input is self.filter.line:
            return
        message.stop()
        message.prevent_default()
        if (row := self.answered) is None:
            return
        self.problem = None
        if message.value.strip() not in ("", row.typed):
            try:
                check_value(self.app_state.context.paths, *row.answer(message.value))
            except MfaTuiError as problem:
                # Nothing was to be changed yet.
                self.problem = ConfigError(problem.slug, problem.what, problem.why)
        self.redraw()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Save on Enter. The filter has a handler of its own, which Textual calls next."""
        if message.input is self.filter.line:
            return
        message.stop()
        message.prevent_default()
        self.action_save_answer()

    def on_value_field_left(self, message: ValueField.Left) -> None:
        """Leave the value as it is."""
        message.stop()
        self.action_leave_answer()

    def on_value_choices_moved(self, message: ValueChoices.Moved) -> None:
        """Show the theme under the cursor."""
        message.stop()
        if self._tries_themes:
            cast("HasSettings", self.app).preview_theme(self._choices.current)

    def on_value_choices_taken(self, message: ValueChoices.Taken) -> None:
        """Save the choice."""
        message.stop()
        self.action_save_answer()

    def on_value_choices_left(self, message: ValueChoices.Left) -> None:
        """Leave the value as it is."""
        message.stop()
        self.action_leave_answer()

    def action_move_choice(self, by: int) -> None:
        """Move among the choices, when the bottom line is clicked."""
        self._choices.action_move(by)

    def action_save_answer(self) -> None:
        """Save what was typed or chosen, unless it is wrong."""
        if (row := self.answered) is None or self.problem is not None:
            return
        typed = self._choices.current if self._choices.display else self._field.value
        if self._tries_themes:
            cast("HasSettings", self.app).preview_theme(typed)
        self.end_answer()
        if typed.strip():
            self._save(*row.answer(typed))
        elif row.found.is_set and not row.adds:
            # An empty field means the default.
            self._reset()
        self.redraw()

    def _save(self, key: Key, typed: str) -> None:
        paths = self.app_state.context.paths
        self.run_worker(self.change(lambda: set_value(paths, key, typed), reloads=key.path != (_THEME,)))

    def _reset(self) -> None:
        if self.row is not None:
            paths, key = self.app_state.context.paths, self.row.found.key
            self.run_worker(self.change(lambda: unset(paths, key)))


def _preload() -> None:
    """Import what edits the file, so that no key waits for it."""
    import tomlkit  # noqa: F401
