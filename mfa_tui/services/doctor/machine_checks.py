"""Checks of this machine: its keyring, its locale, and what the AWS SDK makes of files and variables.

AWS is not asked, no secret is used and no dialog is shown.
"""

from __future__ import annotations

import os

from mfa_tui.adapters.aws.ca_bundle import check_ca_bundle
from mfa_tui.adapters.aws.endpoint_checks import check_endpoint, may_have_endpoint
from mfa_tui.adapters.aws.sdk_checks import check_setting, known_regions, sdk_encoding
from mfa_tui.adapters.keys.store import SERVICE as KEYS_SERVICE
from mfa_tui.adapters.secretstores.keyring import KeyringStore
from mfa_tui.adapters.seeds.store import KEYRING
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.aws.regions import COMMON_REGIONS
from mfa_tui.core.awsfiles.awsconfig import STORED_KEY, text
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.problems.finding import Finding, Severity, from_error
from mfa_tui.core.problems.place import place_of, variable
from mfa_tui.core.profiles.login_problems import login_problems
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.profiles.sdk_problems import locale_problem
from mfa_tui.core.profiles.value_checks import bad_value
from mfa_tui.core.shells.variables import REGIONS
from mfa_tui.core.text.display import quoted, shortened_key
from mfa_tui.errors import ConfigError, KeyringProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.services.context import Context

_CA_VARIABLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
"""What botocore reads: the first before a profile's ``ca_bundle``, the second without either."""
_SERVICES = ("sts", "iam")
"""The services that requests go to."""
_TIMEOUT = 5.0
"""Seconds that the keyring may take to say what it is like; it is asked for nothing that could show a dialog."""
_MOST_TRIED = 40
"""How many different ways to reach AWS are tried with the SDK; each costs some 10 ms."""
_NOT_TRIED = frozenset(
    {
        "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "mfa_serial", "role_arn", "source_profile",
        "mfa_tui_source", "mfa_tui_target", "mfa_tui_access_key_id", "region", "output", "external_id",
        "role_session_name", "duration_seconds",
    }
)  # fmt: skip
"""Keys that have no say in how the SDK is set up."""


_OWN_DATA = "~/.aws/models"
"""Where users may have data of services, regions and partitions that the SDK reads beside its own."""
_NOT_TRIED_VARIABLES = frozenset(
    {
        "AWS_ACCESS_KEY_ID", "AWS_CONFIG_FILE", "AWS_DEFAULT_PROFILE", "AWS_DEFAULT_REGION",
        "AWS_EC2_METADATA_DISABLED", "AWS_PAGER", "AWS_PROFILE", "AWS_REGION", "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN", "AWS_SHARED_CREDENTIALS_FILE", "AWS_VAULT",
    }
)  # fmt: skip
"""Variables that have no say in how the SDK is set up, or (profiles and regions) are checked by themselves."""


def check_machine(context: Context, aws: AwsConfig, names: frozenset[str], *, whole: bool) -> Iterator[Finding]:
    """Check the keyring, the locale, certificates, regions and what else the SDK may refuse, for the profiles *names*.

    *whole* says that both AWS files could be read: the SDK cannot work with one that could not.
    """
    with_more = names & aws.with_more
    yield from check_keyring(context, aws, with_more)
    unread = locale_problem(aws, sdk_encoding, windows=os.name == "nt", only_unreadable=False)
    if unread is not None:
        yield unread
    yield from _check_bundles(context.env, aws, with_more)
    if whole and (unread is None or unread.severity != Severity.ERROR):
        yield from _check_regions(context.env, aws, names)
        yield from _check_endpoints(context.env, aws, with_more)
        yield from _check_sdk(context.env, aws, names)


def check_keyring(context: Context, aws: AwsConfig, names: frozenset[str]) -> Iterator[Finding]:
    """Check that the keyring can store and return secrets: an error if it is in use, else a hint.

    If it can, check that the keys are there that the profiles *names* say it has.
    """
    keys = {name: key for name in aws.names if name in names and (key := aws.stored_key_id(name))}
    keys = {name: key for name, key in keys.items() if context.key_store.place(key) == KEYRING}
    used = bool(keys) or KEYRING in context.seeds.stored().values() or context.settings.session_store == KEYRING
    if not used and context.settings.seed_store != KEYRING:
        return
    warnings: list[str] = []
    keyring = KeyringStore(context.env, warnings.append, timeout=_TIMEOUT)
    found = keyring.problem(CancelScope())
    for told in warnings:
        yield problem("keyring-unprotected", place=variable("PYTHON_KEYRING_BACKEND"), what=told)
    if found is not None and used:
        yield from_error(found)
    elif found is not None:
        hint = problem("keyring-unneeded", what=found.what, why=found.why, remedy=found.remedy)
        yield hint._replace(code=found.slug)
    else:
        yield from _check_keys(keyring, aws, keys)


