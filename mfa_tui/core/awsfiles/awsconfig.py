"""Both AWS files as botocore combines them: one set of profiles, where the credentials file overrides the config."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mfa_tui.core.awsfiles.document import Document
    from mfa_tui.models import AccessKeys

    Values = Mapping[str, str | Mapping[str, str]]
    """A profile's keys; nested blocks such as ``s3 =`` are mappings of their own."""
    Edit = Callable[["AwsConfig"], tuple[Document, Document]]
    """An edit of both files: from what they contain to what they will contain (config, credentials)."""

DEFAULT = "default"
"""The profile that SDKs use if none is named."""
SOURCE_KEY = "mfa_tui_source"
"""The key that marks a section written by login; its value is the profile that the session was made from."""
SCOPE_KEY = "mfa_tui_scope"
"""The key, beside SOURCE_KEY, that names the scope of the session in a section; see ``core.scopes``."""
TARGET_KEY = "mfa_tui_target"
"""The key of a profile that names the section to which login saves its session."""
STORED_KEY = "mfa_tui_access_key_id"
"""The key of a profile, in the config file, whose long-term keys are in the keyring or the vault: their id."""
SERIAL_KEYS = ("mfa_serial", "aws_mfa_device")
"""The keys that name an MFA device in a profile; the second is aws-mfa's, and counts if the first is missing."""
LONG_TERM_SUFFIX = "-long-term"
"""aws-mfa keeps long-term keys in ``[X-long-term]`` and writes sessions to ``[X]``."""

USUAL_KEYS = frozenset({"aws_access_key_id", "aws_secret_access_key", "mfa_serial", "output", "region"})
"""The keys that nearly all of thousands of profiles have, and no others."""
_GIVE_CREDENTIALS = frozenset(
    {"aws_access_key_id", "role_arn", "web_identity_token_file", "credential_process", "login_session"}
)
_FROM = ("aws_access_key_id", "credential_process", "login_session", "role_arn", "sso_", "web_identity_token_file")
"""The keys, or the beginnings of keys, that say where credentials come from."""

_NOTHING: Values = {}


