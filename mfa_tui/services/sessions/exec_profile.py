"""An environment in which SDKs use a credentials endpoint, whatever the AWS files say."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from mfa_tui.adapters.filesystem import private_files
from mfa_tui.adapters.filesystem.os_errors import as_write_problem
from mfa_tui.adapters.filesystem.temporary_directories import temporary_directory
from mfa_tui.core.awsfiles.awsconfig import DEFAULT, gives_credentials
from mfa_tui.core.profiles.exec_profile import with_empty_profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.services.context import Context


@contextmanager
def hide_default_credentials(context: Context, profile: str) -> Iterator[dict[str, str]]:
    """Keep SDKs from the credentials of ``[default]``, by environment variables; none if it has no credentials.

    They name a profile without credentials, with the settings of *profile*. It is in a copy of the config file, private
    and without secrets, which is deleted when the context ends. The user's own files stay as they are.
    Raises FileProblem, ConfigError (``default-outranks``), WriteProblem.
    """
    aws = context.files.load()
    if not gives_credentials(aws.merged(DEFAULT)):
        yield {}
        return
    name, config = with_empty_profile(aws, profile)
    with ExitStack() as held:
        with as_write_problem("A copy of the config file for the command was not written."):
            directory = held.enter_context(temporary_directory())
            path = os.path.join(directory, "config")
            private_files.write(path, config.render().decode())
        # The first SDK for Go reads the config file only if this is set.
        yield {"AWS_CONFIG_FILE": path, "AWS_PROFILE": name, "AWS_SDK_LOAD_CONFIG": "1"}
