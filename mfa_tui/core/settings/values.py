"""What the settings hold: a value for each key of ``config.toml``, or what is wrong with it."""

from __future__ import annotations

from mfa_tui.core.sessions.expiry import DEFAULT_DURATION, DEFAULT_MARGIN
from mfa_tui.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_WHEN_USED = frozenset(("browser", "history_days", "scopes"))
"""Settings whose wrong value does not stop the interface, only what uses them in it."""


class AccountSettings:
    """What the user calls an account, and its color. One of the two may be empty."""

    __slots__ = ("color", "name")

    def __init__(self, *, name: str = "", color: str = "") -> None:
        self.name = name
        """Its name; empty for its ID."""
        self.color = color
        """The name of its color; empty for none."""


class ExternalDevice:
    """An MFA device whose secret is kept elsewhere, not in our own stores. One of the three settings is not empty."""

    __slots__ = ("code_command", "seed_command", "yubikey")

    def __init__(self, *, seed_command: str = "", code_command: str = "", yubikey: str = "") -> None:
        self.seed_command = seed_command
        """A command that prints the secret."""
        self.code_command = code_command
        """A command that prints the current code, and keeps the secret to itself."""
        self.yubikey = yubikey
        """The name of the account in a YubiKey's OATH application."""


class ScopeSettings:
    """A scope as the settings define it."""

    __slots__ = ("duration", "policy", "read_only", "regions", "services")

    def __init__(
        self,
        *,
        services: tuple[str, ...] = (),
        regions: tuple[str, ...] = (),
        read_only: bool = False,
        policy: str = "",
        duration: int | None = None,
    ) -> None:
        self.services = services
        """The services to allow, by the names in IAM's actions; empty for all."""
        self.regions = regions
        """The Regions to allow; empty for all."""
        self.read_only = read_only
        """Whether only reading is allowed, and no secrets."""
        self.policy = policy
        """A file with an IAM policy, instead of the three above; empty if there is none."""
        self.duration = duration
        """How long sessions last, in seconds; None: as long as the session that they are made from."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ScopeSettings) and all(
            getattr(self, name) == getattr(other, name) for name in self.__slots__
        )

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in self.__slots__))


class WrongSetting:
    """What is wrong with a setting, or with the table of a device or scope. Whatever uses it must raise the error."""

    __slots__ = ("what", "why")

    def __init__(self, what: str, why: str) -> None:
        self.what = what
        """What is wrong, with the line."""
        self.why = why
        """What is allowed."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WrongSetting) and (self.what, self.why) == (other.what, other.why)

    def __hash__(self) -> int:
        return hash((self.what, self.why))

    def as_error(self) -> ConfigError:
        """The error to raise (``settings-value``)."""
        return ConfigError("settings-value", self.what, self.why, "Correct it.")


class Settings:
    """What the user can set, with the defaults.

    A setting whose value is wrong has none: to use it raises ConfigError (``settings-value``), and no default takes
    its place. Call :meth:`check` first.
    """

    __slots__ = (
        "accounts",
        "browser",
        "clipboard_clear",
        "devices",
        "duration",
        "history_days",
        "key_age_days",
        "key_unused_days",
        "keymap",
        "margin",
        "notify",
        "passphrase_command",
        "scopes",
        "seed_store",
        "send_codes",
        "session_store",
        "target_pattern",
        "theme",
        "timeout",
        "wrong",
    )

    def __init__(self) -> None:
        self.target_pattern = "{profile}-mfa"
        """The name of the profile that a login saves its session as; it contains ``{profile}``."""
        self.duration = DEFAULT_DURATION
        """How long new sessions are valid, in seconds."""
        self.margin = DEFAULT_MARGIN
        """With fewer seconds left, a session is renewed."""
        self.notify = True
        """Whether the interface may use desktop notifications."""
        self.send_codes = False
        """Whether a code that is typed into the interface is sent with its last digit, without Enter."""
        self.timeout = 10.0
        """Seconds that a call to AWS may take."""
        self.theme = ""
        """The name of the interface's theme; empty for the one that was last chosen."""
        self.key_age_days = 90
        """Days after which an access key is old."""
        self.key_unused_days = 45
        """Days without use after which an access key counts as unused."""
        self.history_days = 90
        """Days that entries of the history are kept; 0 for no history."""
        self.keymap: dict[str, str] = {}
        """Keys of the interface by the ids of their bindings."""
        self.clipboard_clear = 30
        """Seconds before a copied code is cleared from the clipboard; 0 for never."""
        self.session_store = "file"
        """Where sessions are cached: ``file`` or ``keyring``."""
        self.seed_store = "keyring"
        """Where new secrets of MFA devices are stored: ``keyring`` or ``vault``."""
        self.passphrase_command = ""
        """A command that prints the vault's passphrase; empty if the user types it."""
        self.browser = ""
        """The command that opens an address in a browser; empty for the system's browser."""
        self.accounts: dict[str, AccountSettings] = {}
        """The user's names and colors of accounts, by ID or by a pattern; those that are wrong are not among them."""
        self.devices: dict[str, ExternalDevice | WrongSetting] = {}
        """The MFA devices whose secret is kept elsewhere, by serial."""
        self.scopes: dict[str, ScopeSettings | WrongSetting] = {}
        """The user's own scopes, by name; see ``core.scopes``."""
        self.wrong: dict[str, WrongSetting] = {}
        """What is wrong, by setting, in the order of the file; ``scopes.NAME``, ``devices.SERIAL`` … for tables."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            """Python calls this for a setting that has no value, as it is wrong."""
            if name in Settings.__slots__ and name in self.wrong:
                raise self.wrong[name].as_error()
            raise AttributeError(name)

    @property
    def days_of_history(self) -> int:
        """Days that entries of the history are kept; 0 for no history, also if the setting is wrong."""
        return 0 if "history_days" in self.wrong else self.history_days

    def check(self, *, interface: bool = False) -> None:
        """Raise ConfigError (``settings-value``) if a setting is wrong that every command uses, or the *interface*.

        A wrong scope, device, browser or history stops what uses it. The interface says so then, as commands do.
        A wrong account stops the interface: it may be production.
        """
        if not self.wrong:
            return
        # Imported on use: nearly always nothing is wrong.
        from mfa_tui.core.settings.table import SETTINGS

        for key, wrong in self.wrong.items():
            if key in SETTINGS and (SETTINGS[key].stops_all or (interface and key not in _WHEN_USED)):
                raise wrong.as_error()
        if interface:
            self.check_accounts()

    def check_accounts(self) -> None:
        """Raise ConfigError (``settings-value``) if an account is wrong: whoever shows accounts calls it."""
        for key, wrong in self.wrong.items():
            if key.partition(".")[0] == "accounts":
                raise wrong.as_error()

    def reset_wrong(self) -> tuple[ConfigError, ...]:
        """Give the wrong settings their defaults, for doctor alone, and return the error of each.

        Wrong tables of scopes and devices stay wrong.
        """
        defaults = Settings()
        for key in self.wrong.keys() & set(Settings.__slots__):
            setattr(self, key, getattr(defaults, key))
        errors = tuple(wrong.as_error() for wrong in self.wrong.values())
        self.wrong = {}
        return errors
