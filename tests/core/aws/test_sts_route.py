"""Which requests to STS go without botocore, and where they go, as botocore would send them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import botocore
import botocore.session
import pytest
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES as SETTINGS
from hypothesis import example, given
from hypothesis import strategies as st

from mfa_tui.core.aws.regions import home_region, partition_of
from mfa_tui.core.aws.sts_route import Proxy, Route, Unusual, plan_route
from mfa_tui.models import AccessKeys, Secret, Session
from tests.support.runner.thoroughness import sample

KEYS = AccessKeys("AKIAIOSFODNN7EXAMPLE", Secret("s" * 40))
BESIDE_THE_POINT = {
    "profile", "region", "config_file", "ca_bundle", "credentials_file", "metadata_service_timeout",
    "metadata_service_num_attempts",
}  # fmt: skip
"""Settings of botocore that do not change how STS is reached, or that are read here."""


def plan(
    env: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
    *,
    keys: AccessKeys | Session = KEYS,
    region: str = "eu-central-1",
    partition: str = "aws",
    proxy: str = "",
) -> Route | Unusual:
    variables = env or {}
    regions = (*map(variables.get, ("AWS_REGION", "AWS_DEFAULT_REGION")), region)
    return plan_route(
        variables, settings or {}, keys, regions=regions, partition=partition, proxy_of=lambda _host: proxy
    )


def reason(*arguments: Any, **options: Any) -> str:
    planned = plan(*arguments, **options)
    assert isinstance(planned, Unusual)
    return planned.why


def route(*arguments: Any, **options: Any) -> Route:
    planned = plan(*arguments, **options)
    assert isinstance(planned, Route), planned
    return planned


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"use_fips_endpoint": "true"}, "use_fips_endpoint"),
        ({"use_dualstack_endpoint": "false"}, "use_dualstack_endpoint"),
        ({"services": "mine"}, "services"),
        ({"data_path": "/models"}, "data_path"),
        ({"sts_regional_endpoints": "legacy"}, "sts_regional_endpoints"),
        ({"sts_regional_endpoints": {"regional": ""}}, "sts_regional_endpoints"),
        ({"ignore_configured_endpoint_urls": "true"}, "ignore_configured_endpoint_urls"),
        ({"retry_mode": "adaptive"}, "retry_mode"),
        ({"tcp_keepalive": "true"}, "tcp_keepalive"),
        ({"defaults_mode": "auto"}, "defaults_mode"),
        ({"of_a_newer_botocore": "x"}, "of_a_newer_botocore"),
        ({"ca_bundle": {"a": "b"}}, "ca_bundle"),
        ({"endpoint_url": {"a": "b"}}, "endpoint_url"),
        ({"output": {"a": "b"}}, "output"),
        ({"s3": ""}, "s3"),
        ({"sso_session": "mine"}, "sso_session"),
        ({"endpoint_url": ""}, "endpoint_url"),
        ({"endpoint_url": "sts.example.com"}, "endpoint_url"),
        ({"endpoint_url": "https://sts.example.com/path"}, "endpoint_url"),
        ({"endpoint_url": "https://sts.example.com?a=b"}, "endpoint_url"),
        ({"endpoint_url": "https://STS.example.com"}, "endpoint_url"),
        ({"endpoint_url": "https://sts..example.com"}, "endpoint_url"),
        ({"endpoint_url": "https://sts.example.com:443"}, "endpoint_url"),
        ({"endpoint_url": "https://sts.example.com:65536"}, "endpoint_url"),
        ({"endpoint_url": "https://user@sts.example.com"}, "endpoint_url"),
        ({"endpoint_url": "https://sts.example.com\n"}, ""),
        ({"endpoint_url": "https://" + "a." * 130 + "b"}, "endpoint_url"),
        ({"endpoint_url": "http://sts.example.com"}, "endpoint_url"),
        ({"endpoint_url": "http://127.0.0.1.example.com"}, "endpoint_url"),
        ({"endpoint_url": "http://evil.localhost\\@127.0.0.1"}, "endpoint_url"),
    ],
)  # fmt: skip
def test_settings_for_botocore(settings: Mapping[str, Any], why: str) -> None:
    planned = plan({}, settings)
    assert (planned.why if isinstance(planned, Unusual) else "") == why


@pytest.mark.parametrize(
    ("env", "why"),
    [
        ({"AWS_USE_FIPS_ENDPOINT": "true"}, "AWS_USE_FIPS_ENDPOINT"),
        ({"AWS_USE_DUALSTACK_ENDPOINT": ""}, "AWS_USE_DUALSTACK_ENDPOINT"),
        ({"AWS_DATA_PATH": "/models"}, "AWS_DATA_PATH"),
        ({"AWS_STS_REGIONAL_ENDPOINTS": "legacy"}, "AWS_STS_REGIONAL_ENDPOINTS"),
        ({"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"),
        ({"AWS_MAX_ATTEMPTS": "9"}, "AWS_MAX_ATTEMPTS"),
        ({"AWS_BEARER_TOKEN_STS": "x"}, "AWS_BEARER_TOKEN_STS"),
        ({"AWS_LAMBDA_FUNCTION_NAME": "x"}, "AWS_LAMBDA_FUNCTION_NAME"),
        ({"AWS_OF_A_NEWER_BOTOCORE": "x"}, "AWS_OF_A_NEWER_BOTOCORE"),
        ({"BOTO_EXPERIMENTAL__ADD_PROXY_HOST_HEADER": "x"}, "BOTO_EXPERIMENTAL__ADD_PROXY_HOST_HEADER"),
        ({"BOTOCORE_EXPERIMENTAL__PLUGINS": "x"}, "BOTOCORE_EXPERIMENTAL__PLUGINS"),
        ({"SSLKEYLOGFILE": "/keys"}, "SSLKEYLOGFILE"),
        ({"AWS_ENDPOINT_URL": ""}, "endpoint_url"),
        ({"AWS_ENDPOINT_URL_STS": "", "AWS_ENDPOINT_URL": "https://a.example.com"}, "endpoint_url"),
        ({"AWS_REGION": "xx-new-1"}, "region"),
        ({"AWS_DEFAULT_REGION": "aws-global"}, "region"),
        ({"AWS_DEFAULT_REGION": "EU-central-1"}, "region"),
    ],
)
def test_variables_for_botocore(env: Mapping[str, str], why: str) -> None:
    assert reason(env) == why


def test_keys_and_partitions_for_botocore() -> None:
    assert reason(region="", partition="aws-moon") == "partition"
    assert reason(region="mars") == "region"
    for wrong in ("AKIA EXAMPLE", "AKIA\r\nX: y", "AKIÄ", ""):
        assert reason(keys=AccessKeys(wrong, Secret("s"))) == "characters of the keys"
        if wrong:
            assert reason(keys=AccessKeys("AKIAEXAMPLE", Secret(wrong))) == "characters of the keys"
            assert reason(keys=_session(wrong)) == "characters of the keys"
    assert route(keys=_session("")).region == "eu-central-1"


def _session(token: str) -> Session:
    return Session(
        access_key_id="ASIAEXAMPLE", secret_access_key=Secret("s"), session_token=Secret(token), expires_at=0,
        duration=0, source_key_id="", serial="",
    )  # fmt: skip


@pytest.mark.parametrize(
    "proxy",
    [
        "https://proxy:3128", "socks5://proxy:1080", "http://user@proxy", "http://user:@proxy", "http://:pw@proxy",
        "http://d\\user:pw@proxy", "http://us%C3%A9r:pw@proxy", "http://us%0Aer:pw@proxy", "http://proxy/path",
        "http://proxy:0", "http://proxy:65536", "http://PROXY", "http://[::1]:3128", "http:proxy", "proxy:",
        "http://a@b:pw@proxy", "http://" + "a." * 130 + "b",
    ],
)  # fmt: skip
def test_proxies_for_botocore(proxy: str) -> None:
    assert reason(proxy=proxy) == "proxy"


@pytest.mark.parametrize(
    ("address", "proxy"),
    [
        ("http://proxy.example.com:3128", Proxy("proxy.example.com", 3128, None)),
        ("proxy:3128/", Proxy("proxy", 3128, None)),
        ("//10.0.0.1", Proxy("10.0.0.1", 80, None)),
        ("http://ana:p%40ss%3Aw%2Frd@proxy", Proxy("proxy", 80, Secret("ana:p@ss:w/rd"))),
    ],
)
def test_proxies(address: str, proxy: Proxy) -> None:
    assert route(proxy=address).proxy == proxy
    assert route({"AWS_ENDPOINT_URL": "http://localhost:1"}, proxy=address).proxy is None
    assert reason({"AWS_ENDPOINT_URL": "https://[::1]:1"}, proxy=address) == "proxy"


@pytest.mark.parametrize(
    ("env", "settings", "host"),
    [
        ({}, {}, "sts.eu-central-1.amazonaws.com"),
        ({"AWS_DEFAULT_REGION": "eu-west-3", "AWS_REGION": "eu-north-1"}, {}, "sts.eu-north-1.amazonaws.com"),
        ({"AWS_REGION": "cn-north-1"}, {}, "sts.eu-central-1.amazonaws.com"),
        ({}, {"sts_regional_endpoints": "regional", "s3": {"a": "b"}}, "sts.eu-central-1.amazonaws.com"),
        ({}, {"cli_pager": "", "sso_region": "x"}, "sts.eu-central-1.amazonaws.com"),
        ({"AWS_STS_REGIONAL_ENDPOINTS": "regional", "AWS_PROFILE": "x"}, {}, "sts.eu-central-1.amazonaws.com"),
        ({}, {"endpoint_url": "https://aws.example.com/"}, "aws.example.com"),
        ({"AWS_ENDPOINT_URL": "http://localhost:8080"}, {"endpoint_url": "https://a.example.com"}, "localhost:8080"),
        ({"AWS_ENDPOINT_URL": "https://a", "AWS_ENDPOINT_URL_STS": "http://[::1]:5000"}, {}, "[::1]:5000"),
        ({"AWS_ENDPOINT_URL_IAM": "odd"}, {}, "sts.eu-central-1.amazonaws.com"),
    ],
)  # fmt: skip
def test_where_requests_go(env: Mapping[str, str], settings: Mapping[str, Any], host: str) -> None:
    assert route(env, settings).authority == host


def test_certificates() -> None:
    env, settings = {"AWS_CA_BUNDLE": "/a", "REQUESTS_CA_BUNDLE": "/c"}, {"ca_bundle": "/b"}
    assert route(env, settings).ca_bundle == "/a"
    assert route({"REQUESTS_CA_BUNDLE": "/c"}, settings).ca_bundle == "/b"
    assert route({"REQUESTS_CA_BUNDLE": "/c"}).ca_bundle == "/c"
    assert route().ca_bundle == ""


def test_no_password_shows() -> None:
    assert "canary" not in repr(route(proxy="http://ana:canary@proxy:3128"))


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_of_botocore_is_known(name: str) -> None:
    """A setting that a newer botocore reads is for botocore, until somebody has looked at it."""
    key, variables, _, _ = SETTINGS[name]
    if name in BESIDE_THE_POINT:
        return
    if key is not None:
        assert reason({}, {key: "1"}) == key
    for variable in [variables] if isinstance(variables, str) else variables or []:
        assert reason({variable: "1"}) == variable


def test_every_variable_of_botocore_is_known() -> None:
    """The names in botocore's own text that this allows, each of which somebody has looked at."""
    found: set[str] = set()
    for file in Path(botocore.__file__).parent.glob("*.py"):
        found |= set(
            re.findall(r"['\"]((?:AWS|BOTO)_?[A-Z0-9_]+|SSLKEYLOGFILE|BOTOCORE_[A-Z_]+)['\"]", file.read_text())
        )
    allowed = {name for name in found if isinstance(plan({name: "us-east-1"}), Route)}
    assert allowed == {
        "AWS_ACCESS_KEY_ID", "AWS_ACCOUNT_ID", "AWS_CONFIG_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CREDENTIAL_EXPIRATION", "AWS_CREDENTIAL_FILE",
        "AWS_DEFAULT_PROFILE", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
        "AWS_METADATA_SERVICE_TIMEOUT", "AWS_PROFILE", "AWS_SECRET_ACCESS_KEY", "AWS_SECURITY_TOKEN",
        "AWS_SESSION_TOKEN", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE", "AWS_EC2_METADATA_DISABLED", "AWS_REGION",
        "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE",
    }  # fmt: skip


