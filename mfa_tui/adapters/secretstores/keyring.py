"""The OS keyring: which backend we use, how long it may take, and what its failures mean.

keyring (25.7) cannot list entries, silently falls back to plain text if keyrings.alt is installed, and blocks while a
locked Secret Service shows its password dialog. So every call runs in a thread of its own, one at a time, with a time
limit, on a backend from the list below or one that the user chose.
"""

from __future__ import annotations

import contextlib
import os
from _thread import allocate_lock

from mfa_tui.adapters.secretstores import secret_service
from mfa_tui.adapters.system.cancellation import CancelScope, TimedOut
from mfa_tui.errors import KeyringProblem
from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from keyring.backend import KeyringBackend

    T = TypeVar("T")

TIMEOUT = 30.0
"""Seconds for one keyring call: a locked keyring may be showing its own password dialog meanwhile."""
_SAFE = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)
"""Modules of backends that keep secrets encrypted with the user's login."""
_DEMO = "mfa_tui.demo."
_THROWN_AWAY = ("run", "thrown-away")
_VAULT = 'set seed_store = "vault": a file that a passphrase opens once per run.'
"""What to do on a machine without a keyring."""
_one_at_a_time = allocate_lock()


class KeyringStore:
    """The keyring of one user.

    Every method raises KeyringProblem: ``keyring-missing``, ``keyring-unsafe``, ``keyring-named``, ``keyring-locked``,
    ``keyring-timeout``, ``keyring-failed``; and Cancelled.
    *warn* is called, once, if the user chose a backend that keeps secrets in plain text or not at all.
    """

    def __init__(self, env: Mapping[str, str], warn: Callable[[str], None], *, timeout: float = TIMEOUT) -> None:
        self._named = env.get("PYTHON_KEYRING_BACKEND", "")
        self._warn = warn
        self._warned = False
        self._timeout = timeout

    would_ask = False
    """Whether the next call asks for a passphrase: never, a locked keyring asks by itself or fails."""

    def open(self, cancel: CancelScope) -> None:
        """Make sure that the keyring answers, which unlocks it if it is locked."""
        self.get("mfa-tui", "trial", cancel)

    def get(self, service: str, user: str, cancel: CancelScope) -> Secret | None:
        """Load the secret of *user*; None if there is none."""

        def read(backend: KeyringBackend) -> Secret | None:
            text = backend.get_password(service, user)
            return None if text is None else Secret(text)

        return self._call(read, cancel, directly=lambda: secret_service.read(service, user))

    def put(self, service: str, user: str, secret: Secret, cancel: CancelScope) -> None:
        """Store *secret* for *user*, and read it back. Also raises KeyringProblem ``keyring-null``."""

        def write(backend: KeyringBackend) -> bool:
            if _module_of(backend).startswith("keyring.backends.Windows"):
                # Overwriting would leave the old secret under another name.
                with contextlib.suppress(Exception):
                    backend.delete_password(service, user)
            backend.set_password(service, user, secret.reveal())
            return backend.get_password(service, user) == secret.reveal()

        if not self._call(write, cancel):
            raise KeyringProblem(
                "keyring-null",
                "The keyring accepted the secret but did not keep it.",
                "A null or volatile keyring backend does that.",
                "Choose another backend (keyring --list-backends shows them), or type the code at each login.",
            )

    def delete(self, service: str, user: str, cancel: CancelScope) -> None:
        """Delete the secret of *user*, which must exist."""
        self._call(lambda backend: backend.delete_password(service, user), cancel)

    def problem(self, cancel: CancelScope) -> KeyringProblem | None:
        """What would keep us from storing or reading secrets; None if nothing would. Opens no dialog.

        Raises Cancelled.
        """
        try:
            self._call(_probe, cancel, directly=secret_service.probe)
        except KeyringProblem as problem:
            return problem
        return None

    def _call(
        self, work: Callable[[KeyringBackend], T], cancel: CancelScope, directly: Callable[[], T] | None = None
    ) -> T:
        """Run *work* with the backend, within the time limit, and turn its failures into KeyringProblem.

        *directly* does the same without keyring, where the backend is a Secret Service; if it fails, *work* is run.
        """

        def guarded() -> T:
            with _one_at_a_time:
                if directly is not None and self._is_secret_service():
                    with contextlib.suppress(Exception):  # D-Bus fails in many ways; keyring will say why
                        return directly()
                backend = self._backend()
                try:
                    return work(backend)
                except KeyringProblem:
                    raise
                except Exception as error:  # noqa: BLE001 - errors of D-Bus and Windows are not KeyringErrors
                    raise _error_for(error) from None

        try:
            return cancel.run(guarded, self._timeout)
        except TimedOut:
            raise KeyringProblem(
                "keyring-timeout",
                f"The keyring did not answer within {self._timeout:.0f} s.",
                "It is locked and may be waiting for its password in a window of its own.",
                "Unlock it and try again, or type the code: mfa-tui login --code CODE",
            ) from None

    def _is_secret_service(self) -> bool:
        return self._named in ("", secret_service.BACKEND) and secret_service.is_the_backend(os.environ)

    def _backend(self) -> KeyringBackend:
        """The backend to use: the one that the user chose, else the best of the safe ones."""
        try:
            backend = self._load()
        except KeyringProblem:
            raise
        except Exception as error:  # noqa: BLE001 - a backend may fail in any way, and so may its import
            raise _unusable(error, self._named) from None
        from keyring.backends.chainer import ChainerBackend
        from keyring.backends.fail import Keyring as NoKeyring

        if isinstance(backend, NoKeyring):
            raise _no_keyring()
        if self._named:
            if not (_module_of(backend).startswith(_SAFE) or _is_of_the_demo(backend)):
                self._warn_once(backend)
            return backend
        candidates = list(backend.backends) if isinstance(backend, ChainerBackend) else [backend]
        for candidate in candidates:
            if _module_of(candidate).startswith(_SAFE):
                return candidate
        if not candidates:
            raise _no_keyring()
        raise KeyringProblem(
            "keyring-unsafe",
            "No safe keyring was found; secrets are not stored.",
            f"The only backend is {_module_of(candidates[0])}, which does not keep them encrypted under your login.",
            f"Start a Secret Service (gnome-keyring, KWallet), or {_VAULT}",
        )

    def _load(self) -> KeyringBackend:
        """The backend that keyring would choose: by its variable or its configuration file, else the best of all."""
        if not os.environ.get("PYTHON_KEYRING_BACKEND", "-"):
            # keyring would take the empty value for the name of a backend.
            del os.environ["PYTHON_KEYRING_BACKEND"]
        from mfa_tui.adapters.libraries import keyring_backends
        from mfa_tui.adapters.libraries.logs import silence_libraries

        if self._is_secret_service():
            if secret_service.answers():
                silence_libraries()
                # This saves loading all others.
                from keyring.backends.SecretService import Keyring

                return Keyring()  # type: ignore[no-untyped-call]
            if not (self._named or keyring_backends.may_find_more()):
                raise _no_keyring()
        silence_libraries()
        import keyring

        with keyring_backends.WithoutKeychain():
            return keyring.get_keyring()

    def _warn_once(self, backend: KeyringBackend) -> None:
        if not self._warned:
            self._warned = True
            name = f"{_module_of(backend)}.{type(backend).__name__}"
            self._warn(f"PYTHON_KEYRING_BACKEND names {name}, which may keep secrets unprotected.")


