"""The values that all layers share. The classes are written by hand: ``dataclasses`` is slow to import."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Secret:
    """An MFA secret, secret access key, session token or code. Its repr, str and format never show it.

    So a traceback with local variables, a log line or a stray f-string shows ``Secret(•••)``, and code that walks over
    an object's attributes finds a function. It cannot be copied, pickled or turned into JSON.
    Call :meth:`reveal` only where the value goes to its target. (Python cannot wipe memory: while the process runs, a
    debugger of the same user can read the value.)
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value: Callable[[], str] = lambda: value

    def reveal(self) -> str:
        """The plain value."""
        return self._value()

    def __repr__(self) -> str:
        return "Secret(•••)"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value() == self._value()

    def __hash__(self) -> int:
        return hash(("Secret", self._value()))

    def __bool__(self) -> bool:
        return bool(self._value())

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a Secret is not pickled")

    def __getstate__(self) -> object:
        raise TypeError("a Secret is not pickled")


class AccessKeys:
    """Long-term access keys of an IAM user."""

    __slots__ = ("access_key_id", "secret_access_key", "source_key_id")

    def __init__(self, access_key_id: str, secret_access_key: Secret, source_key_id: str = "") -> None:
        self.access_key_id = access_key_id
        """The access key ID (AKIA…)."""
        self.secret_access_key = secret_access_key
        """The secret access key."""
        self.source_key_id = source_key_id or access_key_id
        """Identifies the keys in sessions made with them: the access key ID, or ``Profile.credential_id``."""

    def __repr__(self) -> str:
        return f"AccessKeys({self.access_key_id!r})"


class Session:
    """A session: temporary credentials from STS, with what they were made from."""

    __slots__ = (
        "access_key_id",
        "duration",
        "expires_at",
        "roles",
        "scope",
        "secret_access_key",
        "serial",
        "session_token",
        "source_key_id",
    )

    def __init__(
        self,
        *,
        access_key_id: str,
        secret_access_key: Secret,
        session_token: Secret,
        expires_at: int,
        duration: int,
        source_key_id: str,
        serial: str,
        roles: tuple[str, ...] = (),
        scope: str = "",
    ) -> None:
        self.access_key_id = access_key_id
        """The access key ID (ASIA…)."""
        self.secret_access_key = secret_access_key
        """The secret access key."""
        self.session_token = session_token
        """The session token."""
        self.expires_at = expires_at
        """When it expires, in seconds since the epoch."""
        self.duration = duration
        """How long it was made for, in seconds."""
        self.source_key_id = source_key_id
        """The id of the keys that it was made with, see ``AccessKeys.source_key_id``."""
        self.serial = serial
        """The MFA serial that it was made with; empty if it was made without MFA."""
        self.roles = roles
        """The identities of the roles that were assumed, in order."""
        self.scope = scope
        """The scope that it is limited to, see ``Scope.session_scope``; empty if it has all permissions."""

    @property
    def scope_name(self) -> str:
        """The name of the scope that it is limited to; empty for none."""
        return self.scope.partition(" ")[0]

    @property
    def name(self) -> str:
        """Its name, which sessions made from something else do not have: see :func:`session_name`."""
        return session_name(self.source_key_id, self.serial, self.roles, self.scope)

    def __repr__(self) -> str:
        return f"Session({self.access_key_id!r}, expires_at={self.expires_at}, serial={self.serial!r})"


def session_name(source_key_id: str, serial: str, roles: tuple[str, ...] = (), scope: str = "") -> str:
    """32 hexadecimal digits that identify a session by what it is made from; for file names."""
    import hashlib

    parts = (source_key_id, serial, *roles, *([f"scope {scope}"] if scope else ()))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
