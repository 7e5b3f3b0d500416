"""The login of one profile: calls the use case until it has all that it needs, and asks for that in the code dialog."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.errors import Cancelled, MfaTuiError, UsageError
from mfa_tui.services.login.login import log_in
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Awaits
from mfa_tui.services.sessions.device_discovery import find_devices_of
from mfa_tui.services.sessions.obtain import NEW, get_session
from mfa_tui.services.sessions.outcomes import (
    Continuation,
    LoginRequest,
    LoginResult,
    NeedsCode,
    NeedsConsent,
    NeedsSerial,
    ObtainedSession,
)
from mfa_tui.ui.text.spans import format_time

if TYPE_CHECKING:
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.models import Secret
    from mfa_tui.services.sessions.outcomes import Outcome
    from mfa_tui.ui.codes.code_dialog import Answer, CodeDialog
    from mfa_tui.ui.flows.host_screen import HostScreen

_RETRIED = (AwsErrorKind.CODE, AwsErrorKind.SERIAL)
"""AWS's answers to a wrong code or device: the dialog stays open for another attempt."""


class _NeedsUser(Exception):
    """The login would have to ask, but the user did not start it."""


class LoginFlow:
    """One login of one profile, from the first question to the session."""

    def __init__(
        self,
        host: HostScreen,
        request: LoginRequest,
        *,
        asks: bool = True,
        notifies: bool = True,
        reloads: bool = True,
        why: str = "",
        continuation: Continuation = NEW,
    ) -> None:
        """*asks*: it may open dialogs, as the user has started it. *notifies*: a notification shows its success.

        *reloads*: the AWS files are read again at the end; otherwise the caller does that. *why* says in the dialog why
        a code is needed, where that is not obvious.
        """
        self._host = host
        self._name = request.profile or ""
        self._request = request
        self._scope: CancelScope = host.app_state.action_log.begin(self._name)
        self._operation = Operation(host.app_state.context, self._scope, partial(host.report, self._name))
        self._continuation = continuation
        self._asks = asks
        self._notifies = notifies
        self._reloads = reloads
        self._why = why
        self.done: LoginResult | None = None
        """The session; None until the flow has run, or if there is none."""
        self.problem: MfaTuiError | None = None
        """Why the login failed; None if it was cancelled, too."""
        self._dialog: CodeDialog | None = None
        self._refusal: MfaTuiError | None = None
        self._refused_used: set[Secret] = set()
        # Each login runs a credential process again.
        host.app_state.context.given.clear()

    def start_with(self, digits: str) -> None:
        """Open the code dialog at once, with the first digits of the code, which were typed already."""
        self._request = self._request._replace(type_code=True, renew=True)
        self._open_dialog().take(digits)

    async def run(self) -> bool:
        """Run the login; returns whether there is a session."""
        action_log = self._host.app_state.action_log
        try:
            self.done = done = await self._get_session()
            if self._reloads:
                await self._host.reload()
            action_log.end(self._name, notices=done.notices, unsaved_serial=done.unsaved_serial)
        except Cancelled:
            if self._refusal is None:
                action_log.cancel(self._name)
            else:
                # What AWS said is still true, and the dialog that showed it is gone.
                action_log.end(self._name, problem=self._refusal)
        except _NeedsUser as reason:
            action_log.end(self._name, notices=(f"The session was not renewed. {reason}",))
        except MfaTuiError as problem:
            self.problem = problem
            action_log.end(self._name, problem=problem, automatic=not self._asks)
        if self._dialog is not None:
            self._dialog.close()
        if self.done is not None and self._asks and self._notifies:
            self._show_success(self.done)
        self._host.redraw()
        return self.done is not None

    async def _get_session(self) -> LoginResult:
        request = self._request
        while True:
            try:
                outcome = await self._call_once(request)
            except MfaTuiError as problem:
                if self._dialog is None or not _can_retry(problem):
                    raise
                self._host.app_state.action_log.set_progress(self._name, None, awaits=Awaits.CODE)
                self._dialog.refuse(problem)
                self._refusal = problem
                if problem.slug == "code-used" and request.code is not None:
                    self._refused_used.add(request.code)
                request = await self._wait_for_answer(request._replace(code=None))
                continue
            if isinstance(outcome, LoginResult):
                return outcome
            request = await self._ask(outcome)

    async def _call_once(self, request: LoginRequest) -> Outcome:
        call = partial(self.call, self._operation, request, self._continuation)
        outcome = await self._host.threads.run(call, commits=True)
        if not isinstance(outcome, LoginResult):
            self._continuation = outcome.continuation
        return outcome

    def call(self, operation: Operation, request: LoginRequest, continuation: Continuation) -> Outcome:
        """Call the use case once, in a thread."""
        return log_in(operation, request, continuation)

    async def _ask(self, need: NeedsCode | NeedsSerial | NeedsConsent) -> LoginRequest:
        """Ask for what is needed; returns the request with the answer. Raises Cancelled."""
        self._scope.check()
        awaits = Awaits.CONSENT if isinstance(need, NeedsConsent) else Awaits.CODE
        self._host.app_state.action_log.set_progress(self._name, None, awaits=awaits)
        if not self._asks:
            raise _NeedsUser(_missing(need))
        if isinstance(need, NeedsConsent):
            from mfa_tui.ui.dialogs.confirm import consent

            if not await self._host.ask(consent(need)):
                raise Cancelled
            return need.request._replace(overwrite=True)
        if self._dialog is None:
            self._host.redraw()
            waited = await self._host.wait_for_turn()
            self._scope.check()
            if waited and isinstance(need, NeedsCode):
                # The code that was typed meanwhile may do for this login, too.
                return need.request
        dialog = self._dialog or self._open_dialog()
        if isinstance(need, NeedsSerial):
            dialog.choose(need.devices, why=need.why)
            return await self._wait_for_answer(need.request._replace(type_code=False))
        dialog.use(need.serial.text, why=need.why or self._why)
        try:
            return await self._wait_for_answer(need.request._replace(type_code=False))
        except Cancelled:
            # The code was optional: without it, AWS's refusal is final.
            raise need.refusal or Cancelled from None

    async def _wait_for_answer(self, request: LoginRequest) -> LoginRequest:
        if self._dialog is None:
            raise AssertionError("no dialog is open")
        self._host.redraw()
        answer = await self._dialog.answer()
        if answer is None:
            raise Cancelled
        # A used code that the dialog has refused is sent if the user types it again.
        return with_answer(request, answer)._replace(spare_used=answer.code not in self._refused_used)

    def _open_dialog(self) -> CodeDialog:
        from mfa_tui.ui.codes.code_dialog import CodeDialog

        app_state, scope = self._host.app_state, self._scope
        row = app_state.row(self._name)

        async def discover() -> list[str] | str:
            operation = Operation(app_state.context, scope)
            found = await self._host.threads.run(
                lambda: find_devices_of(operation, app_state.context.resolve(self._name))
            )
            return found if isinstance(found, str) else [device.serial.text for device in found]

        self._dialog = CodeDialog(
            self._name,
            row.profile.serial if row else None,
            stored=app_state.context.seeds.serials(),
            now=app_state.now,
            discover=discover,
            cancel=scope.cancel,
            saves=self._request.remember_serial,
            sends=app_state.context.settings.send_codes,
        )
        self._host.open_dialog(self._dialog)
        # While the user types.
        self._host.preload_aws(self._name)
        return self._dialog

    def _show_success(self, done: LoginResult) -> None:
        app_state = self._host.app_state
        app_state.codes.forget(done.session.serial if app_state.codes.problem(done.session.serial) else "")
        app_state.keep_alive.retry_now()
        app_state.count_use(self._name)
        until = format_time(done.session.expires_at, app_state.now())
        if self._request.process is not None:
            how = "AWS tools get it from mfa-tui, which renews it." if done.process else "It holds the keys again."
            self._host.notify_success(f"Set up [{done.target}]", how)
        elif done.kept and done.saved_before:
            hint = f"Already logged in until {until}. Press {app_state.keys['renew']} to renew."
            self._host.notify_success(self._name, hint)
        elif self._host.shown_profile != self._name:
            self._host.notify_success(f"Logged in to {self._name}", f"Saved as {done.target}, valid until {until}.")


