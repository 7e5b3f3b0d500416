"""The recorder: what the use cases do becomes entries of the history, each with the calls to AWS that it made.

A use case is marked with ``recorded``; nothing else calls the recorder. What it does in the meantime, in the same
thread, belongs to its entry, other use cases included. A call that changes something and belongs to none has an entry
of its own, so that nothing is done at AWS without one. An action that makes no such call and changes nothing here is
none: a session that is handed out again, for example.

Importing this loads next to nothing; the entries and the database are loaded for the first entry.
"""

from __future__ import annotations

from contextlib import suppress
from contextvars import ContextVar

from mfa_tui.errors import AwsRefused, Cancelled, Exit, MfaTuiError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.adapters.history.log import HistoryLog
    from mfa_tui.core.aws.api_call import ApiCall
    from mfa_tui.core.history.entry import Entry

    T = TypeVar("T")


class Action:
    """An action that is going on."""

    __slots__ = ("calls", "name", "profile", "user")

    def __init__(self, name: str, profile: str, user: str = "") -> None:
        self.name = name
        """What is done: one of ``core.history.entry.ACTIONS``."""
        self.profile = profile
        """The profile that is used; empty for all."""
        self.user = user
        """The IAM user that an administrator acts for; empty if it is the own one."""
        self.calls: list[tuple[Caller, ApiCall]] = []
        """The calls to AWS so far."""


_current: ContextVar[Action | None] = ContextVar("current action", default=None)


class Recorder:
    """Makes entries of actions."""

    def __init__(self, paths: Paths, now: Callable[[], float], days: Callable[[], int]) -> None:
        """*now* is AWS's time, in seconds since the epoch. *days*: how long entries are kept; 0 for no history."""
        self._paths = paths
        self._now = now
        self._days = days
        self._log: HistoryLog | None = None
        self._arns: dict[str, str] = {}

    @property
    def log(self) -> HistoryLog:
        """The database."""
        if self._log is None:
            from mfa_tui.adapters.history.log import HistoryLog

            self._log = HistoryLog(self._paths)
        return self._log

    def entries(self, *, profile: str | None = None, since: float = 0.0, limit: int | None = None) -> list[Entry]:
        """The entries, the latest first; see :meth:`HistoryLog.entries`, which raises WriteProblem."""
        found = self.log.entries(self._days(), self._now(), profile=profile, since=since, limit=limit)
        for entry in found:
            if entry.arn:
                self._arns.setdefault(entry.signer, entry.arn)
        return [self.with_known_arn(entry) for entry in found]

    def with_known_arn(self, entry: Entry) -> Entry:
        """*entry* with who made its calls, if that is known by now."""
        return entry if entry.arn or not entry.signer else entry._replace(arn=self._arns.get(entry.signer, ""))

    def add_call(self, caller: Caller, call: ApiCall) -> None:
        """Record a call to AWS that was made."""
        self._learn_arn(caller, call)
        action = _current.get()
        if action is not None:
            action.calls.append((caller, call))
        elif call.changes:
            action = Action(f"{call.service}:{call.action}", caller.profile)
            action.calls.append((caller, call))
            self._add(action)

    def run(self, action: Action, work: Callable[[], T], words: Callable[[Any], str]) -> T:
        """Return the result of *work*, whose entry is *action*; *words* says of the result what was done.

        They are empty if nothing was done besides calls to AWS.
        """
        if _current.get() is not None:
            return work()
        before = _current.set(action)
        try:
            done = work()
        except BaseException as error:
            failed = isinstance(error, MfaTuiError) and error.exit_status == Exit.REFUSED
            if failed or _changes(action):
                self._add(action, error)
            raise
        finally:
            _current.reset(before)
        self._add(action, words=lambda: words(done))
        return done

    def set_profile(self, name: str) -> None:
        """The action that is going on is one of the profile *name*, which was known by another name."""
        action = _current.get()
        if action is not None:
            action.profile = name

    def _add(self, action: Action, error: BaseException | None = None, words: Callable[[], str] = lambda: "") -> None:
        """Add the entry of an action that is over, unless it did nothing."""
        # Whatever may be wrong with the history, it is no reason to fail.
        with suppress(Exception):
            text = words()
            if text or error is not None or _changes(action):
                self.log.add(self._entry(action, error, text), self._days(), self._now())

    def _entry(self, action: Action, error: BaseException | None, text: str) -> Entry:
        from mfa_tui.core.aws.api_call import NO_ANSWER
        from mfa_tui.core.history.call_sentences import done_sentences
        from mfa_tui.core.history.entry import Entry, Result, decisive_call

        calls = tuple(call for _, call in action.calls)
        changing = [call for call in calls if call.changes]
        result = Result.DONE
        if isinstance(error, AwsRefused):
            result = Result.REFUSED
        elif error is not None:
            by_user = isinstance(error, Cancelled | KeyboardInterrupt)
            result = Result.CANCELLED if by_user else Result.FAILED
        elif changing and not text and all(call.error for call in changing):
            # The use case does without.
            result = Result.FAILED if changing[-1].error == NO_ANSWER else Result.REFUSED
            text = changing[-1].message
        decisive = decisive_call(calls, refused=result != Result.DONE)
        caller = next((caller for caller, call in action.calls if call is decisive), None)
        ours = error if isinstance(error, MfaTuiError) else None
        return Entry(
            at=int(self._now()),
            profile=action.profile,
            action=action.name,
            result=result,
            text=ours.what if ours is not None else text or done_sentences(calls),
            why=ours.why if ours is not None else "",
            error=ours.slug if ours is not None else ("unexpected" if error is not None else ""),
            user=action.user,
            arn=self._arns.get(_identity(caller), "") if caller is not None else "",
            signer=_signer(caller) if caller is not None else "",
            calls=calls,
        )

    def _learn_arn(self, caller: Caller, call: ApiCall) -> None:
        """Remember who the caller is, if AWS's answer says it."""
        if call.arn:
            self._arns[_identity(caller)] = call.arn


def _changes(action: Action) -> bool:
    return any(call.changes for _, call in action.calls)


def _identity(caller: Caller) -> str:
    """What identifies who a caller is: a session of an IAM user is the user."""
    return "\n".join((caller.keys.source_key_id, *getattr(caller.keys, "roles", ())))


def _signer(caller: Caller) -> str:
    keys = caller.keys
    return keys.access_key_id if getattr(keys, "roles", ()) or " " in keys.source_key_id else keys.source_key_id
