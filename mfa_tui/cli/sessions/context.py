"""The context of a command: this process's environment, with warnings on standard error."""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem.own_directories import repair_directories
from mfa_tui.cli.terminal import output
from mfa_tui.core.shells.variables import exported_settings, restored_user_values
from mfa_tui.services.context import Context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.models import Secret
    from mfa_tui.services.operation import Operation
    from mfa_tui.services.progress import Notice, Progress


def open_context(*, secrets: bool = False, warn: Callable[[str], None] = output.warn) -> Context:
    """Make the services' context. *secrets* says that secrets, codes or tokens will be in memory.

    Variables that we exported to the shell with another profile's keys, such as its endpoint, are removed from this
    process's environment. The user's own values that they replaced are restored.
    Raises ConfigError if the settings file is invalid.
    """
    for name in exported_settings(os.environ)[0]:
        os.environ.pop(name, None)
    os.environ.update(restored_user_values(os.environ))
    if secrets:
        from mfa_tui.adapters.system.process import protect_memory

        protect_memory()
    context = Context(os.environ, warn=warn)
    if os.environ.get("MFA_TUI_CONFIG") and not os.path.exists(context.paths.settings):
        from mfa_tui.core.problems.catalogue import problem

        missing = problem("settings-missing", path=context.paths.settings)
        warn(f"{missing.what} {missing.why}")
    for warning in repair_directories(context.paths):
        warn(warning)
    context.prompts.ask_passphrase = _passphrase_asker()
    context.prompts.may_use_terminal = _terminal_is_free
    context.prompts.report_progress = _show
    return context


def new_operation(context: Context) -> Operation:
    """The operation of one action: its progress and notices are printed to standard error."""
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.services.operation import Operation

    return Operation(context, CancelScope(), show_event)


def show_event(event: Progress | Notice) -> None:
    """Print a notice, and progress: waits always, other steps only if a person is watching."""
    from mfa_tui.services.progress import Notice

    if isinstance(event, Notice):
        output.print_notices((event.text,))
    elif event.phase in ("waiting", "touch"):
        output.say(f"{event.text} …")
    else:
        output.remark(f"{event.text} …")


def _passphrase_asker() -> Callable[[bool], Secret | None]:
    """A function that asks for the vault's passphrase. Its module is imported only when that is needed."""
    asker: list[Callable[[bool], Secret | None]] = []

    def ask(new: bool) -> Secret | None:
        from mfa_tui.cli.terminal.passphrases import VaultPassphrase

        if not asker:
            asker.append(VaultPassphrase())
        return asker[0](new)

    return ask


def _show(what: str) -> None:
    output.remark(f"{what} …")


def _terminal_is_free() -> bool:
    """Whether a program that we start may read the terminal: standard input is the terminal, and we are in front."""
    from mfa_tui.cli.terminal import tty

    return tty.is_interactive()
