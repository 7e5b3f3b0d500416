"""What AWS has said of the user of a long-term key."""

from __future__ import annotations


class KnownUser:
    """A user and their account. None of it is secret; what is not known is empty. Never changed in place.

    No NamedTuple: ``typing`` costs `mfa-tui list` a tenth of its time.
    """

    __slots__ = ("account", "alias", "fido_only", "serial")

    def __init__(self, account: str = "", alias: str = "", serial: str = "", fido_only: bool = False) -> None:
        self.account = account
        """The account's ID."""
        self.alias = alias
        """The account's alias."""
        self.serial = serial
        """The MFA device that the last login used, or the only one that generates codes."""
        self.fido_only = fido_only
        """Whether all devices are FIDO keys or passkeys, which generate no codes."""

    @property
    def fields(self) -> tuple[str, str, str, bool]:
        """The values, in the order in which they are given."""
        return self.account, self.alias, self.serial, self.fido_only

    def changed(
        self,
        *,
        account: str | None = None,
        alias: str | None = None,
        serial: str | None = None,
        fido_only: bool | None = None,
    ) -> KnownUser:
        """The same with what is given."""
        return KnownUser(
            self.account if account is None else account,
            self.alias if alias is None else alias,
            self.serial if serial is None else serial,
            self.fido_only if fido_only is None else fido_only,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KnownUser) and self.fields == other.fields

    def __hash__(self) -> int:
        return hash(self.fields)

    def __repr__(self) -> str:
        return f"KnownUser{self.fields}"
