"""The values that every layer shares. Hand-written slotted classes: ``dataclasses`` is too dear on the hot paths."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Secret:
    """A seed, secret key, session token or code. Its repr, str and format never show it.

    A traceback that prints locals, a log line or a stray f-string therefore shows ``Secret(•••)``, and what walks over
    an object's attributes finds a function. It is neither copied, pickled nor made into JSON.
    Call :meth:`reveal` only where the value goes to its target. (Python cannot wipe memory: the value stays
    readable to a debugger of the same user while the process lives.)
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
    """Long-term access keys of an IAM user.

    ``source_key_id`` names them in what is made with them: the access key id, or what stands for it (see
    ``Profile.credential_id``).
    """

    __slots__ = ("access_key_id", "secret_access_key", "source_key_id")

    def __init__(self, access_key_id: str, secret_access_key: Secret, source_key_id: str = "") -> None:
        self.access_key_id = access_key_id
        self.secret_access_key = secret_access_key
        self.source_key_id = source_key_id or access_key_id

    def __repr__(self) -> str:
        return f"AccessKeys({self.access_key_id!r})"


class Session:
    """Temporary credentials as STS gave them, with what they were made from.

    ``expires_at`` is in seconds since the epoch (UTC); ``duration`` is what was asked for, in seconds;
    ``source_key_id`` is the access key id (or what stands for it, see ``Profile.credential_id``) and ``serial`` the MFA
    serial that they were made with; ``roles`` are the identities of the roles that were assumed, one after the other.
    """

    __slots__ = (
        "access_key_id",
        "duration",
        "expires_at",
        "roles",
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
    ) -> None:
        self.access_key_id = access_key_id
        self.secret_access_key = secret_access_key
        self.session_token = session_token
        self.expires_at = expires_at
        self.duration = duration
        self.source_key_id = source_key_id
        self.serial = serial
        self.roles = roles

    @property
    def name(self) -> str:
        """What tells it from sessions made from something else: see :func:`session_name`."""
        return session_name(self.source_key_id, self.serial, self.roles)

    def __repr__(self) -> str:
        return f"Session({self.access_key_id!r}, expires_at={self.expires_at}, serial={self.serial!r})"


def session_name(source_key_id: str, serial: str, roles: tuple[str, ...] = ()) -> str:
    """32 hexadecimal digits that name a session by what it is made from; for file names."""
    import hashlib

    return hashlib.sha256("\n".join((source_key_id, serial, *roles)).encode()).hexdigest()[:32]
