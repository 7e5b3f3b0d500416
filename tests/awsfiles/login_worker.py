"""Logs in at command, in a process that stays.

One line in («PROFILE CODE»; no code where a session is in hand), «ready» out just before the files are written, a line
in to go on, and a line out with what came of it.
"""

import json
import os
import sys
from typing import TYPE_CHECKING

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.errors import MfaTuiError
from mfa_tui.models import Secret
from mfa_tui.services.context import Context
from mfa_tui.services.login.login import log_in
from mfa_tui.services.operation import Operation
from mfa_tui.services.sessions.outcomes import LoginRequest, LoginResult

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig, Edit


class CountingControl(CancelScope):
    """Counts how often it is asked whether to go on: once for each look at a lock that somebody else holds."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def cancelled(self) -> bool:
        self.asked += 1
        return super().cancelled()


def main() -> None:
    context = Context(os.environ, warn=lambda _: None)
    write = context.files.edit
    for line in sys.stdin:
        profile, *code = line.split()
        scope = CountingControl()

        def edit_when_told(
            edit: "Edit",
            *,
            cancelled: "Callable[[], bool] | None" = None,
            waiting: "Callable[[str], None] | None" = None,
            despite_defects: bool = False,
            start: "AwsConfig | None" = None,
            stored: "Collection[str]" = (),
            scope: CountingControl = scope,
        ) -> bool:
            say("ready")
            sys.stdin.readline()
            scope.asked = 0
            return write(
                edit,
                cancelled=cancelled,
                waiting=waiting,
                despite_defects=despite_defects,
                start=start,
                stored=stored,
            )

        context.files.edit = edit_when_told  # type: ignore[method-assign]
        request = LoginRequest(profile=profile, code=Secret(code[0]) if code else None)
        try:
            outcome = log_in(Operation(context, scope), request)
        except MfaTuiError as error:
            say(json.dumps({"error": error.lines()}))
        else:
            assert isinstance(outcome, LoginResult)
            say(json.dumps({"key": outcome.session.access_key_id, "waited": scope.asked > 0}))


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


main()
