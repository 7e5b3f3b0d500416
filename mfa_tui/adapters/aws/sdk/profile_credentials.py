"""The credentials of a profile that has no keys of its own, as botocore finds them (IAM Identity Center, say)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import CredentialsUnavailable
from mfa_tui.adapters.aws.unreachable import as_unreachable, host_in, not_aws
from mfa_tui.errors import ConfigError

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

    from mfa_tui.adapters.aws.clients import Clients


def find_credentials(clients: Clients, profile: str) -> ReadOnlyCredentials | None:
    """What botocore finds for *profile*, with its exceptions and those of other programs turned into ours."""
    from botocore.exceptions import BotoCoreError, ClientError

    from mfa_tui.adapters.aws.responses import NotAwsResponse

    try:
        found = clients.session(profile).get_credentials()
        return found.get_frozen_credentials() if found else None
    except ConfigError:
        raise
    except NotAwsResponse as answer:
        raise not_aws(answer.status, "") from None
    except (BotoCoreError, ClientError) as error:
        if isinstance(error, BotoCoreError) and (unreachable := as_unreachable(error, host_in(error))):
            raise unreachable from None
        raise CredentialsUnavailable(" ".join(str(error).split())[:160].rstrip(" :")) from None
    except OSError as error:
        # The credential process is not installed, or the token's file is missing.
        where = f": {error.filename}" if error.filename else ""
        raise CredentialsUnavailable(f"{error.strerror or type(error).__name__}{where}") from None
    except RuntimeError:
        # botocore raises this if the credentials it has just received have expired.
        raise CredentialsUnavailable("its credentials have expired") from None
    except Exception as error:  # noqa: BLE001 - other programs may answer anything; it may hold secrets
        raise CredentialsUnavailable(f"its answer could not be read ({type(error).__name__})") from None
