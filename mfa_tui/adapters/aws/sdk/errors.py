"""botocore's many exceptions, turned into ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.adapters.aws.unreachable import as_unreachable, check_answer, not_aws
from mfa_tui.core.aws.response_checks import checked_error_code
from mfa_tui.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")


def translate_errors(work: Callable[[], T], where: list[str]) -> T:
    """Run *work*, with botocore's exceptions turned into ours; *where* holds the host."""
    from botocore import exceptions as b

    from mfa_tui.adapters.aws.responses import NotAwsResponse

    try:
        return check_answer(work, where)
    except b.ClientError as error:
        metadata = error.response.get("ResponseMetadata", {})
        status = int(metadata.get("HTTPStatusCode", 0))
        if "RequestId" not in metadata:
            raise not_aws(status, where[0]) from None
        details = error.response.get("Error", {})
        raise AwsError(checked_error_code(details.get("Code")), details.get("Message") or "", status) from None
    except NotAwsResponse as answer:
        raise not_aws(answer.status, where[0]) from None
    except b.BotoCoreError as error:
        if unreachable := as_unreachable(error, where[0]):
            raise unreachable from None
        raise ConfigError(
            "botocore",
            "The AWS SDK cannot work with this configuration.",
            " ".join(str(error).split())[:160],
            "Correct it in the AWS files or the environment.",
        ) from None
    except (ValueError, AttributeError, TypeError, OverflowError, RuntimeError):
        # What botocore's parser of JSON raises, and what reads its result: a list for a table, a date that is none.
        raise AwsUnreachable("not-aws", where[0], "the answer is malformed") from None
