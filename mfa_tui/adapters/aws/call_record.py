"""A record of the calls that a client makes: what was asked of AWS, and the id of each request."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mfa_tui.core.aws.api_call import NO_ANSWER, ApiCall, arn_in
from mfa_tui.core.aws.error_kinds import without_codes
from mfa_tui.core.aws.response_checks import checked_error_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.client import BaseClient

_PARAMETERS = "mfa_tui_parameters"
_LEFT_OUT = ("Code", "Password", "Secret", "Token")
"""Parameters with one of these in their names are left out of the record: MFA codes (``TokenCode``), for example."""
_HIDDEN = ("ExternalId",)
"""Parameters whose value is not recorded."""
_LONGEST_VALUE, _LONGEST_MESSAGE = 8192, 1000
"""Characters that are recorded; a policy document has at most 6,144."""

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


def _keep_parameters(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    context[_PARAMETERS] = {
        name: "…" if name in _HIDDEN else str(value)[:_LONGEST_VALUE]
        for name, value in params.items()
        if not any(word in name for word in _LEFT_OUT)
    }


def _add(model: Any, context: dict[str, Any], **_: Any) -> None:
    calls: list[ApiCall] | None = getattr(_thread, "calls", None)
    if calls is not None:
        service = model.service_model.service_name
        calls.append(ApiCall(service, model.name, context.get(_PARAMETERS, {}), "", NO_ANSWER))


def _set_answer(parsed: dict[str, Any], **_: Any) -> None:
    calls: list[ApiCall] | None = getattr(_thread, "calls", None)
    if not calls:
        return
    request_id = str(parsed.get("ResponseMetadata", {}).get("RequestId", ""))
    error = message = arn = ""
    if details := parsed.get("Error"):
        error = checked_error_code(details.get("Code")) or "unknown"
        # AWS repeats the request in its words about a wrong signature, with the session token.
        if "Signature" not in error:
            said = str(details.get("Message") or "")
            message, arn = without_codes(said, longest=_LONGEST_MESSAGE), arn_in(said)
    elif calls[-1].action == "GetCallerIdentity":
        arn = str(parsed.get("Arn", ""))
    calls[-1] = calls[-1]._replace(request_id=request_id, error=error, message=message, arn=arn)
