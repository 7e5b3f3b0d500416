"""The profile without credentials that ``exec --renew`` uses, so that SDKs ask the credentials endpoint.

SDKs ask an endpoint only after the AWS files (botocore, and the SDKs for Go, Java and JavaScript alike), so credentials
in ``[default]`` would win, even long-term keys without MFA. A named profile without credentials is passed over.
"""

from __future__ import annotations

from mfa_tui.core.awsfiles.awsconfig import SOURCE_KEY, AwsConfig, gives_credentials
from mfa_tui.core.awsfiles.document import UnsafeEdit
from mfa_tui.core.awsfiles.ini import DEFAULTS, DocumentDefect
from mfa_tui.core.awsfiles.section_headers import config_header
from mfa_tui.core.profiles.target_edits import settings_changes
from mfa_tui.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.document import Document

_NAME = "mfa-tui-exec"
"""The name of the profile without credentials, unless it is taken."""
_SECRETS = frozenset({"aws_secret_access_key", "aws_session_token", "aws_security_token"})


def with_empty_profile(aws: AwsConfig, source: str) -> tuple[str, Document]:
    """The name of a profile without credentials, and a config file that contains it along with all others.

    It has the settings of *source* (region and the like). Secrets in the config file are left out.
    Raises ConfigError (``default-outranks``) if there can be no such profile.
    """
    name = _NAME
    while name in aws:
        name += "-"
    try:
        harmless = aws.config.without_keys(dict.fromkeys((DEFAULTS, *aws.config.sections()), _SECRETS))
        bare = AwsConfig(harmless, aws.credentials)
        config = bare.config.with_sections(settings_changes(bare, name, source))
        if config.section_of(name) is None:
            config = config.with_section(config_header(name), [(SOURCE_KEY, source)])
    except (DocumentDefect, UnsafeEdit) as error:
        raise _refused(f"{error}.") from None
    if gives_credentials(AwsConfig(config, aws.credentials).merged(name)):
        raise _refused("A section [DEFAULT] gives them to every profile.")
    return name, config


def _refused(why: str) -> ConfigError:
    return ConfigError(
        "default-outranks",
        "SDKs would use the credentials of [default] instead of the session's.",
        why,
        "Leave out --renew, or remove the credentials from [default].",
    )
