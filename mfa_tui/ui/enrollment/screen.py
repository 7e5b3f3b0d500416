"""The guided enrollment of a device: one page after the other, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from mfa_tui.core.shells.variables import export_command
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import MfaTuiError
from mfa_tui.services.devices.enrollment import Keep
from mfa_tui.ui.codes.two_codes_field import TwoCodesField
from mfa_tui.ui.enrollment import pages
from mfa_tui.ui.enrollment.flow import EnrollmentFlow
from mfa_tui.ui.enrollment.state import EnrollmentState, Page, PageAnswer
from mfa_tui.ui.flows.paged_screen import PagedScreen
from mfa_tui.ui.seeds.qr_panel import BESIDE, QrPanel
from mfa_tui.ui.seeds.qr_text import comparison
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone
from mfa_tui.ui.text.status_lines import notice_lines, problem_lines, progress_lines
from mfa_tui.ui.widgets.choice_list import ChoiceList
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.ordered_input import OrderedInput
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.widgets.command_bar import Item

_WAITS = "waiting for two unused codes"
_WIDEST = 84
"""Columns: longer lines are tiring to read."""


async def enroll_for(opener: HostScreen, profile: str, user: str) -> bool:
    """Enroll a device for another IAM user, as an administrator with *profile*. Returns whether one was enrolled."""
    state = EnrollmentState(profile, keep=Keep.PHONE, other=user)
    answer = await opener.app.push_screen_wait(EnrollmentScreen(opener, state))
    return bool(answer)


async def enroll(opener: HostScreen, profile: str, replaces: str = "") -> bool:
    """Enroll a device for the user of *profile*, then a backup if wanted. Returns whether one was enrolled."""
    phone_only = bool(replaces) and not opener.app_state.context.seeds.where(replaces)
    keep = Keep.PHONE if phone_only else Keep.BOTH
    enrolled = False
    while True:
        state = EnrollmentState(profile, replaces, keep)
        answer = await opener.app.push_screen_wait(EnrollmentScreen(opener, state))
        enrolled = enrolled or bool(answer)
        if answer != PageAnswer.BACKUP:
            return enrolled
        # The backup device's secret should not be kept in the same place.
        replaces, keep = "", Keep.PHONE if state.made is not None and state.made.keep != Keep.PHONE else Keep.BOTH


class EnrollmentScreen(PagedScreen):
    """Dismissed with the user's last choice (see ``PageAnswer``), or empty if the user left."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (28, "-high")]  # noqa: RUF012 - Textual declares it as it is
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(digit, f"digit({digit!r})", show=False, priority=True) for digit in "0123456789"),
        Binding("backspace", "erase", show=False, priority=True),
        Binding("enter", "enter", "Continue", priority=True),
        Binding("s", "reveal", show=False, priority=True),
        Binding("w", "save", show=False, priority=True),
        Binding("b", "leave_page('backup')", show=False, priority=True),
        Binding("y", "copy", show=False, priority=True),
    ]

    def __init__(self, opener: HostScreen, state: EnrollmentState) -> None:
        super().__init__(opener)
        self._state = state
        self._flow = EnrollmentFlow(self, self, state)
        self._masked = False
        self._page = ""

    def compose(self) -> ComposeResult:
        """Lay out the pages, of which one is shown."""
        yield Lines(id="title")
        yield from self.compose_phone()
        with Container(id="pages"):
            with VerticalScroll(id=Page.NAME, can_focus=False):
                yield Lines(id="who")
                with Horizontal(id="name-line"):
                    yield Static("Name ", markup=False)
                    yield OrderedInput(compact=True, id="device-name")
                yield Lines(id="where")
                yield ChoiceList(id="places")
                yield Lines(classes="status")
            yield QrPanel(id=Page.SCAN)
            with Vertical(id=Page.CODES):
                yield Lines(id="codes-text")
                yield TwoCodesField()
                yield Lines(classes="status")
            with Vertical(id="text"):
                yield Lines(id="text-lines")
                yield Lines(classes="status")
        yield CommandBar()

    def on_mount(self) -> None:
        """Start the flow."""
        self.run_flow(self._flow.run())

    def mask(self, masked: bool) -> None:
        """Hide the secret, the QR code and the codes while a screenshot is taken."""
        self._masked = masked
        self.query_one(QrPanel).mask(masked)
        self.query_one(TwoCodesField).mask(masked)
        self.redraw()

    @property
    def unfinished(self) -> str:
        """A sentence about a device that exists at AWS and was not verified yet."""
        state = self._state
        if state.made is None or state.page == Page.DONE:
            return ""
        how = "enabled, but no login has confirmed it yet" if state.enabled else "created, but not enabled yet"
        enroll_command = "mfa-tui device enroll PROFILE"
        command = state.user.command(enroll_command) if state.user else shell_command(state.profile, enroll_command)
        return f"{state.made.serial.name} is {how}. To continue, here or in the interface: {command}"

    # What it shows.

    def draw(self) -> None:
        """Draw the current state."""
        if not self.is_attached:
            return
        state, width = self._state, min(_WIDEST, self.size.width - 8)
        self._turn()
        self.query_one("#title", Lines).show([pages.title(state, self.size.width - 2)])
        self.draw_phone(shown=state.page in (Page.CHECK, Page.CODES, Page.LOGIN), masked=self._masked)
        self.query_one(CommandBar).show(self._bar())
        if state.page == Page.NAME:
            self.query_one("#who", Lines).show(pages.user_lines(state, width))
            self.query_one("#where", Lines).show([(Span("Where to store its secret", Tone.DIM),)])
            self.query_one("#places", ChoiceList).offer(pages.storage_choices(state, width))
        elif state.page == Page.SCAN and state.made is not None and state.made.seed is not None:
            seed = state.made.seed
            compare = comparison(seed, self.app_state.now(), masked=self._masked)
            more = [*(compare if state.made.keep == Keep.BOTH else []), *self._status(BESIDE)]
            whose = f"{state.other}'s" if state.other else "your"
            self.query_one(QrPanel).tell(f"Scan this with {whose} authenticator app.", more)
        elif state.page == Page.CODES:
            self.query_one("#codes-text", Lines).show(pages.codes_page(state, self.app_state.now(), width))
            field = self.query_one(TwoCodesField)
            field.display = state.types_codes
            field.show(state.two_codes)
        else:
            self.query_one("#text-lines", Lines).show(self._text(width))
        for status in self.query(".status").results(Lines):
            status.show(self._status(width))

    def _turn(self) -> None:
        """Show the page of the current state."""
        page = self._state.page
        if page == self._page:
            return
        self._page = page
        own = (Page.NAME, Page.SCAN, Page.CODES)
        for each in own:
            self.query_one(f"#{each}").display = each == page
        self.query_one("#text").display = page not in own
        name = self.query_one("#device-name", Input)
        if page == Page.NAME:
            name.value = self._state.name
            name.focus()
        else:
            self.set_focus(None)
        if page == Page.SCAN and self._state.made is not None:
            self.query_one(QrPanel).show(self._state.made.uri, self._state.made.seed)

    def _text(self, width: int) -> list[Line]:
        state = self._state
        if state.page == Page.LOGIN:
            return pages.login_page(state, width)
        if state.page == Page.DONE:
            return pages.done_page(state, self.app_state.now(), width)
        return pages.check_page(state, width)

    @property
    def _at_work(self) -> bool:
        return self.app_state.action_log.entry(self._flow.name).running

    def _status(self, width: int) -> list[Line]:
        """What is running, what went wrong, and the notices."""
        state, monotonic = self._state, self.app_state.context.clock.monotonic()
        lines = notice_lines(state.notices, width)
        if self._at_work and not self.waits:
            step = self.app_state.action_log.entry(self._flow.name).progress
            waits = {"waits": _WAITS} if state.page == Page.CODES else {}
            lines = [*lines, *progress_lines(step, width, monotonic, **waits)] if step is not None else lines
        elif state.problem is not None:
            lines = [*lines, *problem_lines(state.problem, width)]
        return [EMPTY, *lines] if lines else []

    def _bar(self) -> list[Item]:
        state, waits = self._state, self.waits
        label = {
            Page.NAME: "Create device",
            Page.SCAN: "Scanned",
            Page.CODES: "Enable",
            Page.LOGIN: "Log in",
            Page.DONE: "Done",
        }.get(state.page, "Continue")
        if state.problem is not None and state.page != Page.NAME and not state.types_codes:
            label = "Try again"
        ready = waits and not (state.types_codes and state.two_codes.codes is None)
        items: list[Item] = [("screen.leave_page('next')", "⏎", label, ready)]
        if state.page == Page.NAME:
            items.append(("screen.choose(1)", "↑↓", "Where", waits and len(state.can_keep) > 1))
        if state.page == Page.SCAN:
            items += [
                ("screen.reveal", "s", self.query_one(QrPanel).reveals, True),
                ("screen.save", "w", "Save picture", True),
            ]
        if state.page == Page.DONE and self._can_back_up:
            items.append(("screen.leave_page('backup')", "b", "Backup device", True))
        if state.page == Page.DONE and (copied := self._copied):
            items.append(("screen.copy", "y", copied[0], True))
        back = "Cancel" if not waits else "Leave"
        if state.types_codes and state.shows_code:
            back = "QR code"
        if state.page != Page.DONE:
            items.append(("screen.back", "esc", back, True))
        return items

    @property
    def _can_back_up(self) -> bool:
        user = self._state.user
        return user is not None and not user.administered and len(user.usable) == 1

    # What the user does.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters and digits are keys only on their page, and only where no name is being typed."""
        page = self._state.page
        if action in ("digit", "erase"):
            return self._state.types_codes
        if action in ("reveal", "save"):
            return page == Page.SCAN
        if action == "copy":
            return page == Page.DONE and self._copied is not None
        if action == "choose":
            return page == Page.NAME
        if action == "enter":
            # Keys pressed earlier may still be on their way into the name: this one follows them there.
            return page != Page.NAME or not isinstance(self.focused, Input)
        if action == "leave_page" and parameters == (PageAnswer.BACKUP,):
            return page == Page.DONE and self._can_back_up
        return super().check_action(action, parameters)

    def action_enter(self) -> None:
        """Continue on Enter."""
        self.action_leave_page(PageAnswer.NEXT)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Continue on Enter in the name, once the name has all that was typed before."""
        event.stop()
        self.action_leave_page(PageAnswer.NEXT)

    def action_leave_page(self, answer: str) -> None:
        """Continue, if the page allows it."""
        if not self.waits or (self._state.types_codes and self._state.two_codes.codes is None):
            return
        self._state.name = self.query_one("#device-name", Input).value.strip()
        self.reply(answer)

    def action_back(self) -> None:
        """Cancel what is running; otherwise go back a step, or leave."""
        if not self.waits:
            self._flow.cancel()
        else:
            self.reply(PageAnswer.NEXT if self._state.page == Page.DONE else PageAnswer.BACK)

    def action_choose(self, by: int) -> None:
        """Choose another place for the secret."""
        self._state.choose(by)
        self.redraw()

    def on_choice_list_chosen(self, message: ChoiceList.Chosen) -> None:
        """Choose the place that was clicked."""
        message.stop()
        place = Keep.ALL[message.index]
        if place in self._state.can_keep:
            self._state.keep = place
            self.redraw()

    def on_key(self, event: events.Key) -> None:
        """What is no digit is no code, and neither are the digits around it."""
        state = self._state
        if not event.is_printable or not event.character:
            return
        if state.page == Page.SCAN and event.character.isdigit() and self.waits:
            self._type_after_scan(event.character)
        elif state.types_codes:
            self.action_digit(event.character)

    def _type_after_scan(self, digit: str) -> None:
        """A digit on the page with the QR code: the phone has it, and shows the first code, which the next page takes.

        Where no code is typed, say so.
        """
        state = self._state
        if state.made is not None and state.made.keep == Keep.PHONE:
            state.two_codes.type(digit, self.app_state.now())
            self.action_leave_page(PageAnswer.NEXT)
        else:
            state.notices = ("No code is typed here: press Enter, and mfa-tui generates both.",)
            self.redraw()

    def action_digit(self, digit: str) -> None:
        """Add a digit of a code, or find out that it is none."""
        self._state.problem = self._state.two_codes.type(digit, self.app_state.now()) or self._state.problem
        self.redraw()

    def action_erase(self) -> None:
        """Delete the last digit."""
        self._state.two_codes.erase()
        self.redraw()

    def on_paste(self, event: events.Paste) -> None:
        """Take a pasted code."""
        if self._state.types_codes:
            event.stop()
            try:
                self._state.two_codes.paste(event.text)
            except MfaTuiError as problem:
                self._state.problem = problem
            self.redraw()

    def action_reveal(self) -> None:
        """Show the secret as text, or hide it again."""
        self.query_one(QrPanel).reveal()
        self.redraw()

    @property
    def _copied(self) -> tuple[str, str, str] | None:
        """What can be copied from the last page: the label of its key, what it is, and the text."""
        state = self._state
        if state.other:
            return "Copy text", f"The text for {state.other}.", pages.message_for_other(state)
        if state.done is not None and state.done.target:
            export = export_command(state.done.target)
            return "Export", export, export
        return None

    def action_copy(self) -> None:
        """Copy the text to send to the other user, or what uses the session in a shell."""
        if self._copied is not None:
            _, what, text = self._copied
            self.app.copy_to_clipboard(text)
            self.notify_success("Sent to the clipboard", what)

    def action_save(self) -> None:
        """Save the QR code as a picture."""
        from mfa_tui.ui.seeds.save_qr_flow import save_picture

        made = self._state.made
        if made is not None and made.uri is not None:
            self.run_worker(save_picture(self, made.uri, made.serial.name, self._saved))

    def _saved(self, path: str) -> None:
        self._state.picture = path
        self.query_one(QrPanel).saved(path)
