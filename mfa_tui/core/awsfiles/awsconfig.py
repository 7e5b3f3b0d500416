"""Both AWS files as botocore joins them: one set of profiles, the credentials file laid over the config file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mfa_tui.core.awsfiles.document import Document
    from mfa_tui.models import AccessKeys

    Values = Mapping[str, str | Mapping[str, str]]
    """A profile's keys; nested blocks such as ``s3 =`` are mappings of their own."""
    Edit = Callable[["AwsConfig"], tuple[Document, Document]]
    """An edit of both files: from what they hold to what they shall hold (config, credentials)."""

DEFAULT = "default"
"""The profile that SDKs use when none is named."""
SOURCE_KEY = "mfa_tui_source"
"""Marks a section that login wrote; its value is the profile that the session was made from."""
TARGET_KEY = "mfa_tui_target"
"""In a profile: the name of the section that login shall write."""
SERIAL_KEYS = ("mfa_serial", "aws_mfa_device")
"""What names a device in a profile; the second is aws-mfa's, and counts where the first is missing."""
LONG_TERM_SUFFIX = "-long-term"
"""aws-mfa keeps long-term keys in ``[X-long-term]`` and writes sessions to ``[X]``."""

_GIVE_CREDENTIALS = frozenset(
    {"aws_access_key_id", "role_arn", "web_identity_token_file", "credential_process", "login_session"}
)


class AwsConfig:
    """The config and the credentials file, parsed.

    ``environment`` are the long-term access keys that the environment holds, if it does: the profile ``default`` has
    them where no file gives it others. ``names`` are all profiles, in the order of the config file, then those that
    only the credentials file has, then that one. One without a name, ``[profile ""]``, is none: nothing can name it.
    ``paths`` are those of both files, for messages.
    """

    __slots__ = ("_config", "_credentials", "config", "credentials", "environment", "names", "paths")

    def __init__(
        self,
        config: Document,
        credentials: Document,
        paths: tuple[str, str] = ("the config file", "the credentials file"),
        *,
        environment: AccessKeys | None = None,
    ) -> None:
        self.environment = environment
        self.config = config
        self.credentials = credentials
        self.paths = paths
        self._config = config.profiles()
        self._credentials = credentials.profiles()
        beside = () if environment is None else (DEFAULT,)
        names = dict.fromkeys((*self._config, *self._credentials, *beside))
        names.pop("", None)
        self.names: tuple[str, ...] = tuple(names)

    def __contains__(self, name: str) -> bool:
        return bool(name) and (self.in_files(name) or (name == DEFAULT and self.environment is not None))

    def in_files(self, name: str) -> bool:
        """Whether either file has a section of the profile."""
        return name in self._config or name in self._credentials

    def in_config(self, name: str) -> Values:
        """What the config file alone says of a profile."""
        return self._config.get(name, {})

    def in_credentials(self, name: str) -> Values:
        """What the credentials file alone says of a profile."""
        return self._credentials.get(name, {})

    def merged(self, name: str) -> dict[str, str | Mapping[str, str]]:
        """A profile as botocore sees it: the credentials file's keys win."""
        return {**self.in_config(name), **self.in_credentials(name)}

    def source_of_target(self, name: str) -> str | None:
        """The profile whose session *name* holds, if mfa-tui or aws-mfa wrote it; None otherwise."""
        # Asked of every profile while somebody waits with a finger on the Tab key.
        for values in (self._credentials.get(name), self._config.get(name)):
            source = values.get(SOURCE_KEY) if values else None
            if isinstance(source, str) and source:
                return source
        long_term = name + LONG_TERM_SUFFIX
        if long_term not in self._credentials and long_term not in self._config:
            return None
        return long_term if _may_be_a_session(self.merged(name)) else None


def text(values: Values, key: str) -> str:
    """The value of *key*, stripped; empty if it is missing or a nested block."""
    value = values.get(key, "")
    return value.strip() if isinstance(value, str) else ""


def _may_be_a_session(values: Values) -> bool:
    """Whether a section is, or could become, what aws-mfa writes: nothing else gives it credentials."""
    return has_session_keys(values) or not gives_credentials(values)


def gives_credentials(values: Values) -> bool:
    """Whether an SDK would look for credentials in a profile that has these keys, or fail there."""
    return any(key in _GIVE_CREDENTIALS or key.startswith("sso_") for key in values)


def has_long_term_keys(values: Values) -> bool:
    """Whether a section holds an access key that is no session's."""
    return bool(text(values, "aws_access_key_id")) and not has_session_keys(values)


def has_session_keys(values: Values) -> bool:
    """Whether a section holds temporary credentials: a session token, or a key id that only sessions have (ASIA…)."""
    return bool(
        text(values, "aws_session_token")
        or text(values, "aws_security_token")
        or text(values, "aws_access_key_id").startswith("ASIA")
    )
