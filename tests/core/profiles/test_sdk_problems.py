"""Settings that the AWS SDK refuses, reported without anything that may be secret."""

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.profiles.sdk_problems import setting_problem


def test_the_password_in_an_address_is_not_shown() -> None:
    config = b"[profile dev]\nregion = x\nendpoint_url = https://me:hunter2@[bad\n"
    aws = AwsConfig(Document.parse(config, "config"), Document.parse(b"", "credentials"), ("config", "credentials"))
    reason = "ValueError: Invalid endpoint: https://me:hunter2@[bad"
    found = setting_problem(aws, "dev", key="endpoint_url", name="", reason=reason)
    assert "hunter2" not in " ".join(found.lines())
    assert found.why == "Invalid endpoint: https://[bad."
