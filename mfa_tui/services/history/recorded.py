"""Marks a use case whose actions the history records."""

from __future__ import annotations

from functools import partial, wraps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ParamSpec, Protocol, TypeVar

    from mfa_tui.services.history.recorder import Action, Recorder

    P = ParamSpec("P")
    R = TypeVar("R")

    class HasHistory(Protocol):
        """The context, as far as it is needed here, which builds on this room."""

        history: Recorder

    class Mark(Protocol):
        """Marks a use case, and leaves its type as it is."""

        def __call__(self, use_case: Callable[P, R]) -> Callable[P, R]:
            """Mark it."""


def nothing_else(_: object) -> str:
    """What is said of a use case that changes something only by its calls to AWS."""
    return ""


def recorded(about: Callable[..., tuple[HasHistory, Action]], words: Callable[[Any], str] = nothing_else) -> Mark:
    """Let the history record what a use case does.

    *about* gets its arguments, and returns the context and the action; *words* gets its result, and says what was done
    in one sentence. They are empty if nothing was done besides calls to AWS.
    """

    def decorate(use_case: Callable[P, R]) -> Callable[P, R]:
        @wraps(use_case)
        def run(*args: P.args, **options: P.kwargs) -> R:
            context, action = about(*args, **options)
            work: Callable[[], R] = partial(use_case, *args, **options)
            return context.history.run(action, work, words)

        return run

    return decorate
