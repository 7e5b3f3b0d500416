"""A record of the calls that a client makes: what was asked of AWS, and the id of each request."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mfa_tui.core.aws.api_call import NO_ANSWER, ApiCall, arn_in
from mfa_tui.core.aws.error_kinds import without_codes
from mfa_tui.core.aws.response_checks import checked_error_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.client import BaseClient

_PARAMETERS = "mfa_tui_parameters"
_LEFT_OUT = ("Code", "Password", "Secret", "Token")
"""Parameters with one of these in their names are left out of the record: MFA codes (``TokenCode``), for example."""
_HIDDEN = ("ExternalId",)
"""Parameters whose value is not recorded."""
_LONGEST_VALUE, _LONGEST_MESSAGE = 8192, 1000
"""Characters that are recorded; a policy document has at most 6,144."""

DONE_BELOW = 300
"""The lowest HTTP status with which a call was not done (``botocore.client``)."""

_thread = threading.local()


@contextmanager
def collect_calls(calls: list[ApiCall]) -> Iterator[None]:
    """Add the calls that this thread makes to *calls*, each as it begins; its answer replaces it there."""
    _thread.calls = calls
    try:
        yield
    finally:
        del _thread.calls


def watch_calls(client: BaseClient) -> None:
    """Let *client*'s calls be collected; see :func:`collect_calls`."""
    client.meta.events.register("before-parameter-build", _keep_parameters)
    client.meta.events.register("before-call", _add)
    client.meta.events.register("after-call", _set_answer)


def begun(service: str, action: str, parameters: Mapping[str, object]) -> ApiCall:
    """The record of a call before it is answered."""
    return ApiCall(service, action, _recorded(parameters), "", NO_ANSWER)


def answered(call: ApiCall, request_id: str, refusal: tuple[object, object] | None, arn: str) -> ApiCall:
    """The record of *call* with its answer: AWS's id of it, error code and message of a *refusal*, and who called."""
    error = message = ""
    if refusal is not None:
        code, words = refusal
        error = checked_error_code(code) or "unknown"
        # AWS repeats the request in its words about a wrong signature, with the session token.
        if "Signature" not in error:
            said = str(words or "")
            message, arn = without_codes(said, longest=_LONGEST_MESSAGE), arn_in(said)
    return call._replace(request_id=request_id, error=error, message=message, arn=arn)


def _recorded(parameters: Mapping[str, object]) -> dict[str, str]:
    return {
        name: "…" if name in _HIDDEN else str(value)[:_LONGEST_VALUE]
        for name, value in parameters.items()
        if not any(word in name for word in _LEFT_OUT)
    }


def _keep_parameters(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    context[_PARAMETERS] = _recorded(params)


def _add(model: Any, context: dict[str, Any], **_: Any) -> None:
    calls: list[ApiCall] | None = getattr(_thread, "calls", None)
    if calls is not None:
        service = model.service_model.service_name
        calls.append(ApiCall(service, model.name, context.get(_PARAMETERS, {}), "", NO_ANSWER))


def _set_answer(parsed: dict[str, Any], **_: Any) -> None:
    calls: list[ApiCall] | None = getattr(_thread, "calls", None)
    if not calls:
        return
    metadata = parsed.get("ResponseMetadata", {})
    request_id = str(metadata.get("RequestId", ""))
    details = parsed.get("Error")
    details = details if isinstance(details, dict) else {}
    refused = details or metadata.get("HTTPStatusCode", 0) >= DONE_BELOW
    refusal = (details.get("Code"), details.get("Message")) if refused else None
    arn = parsed.get("Arn") if calls[-1].action == "GetCallerIdentity" else ""
    calls[-1] = answered(calls[-1], request_id, refusal, arn if isinstance(arn, str) else "")