def _probe(backend: KeyringBackend) -> None:
    """Read an entry that does not exist, unless that would show a dialog. Raises what the backend raises.

    keyring unlocks a Secret Service before it reads, and creates its collection with the first secret: both ask for a
    password in a window. We ask the service itself whether they would.
    """
    if _module_of(backend).startswith("keyring.backends.SecretService"):
        locked = secret_service.locked_collections()
        display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        if not locked and not display:
            raise _fresh()
        if not locked or any(locked):
            if display:
                return
            raise KeyringLocked
    backend.get_password(*secret_service.PROBE)


class KeyringLocked(Exception):
    """A Secret Service is locked and cannot ask. Handled like keyring's own exception of that name."""


def _is_of_the_demo(backend: object) -> bool:
    """Whether it is the demo's plain file, in a home that is marked as the demo's."""
    home = os.environ.get("MFA_TUI_DEMO_HOME", "")
    return _module_of(backend).startswith(_DEMO) and bool(home) and os.path.exists(os.path.join(home, *_THROWN_AWAY))


def _module_of(backend: object) -> str:
    return type(backend).__module__


def _no_keyring() -> KeyringProblem:
    return KeyringProblem(
        "keyring-missing",
        "There is no keyring on this machine, or in this session.",
        "No Secret Service (gnome-keyring, KWallet), Keychain or Credential Locker responds.",
        f"Start one, type the code at each login, or {_VAULT}",
    )


def _fresh() -> KeyringProblem:
    from mfa_tui.core.problems.catalogue import problem

    return problem("keyring-fresh").as_error(KeyringProblem)


def _unusable(error: Exception, named: str) -> KeyringProblem:
    if not named:
        return _error_for(error)
    missing = isinstance(error, ImportError | AttributeError | ValueError)
    if named.startswith(_SAFE) and not missing:
        return _no_keyring()
    return KeyringProblem(
        "keyring-named",
        f"PYTHON_KEYRING_BACKEND={named} cannot be used.",
        "There is no such keyring backend here." if missing else f"It fails to start, with {type(error).__name__}.",
        "Correct or unset the variable; keyring --list-backends shows what there is.",
    )


def _error_for(error: Exception) -> KeyringProblem:
    kind = type(error).__name__
    if kind == "InitError":
        # The Secret Service answers, but has no collection yet: creating it asks for a password in a window.
        return _fresh()
    if kind in ("NoKeyringError", "SecretServiceNotAvailableException", "DBusErrorResponse"):
        return _no_keyring()
    if kind in ("KeyringLocked", "LockedException", "PromptDismissedException"):
        return KeyringProblem(
            "keyring-locked",
            "The keyring is locked.",
            "It is unlocked by your login, or by its own password.",
            "Unlock it (log in to the desktop, or open its password manager), or type the code.",
        )
    # The text of another library's error is not shown: it might hold a secret.
    return KeyringProblem(
        "keyring-failed",
        "The keyring failed.",
        f"It answered with {kind}.",
        "Run keyring diagnose, or type the code at each login.",
    )
