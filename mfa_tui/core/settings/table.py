"""The table of all keys of ``config.toml``: what each means, and which values it may have.

The file's reader, ``doctor``, ``mfa-tui config``, the settings screen and ``docs/settings.md`` all go by it.
"""

from __future__ import annotations

from mfa_tui.core.settings import readers
from mfa_tui.core.settings.readers import COMMAND, DURATION, NAMES, TABLE, TEXT, Reader

KEYMAP, ACCOUNTS, DEVICES, SCOPES = "keymap", "accounts", "devices", "scopes"
"""The keys that are tables."""


class Setting:
    """One key."""

    __slots__ = ("later", "meaning", "name", "read", "stops_all", "unset")

    def __init__(
        self, name: str, meaning: str, read: Reader, *, unset: str = "", stops_all: bool = True, later: bool = False
    ) -> None:
        self.name = name
        """Its name in its table."""
        self.meaning = meaning
        """What it means, in one sentence."""
        self.read = read
        """Reads its values; :class:`Reader` also says which are allowed."""
        self.unset = unset
        """What applies if it is not set and there is no default value, in words."""
        self.stops_all = stops_all
        """Whether a wrong value stops every command; else only those that use it."""
        self.later = later
        """Whether an open interface keeps the old value until it is started again."""

    @property
    def kind(self) -> str:
        """The kind of its values."""
        return self.read.kind

    @property
    def secret_free(self) -> bool:
        """Whether its value cannot hold a secret. People write passwords into commands, though they should not."""
        return self.kind != COMMAND


def _by_name(*settings: Setting) -> dict[str, Setting]:
    return {setting.name: setting for setting in settings}


SETTINGS = _by_name(
    Setting("target_pattern", "The section of the AWS files that login saves a session in.", readers.pattern()),
    Setting("duration", "How long new sessions are valid.", readers.duration()),
    Setting("margin", "A session with fewer seconds left is renewed.", readers.seconds(0, 3600)),
    Setting("timeout", "Seconds that a request to AWS may take.", readers.seconds(1, 120)),
    Setting(
        "seed_store",
        "Where new secrets and long-term keys are stored; the vault is a file that a passphrase opens.",
        readers.one_of("keyring", "vault"),
    ),
    Setting(
        "passphrase_command",
        "A command that prints the passphrase of the vault.",
        readers.command(),
        unset="you are asked once per run",
        later=True,
    ),
    Setting(
        "session_store",
        "Where sessions are cached; the file has mode 0600.",
        readers.one_of("file", "keyring"),
        later=True,
    ),
    Setting("key_age_days", "Days after which an access key is old.", readers.days(1, 3650), stops_all=False),
    Setting(
        "key_unused_days",
        "Days without use after which an access key counts as unused.",
        readers.days(1, 3650),
        stops_all=False,
    ),
    Setting(
        "history_days",
        "Days that entries of the history are kept; 0 for no history.",
        readers.days(0, 3650),
        stops_all=False,
    ),
    Setting(
        "clipboard_clear",
        "Seconds until the interface clears a copied code from the clipboard; 0 for never.",
        readers.seconds(0, 3600),
        stops_all=False,
    ),
    Setting(
        "browser",
        "The command that opens the AWS console.",
        readers.browser(),
        unset="BROWSER, else the system's browser",
        stops_all=False,
    ),
    Setting("notify", "Whether the interface sends desktop notifications.", readers.flag(), stops_all=False),
    Setting(
        "send_codes",
        "Whether the interface sends a typed code with its last digit, without Enter.",
        readers.flag(),
        stops_all=False,
    ),
    Setting(
        "theme",
        "The colors of the interface.",
        readers.theme(),
        unset="the theme that was chosen last",
        stops_all=False,
    ),
    Setting(
        KEYMAP, "The keys of the interface's commands.", readers.keymap(), unset="the default keys", stops_all=False
    ),
    Setting(
        ACCOUNTS,
        "Names and colors of accounts, by ID or by a pattern for names of profiles.",
        Reader(TABLE, "a table for each account"),
        unset="none",
        stops_all=False,
    ),
    Setting(
        DEVICES,
        "MFA devices whose secrets are kept elsewhere, by serial.",
        Reader(TABLE, "a table for each MFA device"),
        unset="none",
        later=True,
    ),
    Setting(
        SCOPES,
        "Scopes: what the sessions of --scope NAME may do.",
        Reader(TABLE, "a table for each scope"),
        unset="none but the presets",
        stops_all=False,
    ),
)
"""The keys, in the order in which they are shown."""
ACCOUNT_SETTINGS = _by_name(
    Setting("name", "What the account is called.", readers.label(), unset="its ID"),
    Setting(
        "color",
        "The color of the account; red also stands out in the top line.",
        readers.one_of("red", "yellow", "green", "blue", "purple"),
        unset="none",
    ),
)
"""The keys of a table ``[accounts."ID"]`` or ``[accounts."PATTERN"]``."""
DEVICE_SETTINGS = _by_name(
    Setting("seed_command", "A command that prints the secret of the MFA device.", readers.command()),
    Setting("code_command", "A command that prints the current code.", readers.command()),
    Setting("yubikey", "The account in the OATH application of a YubiKey; needs ykman.", readers.yubikey_account()),
)
"""The keys of a table ``[devices."SERIAL"]``. Each device has one of them."""
SCOPE_SETTINGS = _by_name(
    Setting(
        "services", "The services to allow.", Reader(NAMES, "names as in IAM's actions, such as s3 or ec2"), unset="all"
    ),
    Setting("regions", "The Regions to allow.", Reader(NAMES, "names such as eu-central-1"), unset="all"),
    Setting("read_only", "Whether only reading is allowed, and no secrets.", readers.flag(), unset="false"),
    Setting(
        "policy",
        "A file with an IAM policy, in place of the three above.",
        Reader(TEXT, "the path of a file"),
        unset="none",
    ),
    Setting(
        "duration",
        "How long a session is valid.",
        Reader(DURATION, "a duration from 1m to 36h, such as 1h"),
        unset="as long as the session that it is made from",
    ),
)
"""The keys of a table ``[scopes.NAME]``. ``core.scopes`` reads their values, since one depends on another."""
TABLES = {ACCOUNTS: ACCOUNT_SETTINGS, DEVICES: DEVICE_SETTINGS, SCOPES: SCOPE_SETTINGS}
"""The keys that hold named tables, and the keys in each of these."""
