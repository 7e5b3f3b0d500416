"""Bad values and their causes; good values are accepted."""

import pytest

from mfa_tui.core.profiles.value_checks import RULES, bad_value

ARN = "arn:aws:iam::123456789012"


@pytest.mark.parametrize(
    ("key", "value", "name", "better"),
    [
        ("region", "eu-west-1 # home", "value-comment", "eu-west-1"),
        ("region", "eu-west-1\u00a0# home", "value-comment", "eu-west-1"),
        ("region", "'eu-west-1' # home", "value-comment", "eu-west-1"),
        ("region", '"eu-west-1', "value-quoted", "eu-west-1"),
        ("region", "eu\u200b-west-1", "value-invisible", "eu-west-1"),
        ("region", "<your region> # change it", "value-placeholder", ""),
        ("region", "${AWS_REGION}", "value-placeholder", ""),
        ("region", "eu west 1", "value-malformed", ""),
        ("region", "eu-w\u00e9st-1", "value-malformed", ""),
        ("region", "eu-west-1\noutput = json", "value-continued", ""),
        ("region", {"a": "b"}, "value-continued", ""),
        ("region", "", "value-empty", ""),
        ("aws_access_key_id", "AKIA\u20281", "value-invisible", ""),
        ("aws_access_key_id", "YOUR_ACCESS_KEY_ID", "value-placeholder", ""),
        ("aws_secret_access_key", "“hush-hush”", "value-quoted", "hush-hush"),
        ("aws_secret_access_key", "sécret", "value-invisible", ""),
        ("mfa_serial", f"{ARN}:user/ana", "value-malformed", ""),
        ("mfa_serial", "arn:aws:iam::<account>:mfa/ana", "value-placeholder", ""),
        ("role_arn", f"{ARN}:mfa/ana", "value-malformed", ""),
        ("duration_seconds", "43201", "value-malformed", ""),
        ("source_profile", "dev # the base", "value-comment", "dev"),
    ],
)
def test_causes(key: str, value: str | dict[str, str], name: str, better: str) -> None:
    bad = bad_value(key, value)
    assert bad is not None
    assert (bad.name, bad.better) == (name, better)
    if bad.rule.secret:
        assert better == "" or better not in bad.remedy(key)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("region", "eu-central-1"),
        ("region", "us-gov-west-1"),
        ("region", "x"),
        ("aws_access_key_id", "AKIAIOSFODNN7EXAMPLE"),
        ("aws_access_key_id", "test"),
        ("aws_secret_access_key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("mfa_serial", f"{ARN}:mfa/team/ana.b+c@example.com"),
        ("mfa_serial", "GAHT12345678"),
        ("role_arn", "arn:aws-us-gov:iam::123456789012:role/path/to/role,with+signs"),
        ("duration_seconds", "900"),
        ("duration_seconds", "43200"),
        ("external_id", "a:b/c"),
        ("source_profile", "my profile"),
    ],
)
def test_good_values(key: str, value: str) -> None:
    assert bad_value(key, value) is None


@pytest.mark.parametrize("value", ["your" + "a" * 4000, "a" + " " * 4000 + "b", "#" * 4000, ":" * 4000, "x" * 100_000])
def test_no_value_takes_long_to_check(value: str) -> None:
    for key in RULES:
        bad_value(key, value)
