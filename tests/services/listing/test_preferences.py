"""What the interface remembers: several of it change the same file, and none loses what another has written."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.services.listing import preferences
from mfa_tui.services.listing.preferences import Preferences
from tests.support.homes.bench import Bench
from tests.support.homes.home import Home

ROOT = Path(preferences.__file__).parents[3]
SLOW_PIN = """
import os, time
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.services.listing.preferences import update_preferences

def pin(now):
    print("begun", flush=True)
    time.sleep(0.5)
    return now.with_pinned("one", pinned=True)

update_preferences(Paths(os.environ), pin)
"""


def pin(home: Home, name: str) -> Preferences:
    return preferences.update_preferences(Paths(home.env), lambda now: now.with_pinned(name, pinned=True))


def test_two_processes_keep_each_others_pins(home: Home) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_PIN], cwd=ROOT, env=home.env, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        pin(home, "two")
    assert set(preferences.load_preferences(Paths(home.env)).pinned) == {"one", "two"}


def test_two_threads_keep_each_others_pins(home: Home) -> None:
    begun = threading.Event()

    def pin_slowly(now: Preferences) -> Preferences:
        begun.set()
        time.sleep(0.2)
        return now.with_pinned("one", pinned=True)

    thread = threading.Thread(target=preferences.update_preferences, args=(Paths(home.env), pin_slowly))
    thread.start()
    begun.wait()
    pin(home, "two")
    thread.join()
    assert set(preferences.load_preferences(Paths(home.env)).pinned) == {"one", "two"}


def test_a_change_counts_for_now_where_nothing_can_be_written(home: Home) -> None:
    state = Path(Paths(home.env).state)
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_text("a file in place of the directory")
    assert pin(home, "dev").pinned == ("dev",)


def test_a_damaged_file_counts_as_empty_and_is_replaced(home: Home) -> None:
    pin(home, "dev")
    (Path(Paths(home.env).state) / "interface.json").write_text('{"pinned": 5')
    assert preferences.load_preferences(Paths(home.env)) == Preferences()
    pin(home, "ops")
    assert preferences.load_preferences(Paths(home.env)).pinned == ("ops",)


def test_the_profile_last_used_comes_first_and_the_oldest_are_dropped() -> None:
    used = Preferences()
    assert used.last == ""
    for number in range(101):
        used = used.with_last_used(str(number), float(number))
    used = used.with_last_used("50", 200.0)
    assert used.last == "50"
    assert (len(used.recent), used.recent[1], used.recent[-1]) == (100, "100", "1")


def test_profiles_are_pinned_and_kept_alive_once() -> None:
    both = Preferences().with_pinned("dev", pinned=True).with_pinned("ops", pinned=True).with_pinned("dev", pinned=True)
    assert both.pinned == ("ops", "dev")
    assert both.with_pinned("ops", pinned=False).pinned == ("dev",)
    assert both.with_kept_alive("dev", kept=True)._replace(pinned=()) == Preferences(kept=("dev",))
    assert both.with_kept_alive("dev", kept=False) == both


def test_closed_groups_are_remembered(home: Home) -> None:
    preferences.update_preferences(Paths(home.env), lambda now: now.with_closed("Users", closed=True))
    assert preferences.load_preferences(Paths(home.env)).closed == ("Users",)
    preferences.update_preferences(Paths(home.env), lambda now: now.with_closed("Users", closed=False))
    assert preferences.load_preferences(Paths(home.env)).closed == ()


def test_nothing_is_written_unless_something_changes(home: Home) -> None:
    file = Path(Paths(home.env).state) / "interface.json"
    assert preferences.update_preferences(Paths(home.env), lambda now: now) == Preferences()
    assert not file.exists()
    pin(home, "dev")
    assert file.exists()


def test_uses_are_counted_and_kept(home: Home) -> None:
    paths = Paths(home.env)
    for name, at in (("dev", 1000.0), ("ops", 1000.0), ("dev", 1000.0)):
        preferences.count_use(paths, name, at)
    read = preferences.load_preferences(paths)
    assert read.recent == ("dev", "ops")
    assert [(one.name, one.score, one.at) for one in read.uses] == [("dev", 2, 1000), ("ops", 1, 1000)]
    habits = read.habits(1000.0)
    assert habits["dev"] > habits["ops"] > 0


def test_the_file_of_an_earlier_version_is_read_and_goes_on(home: Home) -> None:
    file = Path(Paths(home.env).state) / "interface.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"theme": "nord", "order": "name", "recent": ["dev", "ops"], "pinned": ["web"], "kept": ["dev"]}')
    read = preferences.load_preferences(Paths(home.env))
    assert (read.theme, read.order, read.pinned, read.kept, read.uses) == ("nord", "name", ("web",), ("dev",), ())
    habits = read.habits(1000.0)
    assert habits["dev"] > habits["ops"] > habits.get("sso", 0)
    preferences.count_use(Paths(home.env), "ops", 1000.0)
    read = preferences.load_preferences(Paths(home.env))
    assert (read.theme, read.recent, read.kept) == ("nord", ("ops", "dev"), ("dev",))
    assert read.habits(1000.0)["ops"] > read.habits(1000.0)["dev"]


@pytest.mark.parametrize(
    "text",
    [
        '{"theme": 5}',
        '{"pinned": "dev"}',
        '{"recent": [5]}',
        "[]",
        '{"uses": [["dev"]]}',
        '{"uses": [["dev", "1", 1]]}',
        '{"uses": [["dev", NaN, 1]]}',
        '{"uses": [["dev", 1, -1e999]]}',
        '{"uses": [["dev", 1' + "0" * 400 + ", 1]]}",
        '{"uses": {"dev": 1}}',
    ],
)
def test_values_of_another_form_count_as_nothing(home: Home, text: str) -> None:
    file = Path(Paths(home.env).state) / "interface.json"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    assert preferences.load_preferences(Paths(home.env)) == Preferences()


def test_how_often_and_when_a_profile_can_have_been_used(bench: Bench) -> None:
    paths = bench.context.paths
    file = Path(paths.state) / "interface.json"
    file.parent.mkdir(parents=True)
    for use, valid in (
        (["dev", 0, 0], True),
        (["dev", 999_999_999, 999_999_999_999], True),
        (["dev", -1, 1], False),
        (["dev", 1e9, 1], False),
        (["dev", 1, -1], False),
        (["dev", 1, 1e12], False),
        (["dev", 1, "1"], False),
        (["dev", "1", 1], False),
        ([5, 1, 1], False),
    ):
        file.write_text(json.dumps({"uses": [use]}))
        assert bool(preferences.load_preferences(paths).uses) == valid, use
