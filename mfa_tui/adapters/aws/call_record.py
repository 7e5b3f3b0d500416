"""A record of the calls that a client makes: what was asked of AWS, and the id of each request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mfa_tui.adapters.aws.caller import ApiCall
from mfa_tui.core.aws.response_checks import checked_error_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.client import BaseClient

_CODES = ("AuthenticationCode1", "AuthenticationCode2", "TokenCode")
"""Parameters that are left out of the record."""
_PARAMETERS = "mfa_tui_parameters"
NO_ANSWER = "no-answer"
"""In place of an error code, if the connection broke before AWS answered."""


def record_calls(client: BaseClient, record: Callable[[ApiCall], None]) -> None:
    """Pass every call that *client* makes from now on to *record*, once it is over."""

    def keep_parameters(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context[_PARAMETERS] = {name: str(value) for name, value in params.items() if name not in _CODES}

    def add(model: Any, context: dict[str, Any], request_id: str, error: str) -> None:
        service = model.service_model.service_name
        record(ApiCall(service, model.name, context.get(_PARAMETERS, {}), request_id, error))

    def add_answered(parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        request_id = str(parsed.get("ResponseMetadata", {}).get("RequestId", ""))
        error = parsed.get("Error")
        add(model, context, request_id, (checked_error_code(error.get("Code")) or "unknown") if error else "")

    def add_unanswered(context: dict[str, Any], **_: Any) -> None:
        # This event does not pass the model.
        add(context[_MODEL], context, "", NO_ANSWER)

    def keep_model(model: Any, context: dict[str, Any], **_: Any) -> None:
        context[_MODEL] = model

    client.meta.events.register("before-parameter-build", keep_parameters)
    client.meta.events.register("before-call", keep_model)
    client.meta.events.register("after-call", add_answered)
    client.meta.events.register("after-call-error", add_unanswered)


_MODEL = "mfa_tui_model"
