"""The record of one seed, as it is stored in the keyring or the vault and in backups."""

from __future__ import annotations

from mfa_tui.core.seeds.totp import DIGITS, PERIOD, parse_seed
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.models import Secret


class SeedRecord:
    """A seed with everything that is stored with it."""

    __slots__ = ("created", "label", "previous", "seed")

    def __init__(self, seed: Secret, label: str = "", created: str = "", previous: Secret | None = None) -> None:
        self.seed = seed
        """The seed, in base32."""
        self.label = label
        """The name that its source gave it (``issuer: account``); may be empty."""
        self.created = created
        """When it was stored, in UTC as :func:`format_utc` writes it; may be empty."""
        self.previous = previous
        """The seed that it replaced, until a code of the new one has been accepted; else None."""

    def __repr__(self) -> str:
        return f"SeedRecord({self.seed!r}, label={self.label!r}, created={self.created!r})"


def record_to_json(entry: SeedRecord) -> dict[str, object]:
    """The record as a JSON object, in the clear."""
    values: dict[str, object] = {
        "seed": entry.seed.reveal(),
        "label": entry.label,
        "created": entry.created,
        "digits": DIGITS,
        "period": PERIOD,
        "algorithm": "SHA1",
    }
    if entry.previous:
        values["previous"] = entry.previous.reveal()
    return values


def record_from_json(values: object) -> SeedRecord:
    """The record in a JSON object. Raises ValueError, without the values, if it has no usable secret."""
    if not isinstance(values, dict):
        raise ValueError("no object")  # noqa: TRY004 - as for everything else that is wrong
    try:
        previous = values.get("previous")
        return SeedRecord(
            parse_seed(values["seed"]),
            str(values.get("label", "")),
            str(values.get("created", "")),
            None if previous is None else parse_seed(previous),
        )
    except (KeyError, AttributeError, TypeError, UsageError):
        raise ValueError("no usable secret") from None
