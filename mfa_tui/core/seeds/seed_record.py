"""All that is kept with one seed, and how it is written: as the value in the keyring or vault, and in backups."""

from __future__ import annotations

from mfa_tui.core.seeds.totp import DIGITS, PERIOD, parse_seed
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.models import Secret


class SeedRecord:
    """A seed. ``previous``: the one that it replaced, as long as it has not proved itself.

    ``label`` is what its source called it (``issuer: account``); ``created`` is when it was stored: UTC, as
    ``core.expiry.format_utc`` writes it. Both may be empty.
    """

    __slots__ = ("created", "label", "previous", "seed")

    def __init__(self, seed: Secret, label: str = "", created: str = "", previous: Secret | None = None) -> None:
        self.seed = seed
        self.label = label
        self.created = created
        self.previous = previous

    def __repr__(self) -> str:
        return f"Entry({self.seed!r}, label={self.label!r}, created={self.created!r})"


def record_to_json(entry: SeedRecord) -> dict[str, object]:
    """The entry as a JSON object, in the clear."""
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
    """The entry in a JSON object. Raises ValueError, without the values, if it holds no usable seed."""
    if not isinstance(values, dict):
        raise ValueError("no object")  # noqa: TRY004 - like everything else that it should not be
    try:
        previous = values.get("previous")
        return SeedRecord(
            parse_seed(values["seed"]),
            str(values.get("label", "")),
            str(values.get("created", "")),
            None if previous is None else parse_seed(previous),
        )
    except (KeyError, AttributeError, TypeError, UsageError):
        raise ValueError("no usable seed") from None
