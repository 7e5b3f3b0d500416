"""Contention: many processes log in at the same time, each again and again; every one of them gets its turn."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fire.tally import Fire
from tests.support.awsfiles.saved_sessions import (
    KEY_ID,
    SERIAL,
    age,
    as_botocore_reads,
    beside,
    contents,
    hold_session,
    new_session,
)
from tests.support.homes.home import Home
from tests.support.homes.offline_home import new_home
from tests.support.runner.thoroughness import long

__all__ = ["new_home"]


@long
@pytest.mark.trial("logins of many processes at the same time")
def test_contention(fire: Fire, new_home: Callable[[], Home]) -> None:
    home = new_home()
    processes, times = fire.rounds(short=4, long=20), fire.rounds(short=3, long=25)
    names = [[f"p{process}-{number}" for number in range(times)] for process in range(processes)]
    profiles = [name for each in names for name in each]
    home.config.write_text(
        "".join(f"[profile {name}]\nregion = x\nmfa_serial = {SERIAL}-{name}\n" for name in profiles)
    )
    home.credentials.write_text(
        "".join(f"[{name}]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = s\n" for name in profiles)
    )
    home.credentials.chmod(0o600)
    age(home)
    for number, name in enumerate(profiles):
        hold_session(home, new_session(serial=f"{SERIAL}-{name}", access_key_id=f"ASIA{number:016}"))
    old = contents(home)

    def log_in(mine: list[str]) -> None:
        for name in mine:
            result = home.run("login", name, timeout=300)
            fire.tried()
            if result.returncode:
                fire.claimed(f"{name} was refused: {result.stderr}")

    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(log_in, names))
    found = as_botocore_reads(home.credentials)
    for number, name in enumerate(profiles):
        if found.get(f"{name}-mfa", {}).get("aws_access_key_id") != f"ASIA{number:016}":
            fire.lost(f"the session of {name}")
    if any(not now.startswith(before) for now, before in zip(contents(home), old, strict=True)):
        fire.lost("what was in the files before")
    assert beside(home) == set()
