"""All commands. Each is a module with ``run(arguments) -> exit status`` and ``parser()``, imported when it is used."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from mfa_tui.services.context import Context

    Picker = Callable[[Context, str], str | None]
    """Lets a person pick a profile, starting at the one given, and logs in to it. None if nothing was picked."""

COMMANDS = {
    "login": "get a session with MFA for each profile and save it to the AWS files",
    "logout": "remove what login saved, and the cached sessions",
    "list": "list all profiles: kind, account, MFA device, session and time left",
    "code": "show the current code from a stored secret",
    "exec": "run a command with the session in its environment",
    "env": "print the session as variables, for a shell, a file or another program",
    "credential-process": "print the session for AWS SDKs, which run this command themselves",
    "console": "sign in to the AWS console in the browser",
    "use": "switch this shell to a profile (needs shell-init)",
    "shell-init": "print the shell function that use needs, with completion",
    "completion": "print only the completion of commands, options and profile names",
    "device": "manage MFA devices: enroll, list, import, export, replace, remove, back up",
    "keys": "keep long-term access keys off the disk: in the keyring or the vault",
    "audit": "check the account against best practice for MFA and keys",
    "history": "show what was done: logins, changes of devices and keys, with AWS's request IDs",
    "vault": "keep secrets in an encrypted file, where there is no keyring",
    "config": "show and change the settings",
    "doctor": "show what is wrong with your setup, and how to fix it",
    "demo": "try everything on an embedded AWS with throwaway files",
}
_MODULES = {"device": "device.main", "keys": "keys.main", "config": "config.main"}
"""Commands whose module has another name. A dash in a command is an underscore in its module."""


def module_of(command: str) -> ModuleType:
    """Import the module of a command. It has ``run(arguments) -> exit status`` and ``parser()``."""
    # The same as importlib.import_module, but importlib takes longer to load than some commands.
    path = f"mfa_tui.cli.commands.{_MODULES.get(command, command).replace('-', '_')}"
    module: ModuleType = __import__(path, fromlist=("run",))
    return module
