"""What a passphrase opens, in the age format: the published vectors, and the stock tools in both directions."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pexpect
import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mfa_tui.adapters.secretstores import age, age_scrypt
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.errors import Cancelled
from mfa_tui.models import Secret
from tests.support.quick import quick_scrypt
from tests.support.runner.sources import ROOT
from tests.support.runner.thoroughness import examples, long
from tests.support.runner.timeouts import scaled

PASSPHRASE = Secret("four words of nonsense")
QUICK = 1
"""A work factor for tests, which scrypt does in no time."""

needs_age = pytest.mark.skipif(
    not shutil.which("age") and not os.environ.get("MFA_TUI_CI"), reason="age is not on this machine"
)


class Vector(NamedTuple):
    """A file of the test suite of the format, with what its head says of it."""

    about: dict[str, str]
    data: bytes


def _vectors() -> dict[str, Vector]:
    document = json.loads((Path(__file__).parent / "age_vectors.json").read_text())
    found = {}
    for name, text in document["vectors"].items():
        head, _, data = base64.b64decode(text).partition(b"\n\n")
        about = dict(line.split(": ", 1) for line in head.decode().splitlines())
        found[name] = Vector(about, zlib.decompress(data) if about.get("compressed") == "zlib" else data)
    return found


VECTORS = _vectors()


def stretched_by_hashlib(
    passphrase: Secret, salt: bytes, factor: int, control: CancelScope, slow: Callable[[str], None] | None
) -> bytes:
    """The same key by other means than ours, in this process."""
    if factor > age_scrypt.HIGHEST:
        return STRETCHED(passphrase, salt, factor, control, slow)
    memory = 2 * (1024 << factor) + 2**20
    secret = passphrase.reveal().encode()
    label = b"age-encryption.org/v1/scrypt"
    return hashlib.scrypt(secret, salt=label + salt, n=1 << factor, r=8, p=1, dklen=32, maxmem=memory)


STRETCHED = age_scrypt._stretched


@pytest.mark.parametrize("name", [name for name in VECTORS if "passphrase" in VECTORS[name].about])
def test_vectors_of_passphrases(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    about, data = VECTORS[name]
    monkeypatch.setattr(age_scrypt, "_stretched", stretched_by_hashlib)
    if about["expect"] == "success":
        opened = age_scrypt.decrypt(Secret(about["passphrase"]), data, CancelScope())
        assert hashlib.sha256(opened).hexdigest() == about["payload"]
        return
    expected = {
        # A file for nobody that we know of is none that a passphrase opens.
        "no match": (age_scrypt.WrongKey, age_scrypt.Damaged) if name == "scrypt_uppercase" else age_scrypt.WrongKey,
        "header failure": age_scrypt.TooDemanding if name == "scrypt_work_factor_23" else age_scrypt.Damaged,
        "payload failure": age_scrypt.Damaged,
    }
    with pytest.raises(expected[about["expect"]]):
        age_scrypt.decrypt(Secret(about["passphrase"]), data, CancelScope())


@pytest.mark.parametrize("name", [name for name in VECTORS if name.startswith("stream")])
def test_vectors_of_payloads(name: str) -> None:
    about, data = VECTORS[name]
    payload = data.partition(b"\n--- ")[2].partition(b"\n")[2]
    file_key = bytes.fromhex(about["file key"])
    if about["expect"] == "success":
        assert hashlib.sha256(age_scrypt._unsealed(file_key, payload)).hexdigest() == about["payload"]
    else:
        with pytest.raises(age_scrypt.Damaged):
            age_scrypt._unsealed(file_key, payload)


@pytest.fixture(autouse=True)
def _factor_of_users() -> Iterator[None]:
    with quick_scrypt.chosen(18):
        yield


def test_known_answer_of_the_process_that_scrypt_works_in() -> None:
    """RFC 7914, section 12, the second to last vector, is of p = 16; so: the same by Python's own scrypt."""
    for factor in (1, 10):
        key = STRETCHED(PASSPHRASE, b"0123456789abcdef", factor, CancelScope(), None)
        assert key == stretched_by_hashlib(PASSPHRASE, b"0123456789abcdef", factor, CancelScope(), None)


@needs_age
@settings(max_examples=examples(8, short=3), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(
        st.binary(max_size=200), st.sampled_from([65535, 65536, 65537, 131072]).map(lambda size: b"x" * size)
    ),
    passphrase=st.text(st.characters(min_codepoint=32, exclude_categories=("C", "Z")), min_size=1, max_size=40),
    factor=st.integers(1, 10),
)
def test_age_opens_what_is_written(tmp_path: Path, data: bytes, passphrase: str, factor: int) -> None:
    sealed = age_scrypt.encrypt(Secret(passphrase), data, CancelScope(), factor=factor)
    assert age_scrypt.work_factor(sealed) == factor
    assert age_scrypt.payload_length(sealed) == (len(data) if len(data) <= 65536 else None)
    path, out = tmp_path / "sealed.age", tmp_path / "out"
    path.write_bytes(sealed)
    out.unlink(missing_ok=True)
    by_age(f"-d -o {out} {path}", passphrase)
    # Of nothing, age makes no file.
    assert (out.read_bytes() if out.exists() else b"") == data
    assert pyrage.passphrase.decrypt(sealed, passphrase) == data
    assert age_scrypt.decrypt(Secret(passphrase), sealed, CancelScope()) == data


