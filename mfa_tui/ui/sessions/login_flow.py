"""Logging in: the use case's loop over what it needs, with the code dialog."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.errors import Cancelled, MfaTuiError, UsageError
from mfa_tui.services.listing.preferences import update_preferences
from mfa_tui.services.login.login import log_in
from mfa_tui.services.operation import Operation
from mfa_tui.services.sessions.device_discovery import find_devices_of
from mfa_tui.services.sessions.obtain import NEW, get_session
from mfa_tui.services.sessions.outcomes import (
    Continuation,
    Done,
    LoginRequest,
    NeedsCode,
    NeedsConsent,
    NeedsSerial,
    Obtained,
)
from mfa_tui.ui.text.spans import format_time

if TYPE_CHECKING:
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.models import Secret
    from mfa_tui.services.sessions.outcomes import Outcome
    from mfa_tui.ui.codes.code_dialog import Answer, CodeDialog
    from mfa_tui.ui.flows.host_screen import HostScreen

_ASKED_AGAIN = (AwsErrorKind.CODE, AwsErrorKind.SERIAL)
"""What AWS says of a wrong code or device: the dialog stays, so that another can be given."""


class _NotAsked(Exception):
    """The login would have had to ask, and nobody has asked for it."""


class LoginFlow:
    """One login of one profile, from the key to the session."""

    def __init__(
        self,
        host: HostScreen,
        request: LoginRequest,
        *,
        asks: bool = True,
        tells: bool = True,
        reloads: bool = True,
        why: str = "",
        continuation: Continuation = NEW,
    ) -> None:
        """``asks``: the user has begun it; otherwise no dialog is opened. ``tells``: its success is shown.

        ``reloads``: the list is read again afterwards; without, the caller does that. ``why`` says in the dialog why a
        code is asked for, where that is not plain. Afterwards ``done`` or ``problem`` say how it went; neither, if it
        was cancelled.
        """
        self._host = host
        self._name = request.profile or ""
        self._request = request
        self._control: CancelScope = host.app_state.action_log.begin(self._name)
        self._operation = Operation(host.app_state.context, self._control, partial(host.report, self._name))
        self._continuation = continuation
        self._asks = asks
        self._tells = tells
        self._reloads = reloads
        self._why = why
        self.done: Done | None = None
        self.problem: MfaTuiError | None = None
        self._dialog: CodeDialog | None = None
        self._named: set[Secret] = set()
        # A credential process is asked again by each login.
        host.app_state.context.given.clear()

    def typed(self, digits: str) -> None:
        """The code's first digits were typed already: its dialog is there at once, whatever else must be found out."""
        self._request = self._request._replace(type_code=True, renew=True)
        self._open().take(digits)

    async def run(self) -> bool:
        """To the end, whatever that is; returns whether there is a session."""
        action_log = self._host.app_state.action_log
        try:
            self.done = done = await self._to_the_end()
            if self._reloads:
                await self._host.reload()
            action_log.end(self._name, notices=done.notices, unsaved_serial=done.unsaved_serial)
        except Cancelled:
            action_log.end(self._name)
        except _NotAsked as reason:
            action_log.end(self._name, notices=(f"The session was not renewed. {reason}",))
        except MfaTuiError as problem:
            self.problem = problem
            action_log.end(self._name, problem=problem, automatic=not self._asks)
        if self._dialog is not None:
            self._dialog.close()
        if self.done is not None and self._asks and self._tells:
            self._tell(self.done)
        self._host.redraw()
        return self.done is not None

    async def _to_the_end(self) -> Done:
        request = self._request
        while True:
            try:
                outcome = await self._attempt(request)
            except MfaTuiError as problem:
                if self._dialog is None or not _asked_again(problem):
                    raise
                self._host.app_state.action_log.set_progress(self._name, None)
                self._dialog.refuse(problem)
                if problem.slug == "code-used" and request.code is not None:
                    self._named.add(request.code)
                request = await self._answered(request._replace(code=None))
                continue
            if isinstance(outcome, Done):
                return outcome
            request = await self._asked(outcome)

    async def _attempt(self, request: LoginRequest) -> Outcome:
        attempt = partial(self.attempt, self._operation, request, self._continuation)
        outcome = await self._host.threads.run(attempt, commits=True)
        if not isinstance(outcome, Done):
            self._continuation = outcome.continuation
        return outcome

    def attempt(self, operation: Operation, request: LoginRequest, continuation: Continuation) -> Outcome:
        """One call of the use case; in a thread."""
        return log_in(operation, request, continuation)

    async def _asked(self, need: NeedsCode | NeedsSerial | NeedsConsent) -> LoginRequest:
        """The request with the answer to what is needed. Raises Cancelled."""
        self._control.check()
        self._host.app_state.action_log.set_progress(self._name, None)
        if not self._asks:
            raise _NotAsked(_lack(need))
        if isinstance(need, NeedsConsent):
            from mfa_tui.ui.dialogs.confirm import consent

            if not await self._host.ask(consent(need)):
                raise Cancelled
            return need.request._replace(overwrite=True)
        if self._dialog is None:
            self._host.redraw()
            waited = await self._host.wait_for_turn()
            self._control.check()
            if waited and isinstance(need, NeedsCode):
                # The code that was given meanwhile may have opened this one, too.
                return need.request
        dialog = self._dialog or self._open()
        if isinstance(need, NeedsSerial):
            dialog.choose(need.devices, why=need.why)
            return await self._answered(need.request._replace(type_code=False))
        dialog.use(need.serial.text, why=need.why or self._why)
        try:
            return await self._answered(need.request._replace(type_code=False))
        except Cancelled:
            # A code was only offered: without it, what AWS has refused stays refused.
            raise need.refusal or Cancelled from None

    async def _answered(self, request: LoginRequest) -> LoginRequest:
        if self._dialog is None:
            raise AssertionError("no dialog is open")
        self._host.redraw()
        answer = await self._dialog.answer()
        if answer is None:
            raise Cancelled
        # One that was named is sent all the same if it is typed again.
        return with_answer(request, answer)._replace(spare_used=answer.code not in self._named)

    def _open(self) -> CodeDialog:
        from mfa_tui.ui.codes.code_dialog import CodeDialog

        app_state, control = self._host.app_state, self._control
        row = app_state.row(self._name)

        async def discover() -> list[str] | str:
            operation = Operation(app_state.context, control)
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
            cancel=control.cancel,
        )
        self._host.open_dialog(self._dialog)
        return self._dialog

    def _tell(self, done: Done) -> None:
        app_state = self._host.app_state
        app_state.codes.forget(done.session.serial if app_state.codes.problem(done.session.serial) else "")
        app_state.keep_alive.retry_now()
        update_preferences(app_state.context.paths, lambda now: now.with_last_used(self._name))
        until = format_time(done.session.expires_at, app_state.now())
        if self._request.process is not None:
            how = "AWS tools get it from mfa-tui, which renews it." if done.process else "It holds the keys again."
            self._host.notify_success(f"Set up [{done.target}]", how)
        elif done.kept:
            hint = f"Already logged in until {until}. Press {app_state.keys['renew']} to renew."
            self._host.notify_success(self._name, hint)
        else:
            self._host.notify_success(f"Logged in to {self._name}", f"Saved as {done.target}, valid until {until}.")


