"""Enrolling a device: the steps of the use case in order, and the user's answer to each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from mfa_tui.adapters.seeds.store import VAULT
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.errors import Cancelled, MfaTuiError
from mfa_tui.services.account.administered_user import WITHOUT_MFA, AdministeredUser
from mfa_tui.services.account.administration import check_other
from mfa_tui.services.devices.enrollment import Enrollment, Keep
from mfa_tui.services.devices.iam_user import IamUser
from mfa_tui.services.devices.removal import consequences, describe_consequences
from mfa_tui.services.devices.replacement import replace_device
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Notice, Progress
from mfa_tui.services.sessions.outcomes import LoginRequest
from mfa_tui.ui.dialogs.choose import Answer
from mfa_tui.ui.enrollment.state import Page, PageAnswer
from mfa_tui.ui.sessions.login_flow import LoginFlow, UserLoginFlow
from mfa_tui.ui.sessions.user_session import SESSION_WANTED

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from mfa_tui.models import Session
    from mfa_tui.services.devices.enrollment import NewDevice
    from mfa_tui.ui.enrollment.state import EnrollmentState
    from mfa_tui.ui.flows.host_screen import HostScreen

    T = TypeVar("T")

_ADMINISTRATOR = "The requests are signed with your own session."
_THIRD_CODE = "AWS accepts each code only once: type the next one, after the two you typed."


_ON_PHONE = Answer("Do without", "Your phone generates the codes, and you type one every 12 to 36 hours.")


class View(Protocol):
    """The screen, as far as the flow needs it."""

    async def wait_for_answer(self) -> str:
        """Wait for the user's answer on the current page; one of :class:`PageAnswer`."""


def _create_device(enrollment: Enrollment, name: str, keep: str) -> NewDevice:
    """Create a device. If an earlier try lost AWS's answer, the device that it may have created is deleted first."""
    if enrollment.unfinished() is not None:
        enrollment.resume()
    return enrollment.create(name, keep)


class _Left(Exception):
    """The user has left. What was begun is finished, or kept for later."""


