"""Where requests go and what they are signed for. They are caught on the way out, so nothing is sent."""

import os
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from mfa_tui.adapters.aws.caller import Caller
from mfa_tui.adapters.aws.iam import Iam
from mfa_tui.adapters.aws.sts import Aws
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.errors import ConfigError
from mfa_tui.models import AccessKeys, Secret

KEYS = AccessKeys("AKIAEXAMPLE", Secret("secret"))


class Outgoing(Exception):
    """A request that was about to be sent."""

    def __init__(self, url: str, scope: str) -> None:
        super().__init__(url)
        self.url = url
        self.scope = scope


def _outgoing(service: str, caller: Caller) -> tuple[str, str]:
    """URL and credential scope (region/service) of a request that *caller* would make."""
    client: Any = Aws(Clock(), Paths(os.environ))._clients.client(service, caller, 1)

    def stop(request: Any, **_: Any) -> None:
        authorization = request.headers["Authorization"].decode()
        raise Outgoing(request.url, "/".join(authorization.split("Credential=")[1].split("/")[2:4]))

    client.meta.events.register("before-send", stop)
    with pytest.raises(Outgoing) as caught:
        client.get_session_token() if service == "sts" else client.list_mfa_devices()
    return caught.value.url, caught.value.scope


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config"
    path.write_text("[profile dev]\n[profile berlin]\nregion = eu-central-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    return path


@pytest.mark.parametrize(
    ("region", "partition", "sts", "iam"),
    [
        ("", "", "sts.us-east-1.amazonaws.com us-east-1/sts", "iam.amazonaws.com us-east-1/iam"),
        ("eu-central-1", "aws", "sts.eu-central-1.amazonaws.com eu-central-1/sts", "iam.amazonaws.com us-east-1/iam"),
        (
            "cn-northwest-1",
            "aws-cn",
            "sts.cn-northwest-1.amazonaws.com.cn cn-northwest-1/sts",
            "iam.cn-north-1.amazonaws.com.cn cn-north-1/iam",
        ),
        (
            "",
            "aws-cn",
            "sts.cn-north-1.amazonaws.com.cn cn-north-1/sts",
            "iam.cn-north-1.amazonaws.com.cn cn-north-1/iam",
        ),
        (
            "us-gov-east-1",
            "",
            "sts.us-gov-east-1.amazonaws.com us-gov-east-1/sts",
            "iam.us-gov.amazonaws.com us-gov-west-1/iam",
        ),
        (
            "",
            "aws-us-gov",
            "sts.us-gov-west-1.amazonaws.com us-gov-west-1/sts",
            "iam.us-gov.amazonaws.com us-gov-west-1/iam",
        ),
        ("xx-new-1", "aws", "sts.xx-new-1.amazonaws.com xx-new-1/sts", "iam.amazonaws.com us-east-1/iam"),
    ],
)
def test_the_region_chooses_endpoint_and_signature(region: str, partition: str, sts: str, iam: str) -> None:
    caller = Caller("dev", KEYS, region, partition)
    for service, wanted in (("sts", sts), ("iam", iam)):
        host, scope = wanted.split()
        assert _outgoing(service, caller) == (f"https://{host}/", scope)


PARTITIONS = botocore.session.Session().get_component("data_loader").load_data("partitions")["partitions"]


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda one: str(one["id"]))
def test_each_partition_has_a_default_region(partition: dict[str, Any]) -> None:
    caller = Caller("dev", KEYS, "", partition["id"])
    for service in ("sts", "iam"):
        url, scope = _outgoing(service, caller)
        assert url.removesuffix("/").endswith("." + partition["outputs"]["dnsSuffix"])
        assert scope.split("/")[0] in partition["regions"]


def test_an_unknown_partition_needs_a_region() -> None:
    with pytest.raises(ConfigError) as caught:
        _outgoing("sts", Caller("dev", KEYS, "", "aws-moon"))
    assert caught.value.slug == "region-unknown"