class AwsConfig:
    """The config and the credentials file, parsed.

    A section without a name, ``[profile ""]``, is not a profile: nothing can name it.
    """

    __slots__ = (
        "_config",
        "_credentials",
        "_sources",
        "_with_more",
        "config",
        "credentials",
        "environment",
        "memo",
        "names",
        "paths",
        "usual_bases",
        "usual_regions",
    )

    def __init__(
        self,
        config: Document,
        credentials: Document,
        paths: tuple[str, str] = ("the config file", "the credentials file"),
        *,
        environment: AccessKeys | None = None,
    ) -> None:
        self.environment = environment
        """The long-term access keys in the environment, if any: those of ``default`` if no file gives it others."""
        self.config = config
        """The config file."""
        self.credentials = credentials
        """The credentials file."""
        self.paths = paths
        """The paths of the config and the credentials file, for messages."""
        self.memo: dict[str, object] = {}
        """What was made of each profile, by its name: the files here never change, so it is made once."""
        self.usual_regions: set[str] = set()
        """The regions of profiles that were found to be right: thousands of profiles have a few of them."""
        self.usual_bases: dict[str, bool] = {}
        """Whether the profiles that roles name as their source have long-term keys and nothing unusual."""
        self._sources: dict[str, str] | None = None
        self._with_more: frozenset[str] | None = None
        self._config = config.profiles()
        self._credentials = credentials.profiles()
        beside = () if environment is None else (DEFAULT,)
        names = dict.fromkeys((*self._config, *self._credentials, *beside))
        names.pop("", None)
        self.names: tuple[str, ...] = tuple(names)
        """All profiles: those of the config file in order, then the others of the credentials file, then
        ``default`` if only the environment has keys for it."""

    @property
    def documents(self) -> tuple[Document, Document]:
        """The config and the credentials file, as an edit returns them."""
        return self.config, self.credentials

    def with_documents(self, config: Document, credentials: Document) -> AwsConfig:
        """The same files with other content."""
        return AwsConfig(config, credentials, self.paths, environment=self.environment)

    def __contains__(self, name: str) -> bool:
        return bool(name) and (self.in_files(name) or (name == DEFAULT and self.environment is not None))

    def in_files(self, name: str) -> bool:
        """Whether either file has a section of the profile."""
        return name in self._config or name in self._credentials

    def in_config(self, name: str) -> Values:
        """The keys of a profile in the config file alone."""
        return self._config.get(name, _NOTHING)

    def in_credentials(self, name: str) -> Values:
        """The keys of a profile in the credentials file alone."""
        return self._credentials.get(name, _NOTHING)

    def sections_of(self, name: str) -> tuple[Values, Values]:
        """The keys of a profile in the config and in the credentials file."""
        return self._config.get(name, _NOTHING), self._credentials.get(name, _NOTHING)

    def merged(self, name: str) -> dict[str, str | Mapping[str, str]]:
        """The keys of a profile as botocore sees them: those of the credentials file win."""
        # Called for each of ten thousand profiles by each of twenty checks.
        return {**self._config.get(name, _NOTHING), **self._credentials.get(name, _NOTHING)}

    @property
    def with_more(self) -> frozenset[str]:
        """The profiles with more than the usual keys: most checks are of what only those have."""
        if self._with_more is None:
            usual = USUAL_KEYS.issuperset
            self._with_more = frozenset(
                name
                for profiles in (self._config, self._credentials)
                for name, values in profiles.items()
                if not usual(values)
            )
        return self._with_more

    @property
    def sources(self) -> Mapping[str, str]:
        """The targets of mfa-tui and aws-mfa among the profiles, each with the profile whose session it holds."""
        if self._sources is None:
            marked = {
                *[name for name, values in self._credentials.items() if SOURCE_KEY in values],
                *[name for name, values in self._config.items() if SOURCE_KEY in values],
            }
            # One look at all names is quicker than one at each, and most files have none like that.
            if LONG_TERM_SUFFIX in "\n".join(self.names):
                long_term = [name for name in self.names if name.endswith(LONG_TERM_SUFFIX)]
                marked |= {name.removesuffix(LONG_TERM_SUFFIX) for name in long_term}
            found = {name: self._source(name) for name in self.names if name in marked} if marked else {}
            self._sources = {name: source for name, source in found.items() if source is not None}
        return self._sources

    def source_of_target(self, name: str) -> str | None:
        """The profile whose session *name* holds, if mfa-tui or aws-mfa wrote it; None otherwise."""
        # All of them are known once all were asked for.
        return self._source(name) if self._sources is None or not self.in_files(name) else self._sources.get(name)

    def _source(self, name: str) -> str | None:
        for values in (self._credentials.get(name), self._config.get(name)):
            source = values.get(SOURCE_KEY) if values else None
            if isinstance(source, str) and source:
                return source
        long_term = name + LONG_TERM_SUFFIX
        if long_term not in self._credentials and long_term not in self._config:
            return None
        return long_term if _may_be_a_session(self.merged(name)) else None

    def scope_of_target(self, name: str) -> str:
        """The scope that the session in section *name* is limited to; empty if it has none."""
        for values in (self._credentials.get(name), self._config.get(name)):
            scope = values.get(SCOPE_KEY) if values else None
            if isinstance(scope, str) and scope.strip():
                return scope.strip()
        return ""

    def stored_key_id(self, name: str) -> str:
        """The id of a profile's stored keys; empty if it has none, or SDKs would use keys in a file instead."""
        own = self.in_config(name)
        if STORED_KEY not in own:
            return ""
        # A credential process comes before keys in the config file.
        sections = (self.in_credentials(name), {} if "credential_process" in own else own)
        return "" if any(text(values, "aws_access_key_id") for values in sections) else text(own, STORED_KEY)

    def credentials_fingerprint(self, values: Values) -> str:
        """16 hexadecimal digits that identify credentials which are not in the files, by where they come from.

        *values* are a profile's keys. After an edit, or in other files, a profile of the same name may get its
        credentials from another place.
        """
        import hashlib

        facts = {key: text(values, key) for key in values if key.startswith(_FROM)}
        sign_in = f"sso-session {facts.get('sso_session')}"
        if sign_in in self.config.sections():
            facts |= {f"{sign_in} {key}": value for key, value in self.config.raw(sign_in).items()}
        return hashlib.sha256("\n".join(f"{key}={facts[key]}" for key in sorted(facts)).encode()).hexdigest()[:16]


def stored_key_ids(config: Document) -> set[str]:
    """The ids of all long-term keys of which a config file says that they are stored."""
    return {key for values in config.profiles().values() if STORED_KEY in values and (key := text(values, STORED_KEY))}


def text(values: Values, key: str) -> str:
    """The text of *key*, stripped; empty if the key is missing or a nested block."""
    value = values.get(key)
    return value.strip() if value and isinstance(value, str) else ""


def _may_be_a_session(values: Values) -> bool:
    """Whether a section is, or could become, one that aws-mfa writes: nothing else gives it credentials."""
    return has_session_keys(values) or not gives_credentials(values)


def gives_credentials(values: Values) -> bool:
    """Whether an SDK would look for credentials in a profile that has these keys, or fail there."""
    return any(key in _GIVE_CREDENTIALS or key.startswith("sso_") for key in values)


def has_long_term_keys(values: Values) -> bool:
    """Whether a section holds an access key that does not belong to a session."""
    return bool(text(values, "aws_access_key_id")) and not has_session_keys(values)


def has_session_keys(values: Values) -> bool:
    """Whether a section holds temporary credentials: a session token, or a key ID that only sessions have (ASIA…)."""
    return bool(
        ("aws_session_token" in values and text(values, "aws_session_token"))
        or ("aws_security_token" in values and text(values, "aws_security_token"))
        or text(values, "aws_access_key_id").startswith("ASIA")
    )
