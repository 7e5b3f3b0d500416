"""With many profiles a command understands each of them once."""

import gc
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from mfa_tui.cli.commands import doctor
from mfa_tui.cli.commands import list as list_command
from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.profiles import profile
from mfa_tui.core.profiles.profile import Profile
from tests.support.homes.home import Home

NUMBER = 30


@pytest.mark.parametrize("run", [list_command.run, doctor.run])
def test_a_command_understands_each_profile_once(
    home: Home, monkeypatch: pytest.MonkeyPatch, run: Callable[[list[str]], int]
) -> None:
    for name, value in home.env.items():
        monkeypatch.setenv(name, value)
    home.config.write_text(
        "".join(
            f"[profile p{at}]\nregion = eu-west-1\nmfa_serial = arn:aws:iam::111122223333:mfa/p{at}\n"
            f"[profile role{at}]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = p{at}\n"
            for at in range(NUMBER)
        )
    )
    home.credentials.write_text(
        "".join(
            f"[p{at}]\naws_access_key_id = AKIA{at:016}\naws_secret_access_key = {at:040}\n" for at in range(NUMBER)
        )
    )
    home.credentials.chmod(0o600)
    read: Counter[str] = Counter()

    def counted(understand: Callable[..., Profile]) -> Callable[..., Profile]:
        def counting(aws: AwsConfig, name: str, *more: Any) -> Profile:
            read[name] += 1
            # A collection would visit all profiles again.
            assert not gc.isenabled()
            return understand(aws, name, *more)

        return counting

    for which in ("_read", "_with_usual_keys", "_with_usual_role"):
        monkeypatch.setattr(profile, which, counted(getattr(profile, which)))
    assert run([]) in (0, 1)
    assert len(read) == 2 * NUMBER
    assert set(read.values()) == {1}
    assert gc.isenabled()
