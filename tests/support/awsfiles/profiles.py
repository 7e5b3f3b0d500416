"""AWS files written in a test: their text, and the profiles in it."""

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.models import Secret, Session

KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n"
"""Long-term keys."""
TEMPORARY = "aws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\naws_session_token = t\n"
"""A session's keys."""
ROLE = "role_arn = arn:aws:iam::444455556666:role/admin\n"
SESSION = Session(
    access_key_id="ASIANEW",
    secret_access_key=Secret("new-secret"),
    session_token=Secret("new-token"),
    expires_at=1_795_521_342,
    duration=43_200,
    source_key_id="AKIAIOSFODNN7EXAMPLE",
    serial="arn:aws:iam::111122223333:mfa/ana",
)


def load(config: str = "", credentials: str = "") -> AwsConfig:
    """Both files from their text."""
    return AwsConfig(Document.parse(config.encode(), "config"), Document.parse(credentials.encode(), "credentials"))
