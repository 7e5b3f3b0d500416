"""Regular expressions that are compiled once, instead of in each process that is forked from this one.

A command compiles a dozen of them when it needs them, argparse's among them: a millisecond or two, in each of two
thousand runs. Which ones is found out by running some commands in a fork: nothing else of them remains.
"""

import ast
import contextlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

_FILE = """[dev]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = {secret}
mfa_serial = arn:aws:iam::111122223333:mfa/ana
region = eu-central-1
"""


def compile_those_of(commands: Iterable[Sequence[str]], run: Callable[[Sequence[str]], None]) -> None:
    """Compile the patterns that *commands* compile, each of which *run* runs: in a home of its own, without AWS."""
    reading, writing = os.pipe()
    with tempfile.TemporaryDirectory() as home:
        child = os.fork()
        if not child:
            try:
                before = set(_kept())
                _run_all(commands, run, Path(home))
                os.write(writing, repr(sorted(set(_kept()) - before, key=repr)).encode())
            finally:
                os._exit(0)
        os.close(writing)
        with open(reading, encoding="utf-8") as file:
            told = file.read()
        os.waitpid(child, 0)
    for pattern, flags in ast.literal_eval(told or "()"):
        re.compile(pattern, flags)


def _run_all(commands: Iterable[Sequence[str]], run: Callable[[Sequence[str]], None], home: Path) -> None:
    """In the fork: run them, unheard and unseen."""
    credentials = home / ".aws/credentials"
    credentials.parent.mkdir()
    credentials.write_text(_FILE.format(secret="s" * 40))
    credentials.chmod(0o600)
    os.environ.clear()
    os.environ.update(
        HOME=str(home), AWS_ENDPOINT_URL="http://127.0.0.1:1", PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring"
    )
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    for command in commands:
        with contextlib.suppress(BaseException):
            run(command)


def _kept() -> Iterator[tuple[str | bytes, int]]:
    """The patterns that the module ``re`` keeps, and their flags."""
    for _, pattern, flags in re._cache:  # type: ignore[attr-defined]
        yield pattern, int(flags)
