"""The question what to do on a machine without a keyring: create a vault now, or do without."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.adapters.seeds.store import KEYRING, VAULT
from mfa_tui.errors import Cancelled, MfaTuiError
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Progress
from mfa_tui.services.setup.storage import keyring_problem, use_vault, why_no_vault
from mfa_tui.ui.dialogs.choose import Answer, Choose
from mfa_tui.ui.flows.attempt import attempt

if TYPE_CHECKING:
    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.state.app_state import AppState

WITHOUT = "without"
"""The user does without a vault."""
_CREATE = Answer(
    "Create a vault now", "An encrypted file, which a passphrase opens. Secrets of MFA devices go there, too."
)
_OPEN = Answer("Use the vault", "You open it with its passphrase. Secrets of MFA devices go there, too.")


def can_offer(app_state: AppState, problem: MfaTuiError, *, again: bool = False) -> bool:
    """Whether a vault would help against a *problem* with storing a secret, and was not turned down in this run.

    *again*: it is offered all the same, as the user has asked for something to be stored.
    """
    in_keyring = app_state.context.settings.seed_store == KEYRING and problem.slug.startswith("keyring-")
    return in_keyring and (again or not app_state.without_vault) and not why_no_vault()


async def ensure_store(host: HostScreen, name: str, without: Answer) -> bool:
    """Offer a vault where there is no keyring; returns whether to go on. What else is wrong is found out later.

    The action log shows the work under *name*; *without* is the other answer.
    """
    step = Progress("keyring", "Checking whether this machine can store secrets")
    context = host.app_state.context
    found = await attempt(host, name, lambda scope: (keyring_problem(Operation(context, scope)),), step=step)
    if found is None:
        return False
    (problem,) = found
    if problem is None or not can_offer(host.app_state, problem, again=True):
        return True
    return await offer_vault(host, name, problem, without) == VAULT


async def offer_vault(host: HostScreen, name: str, problem: MfaTuiError, without: Answer) -> str:
    """Ask whether to create a vault, as the keyring has a *problem*, and do so; *without* is the other answer.

    The action log shows the work under *name*. Returns ``VAULT``, ``WITHOUT``, or nothing if the user went back.
    """
    context = host.app_state.context
    about = [problem.what]
    while True:
        vault = (_OPEN if context.vault.exists else _CREATE)._replace(why_not=why_no_vault())
        question = Choose("Where to keep your secrets?", about, [vault, without], leave="Back")
        answer = await host.ask(question)
        if answer != 0:
            host.app_state.without_vault = answer == 1
            return WITHOUT if answer == 1 else ""
        scope = host.app_state.action_log.begin(name)
        host.redraw()
        try:
            await host.threads.run(
                partial(use_vault, Operation(context, scope, partial(host.report, name))), commits=True
            )
        except Cancelled:
            about = [problem.what]
        except MfaTuiError as failure:
            about = failure.lines()
        else:
            return VAULT
        finally:
            host.app_state.action_log.end(name)
            host.redraw()
