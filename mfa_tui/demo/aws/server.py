"""The strict embedded AWS as one object: start it, add users, inject faults, read the requests that arrived, stop it.

>>> aws = StrictAws.start()
>>> ana = aws.add_user("ana")
>>> phone = ana.add_device("ana")
>>> aws.url, ana.access_key_id, phone.serial, phone.code()
"""

import secrets
import threading
from collections.abc import Mapping
from typing import Any, cast

from moto.iam.models import User as MotoUser
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from mfa_tui.demo.aws.account_setup import AccountSetup
from mfa_tui.demo.aws.accounts import policy_documents
from mfa_tui.demo.aws.accounts.calls import LoggedRequest, Watcher
from mfa_tui.demo.aws.accounts.directory import HOME_ACCOUNT
from mfa_tui.demo.aws.accounts.one_time_codes import StepRecord, code_of, step_of
from mfa_tui.demo.aws.application import StrictApplication
from mfa_tui.demo.aws.faults import Fault
from mfa_tui.demo.aws.protocol.clock import ServerClock, http_date
from mfa_tui.demo.aws.signin.console import SignIn


class Device:
    """An MFA device that shows codes, virtual or hardware, with the seed that only AWS and its owner know."""

    def __init__(self, clock: ServerClock, serial: str, seed: str) -> None:
        self._clock = clock
        self._ahead = 0
        self.serial = serial
        """The device's ARN; of a hardware token what is printed on it."""
        self.seed = seed
        """64 base32 characters, as AWS makes them."""

    def code(self, steps: int = 0) -> str:
        """The code at the server's clock, or so many steps of 30 s later (negative: earlier)."""
        return code_of(self.seed, step_of(self._clock.now()) + self._ahead + steps)

    def codes(self, steps: int = 0) -> tuple[str, str]:
        """Two consecutive codes: the one before :meth:`code` and that."""
        return self.code(steps - 1), self.code(steps)

    def drift(self, steps: int) -> None:
        """Put the device's clock so many steps of 30 s ahead (negative: back). AWS learns of it by a resync only."""
        self._ahead += steps


class User:
    """An IAM user with one access key."""

    def __init__(self, application: StrictApplication, user: MotoUser) -> None:
        self._application = application
        self._user = user
        self.name = user.name
        self.account = user.account_id
        self.arn = user.arn
        key = application.directory.backend(self.account).create_access_key(self.name)
        self.access_key_id = key.access_key_id
        self.secret_access_key = key.secret_access_key

    def add_device(self, name: str, seed: str | None = None) -> Device:
        """A virtual device that is enabled already."""
        with self._application.lock:
            directory = self._application.directory
            serial = directory.create_virtual_device(self.account, name, seed=seed)
            directory.enable(self._user, serial, self._application.clock.now())
        return self.device(serial)

    def add_hardware_device(self, serial: str | None = None) -> Device:
        """A hardware token that is enabled already; its serial, made up if none is given, is unique in the account."""
        serial = serial or f"GAHT{secrets.randbelow(10**8):08d}"
        with self._application.lock:
            self._application.directory.add_hardware_device(self._user, serial, self._application.clock.now())
        return self.device(serial)

    def add_fido_device(self, name: str) -> str:
        """A FIDO security key, enabled; its serial (``arn:…:u2f/…``)."""
        with self._application.lock:
            return self._application.directory.add_fido_device(self._user, name, self._application.clock.now())

    def devices(self) -> list[str]:
        """The serials of the devices that are enabled now, of any kind, in the order of their enabling."""
        with self._application.lock:
            return [
                device.serial_number for device in self._application.directory.enabled_devices(self.account, self.name)
            ]

    def device(self, serial: str) -> Device:
        """A virtual or hardware device of the user's account, enabled or not, no matter who created it.

        Each call gives another device with a clock that is right. Raises KeyError if there is no such device.
        """
        with self._application.lock:
            seed = self._application.directory.seed(self.account, serial)
        if seed is None:
            raise KeyError(serial)
        return Device(self._application.clock, serial, seed)

    def set_policy(self, document: Mapping[str, Any]) -> None:
        """Replaces what the user may do."""
        with self._application.lock:
            self._application.directory.set_policy(self._user, document)

    def access_keys(self) -> dict[str, tuple[str, str]]:
        """The access keys that the user has now: status and secret by id."""
        with self._application.lock:
            return {
                key.access_key_id: (key.status, key.secret_access_key)
                for key in self._application.directory.user(self.account, self.name).access_keys
            }

    def delete_key(self) -> None:
        """Deletes the access key."""
        with self._application.lock:
            backend = self._application.directory.backend(self.account)
            backend.delete_access_key(self.access_key_id, self.name)

    def deactivate_key(self) -> None:
        """Makes the access key inactive."""
        with self._application.lock:
            backend = self._application.directory.backend(self.account)
            backend.update_access_key(self.name, self.access_key_id, "Inactive")


