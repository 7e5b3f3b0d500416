"""Set-ups with mistakes in them: what doctor calls fine works, and what does not work it names, with the place.

Both directions are promises: "No problems found" as well as every reason for which a login fails.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.problems.finding import Finding, Severity
from mfa_tui.errors import MfaTuiError
from mfa_tui.models import Secret
from mfa_tui.services.context import Context
from mfa_tui.services.doctor.examine import examine
from mfa_tui.services.listing.overview import Overview
from mfa_tui.services.login.login import log_in
from mfa_tui.services.operation import Operation
from mfa_tui.services.sessions.outcomes import LoginRequest, LoginResult
from tests.doctor.conftest import new_scene, scene
from tests.doctor.mangler import PROFILES, SetUp, mangled
from tests.doctor.scenes import Scene
from tests.fire.tally import Fire

__all__ = ["new_scene", "scene"]

_AT_AWS = frozenset({"role-denied", "key-unknown", "secret-wrong", "serial-refused", "denied"})
"""What AWS alone can know: that a key, a role or a device of the right form is not there."""
_HAS_A_PLACE = re.compile(r", line \d+|See the environment variable |AWS_\w+|HTTPS_PROXY")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, str]], None]]:
    """Makes an environment that of this process: botocore looks nowhere else."""
    with monkeypatch.context() as patch:

        def enter(env: dict[str, str]) -> None:
            patch.undo()
            for name in list(os.environ):
                if name.startswith(("AWS_", "HTTP")) and name not in env:
                    patch.delenv(name)
            for name, value in env.items():
                patch.setenv(name, value)

        yield enter


@pytest.mark.trial("set-ups with mistakes: doctor against login")
def test_what_doctor_calls_fine_works(
    fire: Fire, scene: Scene, new_scene: Callable[[], Scene], here: Callable[[dict[str, str]], None]
) -> None:
    outcomes: Counter[str] = Counter()
    for seed in range(fire.rounds(short=6, long=150)):
        set_up = mangled(seed)
        each = scene if seed == 0 else new_scene()
        each.write(set_up.config, set_up.credentials)
        env = {**each.home.env, **set_up.env}
        here(env)
        for fault in _faults(each, set_up, env, outcomes):
            fire.claimed(f"seed {seed}: {', '.join(set_up.mistakes) or 'no mistake'}: {fault}")
        fire.tried()
    # Both happen, or nothing was tried.
    assert min(outcomes["works"], outcomes["fails"]) >= fire.count // 4


def _faults(scene: Scene, set_up: SetUp, env: dict[str, str], outcomes: Counter[str]) -> Iterator[str]:
    """Where doctor, list and login disagree about a set-up."""
    findings = examine(env).findings
    wrong = [finding for finding in findings if finding.severity != Severity.HINT]
    if not set_up.mistakes and wrong:
        yield f"{wrong[0].what}, though nothing is wrong"
    for finding in findings:
        if finding.severity == Severity.ERROR and not _HAS_A_PLACE.search(" ".join(finding.lines())):
            yield f"no place: {finding.lines()}"
    for name in PROFILES:
        failure = _login(scene, name, env)
        outcomes["works" if failure is None else "fails"] += 1
        if failure is None:
            continue
        if failure.slug == "unexpected":
            yield f"login {name}: {failure.what}"
        elif not wrong and failure.slug not in _AT_AWS:
            yield f"login {name}: {failure.lines()}, of which doctor knows nothing"
        elif not _same_cause(failure, wrong):
            yield f"login {name}: {failure.lines()}, but doctor: {[finding.lines() for finding in wrong]}"


def _same_cause(failure: MfaTuiError, wrong: list[Finding]) -> bool:
    """Whether doctor told the same, or why there is no such profile, no credentials in it, or no way to AWS."""
    if failure.slug in _AT_AWS or failure.slug in {finding.code for finding in wrong}:
        return True
    consequences = ("profile-unknown", "profile-kind", "source-missing", "profile-broken", "no-device")
    return failure.slug.startswith(("network-", *consequences)) and bool(wrong)


def _login(scene: Scene, name: str, env: dict[str, str]) -> MfaTuiError | None:
    """Why a login to a profile fails; None if it does not, or if it needs what only a person can give."""
    try:
        context = Context(env, warn=lambda _: None)
        overview = Overview(context)
        listed = overview.row(name).profile.problem if name in overview.aws else ""
        code = Secret(scene.device.code())
        outcome = log_in(Operation(context, CancelScope()), LoginRequest(profile=name, code=code, overwrite=True))
    except MfaTuiError as error:
        return error
    except Exception as error:  # noqa: BLE001 - that there is none is what is tried
        return MfaTuiError("unexpected", f"{type(error).__name__}: {error}")
    if isinstance(outcome, LoginResult) and listed:
        return MfaTuiError("unexpected", f"list said {listed!r}, but the login works")
    return None