DATA = botocore.session.Session().get_component("data_loader")
PARTITIONS = DATA.load_data("partitions")["partitions"]
REGIONS = [(one["id"], region) for one in PARTITIONS for region in one["regions"]]


@pytest.mark.usefixtures("aws_data_read_once")
@pytest.mark.parametrize(("partition", "region"), sample(REGIONS, short=12))
def test_each_region_has_botocores_endpoint(partition: str, region: str) -> None:
    if "global" in region:
        # A name for no region, which only some services know.
        assert partition_of(region) is None
        return
    client: Any = botocore.session.Session().create_client(
        "sts", region_name=region, aws_access_key_id="unused", aws_secret_access_key="unused"
    )
    told: list[tuple[str, str]] = []

    def stop(request: Any, **_: Any) -> None:
        told.append((request.url, request.headers["Authorization"].decode().split("/")[2]))
        raise _Stopped

    client.meta.events.register("before-send", stop)
    with pytest.raises(_Stopped):
        client.get_caller_identity()
    planned = route(region=region, partition=partition)
    assert told == [(f"https://{planned.authority}/", planned.region)]


class _Stopped(Exception):
    pass


@pytest.mark.parametrize("one", PARTITIONS, ids=lambda one: str(one["id"]))
def test_each_partition_is_known(one: dict[str, Any]) -> None:
    home = home_region(one["id"])
    found = partition_of(home)
    assert found is not None
    assert (found.name, found.suffix) == (one["id"], one["outputs"]["dnsSuffix"])
    assert home == ("cn-north-1" if one["id"] == "aws-cn" else one["outputs"]["implicitGlobalRegion"])
    for region in one["regions"]:
        known = partition_of(region)
        assert (known.name if known else "") == ("" if "global" in region else one["id"])


@given(st.from_regex(r"(us|eu|cn|us-gov|us-iso[bf]?|eu-isoe|eusc-de|xx)-[a-zA-Z-]{0,9}-[0-9]{0,4}", fullmatch=True))
@example("eu-central-1\n")
@example("aws-global")
@example("")
def test_a_new_region_is_of_botocores_partition(region: str) -> None:
    found = partition_of(region)
    if found is not None:
        endpoints, partitions = DATA.load_data("endpoints")["partitions"], PARTITIONS
        assert [one["partition"] for one in endpoints if re.match(one["regionRegex"], region)] == [found.name]
        assert [one["id"] for one in partitions if re.match(one["regionRegex"], region)] == [found.name]
