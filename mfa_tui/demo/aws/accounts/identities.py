"""Who calls: a user or a role, with long-term keys or with a session."""

import base64
import dataclasses
import secrets

_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclasses.dataclass(frozen=True)
class Identity:
    """An IAM user, or one session of a role."""

    account: str
    """Twelve digits."""
    arn: str
    """``arn:aws:iam::…:user/ana`` or ``arn:aws:sts::…:assumed-role/admin/ana``."""
    user_id: str
    """``AIDA…``, or ``AROA…:session-name``."""
    user_name: str | None = None
    """The user's name; None for a role."""
    role_arn: str | None = None
    """The role's ARN; None for a user."""


@dataclasses.dataclass(frozen=True)
class TemporaryCredentials:
    """Temporary credentials that STS issued, and what it knows of them."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    identity: Identity
    expires_at: float
    """Seconds since the epoch, by the server's clock."""
    mfa_at: float | None
    """When a code was given, in seconds since the epoch; None: none was, or it does not count (roles)."""
    scopes: tuple[str, ...] = ()
    """The policies that limit it (GetScopedCredentials), as JSON."""
    source_key_id: str = ""
    """The long-term key that they were made with (GetSessionToken); empty for a role."""
    chained: bool = False
    """Whether a role was assumed with temporary credentials."""


@dataclasses.dataclass(frozen=True)
class Caller:
    """An authenticated identity, with the session it came with (None: long-term keys)."""

    identity: Identity
    session: TemporaryCredentials | None = None

    def context(self, now: float) -> dict[str, str]:
        """The condition keys that IAM knows of the caller, names in lower case.

        aws:MultiFactorAuthPresent is absent with long-term keys, and in a role's session it is never true: "The
        temporary credentials returned by AssumeRole do not include MFA information in the context"
        (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
        """
        context = {"aws:principalarn": self.identity.arn, "aws:principalaccount": self.identity.account}
        if self.identity.user_name is not None:
            context["aws:username"] = self.identity.user_name
        if self.session is not None:
            context["aws:multifactorauthpresent"] = "false" if self.session.mfa_at is None else "true"
            if self.session.mfa_at is not None:
                context["aws:multifactorauthage"] = str(int(now - self.session.mfa_at))
        return context


class Sessions:
    """All temporary credentials that were issued. Not locked: the caller holds the server's lock."""

    def __init__(self) -> None:
        self._by_key_id: dict[str, TemporaryCredentials] = {}

    def issue(
        self,
        identity: Identity,
        expires_at: float,
        mfa_at: float | None,
        *,
        scopes: tuple[str, ...] = (),
        source_key_id: str = "",
        chained: bool = False,
    ) -> TemporaryCredentials:
        """New credentials, unlike any before."""
        session = TemporaryCredentials(
            access_key_id="ASIA" + "".join(secrets.choice(_BASE32) for _ in range(16)),
            secret_access_key=base64.b64encode(secrets.token_bytes(30)).decode(),
            session_token="IQoJb3JpZ2luX2Vj" + base64.b64encode(secrets.token_bytes(451)).decode(),
            identity=identity,
            expires_at=expires_at,
            mfa_at=mfa_at,
            scopes=scopes,
            source_key_id=source_key_id,
            chained=chained,
        )
        self._by_key_id[session.access_key_id] = session
        return session

    def find(self, access_key_id: str) -> TemporaryCredentials | None:
        """The credentials with this access key ID."""
        return self._by_key_id.get(access_key_id)

    def end(self, access_key_id: str, now: float) -> None:
        """Make a session expire at ``now``."""
        session = self._by_key_id[access_key_id]
        self._by_key_id[access_key_id] = dataclasses.replace(session, expires_at=now)
