"""What the use cases work with: the adapters for one user and one environment, put together in one place."""

from __future__ import annotations

from mfa_tui.adapters.awsfiles.files import AwsFiles
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.programs.user_prompts import UserPrompts
from mfa_tui.adapters.secretstores.keyring import KeyringStore
from mfa_tui.adapters.secretstores.vault import Vault
from mfa_tui.adapters.secretstores.vault_passphrase import PassphraseSource
from mfa_tui.adapters.seeds.store import KEYRING, VAULT, SeedStore
from mfa_tui.adapters.seeds.used_codes import UsedCodes
from mfa_tui.adapters.sessions.cache import SessionCache
from mfa_tui.adapters.sessions.single_flight import SingleFlight
from mfa_tui.adapters.settings.load import load_settings
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.core.shells.variables import long_term_keys
from mfa_tui.services.history.recorder import Recorder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mfa_tui.adapters.aws.iam import Iam
    from mfa_tui.adapters.aws.sts import Aws
    from mfa_tui.adapters.keys.store import KeyStore
    from mfa_tui.adapters.seeds.external import CodeCommand, SeedCommand, YubiKey
    from mfa_tui.core.settings.values import Settings
    from mfa_tui.models import AccessKeys, Secret, Session
    from mfa_tui.services.profiles.resolve import ResolvedProfile


class Context:
    """The adapters, and the settings that they go by."""

    def __init__(
        self,
        env: Mapping[str, str],
        *,
        warn: Callable[[str], None],
        clock: Clock | None = None,
        ask_passphrase: Callable[[bool], Secret | None] | None = None,
        settings: Settings | None = None,
    ) -> None:
        """*warn* takes one-line warnings (a strange keyring, an unknown setting).

        *ask_passphrase* asks for the vault's passphrase; front ends may change it later, in ``prompts``.
        *settings* are by default those of the file. Raises ConfigError (``settings-…``) if the file cannot be used, or
        a setting is wrong on which every command depends.
        """
        self.env = env
        self.clock = clock or Clock()
        self.paths = Paths(env)
        self.clock.persist_in(self.paths)
        self.settings = settings or load_settings(self.paths.settings, warn)
        self.settings.check()
        self.files = AwsFiles(self.paths, self.clock)
        self.files.environment = long_term_keys(env)
        self.given: dict[str, AccessKeys | Session] = {}
        """What credential processes have printed, and the stored keys that were loaded, during this command, by
        ``Profile.credential_id``."""
        self.history = Recorder(self.paths, self.clock.aws_now, lambda: self.settings.days_of_history)
        keyring = KeyringStore(env, warn)
        in_keyring = self.settings.session_store == "keyring"
        self.cache = SessionCache(self.paths, self.clock, keyring, in_keyring=in_keyring)
        self.single_flight = SingleFlight(self.paths)
        self.used_codes = UsedCodes(self.paths, self.clock)
        self.prompts = UserPrompts(ask_passphrase)
        self.vault = Vault(self.paths, PassphraseSource(self.settings.passphrase_command, self.prompts))
        self.seeds = SeedStore(
            self.paths,
            {KEYRING: keyring, VAULT: self.vault},
            self.clock,
            new=self.settings.seed_store,
            external=self._external_sources() if self.settings.devices else None,
            warn=warn,
        )
        self._stores: Mapping[str, KeyringStore | Vault] = {KEYRING: keyring, VAULT: self.vault}
        self._key_store: KeyStore | None = None
        self._aws: Aws | None = None
        self._iam: Iam | None = None

    def _external_sources(self) -> dict[str, SeedCommand | CodeCommand | YubiKey]:
        """The external secrets and codes that the settings name, by serial."""
        from mfa_tui.adapters.seeds.external import external_source

        return {serial: external_source(device, self.prompts) for serial, device in self.settings.devices.items()}

    def use_settings(self, settings: Settings) -> None:
        """Use *settings* from now on, except for what was built with the old ones (``Setting.later``)."""
        self.settings = settings
        self.seeds.new = settings.seed_store
        # They are made again with the new timeout and store.
        self._aws = self._iam = self._key_store = None

    def resolve(self, name: str | None) -> ResolvedProfile:
        """Read the AWS files, and resolve *name*: a profile, one of our targets, or None for the shell's profile.

        Do it once in a command, and pass the result on. Whether the profile can log in is not checked.
        Raises FileProblem, ProfileProblem (``profile-unknown``, ``source-missing``, ``scope-only``).
        """
        from mfa_tui.services.profiles.resolve import resolve

        return resolve(self.files.load(), name, self.env, self.settings.target_pattern, tuple(self.settings.scopes))

    def resolve_with_scope(self, name: str | None) -> tuple[ResolvedProfile, str]:
        """As :meth:`resolve`, with the scope that *name* is limited to; empty for none. Obey it.

        Raises FileProblem, ProfileProblem (``profile-unknown``, ``source-missing``).
        """
        from mfa_tui.services.profiles.resolve import resolve_with_scope

        return resolve_with_scope(
            self.files.load(), name, self.env, self.settings.target_pattern, tuple(self.settings.scopes)
        )

    @property
    def key_store(self) -> KeyStore:
        """The long-term keys in the keyring and the vault. It is made on first use."""
        if self._key_store is None:
            from mfa_tui.adapters.keys.store import KeyStore

            self._key_store = KeyStore(self.paths, self._stores, new=self.settings.seed_store)
        return self._key_store

    @property
    def aws(self) -> Aws:
        """STS. It is made on first use, because its module is only needed where a request may be made."""
        if self._aws is None:
            from mfa_tui.adapters.aws.sts import Aws

            self._aws = Aws(
                self.clock, self.paths, timeout=self.settings.timeout, files=self.files, record=self.history.add_call
            )
        return self._aws

    @property
    def iam(self) -> Iam:
        """IAM. It is made on first use."""
        if self._iam is None:
            from mfa_tui.adapters.aws.iam import Iam

            self._iam = Iam(self.aws)
        return self._iam
