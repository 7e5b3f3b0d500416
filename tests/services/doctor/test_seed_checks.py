"""What the doctor finds in the stores of secrets and among unfinished enrollments."""

from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, JournalEntry, Phase
from mfa_tui.core.problems.finding import Finding, Severity
from mfa_tui.services.doctor.seed_checks import check_seeds
from tests.support.bench import SERIAL, Bench


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
