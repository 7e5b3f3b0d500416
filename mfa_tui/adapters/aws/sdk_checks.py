"""How the AWS SDK reads a configuration, before any request: which setting it does not accept, and what it knows.

botocore (1.44) rarely names the setting in its errors, and raises whatever its parsers raise: ``ValueError``,
``TypeError``, ``AttributeError``. So the setting is found by trying: it is the one without which there is no error, or
a different one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.aws.parsed_session import session_of
from mfa_tui.adapters.libraries.logs import silence_libraries
from mfa_tui.core.profiles.sdk_problems import setting_problem
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import ConfigError, MfaTuiError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from botocore.regions import EndpointResolver
    from botocore.session import Session as BotocoreSession

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.problems.finding import Finding

_LONGEST = 160


class SdkRefusal(NamedTuple):
    """A setting that the SDK does not accept."""

    key: str
    """Its key in the profile; empty if it is not in the profile."""
    variable: str
    """The environment variable that sets it; empty if none does. Both are empty if the setting was not found."""
    reason: str
    """The SDK's words, in one line."""


def refusal(aws: AwsConfig, profile: str, service: str, region: str) -> SdkRefusal | None:
    """The setting with which botocore makes no client of *service* for *profile*; None if it does. Sends no request."""

    def fails(prepare: Callable[[BotocoreSession], object]) -> str:
        return _failure(aws, profile, service, region, prepare)

    first = fails(lambda _: None)
    if not first:
        return None
    for key in _keys(aws, profile):
        if fails(lambda session, key=key: session.full_config["profiles"][profile].pop(key, None)) != first:  # type: ignore[misc]
            return SdkRefusal(key, "", first)
    for name, variable in _variables():
        if fails(lambda session, name=name: _default(session, name)) != first:  # type: ignore[misc]
            return SdkRefusal("", variable, first)
    return SdkRefusal("", "", first)


def check_setting(aws: AwsConfig, profile: str, service: str, region: str) -> Finding | None:
    """The finding for the setting that keeps botocore from making a client of *service*; None if it makes one."""
    refused = refusal(aws, profile, service, region)
    if refused is None:
        return None
    return setting_problem(aws, profile, key=refused.key, name=refused.variable, reason=refused.reason)


def config_error(
    load: Callable[[], AwsConfig], profile: str, service: str, region: str, failure: Exception
) -> ConfigError:
    """The error for a *failure* of botocore before any request. It names the setting if that can be found.

    *load* returns the AWS files, to find the line.
    """
    try:
        found = check_setting(load(), profile, service, region)
    except MfaTuiError:
        found = None
    if found is None:
        # Its text is not shown: a value that continues on the next lines may hold any of them, keys too.
        kind = type(failure).__name__
        return ConfigError(
            "botocore",
            "The AWS SDK cannot work with this configuration.",
            f"It failed with {kind} before a request was made.",
            shell_command(profile, "See what is wrong with the files: mfa-tui doctor PROFILE"),
        )
    return found.as_error(ConfigError)


def known_regions(partition: str = "") -> frozenset[str]:
    """All regions that this botocore knows, of one partition or of all."""
    resolver = _endpoint_resolver()
    partitions = [partition] if partition else resolver.get_available_partitions()
    regions: Iterable[str] = (region for each in partitions for region in resolver.get_available_endpoints("sts", each))
    return frozenset(regions)


def in_a_partition(region: str) -> bool:
    """Whether *region* is one that this botocore knows, or fits the pattern that it has for those of a partition."""
    from botocore.exceptions import UnknownRegionError

    try:
        return bool(_endpoint_resolver().get_partition_for_region(region))
    except UnknownRegionError:
        return False


def _endpoint_resolver() -> EndpointResolver:
    from botocore.loaders import create_loader
    from botocore.regions import EndpointResolver

    silence_libraries()
    # A session would need the profile that the environment names, which may not exist.
    return EndpointResolver(create_loader().load_data("endpoints"))


def sdk_encoding() -> str:
    """The encoding in which Python tools read the AWS files: the locale's (``configparser.read``)."""
    import locale

    return locale.getpreferredencoding(False)  # noqa: FBT003 - its one parameter, which has a bad name


def _failure(
    aws: AwsConfig, profile: str, service: str, region: str, prepare: Callable[[BotocoreSession], object]
) -> str:
    """Why botocore makes no client, in one line; empty if it makes one. *prepare* changes its session first."""
    silence_libraries()
    try:
        session = session_of(lambda: aws, profile=profile)
        prepare(session)
        session.create_client(
            service,
            region_name=region or "us-east-1",
            aws_access_key_id="none",
            aws_secret_access_key="none",  # noqa: S106 - nothing is signed
        )
    except Exception as error:  # noqa: BLE001 - see above: it may raise anything
        return " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
    return ""


def _keys(aws: AwsConfig, profile: str) -> list[str]:
    from botocore.exceptions import BotoCoreError

    silence_libraries()
    try:
        return list(session_of(lambda: aws, profile=profile).get_scoped_config())
    except BotoCoreError:
        return []


def _variables() -> list[tuple[str, str]]:
    """The settings of botocore that are set in the environment, with their variables."""
    from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES as SETTINGS

    return [
        (name, variable)
        for name, (_, variables, _, _) in SETTINGS.items()
        if name not in ("profile", "config_file", "credentials_file")
        for variable in ([variables] if isinstance(variables, str) else variables or [])
        if variable in os.environ
    ]


def _default(session: BotocoreSession, name: str) -> None:
    """Set a setting to its default, whatever the environment and the files say."""
    from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES as SETTINGS
    from botocore.configprovider import ConstantProvider

    session.get_component("config_store").set_config_provider(name, ConstantProvider(SETTINGS[name][2]))