def _check_keys(keyring: KeyringStore, aws: AwsConfig, keys: Mapping[str, str]) -> Iterator[Finding]:
    """Check that the keyring has the *keys*, by profile. Reading one shows no dialog: the keyring is unlocked."""
    for name, key in keys.items():
        try:
            if keyring.get(KEYS_SERVICE, key, CancelScope()) is not None:
                continue
        except KeyringProblem as error:
            yield from_error(error)
            return
        place = place_of(aws, name, STORED_KEY)
        yield problem("key-missing", profile=name, place=place, place_name=KEYRING, shortened=shortened_key(key))


def _check_bundles(env: Mapping[str, str], aws: AwsConfig, names: frozenset[str]) -> Iterator[Finding]:
    """Check that certificate files exist and hold certificates."""
    told: set[str] = set()
    without = False
    for name in ("", *(name for name in aws.names if name in names)):
        settings = aws.merged(name)
        if "ca_bundle" not in settings:
            # Nearly all profiles have none, and then the environment's is read.
            if without:
                continue
            without = True
        try:
            check_ca_bundle(env, name, settings)
        except ConfigError as error:
            if error.what in told:
                continue
            told.add(error.what)
            named = next((variable(each) for each in _CA_VARIABLES if each in error.what), None)
            place = named or place_of(aws, name, "ca_bundle")
            yield from_error(error, profile="" if named else name)._replace(place=place)


def _check_regions(env: Mapping[str, str], aws: AwsConfig, names: frozenset[str]) -> Iterator[Finding]:
    """Check that the SDK knows the regions, if they have the right form."""
    given = {name: region for name in filter(names.__contains__, aws.names) if (region := _region(aws, name))}
    set_here = {name: env[name] for name in REGIONS if env.get(name)}
    common = COMMON_REGIONS.issuperset(given.values()) and COMMON_REGIONS.issuperset(set_here.values())
    if common and not _has_own_data():
        # Loading botocore and its table of regions takes five starts of Python.
        return
    known = known_regions()
    for name, region in set_here.items():
        if region not in known and bad_value("region", region) is None:
            near = _near(region, known)
            yield problem("env-region-unknown", place=variable(name), variable=name, region=quoted(region), near=near)
    for name, region in given.items():
        if region not in known and bad_value("region", region) is None:
            place, near = place_of(aws, name, "region"), _near(region, known)
            yield problem("region-unknown", profile=name, place=place, region=quoted(region), near=near)


def _region(aws: AwsConfig, name: str) -> str:
    """The region of a profile; empty if it has none."""
    keys = aws.in_credentials(name)
    return text(keys if "region" in keys else aws.in_config(name), "region")


def _check_endpoints(env: Mapping[str, str], aws: AwsConfig, names: frozenset[str]) -> Iterator[Finding]:
    """Check that requests can, and may, be sent to the endpoints."""
    told: set[str] = set()
    for name in ("", *(name for name in aws.names if name in names)):
        if not may_have_endpoint(env, aws, name):
            continue
        for service in _SERVICES:
            found = check_endpoint(env, aws, name, service)
            if found is not None and str(found.place) not in told:
                told.add(str(found.place))
                yield found


def _is_sdk_as_installed(env: Mapping[str, str]) -> bool:
    """Whether nothing but the profiles says how the SDK is set up: no variable, and no data of the user's own."""
    return not _has_own_data() and all(
        name in _NOT_TRIED_VARIABLES
        or not (name.startswith(("AWS_", "BOTO", "SSL")) or name.upper().endswith("_PROXY") or name in _CA_VARIABLES)
        for name in env
    )


def _has_own_data() -> bool:
    return os.path.exists(os.path.expanduser(_OWN_DATA))


def _near(region: str, known: frozenset[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(region, sorted(known), n=1)
    return f" Did you mean {near[0]}?" if near else ""


def _check_sdk(env: Mapping[str, str], aws: AwsConfig, names: frozenset[str]) -> Iterator[Finding]:
    """Check what the SDK refuses in profiles that have no other problem."""
    tried: set[str] = set()
    told: set[tuple[str, str]] = set()
    region = next((env[name] for name in REGIONS if env.get(name)), "")
    region = "" if region and bad_value("region", region) is not None else region
    plain = _is_sdk_as_installed(env)
    # All the usual keys are among _NOT_TRIED.
    checked = names & aws.with_more if plain else names
    for name in filter(checked.__contains__, aws.names):
        if plain and _NOT_TRIED.issuperset(aws.in_config(name)) and _NOT_TRIED.issuperset(aws.in_credentials(name)):
            # The SDK is asked with its defaults alone, which it takes. Loading it would take longer than all the rest.
            continue
        settings = {key: value for key, value in aws.merged(name).items() if key not in _NOT_TRIED}
        way = repr(sorted(settings.items(), key=str))
        if way in tried:
            continue
        if next(login_problems(aws, read_profile(aws, name), with_region=True), None) is not None:
            continue
        if any(check_endpoint(env, aws, name, service) for service in _SERVICES):
            continue
        if len(tried) >= _MOST_TRIED:
            return
        tried.add(way)
        found = check_setting(aws, name, "sts", region or text(aws.merged(name), "region"))
        if found is not None and (found.what, found.where) not in told:
            told.add((found.what, found.where))
            yield found
            if found.place is not None and found.place.variable:
                # All profiles meet that one, and finding it takes a second.
                return
