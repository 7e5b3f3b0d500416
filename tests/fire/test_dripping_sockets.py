"""The endpoint of ``exec --renew`` under thousands of connections that another user of the machine makes."""

import contextlib
import os
import selectors
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.fire.tally import Fire
from tests.support.awsfiles.saved_sessions import NOBODY
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.demo.aws.server import StrictAws

OF_ONE = 750
"""Sockets of one process: it may have as many files open wherever this runs."""
DRIPPING = """
import os, socket, sys, time

port, count, user = map(int, sys.argv[1:])
if user:
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
REQUEST = b"GET /session HTTP/1.1\\r\\nHost: 127.0.0.1:%d\\r\\nAuthorization: guessed\\r\\nX: " % port + b"x" * 10_000

def connect():
    connection = socket.socket()
    connection.setblocking(False)
    connection.connect_ex(("127.0.0.1", port))
    return connection

dripping = [[connect(), 0] for _ in range(count)]
print("ready", flush=True)
while True:
    for each in dripping:
        connection, sent = each
        try:
            each[1] += connection.send(REQUEST[sent : sent + 1])
            told = connection.recv(1000)
        except BlockingIOError:
            continue
        except OSError:
            told = b""
        # Closed by the other side, or answered: it begins anew.
        if told:
            print("told", told, flush=True)
        connection.close()
        each[:] = [connect(), 0]
    time.sleep(0.5)
"""
PROGRAM = """
import os, sys
from botocore.credentials import ContainerProvider
from botocore.utils import ContainerMetadataFetcher
from tests.support.runner.thoroughness import long

print(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"], flush=True)
for line in sys.stdin:
    try:
        # A new one each time: what it has it does not ask for again.
        provider = ContainerProvider(os.environ, ContainerMetadataFetcher())
        print(provider.load().get_frozen_credentials().access_key, flush=True)
    except Exception as error:
        print(repr(error), flush=True)
"""
"""For each line that it reads it asks for credentials as SDKs do, with their limits of time and their patience."""
SOFT_LIMIT = 'ulimit -n 256; exec "$@"'
"""What macOS gives by default."""


@contextlib.contextmanager
def renewing(home: Home) -> "Iterator[subprocess.Popen[str]]":
    """``mfa-tui exec --renew`` with that program, which may have few files open."""
    command = ["exec", "--renew", "dev", "--", sys.executable, "-c", PROGRAM]
    with subprocess.Popen(
        ["/bin/sh", "-c", SOFT_LIMIT, "sh", sys.executable, "-m", "mfa_tui", *command], cwd=home.path, env=home.env,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            if process.stdin:
                process.stdin.close()
            process.wait(60)


@contextlib.contextmanager
def dripping(port: int, count: int) -> "Iterator[list[subprocess.Popen[str]]]":
    """So many connections, each with a byte now and then; of another user, if that can be."""
    user = NOBODY if os.geteuid() == 0 else 0
    shares = [min(OF_ONE, count - first) for first in range(0, count, OF_ONE)]
    with contextlib.ExitStack() as stack:
        processes = []
        for share in shares:
            process = subprocess.Popen(
                [sys.executable, "-c", DRIPPING, str(port), str(share), str(user)], stdout=subprocess.PIPE, text=True
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            processes.append(process)
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        yield processes


@long
@pytest.mark.skipif(os.name != "posix", reason="exec --renew with limits of POSIX")
@pytest.mark.trial("asking exec --renew beside 3,000 dripping sockets of another user")
def test_the_command_is_still_served(home: Home, aws: "StrictAws", fire: Fire) -> None:
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.store_seed(device)
    with renewing(home) as command:
        assert command.stdin
        assert command.stdout
        port = int(command.stdout.readline().rpartition(":")[2].partition("/")[0])
        with dripping(port, 3000 if fire.long else 1500) as strangers:
            for number in range(fire.rounds(short=6, long=600)):
                command.stdin.write("\n")
                command.stdin.flush()
                answer = command.stdout.readline()
                fire.tried()
                if not answer.startswith("ASIA"):
                    fire.hung(f"ask {number}: {answer}")
            selector = selectors.DefaultSelector()
            for each in strangers:
                assert each.stdout
                assert each.poll() is None
                selector.register(each.stdout, selectors.EVENT_READ)
            if told := selector.select(0):
                fire.leaked(f"{len(told)} strangers were told something")
            selector.close()
    assert command.stderr
    if command.returncode:
        fire.claimed(f"it ended with {command.returncode}")
