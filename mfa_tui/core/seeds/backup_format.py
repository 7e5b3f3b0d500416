"""The contents of a decrypted backup: a JSON document with all stored seeds.

::

    {"format": "mfa-tui backup", "version": 1, "created": "2026-11-24T11:55:42Z",
     "seeds": [{"serial": "arn:aws:iam::111122223333:mfa/ana", "seed": "…", "label": "", "created": "…",
                "digits": 6, "period": 30, "algorithm": "SHA1"}]}

``seed`` is base32. ``previous`` may be next to it: a seed that it replaced and that may still be the right one.
"""

from __future__ import annotations

import json

from mfa_tui.core.aws.mfa_serial import checked_serial
from mfa_tui.core.seeds.seed_record import SeedRecord, record_from_json, record_to_json
from mfa_tui.errors import FileProblem, UsageError
from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = "mfa-tui backup"
VERSION = 1


def backup_document(entries: Mapping[str, SeedRecord], created: str) -> Secret:
    """The document with *entries*, by serial; *created* is the time in UTC."""
    seeds = [{"serial": serial, **record_to_json(entry)} for serial, entry in sorted(entries.items())]
    document = {"format": FORMAT, "version": VERSION, "created": created, "seeds": seeds}
    return Secret(json.dumps(document, indent=1) + "\n")


def parse_backup(text: Secret, name: str) -> dict[str, SeedRecord]:
    """The entries of the document by serial, all of them usable. *name* is the name of the file, for errors.

    Raises FileProblem: ``backup-foreign``, ``backup-version``, ``backup-damaged``.
    """
    try:
        document = json.loads(text.reveal())
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise FileProblem(
            "backup-foreign",
            f"{name} can be decrypted, but it is not an mfa-tui backup.",
            "It contains something else.",
            "Use the file that mfa-tui device backup wrote; nothing was changed.",
        )
    version = document.get("version")
    if version != VERSION:
        raise FileProblem(
            "backup-version",
            f"{name} is a backup of version {str(version)[:20]}; this mfa-tui knows version {VERSION}.",
            "A different version of mfa-tui wrote it.",
            "Update mfa-tui; nothing was changed.",
        )
    entries = {}
    try:
        for values in document["seeds"]:
            entries[checked_serial(values["serial"], name).text] = record_from_json(values)
    except (KeyError, TypeError, AttributeError, ValueError, UsageError):
        raise FileProblem(
            "backup-damaged",
            f"{name} is damaged.",
            f"Its entry number {len(entries) + 1} has no usable secret, or no MFA serial.",
            "Use another copy; nothing was changed.",
        ) from None
    return entries