class UserLoginFlow(LoginFlow):
    """Gets a session of the user itself, and keeps it in the cache only.

    IAM requires it for changing MFA devices; it also tests a device that no profile will name.
    """

    obtained: ObtainedSession | None = None
    """The session; None until the flow has run, or if there is none."""

    def call(self, operation: Operation, request: LoginRequest, continuation: Continuation) -> Outcome:
        """Call the use case once, in a thread; nothing is written to the AWS files."""
        outcome = get_session(operation, request, continuation)
        if isinstance(outcome, ObtainedSession):
            self.obtained = outcome
            return LoginResult(outcome.profile.name, "", outcome.session, outcome.kept, saved_before=outcome.kept)
        return outcome


def with_answer(request: LoginRequest, answer: Answer) -> LoginRequest:
    """The request with the dialog's answer. An answer without a code means the stored secret."""
    return request._replace(
        code=answer.code,
        serial=answer.serial or request.serial,
        remember_serial=answer.remember or request.remember_serial,
    )


def _missing(need: NeedsCode | NeedsSerial | NeedsConsent) -> str:
    """Why the user is needed, in a sentence."""
    if isinstance(need, NeedsConsent):
        return f"[{need.target}] holds {need.what}."
    if isinstance(need, NeedsSerial):
        return need.why or "It is not known which MFA device to use."
    return need.why or f"It needs a code from {need.serial.name}."


def _can_retry(problem: MfaTuiError) -> bool:
    return isinstance(problem, UsageError) or problem.slug in _RETRIED
