"""Hosts by partition, short names of services, and destinations: only pages of the account's own console pass."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.console.addresses import checked_destination, page_address, sign_in_link, user_page_address
from mfa_tui.core.console.partitions import console_hosts, partition_of
from mfa_tui.core.console.services import ALIASES, SERVICES, service_path
from mfa_tui.errors import ConfigError, UsageError
from mfa_tui.models import Secret

AWS = console_hosts("aws", "eu-central-1")


@pytest.mark.parametrize(
    ("region", "partition", "sign_in", "home"),
    [
        ("eu-central-1", "aws", "signin.aws.amazon.com", "eu-central-1.console.aws.amazon.com"),
        ("cn-northwest-1", "aws-cn", "signin.amazonaws.cn", "console.amazonaws.cn"),
        ("us-gov-east-1", "aws-us-gov", "signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com"),
        (
            "eusc-de-east-1",
            "aws-eusc",
            "eusc-de-east-1.signin.amazonaws-eusc.eu",
            "eusc-de-east-1.console.amazonaws-eusc.eu",
        ),
    ],
)
def test_each_partition_has_its_own_hosts(region: str, partition: str, sign_in: str, home: str) -> None:
    assert partition_of(region) == partition
    hosts = console_hosts(partition, region)
    link = urlsplit(sign_in_link(hosts, Secret("TOKEN"), page_address(hosts)).reveal())
    assert (link.scheme, link.netloc, link.path) == ("https", sign_in, "/federation")
    query = parse_qs(link.query)
    assert query["Destination"] == [f"https://{home}/console/home?region={region}"]
    assert query["Action"] == ["login"]
    assert query["SigninToken"] == ["TOKEN"]


@pytest.mark.parametrize("region", ["us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "nowhere", "", "../x"])
def test_regions_of_other_partitions_are_not_known(region: str) -> None:
    assert partition_of(region) == ""


def test_partitions_without_a_known_console_are_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        console_hosts("aws-iso")
    assert caught.value.slug == "console-partition"


@pytest.mark.parametrize("region", ["cn-north-1", "eu.example.com/", "eusc-de-east-1"])
def test_a_region_of_another_partition_is_refused(region: str) -> None:
    with pytest.raises(UsageError) as caught:
        console_hosts("aws", region)
    assert caught.value.slug == "console-region"


def test_signing_out_first_leads_on_to_the_sign_in() -> None:
    link = urlsplit(sign_in_link(AWS, Secret("T"), page_address(AWS), sign_out=True).reveal())
    assert (link.netloc, link.path) == ("us-east-1.signin.aws.amazon.com", "/oauth")
    query = parse_qs(link.query)
    assert query["Action"] == ["logout"]
    assert query["redirect_uri"][0] == sign_in_link(AWS, Secret("T"), page_address(AWS)).reveal()


def test_the_sign_in_page_of_users_is_the_accounts_own() -> None:
    assert user_page_address(AWS, "111122223333") == "https://111122223333.signin.aws.amazon.com/console"
    assert user_page_address(AWS, "acme", "s3") == "https://acme.signin.aws.amazon.com/console/s3"
    regional = user_page_address(AWS, "acme", region="eu-central-1")
    assert regional == "https://acme.signin.aws.amazon.com/console?region=eu-central-1"
    sovereign = console_hosts("aws-eusc")
    assert user_page_address(sovereign, "acme") == "https://eusc-de-east-1.signin.amazonaws-eusc.eu/console"


@pytest.mark.parametrize("name", [*SERVICES, *ALIASES, " S3 "])
def test_services_have_a_page(name: str) -> None:
    checked_destination(page_address(AWS, name), AWS)


@pytest.mark.parametrize(("name", "near"), [("s4", "s3"), ("cloudwach", "cloudwatch"), ("dynamo", "dynamodb")])
def test_unknown_services_are_refused_with_similar_names(name: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        service_path(name)
    assert caught.value.slug == "console-service"
    assert near in caught.value.why


@pytest.mark.parametrize(
    "address",
    [
        "https://console.aws.amazon.com/s3/home",
        "https://eu-central-1.console.aws.amazon.com/ec2/home?region=eu-central-1#Instances:",
        "https://s3.console.aws.amazon.com:443/s3/buckets",
    ],
)
def test_pages_of_the_console_pass(address: str) -> None:
    assert checked_destination(address, AWS) == address


@pytest.mark.parametrize(
    "address",
    [
        "http://console.aws.amazon.com/",
        "https://console.aws.amazon.com.evil.example/",
        "https://evil.example/console.aws.amazon.com",
        "https://evilconsole.aws.amazon.com/",
        "https://user@console.aws.amazon.com/",
        "https://evil.example\\@console.aws.amazon.com/",
        "https://console.aws.amazon.com:8443/",
        "https://console.aws.amazon.com:x/",
        "https://console.amazonaws.cn/",
        "https://console.aws.amazon.com/\n",
        "https://console.aws.amazon.com/ x",
        "https://[::1/",
        "javascript:alert(1)//console.aws.amazon.com",
        "//console.aws.amazon.com/",
        "console.aws.amazon.com",
        f"https://console.aws.amazon.com/{'x' * 3000}",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked_destination(address, AWS)
    assert caught.value.slug == "console-destination"


PIECES = st.sampled_from(
    [*"https:/@\\?#[].%", "https://", "console.aws.amazon.com", "evil.example", "a", "\t", "\x00", "443", "。", "ａ"]
)


@given(st.lists(PIECES, max_size=9).map("".join))
def test_what_passes_leads_to_the_console(address: str) -> None:
    """Whatever a parser makes of it: the text itself begins with a host of the console."""
    try:
        checked_destination(address, AWS)
    except UsageError:
        return
    host, _, _ = address.removeprefix("https://").replace("?", "/").replace("#", "/").partition("/")
    assert address.lower().startswith("https://")
    assert host.lower().removesuffix(":443").removesuffix(":").endswith("console.aws.amazon.com")
