"""The WSGI application: faults, authentication, the strict handlers, and moto behind them."""

import contextlib
import io
import socket
import threading
import urllib.parse
import uuid
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn

from mfa_tui.demo.aws import other_services
from mfa_tui.demo.aws.accounts.calls import Call, Handler, LoggedRequest, Watcher
from mfa_tui.demo.aws.accounts.directory import Directory, identity_of_user
from mfa_tui.demo.aws.accounts.identities import Caller, Sessions
from mfa_tui.demo.aws.cloudtrail import lookup_events
from mfa_tui.demo.aws.faults import Fault, FaultQueue
from mfa_tui.demo.aws.iam import access_keys, account, credential_report, group_policies, mfa_devices, users
from mfa_tui.demo.aws.protocol import aws_errors, json_responses, xml_responses
from mfa_tui.demo.aws.protocol.clock import ServerClock
from mfa_tui.demo.aws.protocol.signature import SignedRequest
from mfa_tui.demo.aws.signin.console import ConsoleSignIn, is_sign_in
from mfa_tui.demo.aws.sts import actions, scoped_credentials

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HANDLERS: dict[str, dict[str, Handler]] = {
    "sts": actions.HANDLERS | scoped_credentials.HANDLERS,
    "iam": users.HANDLERS
    | mfa_devices.HANDLERS
    | access_keys.HANDLERS
    | account.HANDLERS
    | credential_report.HANDLERS
    | group_policies.HANDLERS,
    "cloudtrail": lookup_events.HANDLERS,
}
_VERSIONS = {"sts": actions.VERSION, "iam": users.VERSION}
_XML = "text/xml"
_LARGEST_BODY = 1 << 20
_CODES = ("TokenCode", "AuthenticationCode1", "AuthenticationCode2")


class Response:
    """A response: status, content type and body."""

    def __init__(self, status: int, content_type: str, body: bytes, error: str | None = None) -> None:
        self.status = status
        self.body = body
        self.error = error
        self.headers = {"Content-Type": content_type}


