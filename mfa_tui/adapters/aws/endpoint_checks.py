"""The endpoints that a user names in place of AWS's own, checked before anything is sent."""

from __future__ import annotations

from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.problems.place import Place, place_of, variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.problems.finding import Finding

_KEY = "endpoint_url"


def check_endpoint(env: Mapping[str, str], aws: AwsConfig, profile: str, service: str) -> Finding | None:
    """What is wrong with the endpoint of *service* (``sts``, ``iam``, ``signin``) that is set for *profile*.

    None if nothing is.
    """
    address, place = configured_endpoint(env, aws, profile, service)
    # Every login runs this: nothing is loaded without an endpoint, and the catalogue only if something is wrong.
    if not address:
        return None
    from mfa_tui.adapters.aws.request_limits import is_protected

    if _is_url(address) and is_protected(address):
        return None
    from urllib.parse import urlsplit

    from mfa_tui.core.problems.catalogue import problem

    name = "" if place is not None and place.variable else profile
    if not _is_url(address):
        # Not shown: it may hold a password.
        return problem("endpoint-malformed", profile=name, place=place, service=service.upper())
    parts = urlsplit(address)
    shown = f"{parts.scheme}://{parts.hostname}"
    return problem("endpoint-plain", profile=name, place=place, endpoint=shown)


def may_have_endpoint(env: Mapping[str, str], aws: AwsConfig, profile: str) -> bool:
    """Whether an endpoint may be set for *profile*, of whichever service: nearly all have none."""
    config, credentials = aws.in_config(profile), aws.in_credentials(profile)
    return any(_KEY in values or "services" in values for values in (config, credentials)) or any(
        name.startswith("AWS_ENDPOINT_URL") for name in env
    )


def configured_endpoint(env: Mapping[str, str], aws: AwsConfig, profile: str, service: str) -> tuple[str, Place | None]:
    """The address that is set for *service*, and where; empty if none is.

    The order is botocore's (``configprovider.ConfiguredEndpointProvider``, 1.44).
    """
    values = aws.merged(profile)
    variables = (f"AWS_ENDPOINT_URL_{service.upper()}", "AWS_ENDPOINT_URL")
    if _KEY not in values and "services" not in values and not any(map(env.get, variables)):
        return "", None
    ignored = env.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") or text(values, "ignore_configured_endpoint_urls")
    if ignored.lower() == "true":
        return "", None
    for name in variables:
        if env.get(name):
            return env[name], variable(name)
    if services := text(values, "services"):
        for section in aws.config.sections():
            if section.split(None, 1) == ["services", services]:
                block = aws.config.read().get(section, {}).get(service, {})
                if isinstance(block, dict) and (address := block.get(_KEY, "").strip()):
                    return address, Place(aws.paths[0], aws.config.line_of(section, service), section, service)
    address = text(values, _KEY)
    return address, place_of(aws, profile, _KEY) if address else None


def _is_url(address: str) -> bool:
    """Whether botocore takes *address*: see ``botocore.args``, which raises ValueError for others."""
    from urllib.parse import urlsplit

    from botocore.utils import is_valid_endpoint_url, is_valid_ipv6_endpoint_url

    try:
        # A port that is no number, or none that there is, shows only when it is asked for.
        _ = urlsplit(address).port
        return bool(is_valid_endpoint_url(address) or is_valid_ipv6_endpoint_url(address))
    except ValueError:
        return False