@needs_age
@pytest.mark.parametrize("armor", [pytest.param("", marks=long), "-a"])
@long
def test_what_age_writes_is_opened(tmp_path: Path, armor: str) -> None:
    plain, sealed = tmp_path / "plain", tmp_path / "sealed.age"
    plain.write_bytes(b"from age\n")
    by_age(f"-e -p {armor} -o {sealed} {plain}", PASSPHRASE.reveal(), PASSPHRASE.reveal())
    assert age_scrypt.work_factor(sealed.read_bytes()) == 18
    assert age_scrypt.decrypt(PASSPHRASE, sealed.read_bytes(), CancelScope()) == b"from age\n"


def by_age(arguments: str, *answers: str) -> None:
    child = pexpect.spawn(f"age {arguments}", encoding="utf-8", timeout=scaled(60))
    for answer in answers:
        child.expect("passphrase.*: ")
        child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0, child.before


@long
def test_what_earlier_versions_wrote_is_opened() -> None:
    sealed = pyrage.passphrase.encrypt(b"by pyrage", PASSPHRASE.reveal(), armored=True)
    assert age_scrypt.decrypt(PASSPHRASE, sealed, CancelScope()) == b"by pyrage"


def test_work_factor_is_fixed() -> None:
    sealed = age.encrypt_by_passphrase(PASSPHRASE, Secret("text"), CancelScope())
    assert age_scrypt.work_factor(sealed) == age_scrypt.FACTOR == 18
    assert age.decrypt_by_passphrase(PASSPHRASE, sealed, CancelScope()) == Secret("text")


@long
def test_higher_work_factor_takes_longer_and_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = age_scrypt.encrypt(PASSPHRASE, b"text", CancelScope(), factor=19)
    told: list[str] = []
    assert age_scrypt.decrypt(PASSPHRASE, sealed, CancelScope(), told.append) == b"text"
    assert told[0] == "Trying it takes about 2 seconds and 536 MB of memory (work factor 19)"
    monkeypatch.setattr(age_scrypt, "_stretched", stretched_by_hashlib)
    ordinary = age_scrypt.encrypt(PASSPHRASE, b"text", CancelScope())
    told.clear()
    age_scrypt.decrypt(PASSPHRASE, ordinary, CancelScope(), told.append)
    assert told == []


@pytest.mark.parametrize("factor", [23, 40, 99])
def test_work_factor_too_high_is_no_damage(factor: int) -> None:
    sealed = age_scrypt.encrypt(PASSPHRASE, b"text", CancelScope(), factor=QUICK)
    data = age_scrypt.unarmored(sealed).replace(b" 1\n", b" %d\n" % factor, 1)
    with pytest.raises(age_scrypt.TooDemanding, match=f"work factor of {factor}; up to 22"):
        age_scrypt.decrypt(PASSPHRASE, data, CancelScope())


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only: other systems do not keep to the limit")
def test_too_little_memory_is_no_damage() -> None:
    program = (
        "from mfa_tui.adapters.secretstores import age_scrypt\n"
        "from mfa_tui.adapters.system.cancellation import CancelScope\n"
        "from mfa_tui.models import Secret\n"
        "try: age_scrypt.encrypt(Secret('x'), b'', CancelScope(), factor=20)\n"
        "except age_scrypt.TooDemanding as problem: print(problem, problem.remedy)"
    )
    done = subprocess.run(
        ["sh", "-c", f'ulimit -v 800000; exec "{sys.executable}" -c "$0"', program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=scaled(60),
    )
    assert done.stdout.startswith(
        "scrypt takes 1,073 MB of memory with its work factor of 20, which this machine cannot "
    )
    assert "Traceback" not in done.stderr


def test_cancel_ends_it_at_once() -> None:
    control = CancelScope()
    before = _children()
    threading.Timer(0.2, control.cancel).start()
    with pytest.raises(Cancelled):
        age_scrypt.encrypt(PASSPHRASE, b"", control, factor=22)
    assert _children() <= before


def _children() -> set[int]:
    """The processes that this one has started and that live still."""
    children = set()
    for process in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = process.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == os.getpid() and state != "Z":
            children.add(int(process.parent.name))
    return children


@settings(max_examples=examples(60, short=20), deadline=None)
@given(st.data())
def test_altered_file_is_damaged_or_does_not_open(data: st.DataObject) -> None:
    """One byte changed anywhere, or the end cut off: never opened as something else."""
    whole = SEALED
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        spoilt = whole[:at]
    else:
        spoilt = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(age_scrypt, "_stretched", in_no_time)
        with pytest.raises((age_scrypt.Damaged, age_scrypt.WrongKey)):
            age_scrypt.decrypt(PASSPHRASE, spoilt, CancelScope())


def in_no_time(
    passphrase: Secret, salt: bytes, factor: int, control: CancelScope, slow: Callable[[str], None] | None
) -> bytes:
    return stretched_by_hashlib(passphrase, salt, min(factor, 10), control, slow)


SEALED = age_scrypt.unarmored(age_scrypt.encrypt(PASSPHRASE, b"a short text", CancelScope(), factor=QUICK))