class UserLoginFlow(LoginFlow):
    """A session of the user itself, written nowhere but in the cache.

    It is the one that IAM wants before it changes devices, and that proves a device which no profile is to name.
    ``obtained`` is what it came to.
    """

    obtained: Obtained | None = None

    def attempt(self, operation: Operation, request: LoginRequest, continuation: Continuation) -> Outcome:
        """As login, without a target."""
        outcome = get_session(operation, request, continuation)
        if isinstance(outcome, Obtained):
            self.obtained = outcome
            return Done(outcome.profile.name, "", outcome.session, outcome.kept)
        return outcome


def with_answer(request: LoginRequest, answer: Answer) -> LoginRequest:
    """The request with what the dialog answered. An answer without a code leaves it to the stored seed."""
    return request._replace(
        code=answer.code,
        serial=answer.serial or request.serial,
        remember_serial=answer.remember or request.remember_serial,
    )


def _lack(need: NeedsCode | NeedsSerial | NeedsConsent) -> str:
    """Why it does not go without a person, in a sentence."""
    if isinstance(need, NeedsConsent):
        return f"[{need.target}] holds {need.what}."
    if isinstance(need, NeedsSerial):
        return need.why or "It is not known which MFA device to use."
    return need.why or f"It needs a code from {need.serial.name}."


def _asked_again(problem: MfaTuiError) -> bool:
    return isinstance(problem, UsageError) or problem.slug in _ASKED_AGAIN
