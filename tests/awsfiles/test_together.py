"""Logins at the same time: each keeps what the other wrote."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Self

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.demo.aws.server import StrictAws
from mfa_tui.services.login.logout import log_out
from tests.support.awsfiles.saved_sessions import (
    CREDENTIALS,
    as_botocore_reads,
    beside,
    contents,
    context_of,
    furnish,
    hold_session,
    new_session,
)
from tests.support.homes.home import Home
from tests.support.runner.sources import ROOT
from tests.support.runner.thoroughness import examples, long
from tests.support.runner.timeouts import scaled

ROUNDS = examples(50, short=5)
WITH_A_REQUEST = examples(5, short=2)
"""Rounds in which both ask AWS for their sessions; in the others they have them in hand, which saves time."""


class Worker:
    """A process that logs in when told."""

    def __init__(self, home: Home) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.awsfiles.login_worker"],
            cwd=ROOT, env=home.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def tell(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=scaled(30))


@long
def test_two_logins_at_once_many_times(aws: StrictAws, home: Home) -> None:
    """Both have read the files and have their session in hand before either may write: then both are let go."""
    home.env["AWS_ENDPOINT_URL_STS"] = aws.url
    phones = {}
    for number in range(ROUNDS):
        for side in "ab":
            name = f"{side}{number}"
            user = aws.add_user()
            phones[name] = user.add_device(user.name)
            home.add_profile(name, user, phones[name])
            if number >= WITH_A_REQUEST:
                hold_session(
                    home, new_session(user.access_key_id, phones[name].serial, access_key_id=f"ASIA{name.upper()}")
                )
    old = contents(home)
    others = as_botocore_reads(home.credentials)
    keys = {}
    waits = 0
    with Worker(home) as a, Worker(home) as b:
        for number in range(ROUNDS):
            names = f"a{number}", f"b{number}"
            for worker, name in zip((a, b), names, strict=True):
                worker.tell(f"{name} {phones[name].code() if number < WITH_A_REQUEST else ''}")
            assert [a.hear(), b.hear()] == ["ready", "ready"]
            a.tell("go")
            b.tell("go")
            for worker, name in zip((a, b), names, strict=True):
                result = json.loads(worker.hear())
                keys[f"{name}-mfa"] = result["key"]
                waits += result["waited"]

    found = as_botocore_reads(home.credentials)
    assert {name: found.get(name, {}).get("aws_access_key_id") for name in keys} == keys
    assert len(set(keys.values())) == 2 * ROUNDS
    assert aws.count("GetSessionToken") == 2 * WITH_A_REQUEST
    assert {name: values for name, values in found.items() if name not in keys} == others
    assert {f"profile {name}" for name in keys} <= set(as_botocore_reads(home.config))
    assert beside(home) == set()
    # They did meet: one found the file locked by the other.
    assert waits > 0
    log_out(context_of(home), None, CancelScope())
    assert contents(home) == old


class SlowWriter(threading.Thread):
    """Another program that rewrites the file in place, as the AWS CLI does, but is held up while it is empty."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.path = path
        self.ending = threading.Event()
        self.writes = 0

    def run(self) -> None:
        while not self.ending.wait(0.1):
            content = self.path.read_text()
            with self.path.open("w") as file:
                time.sleep(0.08)
                file.write(content)
            self.writes += 1


def test_beside_a_program_that_writes_in_place(home: Home) -> None:
    """It may lose our section, for it asks nobody; we never take its empty file for the whole."""
    theirs = CREDENTIALS + "".join(f"\n[other-{number}]\nregion = x\n" for number in range(50))
    furnish(home, credentials=theirs)
    context = context_of(home)
    edits = 0

    def edit(aws: AwsConfig) -> tuple[Document, Document]:
        nonlocal edits
        edits += 1
        return aws.config, aws.credentials.with_section(f"ours-{edits}", [("region", "y")])

    writer = SlowWriter(home.credentials)
    writer.start()
    for _ in range(examples(30, short=12)):
        assert context.files.edit(edit)
        # Nobody waits any more for a file that was renamed into place, so the other program would not get its turn.
        time.sleep(0.05)
    writer.ending.set()
    writer.join()
    assert writer.writes > examples(5, short=1)
    assert home.credentials.read_text().startswith(theirs)
    assert len(as_botocore_reads(home.credentials)) > 51
