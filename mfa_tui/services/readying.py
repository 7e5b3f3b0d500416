"""Noting which session a profile means, for the next command that asks for it (see ``adapters.ready``)."""

from __future__ import annotations

from mfa_tui.adapters.ready import fingerprint, note
from mfa_tui.core.credentialprocess import renew_below
from mfa_tui.core.environment import settings_variables
from mfa_tui.core.expiry import margin_for
from mfa_tui.services.names import source_profile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.models import Session
    from mfa_tui.services.context import Context


class Readying:
    """To be made before the AWS files are read, so that a change meanwhile is not taken for what was read."""

    def __init__(self, context: Context, name: str | None) -> None:
        self._context = context
        self._name = name
        self._files = fingerprint(context.paths)

    def note(self, session: Session) -> dict[str, str]:
        """Note that the name means *session*; returns the variables that stand for the profile's settings.

        Raises ConfigError where the name means nothing (any more).
        """
        context = self._context
        aws = context.files.load()
        profile = source_profile(aws, self._name, context.env, context.settings.target_pattern)
        variables = settings_variables(aws.merged(profile))
        if self._name is not None:
            note(
                context.paths,
                self._name,
                files=self._files,
                session=session.name,
                renew_below=renew_below(session.duration),
                margin=int(margin_for(session.duration, context.settings.margin)),
                profile=profile,
                variables=variables,
            )
        return variables
