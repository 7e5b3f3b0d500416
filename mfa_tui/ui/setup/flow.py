"""A setup: the questions in order, each checked at once, and what is written after the last one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from mfa_tui.adapters.seeds.store import KEYRING, VAULT
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.seeds.totp import DIGITS
from mfa_tui.errors import Cancelled, MfaTuiError, UsageError
from mfa_tui.models import Secret
from mfa_tui.services.keys.import_keys import import_keys
from mfa_tui.services.keys.import_plan import plan_import
from mfa_tui.services.keys.list_keys import CREDENTIALS
from mfa_tui.services.operation import Operation
from mfa_tui.services.profiles.typed_region import check_region
from mfa_tui.services.progress import Progress
from mfa_tui.services.sessions.outcomes import LoginRequest
from mfa_tui.services.setup.key_check import check_key
from mfa_tui.services.setup.new_profile import new_target, regions, suggested_name, suggested_region, write_obstacle
from mfa_tui.services.setup.storage import keyring_problem
from mfa_tui.ui.dialogs.choose import Answer
from mfa_tui.ui.dialogs.confirm import Confirm
from mfa_tui.ui.enrollment.screen import enroll
from mfa_tui.ui.seeds.vault_offer import WITHOUT, offer_vault
from mfa_tui.ui.sessions.login_flow import LoginFlow
from mfa_tui.ui.setup.state import Page, PageAnswer

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from mfa_tui.services.keys.import_plan import ImportPlan
    from mfa_tui.services.progress import Notice
    from mfa_tui.services.setup.key_check import CheckedKey
    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.setup.state import SetupState

    T = TypeVar("T")

LOG_NAME = "setup:"
"""What runs here, in the action log. No profile has this name: a section's name cannot end with a colon there."""
_IN_FILE = Answer(
    "Keep the key in the credentials file",
    "In plain text, as aws configure does: everybody who can read the file can use the key.",
)
_WRONG_KEYS = ("key-unknown", "secret-wrong")
"""AWS's answers to a mistyped key: what is typed next replaces it."""


class View(Protocol):
    """The screen, as far as the flow needs it."""

    async def wait_for_answer(self) -> str:
        """Wait for the user's answer on the current page; one of :class:`PageAnswer`."""

    def refuse_key(self, problem: MfaTuiError, *, keep: bool) -> None:
        """Say why the key cannot be used; what is typed next adds to it with *keep*, else replaces it."""

    @property
    def holds_key(self) -> bool:
        """Whether something is in the fields for the key."""


