"""One action of the user: what is reported of it, and the adapters that it works with."""

from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Notice, Progress
from tests.support.homes.bench import NOW, SERIAL, Bench, session


def test_steps_and_waits_are_reported_as_they_begin(bench: Bench) -> None:
    operation = bench.operation()
    operation.progress("asking", "Asking AWS")
    operation.wait("The next code comes in 7 s", 7)
    assert bench.reports == [
        Progress("asking", "Asking AWS"),
        Progress("waiting", "The next code comes in 7 s", until=NOW + 7),
    ]


def test_each_notice_is_reported_once_in_an_action(bench: Bench) -> None:
    first = bench.operation()
    for text in ("The clock is off.", "Another.", "The clock is off."):
        first.notify(text)
    bench.operation().notify("Another.")
    assert bench.reports == [Notice("The clock is off."), Notice("Another."), Notice("Another.")]


def test_nobody_needs_to_listen(bench: Bench) -> None:
    Operation(bench.context, bench.cancel).notify("Anything.")


def test_clients_are_made_once(bench: Bench) -> None:
    assert bench.context.aws is bench.context.aws
    assert bench.context.iam is bench.context.iam


def test_secrets_that_the_settings_name_are_known(bench: Bench) -> None:
    assert bench.context.seeds.serials() == set()
    bench.set(f'[devices."{SERIAL}"]\nseed_command = "pass aws"\n')
    assert bench.context.seeds.serials() == {SERIAL}
    assert bench.context.seeds.where(SERIAL) == "command"


def test_sessions_are_kept_on_the_disk_unless_the_settings_say_otherwise(bench: Bench) -> None:
    bench.keep(session())
    found = bench.context.cache.valid_sessions()
    assert [each.session_token.reveal() for each in found] == ["token"]
