"""All commands. Each is a module with ``run(arguments) -> int`` and ``parser()``, imported on use."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from mfa_tui.services.context import Context

    Picker = Callable[[Context, str], str | None]
    """Lets a person pick a profile and logs in to it; the cursor starts on the one named. None: nothing picked."""

COMMANDS = {
    "login": "a session with MFA for each profile, written to the AWS files",
    "logout": "remove what login wrote, and the cached sessions",
    "list": "all profiles: kind, account, MFA device, session and time left",
    "code": "the current code of a stored secret",
    "exec": "run a command with the session in its environment",
    "env": "the session as variables: for eval, for a file, for another program",
    "credential-process": "the session for AWS SDKs, which run this themselves",
    "use": "switch the profile of this shell (after shell-init)",
    "shell-init": "the shell function that use needs, with completion",
    "completion": "completion of commands, options and profile names alone",
    "device": "MFA devices: enroll, list, import, export, replace, remove, back up",
    "vault": "keep the secrets in an encrypted file, where there is no keyring",
    "doctor": "what is wrong with this set-up, and how to mend it",
    "demo": "everything, on an embedded AWS with throw-away files",
}
_MODULES = {"device": "device.main"}
"""Commands whose module does not have their name. A dash in a name is an underscore there."""


def module_of(command: str) -> ModuleType:
    """The module of a command: it has ``run(arguments) -> exit status`` and ``parser()``."""
    # As importlib.import_module does, whose own package costs more than some of the commands' modules.
    path = f"mfa_tui.cli.commands.{_MODULES.get(command, command).replace('-', '_')}"
    module: ModuleType = __import__(path, fromlist=("run",))
    return module
