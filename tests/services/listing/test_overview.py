"""The overview: which rows there are, what state their sessions are in, and where the cursor starts."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.models import Secret, Session
from mfa_tui.services.context import Context
from mfa_tui.services.listing.overview import Overview
from mfa_tui.services.sessions.lookup import State

NOW = 1_795_521_342
KEY = "AKIAIOSFODNN7EXAMPLE"
SERIAL = "arn:aws:iam::111122223333:mfa/ana"
DEV = f"[dev]\naws_access_key_id = {KEY}\naws_secret_access_key = s\nmfa_serial = {SERIAL}\n"


class Frozen(Clock):
    def now(self) -> float:
        return NOW


@pytest.fixture
def open_overview(tmp_path: Path) -> Callable[..., Overview]:
    def make(credentials: str, session: Session | None = None, config: str = "", **env: str) -> Overview:
        (tmp_path / ".aws").mkdir(exist_ok=True)
        (tmp_path / ".aws/config").write_text(config)
        (tmp_path / ".aws/credentials").write_text(credentials)
        context = Context({"HOME": str(tmp_path), **env}, warn=pytest.fail, clock=Frozen())
        if session is not None:
            context.cache.store(session, CancelScope())
        return Overview(context)

    return make


def session(left: int, *, key: str = KEY, serial: str = SERIAL) -> Session:
    return Session(
        access_key_id="ASIASESSION",
        secret_access_key=Secret("x"),
        session_token=Secret("y"),
        expires_at=NOW + left,
        duration=43_200,
        source_key_id=key,
        serial=serial,
    )


def target(left: int | None, key_id: str = "ASIASESSION", mark: str = "mfa_tui_source = dev\n") -> str:
    end = "" if left is None else f"x_security_token_expires = {format_utc(NOW + left)}\n"
    return f"[dev-mfa]\naws_access_key_id = {key_id}\naws_secret_access_key = x\naws_session_token = y\n{end}{mark}"


@pytest.mark.parametrize(
    ("written", "cached", "state", "left"),
    [
        ("", None, State.NONE, None),
        ("", session(9_000), State.NONE, None),
        (target(9_000), session(9_000), State.LIVE, 9_000),
        (target(800), session(800), State.ENDING, 800),
        (target(-1), None, State.ENDED, -1),
        (target(9_000), None, State.UNVERIFIED, 9_000),
        (target(None), None, State.UNVERIFIED, None),
        # NewDevice with an access key, or for a device, that is not the profile's any more.
        (target(9_000), session(9_000, key="AKIAOLD"), State.UNVERIFIED, 9_000),
        (target(9_000), session(9_000, serial=SERIAL + "2"), State.UNVERIFIED, 9_000),
        (target(9_000, "ASIAOTHER"), session(9_000), State.UNVERIFIED, 9_000),
        # Not ours.
        (target(9_000, mark=""), session(9_000), State.NONE, None),
    ],
)
def test_states(
    open_overview: Callable[..., Overview], written: str, cached: Session | None, state: str, left: int | None
) -> None:
    row = open_overview(DEV + written, cached).row("dev")
    assert row.session.state == state
    assert row.session.expires_at == (None if left is None else NOW + left)


def test_targets_are_no_rows(open_overview: Callable[..., Overview]) -> None:
    overview = open_overview(
        DEV + target(9_000) + f"[x-long-term]\naws_access_key_id = {KEY}\naws_secret_access_key = s\n"
        "[x]\naws_access_key_id = ASIAX\naws_secret_access_key = s\naws_session_token = t\n"
        "[orphan]\naws_access_key_id = ASIAX\naws_secret_access_key = s\naws_session_token = t\nmfa_tui_source = gone\n"
    )
    assert overview.names == ("dev", "x-long-term", "orphan")
    assert overview.row("x-long-term").target == "x"
    held = [(profile.name, profile.source) for profile in overview.targets()]
    assert held == [("dev-mfa", "dev"), ("x", "x-long-term"), ("orphan", "gone")]


@pytest.mark.parametrize(
    ("asked", "shell", "last", "start"),
    [
        ("", "", "", "dev"),
        ("", "", "ops", "ops"),
        ("", "ops-mfa", "dev", "ops"),
        ("", "nobody", "ops", "ops"),
        ("ops-mfa", "dev", "", "ops"),
        ("nobody", "", "", "dev"),
    ],
)
def test_where_the_cursor_starts(
    open_overview: Callable[..., Overview], asked: str, shell: str, last: str, start: str
) -> None:
    ops = "[ops]\naws_access_key_id = AKIAOPS\naws_secret_access_key = s\n"
    overview = open_overview(DEV + ops, config="[profile role]\nrole_arn = x\n", AWS_PROFILE=shell)
    assert overview.names == ("role", "dev", "ops")
    assert overview.first_choice(asked, last) == start


def test_without_profiles_the_cursor_starts_nowhere(open_overview: Callable[..., Overview]) -> None:
    assert open_overview("").first_choice("", "") == ""


def test_a_change_of_the_files_is_noticed(open_overview: Callable[..., Overview], tmp_path: Path) -> None:
    open_overview(DEV)
    files = Context({"HOME": str(tmp_path)}, warn=pytest.fail).files
    before = files.stamp()
    assert files.stamp() == before
    path = tmp_path / ".aws/credentials"
    path.write_text(DEV + target(9_000))
    later = files.stamp()
    assert later != before
    # A program that sets the time back, such as cp -p or rsync --inplace.
    times = path.stat()
    path.write_text(DEV + target(9_001))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert files.stamp() != later


ROLE = "[profile role]\nrole_arn = arn:aws:iam::444455556666:role/admin\nsource_profile = dev\n"


def test_what_a_row_says_of_a_profile(open_overview: Callable[..., Overview], tmp_path: Path) -> None:
    settings = tmp_path / ".config/mfa-tui/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'[devices."{SERIAL}"]\nseed_command = "pass aws"\n')
    process = "[profile ops-mfa]\ncredential_process = /x/mfa-tui credential-process ops\nmfa_tui_source = ops\n"
    keys = f"aws_access_key_id = {KEY}\naws_secret_access_key = s\n"
    overview = open_overview(
        f"{DEV}[ops]\n{keys}[bad]\naws_access_key_id = {KEY}\n",
        config=f"{process}{ROLE}[profile empty]\nregion = eu-west-1\n[profile sso]\nsso_session = x\n",
    )
    rows = {name: overview.row(name) for name in overview.names}
    assert [name for name, row in rows.items() if row.process] == ["ops"]
    assert {name: row.target for name, row in rows.items()} == {
        "role": "role-mfa", "empty": "", "sso": "", "dev": "dev-mfa", "ops": "ops-mfa", "bad": "",
    }  # fmt: skip
    assert [name for name, row in rows.items() if row.has_seed] == ["role", "dev"]
    assert (rows["dev"].profile.problem, rows["ops"].session.state) == ("", State.NONE)
    assert rows["bad"].profile.problem
    assert overview.sources == ("ops",)


def test_a_problem_of_a_source_names_it(open_overview: Callable[..., Overview]) -> None:
    second = "[profile second]\nrole_arn = arn:aws:iam::444455556666:role/audit\nsource_profile = role\n"
    overview = open_overview(DEV, config=f"{ROLE}external_id = a\n{second}")
    own = overview.row("role").profile.problem
    assert own
    assert not own.startswith("source")
    assert overview.row("second").profile.problem == f"source 'role': {own}"


def test_a_row_is_made_once_until_it_is_forgotten(open_overview: Callable[..., Overview]) -> None:
    overview = open_overview(DEV)
    row = overview.row("dev")
    assert overview.row("dev") is row
    overview.forget("dev")
    assert overview.row("dev") is not row
    overview.forget("nobody")


@pytest.mark.parametrize(
    ("env", "shell", "active"),
    [
        ({}, "", ""),
        ({"AWS_PROFILE": "dev-mfa"}, "dev", "dev"),
        ({"AWS_PROFILE": "dev"}, "dev", "dev"),
        ({"AWS_PROFILE": "gone"}, "gone", ""),
    ],
)
def test_the_profile_of_the_shell(
    open_overview: Callable[..., Overview], env: dict[str, str], shell: str, active: str
) -> None:
    overview = open_overview(DEV, **env)
    assert (overview.shell_profile(), overview.active_profile()) == (shell, active)


def test_the_profile_of_the_shell_is_looked_for_once(
    open_overview: Callable[..., Overview], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interface asks with each key, and the search may take a look at every profile."""
    found = open_overview(DEV)
    asked: list[str] = []

    def look(*arguments: object) -> None:
        asked.append(str(arguments[1]))

    monkeypatch.setattr("mfa_tui.services.listing.overview.source_of", look)
    for _ in range(3):
        found.active_profile()
    assert asked == ["default"]


def test_without_a_name_sdks_use_the_default_profile(open_overview: Callable[..., Overview]) -> None:
    overview = open_overview(DEV.replace("[dev]", "[default]"))
    assert (overview.shell_profile(), overview.active_profile()) == ("", "default")


def test_the_cursor_starts_with_the_first_that_can_log_in_as_they_are_shown(
    open_overview: Callable[..., Overview],
) -> None:
    overview = open_overview(DEV + DEV.replace("[dev]", "[ops]"), config="[profile empty]\nregion = x\n")
    assert overview.first_choice("", "") == "dev"
    assert overview.first_choice("", "", among=("empty", "ops", "dev")) == "ops"
    assert overview.first_choice("", "", among=("empty",)) == "empty"
