"""Profiles with the usual keys alone are left out by most checks: that never hides a finding."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from mfa_tui.core.awsfiles.awsconfig import USUAL_KEYS, AwsConfig
from mfa_tui.services.doctor import machine_checks
from tests.services.doctor.conftest import Examine
from tests.support.awsfiles.profiles import load
from tests.support.homes.bench import Bench
from tests.support.runner.examples import generated

SETTINGS = {
    "region": ("eu-central-1", "eu-wst-1"),
    "output": ("json",),
    "aws_access_key_id": ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPL2", "ASIAIOSFODNN7EXAMPLE"),
    "aws_secret_access_key": ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",),
    "mfa_serial": ("arn:aws:iam::111122223333:mfa/ana",),
    "aws_mfa_device": ("arn:aws:iam::111122223333:mfa/ana",),
    "ca_bundle": ("/nonexistent/ca.pem",),
    "endpoint_url": ("http://example.com", "nonsense"),
    "services": ("local",),
    "credential_process": ("/nonexistent/tool", "aws-vault export dev"),
    "mfa_process": ("tool",),
    "mfa_tui_access_key_id": ("AKIAIOSFODNN7EXAMPL3",),
    "mfa_tui_scope": ("gone",),
    "mfa_tui_source": ("ops",),
    "role_arn": ("arn:aws:iam::111122223333:role/admin",),
    "source_profile": ("ops",),
    "retry_mode": ("nonsense",),
}
SECTIONS = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in SETTINGS.items()})
NAMES = st.sampled_from(("dev", "dev-long-term", "111122223333-ana"))
VARIABLES = st.sampled_from(
    ({}, {"AWS_ENDPOINT_URL": "http://example.com"}, {"AWS_CA_BUNDLE": "/nonexistent/ca.pem"}, {"AWS_RETRY_MODE": "x"})
)


def section(header: str, values: dict[str, str]) -> str:
    return f"[{header}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())


@generated(10, 300)
@given(NAMES, st.tuples(SECTIONS, SECTIONS, SECTIONS), VARIABLES)
def test_nothing_is_missed(
    bench: Bench, examine: Examine, name: str, keys: tuple[dict[str, str], ...], variables: dict[str, str]
) -> None:
    config, own, others = keys
    bench.write(section(f"profile {name}", config), section(name, own) + section("ops", others))
    quick = examine.all(**variables)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AwsConfig, "with_more", property(lambda aws: frozenset(aws.names)))
        patch.setattr("mfa_tui.core.doctor.profile_checks._is_usual", lambda *_: False)
        whole = examine.all(**variables)
    assert [(each.code, each.lines(), each.profile) for each in quick] == [
        (each.code, each.lines(), each.profile) for each in whole
    ]


def test_which_profiles_have_more_than_the_usual_keys() -> None:
    usual = "region = eu-west-1\noutput = json\nmfa_serial = arn:aws:iam::111122223333:mfa/ana\n"
    keys = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n"
    aws = load(
        f"[profile dev]\n{usual}[profile ops]\n{usual}ca_bundle = x\n", f"[dev]\n{keys}[old]\n{keys}{usual}x=y\n"
    )
    assert aws.with_more == {"ops", "old"}


def test_the_usual_keys_have_no_say_in_how_the_sdk_is_set_up() -> None:
    assert machine_checks._NOT_TRIED.issuperset(USUAL_KEYS)