@pytest.mark.parametrize(
    ("env", "partition", "host"),
    [
        ({}, "aws", "sts.eu-central-1.amazonaws.com"),
        ({"AWS_DEFAULT_REGION": "eu-west-3"}, "aws", "sts.eu-west-3.amazonaws.com"),
        ({"AWS_DEFAULT_REGION": "eu-west-3", "AWS_REGION": "eu-north-1"}, "", "sts.eu-north-1.amazonaws.com"),
        ({"AWS_DEFAULT_REGION": "cn-north-1"}, "aws", "sts.eu-central-1.amazonaws.com"),
        ({"AWS_REGION": "eu-north-1"}, "aws-cn", "sts.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_the_shells_region_comes_first_unless_it_is_of_another_partition(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], partition: str, host: str
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert _outgoing("sts", Caller("berlin", KEYS, "eu-central-1", partition))[0] == f"https://{host}/"


def test_a_profiles_own_endpoint_and_services(config: Path) -> None:
    config.write_text(
        "[profile dev]\nendpoint_url = https://aws.example.com\nservices = mine\n"
        "[services mine]\niam =\n  endpoint_url = https://iam.example.com\n"
    )
    caller = Caller("dev", KEYS, "eu-central-1")
    assert _outgoing("sts", caller) == ("https://aws.example.com/", "eu-central-1/sts")
    assert _outgoing("iam", caller)[0] == "https://iam.example.com/"


def test_a_shell_profile_that_does_not_exist_yet_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    # botocore makes no client at all while AWS_PROFILE names a profile that is not there.
    monkeypatch.setenv("AWS_PROFILE", "dev-mfa")
    monkeypatch.setenv("AWS_DEFAULT_PROFILE", "dev-mfa")
    assert _outgoing("sts", Caller("dev", KEYS, "eu-west-1"))[0] == "https://sts.eu-west-1.amazonaws.com/"


@pytest.mark.parametrize("endpoint", ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"])
def test_plain_http_may_go_to_this_machine(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", endpoint)
    assert _outgoing("sts", Caller("dev", KEYS))[0] == endpoint + "/"


@pytest.mark.parametrize(
    ("endpoint", "slug"),
    [
        ("http://sts.example.com", "endpoint-plain"),
        ("http://127.0.0.1.example.com", "endpoint-plain"),
        ("http://127.0.0.1@example.com", "endpoint-plain"),
        ("127.0.0.1:5000", "endpoint-malformed"),
        ("sts.example.com", "endpoint-malformed"),
    ],
)
def test_endpoints_that_are_refused(monkeypatch: pytest.MonkeyPatch, endpoint: str, slug: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    aws = Aws(Clock(), Paths(os.environ))
    with pytest.raises(ConfigError) as caught:
        Iam(aws).get_identity(Caller("dev", KEYS), CancelScope())
    assert caught.value.slug == slug


def test_certificates_and_proxies_are_those_that_other_aws_tools_use(
    monkeypatch: pytest.MonkeyPatch, config: Path
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    of_profile, of_shell = config.with_name("profile.pem"), config.with_name("shell.pem")
    for bundle in (of_profile, of_shell):
        bundle.write_text("-----BEGIN CERTIFICATE-----\n")
    config.write_text(f"[profile dev]\nca_bundle = {of_profile}\n")

    def transport() -> Any:
        client: Any = Aws(Clock(), Paths(os.environ))._clients.client("sts", Caller("dev", KEYS), 1)
        return client._endpoint.http_session

    assert (
        transport()._proxy_config.proxy_url_for("https://sts.us-east-1.amazonaws.com/")
        == "http://proxy.example.com:3128"
    )
    assert transport()._verify == str(of_profile)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(of_shell))
    assert transport()._verify == str(of_shell)
    monkeypatch.setenv("NO_PROXY", "sts.us-east-1.amazonaws.com")
    assert transport()._proxy_config.proxy_url_for("https://sts.us-east-1.amazonaws.com/") is None


def test_calls_that_carry_a_code_are_never_resent() -> None:
    client: Any = Aws(Clock(), Paths(os.environ))._clients.client("sts", Caller("dev", KEYS), 1)
    assert client.meta.config.retries["total_max_attempts"] == 1
