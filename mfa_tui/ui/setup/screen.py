"""The screen of a setup: one question after the other. What was typed stays when the user goes back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Container, Horizontal, VerticalScroll
from textual.widgets import Input, Static

from mfa_tui.services.keys.import_plan import read_key_file
from mfa_tui.services.setup.new_profile import suggested_file
from mfa_tui.ui.codes.code_field import CodeField
from mfa_tui.ui.flows.ask_path import ask_path
from mfa_tui.ui.flows.paged_screen import PagedScreen
from mfa_tui.ui.keys.key_dialog import FILE_TEXT
from mfa_tui.ui.keys.key_fields import KeyFields
from mfa_tui.ui.setup import pages
from mfa_tui.ui.setup.flow import SetupFlow
from mfa_tui.ui.setup.state import Page, PageAnswer, SetupState
from mfa_tui.ui.text.spans import EMPTY, Line
from mfa_tui.ui.text.status_lines import notice_lines, problem_lines, progress_lines
from mfa_tui.ui.widgets.choice_list import ChoiceList
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.completing_input import CompletingInput
from mfa_tui.ui.widgets.ordered_input import OrderedInput
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.core.keys.key_input import PastedKeys
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.widgets.command_bar import Item

_WIDEST = 84
"""Columns: longer lines are tiring to read."""
_REGION = "eu-central-1, or part of a name"
_PAGES = (Page.KEY, Page.PROFILE, Page.DEVICE)


class SetupScreen(PagedScreen):
    """Dismissed with the name of the profile that was written, or empty."""

    # Each page says what has the focus: Textual would give it to a field of a page that is not shown.
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next", "Continue", priority=True),
        Binding("ctrl+o", "file", "CSV file", priority=True),
        Binding("backspace", "erase", show=False, priority=True),
    ]

    def __init__(self, opener: HostScreen, profile: str = "") -> None:
        """For *profile*, which has no credentials; for a new one if it is empty."""
        super().__init__(opener)
        row = self.app_state.row(profile)
        self._state = SetupState(profile, row.profile.region if row is not None else "")
        self._flow = SetupFlow(self, self, self._state)
        self._fields = KeyFields(self._read_file, lambda: self._width)
        self._code = CodeField(id="code")
        self._masked = False
        self._page = ""

    def compose(self) -> ComposeResult:
        """Lay out the pages, of which one is shown."""
        yield Lines(id="title")
        yield from self.compose_phone()
        with Container(id="pages"):
            with VerticalScroll(id=Page.KEY, can_focus=False):
                yield Lines(id="introduction")
                yield self._fields
                yield Lines(classes="status")
            with VerticalScroll(id=Page.PROFILE, can_focus=False):
                yield Lines(classes="owner")
                with Horizontal(classes="field"):
                    yield Static("Profile", markup=False)
                    yield OrderedInput(compact=True, id="profile-name", disabled=bool(self._state.profile))
                with Horizontal(classes="field"):
                    yield Static("Region", markup=False)
                    yield CompletingInput(can_complete=self._can_complete, id="region", placeholder=_REGION)
                yield Lines(id="regions")
                yield Lines(classes="status")
            with VerticalScroll(id=Page.DEVICE, can_focus=False):
                yield Lines(classes="owner")
                yield ChoiceList(id="ways")
                yield self._code
                yield Lines(id="saved")
                yield Lines(classes="status")
        yield CommandBar()

    def on_mount(self) -> None:
        """Start the flow."""
        self.run_flow(self._flow.run())

    # What flows call.

    async def wait_for_answer(self) -> str:
        """Wait for the user's answer to the current page; what is typed after it would change what is being checked."""
        try:
            return await super().wait_for_answer()
        finally:
            self.expect_dialog()

    def refuse_key(self, problem: MfaTuiError, *, keep: bool) -> None:
        """Say why the key cannot be used."""
        self._fields.refuse(problem, keep=keep)

    @property
    def holds_key(self) -> bool:
        """Whether something is in the fields for the key."""
        return not self._fields.is_empty

    async def _read_file(self, path: str) -> PastedKeys:
        return await self.threads.run(partial(read_key_file, path))

    def mask(self, masked: bool) -> None:
        """Hide the codes of the demo's phone while a screenshot is taken."""
        self._masked = self._code.masked = masked
        self.redraw()

    # What it shows.

    @property
    def _width(self) -> int:
        return min(_WIDEST, self.size.width - 8)

    def draw(self) -> None:
        """Draw the current state."""
        if not self.is_attached:
            return
        state, width = self._state, self._width
        self._turn()
        self.query_one("#title", Lines).show([pages.title(state, self.size.width - 2)])
        self.draw_phone(masked=self._masked)
        self.query_one("#introduction", Lines).show(pages.introduction(state, width, brief=self.holds_key))
        self._fields.draw()
        owner = pages.owner(state, width)
        for each in self.query(".owner").results(Lines):
            each.show([*owner, EMPTY])
        self.query_one("#regions", Lines).show(pages.region_help(state, width))
        self.query_one("#ways", ChoiceList).offer(pages.way_choices(state, width))
        self._code.digits, self._code.display = state.code.text, bool(state.code.text)
        self.query_one("#saved", Lines).show([EMPTY, *pages.saved_text(state, width)])
        for status in self.query(".status").results(Lines):
            status.show(self._status(width))
        self.query_one(CommandBar).show(self._bar())

    def _turn(self) -> None:
        """Show the page of the current state, with what was typed there before."""
        page, state = self._state.page, self._state
        if page == self._page:
            return
        self._page = page
        for each in _PAGES:
            self.query_one(f"#{each}").display = each == page
        name, region = self.query_one("#profile-name", Input), self.query_one("#region", Input)
        if page == Page.KEY:
            self.query_one("#first").focus()
        elif page == Page.PROFILE:
            name.value, region.value = state.name, state.region
            region.focus()
        else:
            self.set_focus(None)

    def _status(self, width: int) -> list[Line]:
        """What is running, what went wrong, and the notices."""
        state, progress = self._state, self._flow.progress
        lines = notice_lines(state.notices, width)
        if progress is not None and not self.waits:
            lines = [*lines, *progress_lines(progress, width, self.app_state.context.clock.monotonic())]
        elif state.problem is not None:
            lines = [*lines, *problem_lines(state.problem, width)]
        return [EMPTY, *lines] if lines else []

    def _bar(self) -> list[Item]:
        state, waits = self._state, self.waits
        page, way = state.page, state.way
        label, able = "Continue", waits
        if page == Page.KEY:
            label, able = ("Next" if self._fields.wants_secret else "Check the key"), waits and self.holds_key
        elif page == Page.DEVICE and way is not None:
            label = "Enroll" if way.enrolls else "Log in"
        items: list[Item] = [("screen.next", "⏎", label, able)]
        if page == Page.KEY:
            items.append(("screen.file", "^o", "CSV file", waits))
        if page == Page.PROFILE and state.matching_regions():
            items.append(("screen.complete", "tab", "Complete", waits))
        if page == Page.DEVICE and len(state.ways) > 1:
            items.append(("screen.choose(1)", "↑↓", "Choose", waits))
        leaves = page == Page.KEY or state.saved
        items.append(("screen.back", "esc", "Cancel" if not waits else "Leave" if leaves else "Back", True))
        return items

    # What the user does.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each page has its own keys; Enter belongs to a field first, so that it follows what was typed."""
        page = self._state.page
        if action == "file":
            return page == Page.KEY
        if action == "choose":
            return page == Page.DEVICE
        if action == "erase":
            return page == Page.DEVICE
        if action == "next":
            return not isinstance(self.focused, Input)
        return super().check_action(action, parameters)

    def on_key_fields_changed(self, event: KeyFields.Changed) -> None:
        """Show what Enter does now."""
        event.stop()
        self.redraw()

    def on_key_fields_given(self, event: KeyFields.Given) -> None:
        """Have the key checked."""
        event.stop()
        self._state.given = event.given
        self.reply(PageAnswer.NEXT)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take what is typed, on the second page."""
        event.stop()
        if self._state.page == Page.PROFILE and self.waits:
            self._state.name = self.query_one("#profile-name", Input).value
            self._state.region = self.query_one("#region", Input).value
            self._state.problem = None
            self.redraw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next field, or to the next page."""
        event.stop()
        region = self.query_one("#region", Input)
        if event.input is not region and not region.value:
            region.focus()
        else:
            self.action_next()

    def action_next(self) -> None:
        """Continue, if the page allows it."""
        if self._state.page == Page.KEY:
            self._fields.give()
            return
        state = self._state
        found = state.all_matching_regions() if state.page == Page.PROFILE else ()
        if len(found) == 1:
            self.action_complete()
        elif found:
            state.refuse_region(found)
            self.redraw()
            return
        self.reply(PageAnswer.NEXT)

    def action_back(self) -> None:
        """Cancel what is running; otherwise go back a page, or leave."""
        if not self.waits:
            self._flow.cancel()
        else:
            self.reply(PageAnswer.BACK)

    def _can_complete(self, typed: str) -> bool:
        """Whether a region that is being typed can be completed."""
        # The message that it has changed may still be on its way.
        self._state.region = typed
        return bool(self._state.matching_regions())

    def on_completing_input_completing(self, message: CompletingInput.Completing) -> None:
        """Complete the region on Tab."""
        message.stop()
        self.action_complete()

    def action_complete(self) -> None:
        """Complete the region that is being typed."""
        if found := self._state.matching_regions():
            region = self.query_one("#region", Input)
            region.value = self._state.region = found[0]
            region.cursor_position = len(found[0])

    def action_choose(self, by: int) -> None:
        """Choose another way to a session."""
        if self.waits:
            self._state.choose(by)
            self.redraw()

    def on_key(self, event: events.Key) -> None:
        """Digits are the code that the last page asks for next."""
        if self._state.page == Page.DEVICE and self.waits and event.is_printable and event.character:
            self._state.type_code(event.character, self.app_state.now())
            self.redraw()

    def on_paste(self, event: events.Paste) -> None:
        """A pasted code is one, too."""
        if self._state.page == Page.DEVICE and self.waits:
            event.stop()
            self._state.paste_code(event.text)
            self.redraw()

    def action_erase(self) -> None:
        """Delete the last digit of the code."""
        self._state.code.erase()
        self.redraw()

    def on_choice_list_chosen(self, message: ChoiceList.Chosen) -> None:
        """Choose the way that was clicked."""
        message.stop()
        if self.waits:
            self._state.point(message.index)
            self.redraw()

    def action_file(self) -> None:
        """Ask for the console's CSV file, and read it."""
        if self.waits:
            self.run_worker(self._ask_file(), exclusive=True, group="file")

    async def _ask_file(self) -> None:
        home = self.app_state.context.paths.home
        suggested = self._fields.path or await self.threads.run(lambda: suggested_file(home))
        path = await ask_path(self, "Read a file", FILE_TEXT, suggested, lambda _: None, yes="Read")
        if path:
            await self._fields.read(path)
