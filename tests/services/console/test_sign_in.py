"""What a sign-in to the console is planned to be, without a request."""

import pytest

from mfa_tui.core.console.partitions import console_hosts
from mfa_tui.errors import ConfigError, MfaTuiError, ProfileProblem, UsageError
from mfa_tui.services.console.sign_in import ConsoleRequest, SignInPlan, plan_sign_in, session_duration
from tests.support.homes.bench import DEV, ROLES, Bench, session

CHINA = "[profile china]\nrole_arn = arn:aws-cn:iam::444455556666:role/admin\nsource_profile = dev\n"
SOVEREIGN = "[profile sovereign]\nrole_arn = arn:aws-eusc:iam::444455556666:role/admin\nsource_profile = dev\n"


def planned(bench: Bench, profile: str, **request: object) -> SignInPlan:
    return plan_sign_in(bench.context, ConsoleRequest(profile, **request))  # type: ignore[arg-type]


def refused(bench: Bench, profile: str, **request: object) -> MfaTuiError:
    with pytest.raises((ConfigError, UsageError)) as caught:
        planned(bench, profile, **request)
    return caught.value


def test_a_role_needs_its_session_and_a_user_does_not(bench: Bench) -> None:
    bench.write(ROLES)
    assert planned(bench, "admin").is_role
    assert not planned(bench, "dev").is_role
    assert planned(bench, "dev-mfa").resolved.profile.name == "dev"


@pytest.mark.parametrize(
    ("profile", "env", "request_region", "region"),
    [
        ("dev", {}, "", "eu-west-1"),
        ("dev", {"AWS_REGION": "us-east-2"}, "", "us-east-2"),
        ("dev", {"AWS_DEFAULT_REGION": "us-east-2"}, "", "us-east-2"),
        ("dev", {"AWS_REGION": "us-east-2"}, "ap-south-1", "ap-south-1"),
        # It is for other profiles.
        ("dev", {"AWS_REGION": "cn-north-1"}, "", "us-east-1"),
        ("admin", {}, "", "us-east-1"),
        ("china", {}, "", "cn-north-1"),
        ("china", {"AWS_REGION": "cn-northwest-1"}, "", "cn-northwest-1"),
        ("sovereign", {"AWS_REGION": "eu-west-1"}, "", "eusc-de-east-1"),
    ],
)
def test_the_region_and_its_partition(
    bench: Bench, profile: str, env: dict[str, str], request_region: str, region: str
) -> None:
    bench.write(ROLES + CHINA + SOVEREIGN)
    bench.env |= env
    bench.renew()
    plan = planned(bench, profile, region=request_region)
    assert plan.hosts == console_hosts(plan.hosts.partition, region)
    assert plan.destination == f"https://{plan.hosts.page}/console/home?region={region}"


def test_what_cannot_be_planned(bench: Bench) -> None:
    bench.write(CHINA + "[profile none]\nregion = eu-west-1\n[profile odd]\nrole_arn = arn:aws:iam::1:role/x\n")
    assert refused(bench, "china", region="eu-west-1").slug == "console-region"
    assert refused(bench, "china", destination="https://console.aws.amazon.com/").slug == "console-destination"
    assert refused(bench, "dev", service="s4").slug == "console-service"
    for name in ("none", "odd", "missing"):
        assert isinstance(refused(bench, name), ProfileProblem)


def test_a_partition_without_a_known_console(bench: Bench) -> None:
    bench.write("", DEV.replace("arn:aws:", "arn:aws-iso:"))
    assert refused(bench, "dev").slug == "console-partition"


@pytest.mark.parametrize(
    ("env", "config", "endpoint"),
    [
        ({}, "", "http://127.0.0.1:1"),
        ({"AWS_ENDPOINT_URL_SIGNIN": "http://127.0.0.1:2"}, "", "http://127.0.0.1:2"),
        ({"AWS_ENDPOINT_URL": ""}, "", ""),
        ({"AWS_ENDPOINT_URL": ""}, "[profile dev]\nendpoint_url = https://aws.example\n", "https://aws.example"),
        (
            {"AWS_ENDPOINT_URL": ""},
            "[profile dev]\nservices = local\n[services local]\nsignin =\n  endpoint_url = https://in.example\n",
            "https://in.example",
        ),
        ({"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, "", ""),
    ],
)
def test_the_endpoint(bench: Bench, env: dict[str, str], config: str, endpoint: str) -> None:
    bench.env |= env
    bench.write(config)
    assert planned(bench, "dev").endpoint == endpoint


@pytest.mark.parametrize(
    ("address", "slug"), [("http://aws.example", "endpoint-plain"), ("nonsense", "endpoint-malformed")]
)
def test_an_endpoint_that_must_not_get_credentials(bench: Bench, address: str, slug: str) -> None:
    bench.env["AWS_ENDPOINT_URL_SIGNIN"] = address
    bench.renew()
    assert refused(bench, "dev").slug == slug


@pytest.mark.parametrize(
    ("roles", "duration", "asked"),
    [
        ((), 43_200, 0),
        (("role",), 3_600, 0),
        (("role",), 3_601, 3_601),
        (("role",), 43_200, 43_200),
        (("role", "role"), 3_600, 0),
        # AWS does not make such a session.
        (("role", "role"), 7_200, 0),
    ],
)
def test_a_duration_only_where_aws_takes_one(roles: tuple[str, ...], duration: int, asked: int) -> None:
    assert session_duration(session(roles=roles, duration=duration)) == asked