class StrictApplication:
    """Serves STS and IAM strictly. ``lock`` guards all state; injected delays happen outside it."""

    def __init__(self, clock: ServerClock | None = None) -> None:
        self.lock = threading.RLock()
        self.clock = clock or ServerClock()
        self.directory = Directory()
        self.sessions = Sessions()
        self.faults = FaultQueue()
        self.sign_in = ConsoleSignIn(self.sessions)
        self.requests: list[LoggedRequest] = []
        self.watchers: list[Watcher] = []
        self.given_up = threading.Event()
        """Set to drop the requests that are being delayed; a reset makes another event for those that come later."""
        self._moto: WSGIApplication | None = None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        length = min(int(environ.get("CONTENT_LENGTH") or 0), _LARGEST_BODY)
        body = environ["wsgi.input"].read(length)
        headers = _headers(environ)
        parameters = json_responses.parameters_in(headers, body) or _form(body.decode("utf-8", "replace"))
        if is_sign_in(environ.get("PATH_INFO", "/")):
            parameters = _form(environ.get("QUERY_STRING", "")) | parameters
        access_key_id = headers.get("authorization", "").partition("Credential=")[2].partition("/")[0]
        logged = LoggedRequest(parameters.get("Action", ""), access_key_id, parameters.get("SerialNumber"))
        logged.codes = tuple(parameters[name] for name in _CODES if name in parameters)
        with self.lock:
            self.requests.append(logged)
            fault = self.faults.take(logged.action, access_key_id)
            watchers = list(self.watchers)
            given_up = self.given_up
        for watcher in watchers:
            watcher(logged, "before")
        if fault is not None and fault.delay and given_up.wait(fault.delay):
            _close(environ["werkzeug.socket"], "dropped while it was delayed")
        answer = None
        if fault is None or fault.after or _is_delay_only(fault):
            answer = self._answer(environ, headers, parameters, body, logged)
        if fault is not None and not _is_delay_only(fault):
            answer = _apply_fault(fault, answer, service_of(headers))
        if answer is not None:
            logged.status, logged.error = answer.status, answer.error
            logged.request_id = answer.headers.get("x-amzn-RequestId", "")
        for watcher in watchers:
            watcher(logged, "after")
        if answer is None:
            _close(environ["werkzeug.socket"], "dropped by an injected fault")
        elif fault is not None and fault.wire is not None:
            _send(environ["werkzeug.socket"], fault.wire(answer.body), fault.pause, given_up)
        start_response(
            f"{answer.status} {HTTPStatus(answer.status).phrase}",
            [*answer.headers.items(), ("Content-Length", str(len(answer.body)))],
        )
        return [answer.body]

    def _answer(
        self,
        environ: "WSGIEnvironment",
        headers: Mapping[str, str],
        parameters: Mapping[str, str],
        body: bytes,
        logged: LoggedRequest,
    ) -> Response:
        if is_sign_in(path := environ.get("PATH_INFO", "/")):
            with self.lock:
                page = self.sign_in.answer(path, parameters, headers, self.clock.now())
            answer = Response(page.status, page.content_type, page.body.encode(), page.error)
            answer.headers |= page.headers
            return answer
        request_id = str(uuid.uuid4())
        service = "sts"
        try:
            request = SignedRequest(
                environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/"), environ.get("QUERY_STRING", ""), headers, body
            )
            service = request.service
            with self.lock:
                now = self.clock.now()
                caller = self._authenticate(request, now)
                logged.user = caller.identity.user_name
                call = Call(
                    logged.action,
                    parameters,
                    caller,
                    now,
                    self.directory,
                    self.sessions,
                    logged,
                    region=request.region,
                    host=headers.get("host", ""),
                )
                handler = HANDLERS.get(service, {}).get(call.action)
                if handler is not None:
                    return _success(service, call.action, handler(call), request_id)
                if service == "iam":
                    users.authorize_unhandled(call)
                    return self._ask_moto(environ, body, caller)
                if service in other_services.SERVICES:
                    return self._ask_other(service, environ, headers, body, call)
            raise aws_errors.invalid_action(call.action, _VERSIONS.get(service, ""))
        except aws_errors.Refusal as refusal:
            if service in other_services.SERVICES:
                kind, text = other_services.error(service, refusal, request_id)
                return _with_request_id(Response(refusal.status, kind, text, refusal.code), request_id)
            return _error(service, refusal, request_id)

    def _authenticate(self, request: SignedRequest, now: float) -> Caller:
        """Who signed the request. Refuses unknown keys, then a wrong time, a wrong signature, an expired session."""
        session = self.sessions.find(request.access_key_id)
        if session is not None:
            if request.session_token != session.session_token:
                raise aws_errors.invalid_token()
            request.check_time(now)
            request.check(session.secret_access_key)
            if now >= session.expires_at:
                raise aws_errors.expired_token()
            if session.source_key_id:
                made_with = self.directory.access_key(session.source_key_id)
                if made_with is None or made_with[0].status != "Active":
                    raise aws_errors.invalid_token()
            if request.service == "iam" and session.identity.user_name is not None and session.mfa_at is None:
                # "You cannot call any IAM API operations unless MFA authentication information is included in the
                # request." (GetSessionToken)
                raise aws_errors.invalid_token()
            return Caller(session.identity, session)
        found = self.directory.access_key(request.access_key_id)
        if found is None or not self.directory.accepts(found[0], now) or request.session_token is not None:
            raise aws_errors.invalid_token()
        key, user = found
        request.check_time(now)
        request.check(key.secret_access_key)
        self.directory.record_use(key, now, request.service, request.region)
        return Caller(identity_of_user(user))

    def _ask_other(
        self, service: str, environ: "WSGIEnvironment", headers: Mapping[str, str], body: bytes, call: Call
    ) -> Response:
        """Check the caller's permissions, then let moto answer."""
        query = dict(urllib.parse.parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
        asked = other_services.request_of(service, (method, path), query, headers, body)
        if asked is None:
            raise aws_errors.invalid_action(f"{method} {path}", "")
        call.logged.action = asked.action
        call.authorize(asked.action, asked.resource)
        return self._ask_moto(environ, body, call.caller)

    def _ask_moto(self, environ: "WSGIEnvironment", body: bytes, caller: Caller) -> Response:
        if self._moto is None:
            # Slow to import, and most servers never need it.
            from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

            self._moto = DomainDispatcherApplication(create_backend_app)
        status: list[str] = []
        sent: dict[str, str] = {}

        def start_response(line: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
            status.append(line)
            sent.update({name: value for name, value in headers if name.lower() != "content-length"})

        inner = environ | {"wsgi.input": io.BytesIO(body), "HTTP_X_MOTO_ACCOUNT_ID": caller.identity.account}
        content = b"".join(self._moto(inner, start_response))
        answer = Response(int(status[0].split()[0]), sent.get("Content-Type", _XML), content)
        answer.headers = {**sent, **answer.headers}
        return answer


def _success(service: str, action: str, result: xml_responses.Result, request_id: str) -> Response:
    """The result of an action, in the protocol of its service."""
    if service in json_responses.SERVICES:
        answer = Response(200, json_responses.CONTENT_TYPE, json_responses.success(result))
    else:
        answer = Response(200, _XML, xml_responses.success(service, action, result, request_id))
    return _with_request_id(answer, request_id)


def _error(service: str, refusal: aws_errors.Refusal, request_id: str) -> Response:
    """An error, in the protocol of the service."""
    if service in json_responses.SERVICES:
        # There every error of the caller has the same status.
        status = min(refusal.status, 400) if refusal.status < 500 else refusal.status  # noqa: PLR2004 - HTTP statuses
        answer = Response(status, json_responses.CONTENT_TYPE, json_responses.error(refusal), refusal.code)
    else:
        answer = Response(refusal.status, _XML, xml_responses.error(service, refusal, request_id), refusal.code)
    return _with_request_id(answer, request_id)


def _form(text: str) -> dict[str, str]:
    return dict(urllib.parse.parse_qsl(text, keep_blank_values=True))


def _headers(environ: "WSGIEnvironment") -> dict[str, str]:
    """The request's headers, names in lower case."""
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name[:5] == "HTTP_"}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = environ[name]
    return headers


def _with_request_id(answer: Response, request_id: str) -> Response:
    """The answer with its id in the header, too, as AWS sends it."""
    answer.headers["x-amzn-RequestId"] = request_id
    return answer


def _send(connection: socket.socket, pieces: Iterator[bytes], pause: float, given_up: threading.Event) -> NoReturn:
    """Send *pieces*, with so many seconds before each, until *given_up* is set."""
    with contextlib.suppress(OSError):
        for piece in pieces:
            if pause and given_up.wait(pause):
                break
            connection.sendall(piece)
    _close(connection, "cut short by an injected fault")


def _close(connection: socket.socket, why: str) -> NoReturn:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError(why)


def service_of(headers: Mapping[str, str]) -> str:
    """The service that a request was signed for; ``sts`` if it was not signed."""
    parts = headers.get("authorization", "").partition("Credential=")[2].partition(",")[0].split("/")
    return parts[3] if len(parts) > 3 else "sts"  # noqa: PLR2004 - KEY/DATE/REGION/SERVICE/aws4_request


def _is_delay_only(fault: Fault) -> bool:
    return fault == Fault(delay=fault.delay)


def _apply_fault(fault: Fault, answer: Response | None, service: str) -> Response | None:
    """The answer with the fault applied; None: the connection is closed instead."""
    if fault.page is not None:
        status, page = fault.page
        answer = Response(status, "text/html", page.encode())
        if status == HTTPStatus.FOUND:
            answer.headers["Location"] = "http://portal.invalid/"
    elif fault.refusal is not None:
        answer = _error(service, fault.refusal, str(uuid.uuid4()))
    elif fault.drop:
        return None
    if answer is not None:
        if fault.alter is not None:
            answer.body = fault.alter(answer.body)
        answer.headers |= dict(fault.headers)
    return answer
