"""Where secrets can be kept on this machine: the keyring, or a vault that is created for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.secretstores.age import require_age
from mfa_tui.adapters.seeds.store import KEYRING, VAULT
from mfa_tui.core.settings.key_names import parse_key
from mfa_tui.errors import KeyringProblem, UsageError
from mfa_tui.services.settings.change import set_value

if TYPE_CHECKING:
    from mfa_tui.services.operation import Operation


def keyring_problem(operation: Operation) -> KeyringProblem | None:
    """Why the keyring cannot keep a secret; None if it can, or if the settings name the vault. Stores a trial.

    Raises Cancelled, WriteProblem, and KeyringProblem (``seeds-index``).
    """
    context = operation.context
    if context.settings.seed_store != KEYRING:
        return None
    operation.progress("keyring", "Checking whether this machine can store secrets")
    context.seeds.check_index()
    try:
        context.seeds.check_storage(operation.cancel)
    except KeyringProblem as problem:
        return problem
    return None


def why_no_vault() -> str:
    """Why no vault can be used on this machine; empty if one can."""
    try:
        require_age("The vault needs the age format.")
    except UsageError as problem:
        return " ".join(problem.lines())
    return ""


def use_vault(operation: Operation) -> None:
    """Open the vault, after creating it if there is none, and let the settings say that new secrets go there.

    Raises what Vault raises, ConfigError (``settings-…``), WriteProblem.
    """
    context = operation.context
    operation.progress("keyring", "Opening the vault" if context.vault.exists else "Creating the vault")
    context.vault.open(operation.cancel)
    set_value(context.paths, parse_key("seed_store"), VAULT)
    context.settings.seed_store = VAULT
    context.use_settings(context.settings)
