"""The current code of a stored secret, and getting the secret out again."""

import pytest

from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.seeds.totp import code_at_step, step_at
from mfa_tui.errors import KeyringProblem, MfaTuiError, ProfileProblem, UsageError
from mfa_tui.models import Secret
from mfa_tui.services.seeds.current_code import CodeSource, required_serial
from mfa_tui.services.seeds.export_seed import check_stored, export_seed
from tests.support.homes.bench import DEV, NOW, SERIAL, Bench

SEED, OTHER = Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), Secret("KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")
START = NOW // 30 * 30


def source(bench: Bench) -> CodeSource:
    return CodeSource(bench.operation(), bench.context.resolve("dev"))


def test_the_code_of_this_moment(stores: Bench) -> None:
    stores.context.seeds.store(SERIAL, SEED, "", stores.cancel)
    codes = source(stores)
    stores.clock.time = START + 10
    now = codes.current()
    assert (now.value, now.step, now.seconds_left, now.used) == (
        code_at_step(SEED, step_at(START)), step_at(START), 20, False,
    )  # fmt: skip
    assert codes.current().value is now.value
    stores.clock.time = START + 30
    after = codes.current()
    assert (after.step, after.seconds_left) == (now.step + 1, 30)
    assert after.value != now.value
    stores.context.used_codes.record_use(SERIAL, after.step, after.value)
    assert codes.current().used


def test_a_reserved_code_waits_for_its_time(stores: Bench) -> None:
    stores.context.seeds.store(SERIAL, SEED, "", stores.cancel)
    stores.clock.time = START + 10
    waits: list[float] = []
    first, second = (source(stores).reserve(stores.cancel, waits.append) for _ in range(2))
    assert (first.step, second.step, waits, second.used) == (step_at(START), step_at(START) + 1, [20], False)


def test_without_a_secret(stores: Bench) -> None:
    with pytest.raises(ProfileProblem) as caught:
        source(stores)
    assert (caught.value.slug, caught.value.why) == ("no-seed", f"Its MFA device is {SERIAL}.")
    index = stores.path / ".local/share/mfa-tui/seeds.json"
    index.parent.mkdir(parents=True)
    for name in ("seeds.json", "seeds"):
        (index.parent / name).write_text("{")
    stores.write(credentials=DEV.replace(f"mfa_serial = {SERIAL}\n", ""))
    with pytest.raises(ProfileProblem) as nameless:
        source(stores)
    assert nameless.value.slug == "no-serial"
    with pytest.raises(ProfileProblem):
        required_serial(*stores.context.resolve("dev"))


def test_a_damaged_list_of_secrets_is_told_rather_than_that_there_is_none(
    stores: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> None:
        raise KeyringProblem("seeds-index", "The list of secrets is damaged.")

    monkeypatch.setattr(stores.context.seeds, "check_index", damaged)
    for call in (
        lambda: source(stores),
        lambda: check_stored(stores.context, "dev", MfaSerial(SERIAL)),
    ):
        with pytest.raises(MfaTuiError) as caught:
            call()
        assert caught.value.slug == "seeds-index"
    stores.context.seeds.store(SERIAL, SEED, "", stores.cancel)
    check_stored(stores.context, "dev", MfaSerial(SERIAL))


def test_exporting_a_secret(stores: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    serial = MfaSerial(SERIAL)
    with pytest.raises(UsageError) as caught:
        export_seed(stores.context, "dev", serial, stores.cancel)
    assert caught.value.remedy.endswith("mfa-tui device import dev")
    stores.context.seeds.store(SERIAL, SEED, "", stores.cancel)
    exported = export_seed(stores.context, "dev", serial, stores.cancel)
    assert (exported.seed, exported.doubt) == (SEED, "")
    assert "ana" in exported.uri.reveal()
    stores.context.seeds.store(SERIAL, OTHER, "", stores.cancel)
    assert export_seed(stores.context, "dev", serial, stores.cancel).doubt.startswith("AWS has not accepted a code")
    monkeypatch.setattr(stores.context.seeds, "load", lambda *_: None)
    with pytest.raises(UsageError) as gone:
        export_seed(stores.context, "dev", serial, stores.cancel)
    assert gone.value.what == f"The secret of {SERIAL} is no longer where it was stored."