class EnrollmentFlow:
    """The steps from a profile to a session made with its new device."""

    def __init__(self, host: HostScreen, view: View, state: EnrollmentState) -> None:
        self._host = host
        self._view = view
        self._state = state
        self._app_state = host.app_state
        row = self._app_state.row(state.profile)
        self._name = row.profile.base if row is not None else state.profile
        """The profile that holds the user's keys, under which the action log has it."""

    def cancel(self) -> bool:
        """Cancel what is running. Returns whether anything was."""
        scope = self._app_state.action_log.entry(self._name).scope
        if scope is not None:
            scope.cancel()
        return scope is not None

    @property
    def name(self) -> str:
        """The name under which the action log has this flow."""
        return self._name

    async def run(self) -> str:
        """Run all steps. Returns what the user chose at the end (see ``PageAnswer``), or nothing if the user left."""
        try:
            return await self._run_steps()
        except _Left:
            return ""

    async def _run_steps(self) -> str:
        state = self._state
        user: IamUser
        if state.other:
            user = state.user = await self._load_other()
        else:
            user = state.user = await self._retry_until_done(self._load_user)
            await self._ensure_session(user)
        enrollment, made = await self._retry_until_done(partial(self._resume, user))
        if made is None:
            await self._check_storage(user)
            made = await self._make(enrollment)
        state.made, state.enabled = made, made.enabled
        state.writes = enrollment.writes_profile(made)
        if not made.enabled:
            if made.uri is not None and made.keep != Keep.HERE:
                await self._scan()
            await self._enable(enrollment, made)
        state.enabled = True
        if not state.other:
            await self._verify(enrollment, made)
        # The user has seen the notices of the steps before.
        state.notices = ()
        await self._retry_until_done(partial(enrollment.finish, made))
        if enrollment.replaces:
            await self._remove_old_device(user, enrollment, made)
        self._app_state.codes.forget(made.serial.text)
        await self._host.reload()
        # Nothing is awaited between showing a page and waiting for its answer: a key pressed at once counts.
        self._show(Page.DONE)
        return await self._view.wait_for_answer()

    # The steps.

    def _load_user(self) -> IamUser:
        scope = self._app_state.action_log.entry(self._name).scope
        if scope is None:
            raise AssertionError("something runs")
        user = IamUser(Operation(self._app_state.context, scope, self._report), self._state.profile)
        user.load()
        return user

    async def _load_other(self) -> AdministeredUser:
        """Load the user for whom an administrator enrolls, with the administrator's session."""
        state = self._state
        session: Session | None
        while True:
            flow = UserLoginFlow(self._host, LoginRequest(profile=state.profile), notifies=False, why=_ADMINISTRATOR)
            if await flow.run() and flow.done is not None:
                session = flow.done.session
                break
            if flow.problem is not None and flow.problem.slug in WITHOUT_MFA:
                session = None
                break
            state.problem = flow.problem
            if flow.problem is None or await self._wait_for_answer() == PageAnswer.BACK:
                raise _Left

        def load() -> AdministeredUser:
            scope = self._app_state.action_log.entry(self._name).scope
            if scope is None:
                raise AssertionError("something runs")
            operation = Operation(self._app_state.context, scope, self._report)
            user = AdministeredUser(operation, state.profile, state.other, session)
            user.load(may_be_new=True)
            check_other(user)
            return user

        return await self._retry_until_done(load)

    async def _ensure_session(self, user: IamUser) -> None:
        begun = Enrollment(user).unfinished()
        if begun is not None and user.has(begun.serial):
            # Only the login that verifies the device is left; that makes a session itself.
            return
        while await self._retry_until_done(user.needs_session):
            flow = UserLoginFlow(self._host, user.session_request(), notifies=False, why=SESSION_WANTED)
            if await flow.run() and flow.done is not None:
                user.use_session(flow.done.session)
                break
            self._state.problem = flow.problem
            if flow.problem is None or await self._wait_for_answer() == PageAnswer.BACK:
                raise _Left
        if user.devices is None:
            await self._retry_until_done(user.load_devices)

    def _resume(self, user: IamUser) -> tuple[Enrollment, NewDevice | None]:
        enrollment = Enrollment(user, replaces=self._state.replaces)
        made = enrollment.resume()
        if made is None:
            enrollment.check_limits()
        return enrollment, made

    async def _check_storage(self, user: IamUser) -> None:
        if self._app_state.context.seeds.asks_before_storing:
            # Users who want the secret on the phone only are not asked for a passphrase.
            return

        def check_storage() -> None:
            self._report(Progress("keyring", "Checking whether this machine can store the secret"))
            self._app_state.context.seeds.check_storage(user.operation.cancel)

        try:
            await self._do(check_storage)
        except Cancelled:
            raise _Left from None
        except MfaTuiError as problem:
            if not await self._uses_vault(problem):
                self._state.keep_nothing_here(problem.what)

    async def _uses_vault(self, problem: MfaTuiError) -> bool:
        """Offer a vault where there is no keyring; returns whether it is used. Raises _Left if the user went back."""
        from mfa_tui.ui.seeds.vault_offer import can_offer, offer_vault

        if self._state.other or not can_offer(self._app_state, problem):
            return False
        chosen = await offer_vault(self._host, self._name, problem, _ON_PHONE)
        if not chosen:
            raise _Left
        return chosen == VAULT

    async def _make(self, enrollment: Enrollment) -> NewDevice:
        state = self._state
        state.suggested = state.name = enrollment.suggested_name()
        self._show(Page.NAME)
        while True:
            if await self._wait_for_answer() == PageAnswer.BACK:
                raise _Left
            # Another device may have the suggested name by now; then the next free one will do.
            name = "" if state.name == state.suggested else state.name
            try:
                made = await self._do(partial(_create_device, enrollment, name, state.keep))
            except Cancelled:
                raise _Left from None
            except MfaTuiError as problem:
                state.problem = problem
                self._host.redraw()
            else:
                return made

    async def _scan(self) -> None:
        self._show(Page.SCAN)
        while await self._wait_for_answer() == PageAnswer.BACK:
            await self._leave()

    async def _enable(self, enrollment: Enrollment, made: NewDevice) -> None:
        state = self._state
        self._show(Page.CODES)
        if made.keep != Keep.PHONE:
            await self._retry_until_done(partial(enrollment.enable, made))
            return
        while True:
            if await self._wait_for_answer() == PageAnswer.BACK:
                if state.shows_code:
                    await self._scan()
                    self._show(Page.CODES)
                else:
                    await self._leave()
                continue
            if state.two_codes.codes is None:
                continue
            try:
                await self._do(partial(enrollment.enable, made, state.two_codes.codes))
            except Cancelled:
                await self._leave()
            except MfaTuiError as problem:
                state.problem = problem
            else:
                return
            state.two_codes.clear()
            self._host.redraw()

    async def _verify(self, enrollment: Enrollment, made: NewDevice) -> None:
        state = self._state
        self._show(Page.LOGIN)
        request = enrollment.verification_request(made)
        flow_kind = LoginFlow if state.writes else UserLoginFlow
        while True:
            flow = flow_kind(self._host, request, notifies=False, why=_THIRD_CODE)
            if await flow.run():
                state.done = flow.done
                return
            state.problem = flow.problem
            self._host.redraw()
            if await self._wait_for_answer() == PageAnswer.BACK:
                await self._leave()

    async def _remove_old_device(self, user: IamUser, enrollment: Enrollment, made: NewDevice) -> None:
        """Remove the replaced device, if the user agrees."""
        from mfa_tui.ui.dialogs.confirm import Confirm

        old = enrollment.replaces
        if user.has(old):
            what = consequences(user, old)
            question = Confirm(
                f"Remove {what.serial.name} now?",
                [
                    f"{made.serial.name} works, so you can remove {what.serial.name}.",
                    *describe_consequences(user, what, made.serial.name),
                ],
                yes="Remove",
                no="Keep both",
                careful=True,
            )
            if not await self._host.ask(question):
                await self._retry_until_done(partial(enrollment.drop_note, made))
                self._state.old = f"{what.serial.name}, which you keep"
                return

        def work() -> None:
            replace_device(enrollment, made)
            user.load_devices()

        await self._retry_until_done(work)
        self._state.old = f"{MfaSerial(old).name}, which is removed"

    # Parts of the steps.

    async def _leave(self) -> None:
        """Ask what to do with what was begun, and leave: raises _Left. Returns if the user stays after all."""
        from mfa_tui.ui.dialogs.choose import Choose

        made, user = self._state.made, self._state.user
        if made is None or user is None:
            raise _Left
        name = made.serial.name
        if self._state.enabled:
            self._host.notify_success(
                f"{name} is enabled", "No login has confirmed it yet. The next enrollment continues from there."
            )
            raise _Left
        about = ["AWS has created the device. It is not active yet."]
        answers = [
            Answer("Delete it", "Nothing is left of it, here or at AWS."),
            Answer("Keep it for later", "The next enrollment continues with it."),
        ]
        while True:
            answer = await self._host.ask(Choose(f"Leave {name} unfinished?", about, answers, leave="Continue"))
            if answer is None:
                return
            if answer == 1:
                self._host.notify_success(f"{name} is kept for later", "The next enrollment continues with it.")
                raise _Left
            try:
                await self._do(partial(Enrollment(user).abandon, made.serial.text))
            except Cancelled:
                about = ["It may or may not have been deleted."]
            except MfaTuiError as problem:
                about = ["It was not deleted.", " ".join(problem.lines())]
            else:
                self._host.notify_success(f"Deleted {name}", "Nothing is left of it, here or at AWS.")
                raise _Left

    async def _retry_until_done(self, work: Callable[[], T]) -> T:
        """Run *work* until it succeeds, and return its result. Raises _Left if the user gives up."""
        while True:
            try:
                return await self._do(work)
            except Cancelled:
                await self._leave()
            except MfaTuiError as problem:
                self._state.problem = problem
                self._host.redraw()
                if await self._wait_for_answer() == PageAnswer.BACK:
                    await self._leave()

    async def _do(self, work: Callable[[], T]) -> T:
        """Run *work* in a thread, with a cancel scope of its own."""
        action_log = self._app_state.action_log
        scope = action_log.begin(self._name)
        if self._state.user is not None:
            self._state.user.operation = Operation(self._app_state.context, scope, self._report)
        self._state.problem = None
        self._host.redraw()
        try:
            return await self._host.threads.run(work, commits=True)
        finally:
            action_log.end(self._name)
            self._host.redraw()

    async def _wait_for_answer(self) -> str:
        answer = await self._view.wait_for_answer()
        self._state.problem = None
        self._host.redraw()
        return answer

    def _show(self, page: str) -> None:
        self._state.page = page
        self._state.problem = None
        self._host.redraw()

    def _report(self, event: Progress | Notice) -> None:
        """Show what is being done, and each notice once; any thread may call it."""
        if isinstance(event, Progress):
            self._host.report(self._name, event)
        elif event.text not in self._state.notices:
            self._state.notices += (event.text,)