class StrictAws:
    """A running server on 127.0.0.1. Everything may be called from any thread."""

    def __init__(self, application: StrictApplication, server: BaseWSGIServer) -> None:
        self._application = application
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="embedded-aws", daemon=True)
        self.url = f"http://127.0.0.1:{server.server_port}"
        """The endpoint of STS and IAM alike."""
        self.clock = application.clock
        """The server's clock; set ``clock.offset`` (seconds) to put it off."""

    @classmethod
    def start(cls, clock: ServerClock | None = None) -> "StrictAws":
        """Serve on a free port, by *clock* if one is given."""
        application = StrictApplication(clock)
        aws = cls(application, make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Handler))
        aws._thread.start()
        return aws

    def stop(self) -> None:
        """Stop serving; requests that are being delayed are dropped."""
        self._application.given_up.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def add_user(
        self,
        name: str | None = None,
        *,
        account: str = HOME_ACCOUNT,
        policy: Mapping[str, Any] = policy_documents.SELF_SERVICE,
    ) -> User:
        """A new user with one access key. Names are unique within an account; without one, a new name is made."""
        name = name or f"user-{secrets.token_hex(4)}"
        with self._application.lock:
            return User(self._application, self._application.directory.add_user(account, name, policy))

    def add_role(
        self,
        name: str,
        trust: Mapping[str, Any],
        *,
        account: str = HOME_ACCOUNT,
        max_duration: int = 3600,
        policy: Mapping[str, Any] | None = None,
    ) -> str:
        """A new role; its ARN. ``trust`` from :func:`policy_documents.trust`, ``max_duration`` in seconds."""
        with self._application.lock:
            arn: str = self._application.directory.add_role(account, name, trust, max_duration, policy).arn
            return arn

    def account(self, account: str = HOME_ACCOUNT) -> AccountSetup:
        """What else there is in an account: passwords, groups, root, sign-ins, and what an audit looks for."""
        return AccountSetup(self._application.directory, account, self.clock, self._application.lock)

    def end_session(self, access_key_id: str) -> None:
        """Make a session expire now."""
        with self._application.lock:
            self._application.sessions.end(access_key_id, self.clock.now())

    def fault(
        self, fault: Fault, *, action: str | None = None, access_key_id: str | None = None, times: int = 1
    ) -> None:
        """Inject a fault into the next requests, of one action or one access key only if given."""
        with self._application.lock:
            self._application.faults.add(fault, action, access_key_id, times)

    @property
    def requests(self) -> list[LoggedRequest]:
        """What arrived since the start or the last :meth:`reset`, oldest first."""
        with self._application.lock:
            return list(self._application.requests)

    def count(self, action: str | None = None, *, user: str | None = None) -> int:
        """How many requests arrived, of one action or from one user if given."""
        return sum(action in (None, r.action) and user in (None, r.user) for r in self.requests)

    def steps(self, serial: str) -> StepRecord:
        """The time steps that a device's codes were sent for."""
        with self._application.lock:
            return self._application.directory.steps(serial)

    def virtual_devices(self, account: str = HOME_ACCOUNT) -> list[tuple[str, str | None]]:
        """Serial and user's name of all virtual devices of an account; None: it belongs to no user."""
        with self._application.lock:
            directory = self._application.directory
            serials = [str(device.serial_number) for device in directory.virtual_devices(account)]
            owners = [directory.owner(account, serial) for serial in serials]
        return [(serial, owner.name if owner else None) for serial, owner in zip(serials, owners, strict=True)]

    def seed_of(self, serial: str) -> str:
        """The seed of a virtual device, in base32; raises KeyError if there is no such device."""
        account = serial.split(":")[4] if serial.startswith("arn:") else HOME_ACCOUNT
        with self._application.lock:
            seed = self._application.directory.seed(account, serial)
        if seed is None:
            raise KeyError(serial)
        return seed

    @property
    def sign_ins(self) -> list[SignIn]:
        """The sign-ins to the console that were prepared (getSigninToken), with who has arrived, oldest first."""
        with self._application.lock:
            return list(self._application.sign_in.prepared)

    def set_alias(self, alias: str, account: str = HOME_ACCOUNT) -> None:
        """Give an account an alias, or none if it is empty."""
        with self._application.lock:
            self._application.directory.backend(account).account_aliases = [alias] if alias else []

    @property
    def propagation(self) -> float:
        """Seconds until STS takes codes of a device that is enabled from now on; 0 unless set.

        IAM is eventually consistent. Of AWS 8 to 14 s were seen, in which a right code is refused as if the serial
        were unknown: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
        """
        with self._application.lock:
            return self._application.directory.propagation

    @propagation.setter
    def propagation(self, seconds: float) -> None:
        with self._application.lock:
            self._application.directory.propagation = seconds

    @property
    def key_propagation(self) -> float:
        """Seconds until a key that CreateAccessKey makes from now on is accepted; 0 unless set.

        Of AWS 10 to 20 s were seen, in which the key is refused as if it did not exist.
        """
        with self._application.lock:
            return self._application.directory.key_propagation

    @key_propagation.setter
    def key_propagation(self, seconds: float) -> None:
        with self._application.lock:
            self._application.directory.key_propagation = seconds

    def on_request(self, watcher: Watcher) -> None:
        """Call ``watcher(request, when)`` for every request from now on, until :meth:`reset`.

        ``when`` is ``"before"`` the request is handled, then ``"after"`` it was and before its answer goes out. The
        client waits meanwhile, and other requests go on. To end a client as if a call had never reached AWS, inject
        ``faults.dropped()`` for it and end the client ``"before"``.
        """
        with self._application.lock:
            self._application.watchers.append(watcher)

    def reset(self) -> None:
        """Right clock, no faults, watchers or delays, nothing logged; users, devices, roles and sessions stay.

        Requests that are being delayed are dropped, without an effect.
        """
        with self._application.lock:
            self._application.given_up.set()
            self._application.given_up = threading.Event()
            self._application.directory.propagation = 0.0
            self._application.directory.key_propagation = 0.0
            self.clock.offset = 0.0
            self._application.faults.clear()
            self._application.watchers.clear()
            self._application.requests.clear()


class _Handler(WSGIRequestHandler):
    """Dates every answer by the server's clock, and logs nothing: the terminal belongs to the interface."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header."""
        application = cast("StrictApplication", self.server.app)
        return http_date(application.clock.now() if timestamp is None else timestamp)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Nothing."""
