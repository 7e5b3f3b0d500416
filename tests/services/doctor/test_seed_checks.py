"""What the doctor finds in the stores of secrets and among unfinished enrollments."""

from pathlib import Path

import pytest

from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, JournalEntry, Phase
from mfa_tui.core.problems.finding import Finding, Severity
from mfa_tui.errors import FileProblem, KeyringProblem
from mfa_tui.services.doctor.seed_checks import check_seeds
from tests.support.homes.bench import SERIAL, Bench


def findings(bench: Bench) -> dict[str, Finding]:
    return {finding.code: finding for finding in check_seeds(bench.context)}


def test_nothing_is_stored(bench: Bench) -> None:
    assert findings(bench) == {}


def test_what_was_not_finished(bench: Bench) -> None:
    journal = EnrollmentJournal(bench.context.paths)
    for name, phase in (("old", Phase.REMOVING), ("new", Phase.ENABLED)):
        journal.put(JournalEntry(SERIAL + name, "111122223333", "ana", "here", phase))
    found = findings(bench)
    assert found.keys() == {"removal-unfinished", "enrolment-unfinished"}
    assert "anaold" in found["removal-unfinished"].what
    assert "ananew" in found["enrolment-unfinished"].what
    assert {finding.severity for finding in found.values()} == {Severity.WARNING}


def test_programs_that_generate_codes(bench: Bench) -> None:
    bench.set(f'[devices."{SERIAL}"]\nseed_command = "true x"\n')
    assert findings(bench) == {}
    for setting, program in (
        ('seed_command = "no-such-program x"', "no-such-program"),
        ('code_command = "/no/such x"', "/no/such"),
        ('yubikey = "AWS:ana"', "ykman"),
    ):
        bench.env["PATH"] = "/nonexistent"
        bench.set(f'[devices."{SERIAL}"]\n{setting}\n')
        assert program in findings(bench)["seed-program-missing"].what


def test_a_vault_that_is_missing_matters_if_it_is_used(bench: Bench) -> None:
    bench.set('seed_store = "vault"\n')
    assert {code for code, found in findings(bench).items() if found.severity == Severity.ERROR} == set()


def test_copies_that_an_interrupted_move_has_left(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.context.seeds, "copies", lambda: {SERIAL: "keyring"})
    monkeypatch.setattr(bench.context.seeds, "where", lambda _: "vault")
    found = findings(bench)["seed-copy-left"]
    assert (found.severity, found.remedy) == (Severity.WARNING, "Finish it: mfa-tui vault move vault")


def test_a_vault_is_checked_only_if_it_is_meant_or_holds_something(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def missing_files(*, expected: bool) -> list[FileProblem]:
        asked.append(expected)
        return [FileProblem("vault-missing", "The vault is gone.")] if expected else []

    def checked(*, holds: bool) -> dict[str, Finding]:
        monkeypatch.setattr(bench.context.seeds, "stored", lambda: {SERIAL: "vault"} if holds else {})
        monkeypatch.setattr(bench.context.vault, "missing_files", missing_files)
        return findings(bench)

    assert (checked(holds=False), asked) == ({}, [])
    assert list(checked(holds=True)) == ["vault-missing"]
    bench.set('seed_store = "vault"\n')
    assert checked(holds=False) == {}
    assert asked == [True, False]
    monkeypatch.setattr(bench.context.vault, "weakness", lambda: KeyringProblem("vault-weak", "It is weak."))
    assert checked(holds=False)["vault-weak"].severity == Severity.WARNING


def test_the_list_of_secrets_and_the_journal_may_be_damaged(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.context.seeds, "index_problem", lambda: KeyringProblem("seeds-index", "It is damaged."))
    journal = Path(bench.context.paths.data) / "enrolments.json"
    journal.parent.mkdir(parents=True)
    journal.write_text("{")
    found = findings(bench)
    assert found["seeds-index"].severity == Severity.ERROR
    assert [each.severity for code, each in found.items() if code != "seeds-index"] == [Severity.WARNING]