class SetupFlow:
    """The steps from an access key to a session."""

    def __init__(self, host: HostScreen, view: View, state: SetupState) -> None:
        self._host = host
        self._view = view
        self._state = state
        self._app_state = host.app_state

    @property
    def progress(self) -> Progress | None:
        """What is running; None if nothing is, or it waits for an answer."""
        entries = (self._app_state.action_log.entry(name) for name in (LOG_NAME, self._state.name))
        return next((entry.progress for entry in entries if entry.running), None)

    def cancel(self) -> None:
        """Cancel what is running."""
        for name in (LOG_NAME, self._state.name):
            if (scope := self._app_state.action_log.entry(name).scope) is not None:
                scope.cancel()

    async def run(self) -> str:
        """Ask until there is a session. Returns the name of the profile; empty if none was written."""
        state = self._state
        state.problem = await self._do(lambda operation: write_obstacle(operation.context))
        steps = {Page.KEY: self._check_key, Page.PROFILE: self._use_profile, Page.DEVICE: self._begin_session}
        while True:
            self._host.redraw()
            answer = await self._view.wait_for_answer()
            state.problem, state.notices = None, ()
            if answer == PageAnswer.BACK:
                if await self._go_back():
                    break
                continue
            try:
                if await steps[state.page]():
                    break
            except Cancelled:
                continue
            except MfaTuiError as failure:
                self._refuse(failure)
        return state.name if state.saved else ""

    async def _go_back(self) -> bool:
        """Go back a page; returns whether to leave."""
        state = self._state
        if state.page == Page.DEVICE and not state.saved:
            state.page = Page.PROFILE if state.asks_profile else Page.KEY
        elif state.page == Page.PROFILE:
            state.page = Page.KEY
        elif state.page == Page.KEY and self._view.holds_key:
            about = ["It is not saved yet: next time, you would have to paste it again."]
            question = Confirm("Leave without the key?", about, yes="Leave", no="Stay", careful=True)
            agreed = await self._host.ask(question)
            return bool(agreed)
        else:
            if state.saved:
                key = self._app_state.keys["login"]
                self._host.notify_success(f"{state.name} is saved", f"{key} on it goes on: log in, or enroll a device.")
            return True
        return False

    def _refuse(self, failure: MfaTuiError) -> None:
        if self._state.page == Page.KEY:
            self._view.refuse_key(failure, keep=failure.slug not in _WRONG_KEYS)
        else:
            self._state.problem = failure

    # The steps. Each returns whether the user is done.

    async def _check_key(self) -> bool:
        """Ask AWS whose key it is, and go on to the next question."""
        state, given = self._state, self._state.given
        if given is None:
            return False

        def check(operation: Operation) -> CheckedKey:
            checked = check_key(operation, given.keys, profile=state.profile, region=given.region)
            state.name = state.name or suggested_name(operation, checked.identity.user)
            state.region = state.region or suggested_region(operation.context, given.region)
            state.regions = regions(checked.identity.partition)
            return checked

        state.use(await self._do(check))
        if state.asks_profile:
            state.page = Page.PROFILE
            return False
        return await self._use_profile()

    async def _use_profile(self) -> bool:
        """Check name and region, and go on to the last question."""
        state, given = self._state, self._state.given
        if given is None:
            return False

        def plan(operation: Operation) -> ImportPlan:
            if not state.name.strip():
                raise problem("keys-import-name", name="nothing", why="It has no name.").as_error(UsageError)
            target = new_target(operation, state.name.strip())
            check_region(state.region.strip())
            return plan_import(operation, target, given.keys, place="", region=state.region.strip())

        state.plan = await self._do(plan)
        state.name, state.region = state.plan.target.name, state.region.strip()
        state.page = Page.DEVICE
        return False

    async def _begin_session(self) -> bool:
        """Write the key, and get a session in the way that was chosen."""
        state, way = self._state, self._state.way
        if way is None or not (state.saved or await self._save()):
            return False
        if way.enrolls:
            return await enroll(self._host, state.name)
        digits = state.take_code()
        code = Secret(digits) if len(digits) == DIGITS else None
        request = LoginRequest(state.name, code=code, serial=way.serial, remember_serial=bool(way.serial))
        flow = LoginFlow(self._host, request)
        if digits and code is None:
            flow.start_with(digits)
        done = await flow.run()
        state.problem = flow.problem
        return done

    async def _save(self) -> bool:
        """Write the key; returns whether it is written, or the user went back."""
        state, plan = self._state, self._state.plan
        place = state.place or await self._choose_place()
        if plan is None or not place:
            return False
        plan = plan._replace(place=place)
        await self._do(lambda operation: import_keys(operation, plan))
        state.place, state.saved = place, True
        await self._host.reload()
        copy = state.given.path if state.given is not None else ""
        told = f" {copy} still has it, too: delete the file when you can." if copy else ""
        self._host.notify_success("The key is saved", f"In {plan.where}.{told}")
        return True

    async def _choose_place(self) -> str:
        """Where the key goes: as the settings say, or as the user says where there is no keyring; empty: back."""
        if (failure := await self._do(keyring_problem)) is None:
            return VAULT if self._app_state.context.settings.seed_store == VAULT else KEYRING
        chosen = await offer_vault(self._host, LOG_NAME, failure, _IN_FILE)
        return CREDENTIALS if chosen == WITHOUT else chosen

    async def _do(self, work: Callable[[Operation], T]) -> T:
        """Run *work* in a thread, with a cancel scope of its own."""
        action_log = self._app_state.action_log
        operation = Operation(self._app_state.context, action_log.begin(LOG_NAME), self._report)
        self._host.redraw()
        try:
            return await self._host.threads.run(partial(work, operation), commits=True)
        finally:
            action_log.end(LOG_NAME)
            self._host.redraw()

    def _report(self, event: Progress | Notice) -> None:
        """Show what is being done, and each notice once; any thread may call it."""
        if isinstance(event, Progress):
            self._host.report(LOG_NAME, event)
        elif event.text not in self._state.notices:
            self._state.notices += (event.text,)
