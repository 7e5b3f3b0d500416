"""The audit of an account with 5,000 users: how many requests it takes, and that nobody is missed."""

from collections import Counter

from mfa_tui.core.account.audit import Audit
from mfa_tui.services.account.examination import AuditOptions
from mfa_tui.services.account.examine import examine
from mfa_tui.services.operation import Operation
from tests.support.aws.audits import AuditBench
from tests.support.runner.thoroughness import examples, long

USERS = examples(5_000, short=1_000)
MOST_REQUESTS = 12
"""Before the first table, without the polls of the credential report."""


@long
def test_5000_users(audit_bench: AuditBench) -> None:
    account, kinds = audit_bench.account, ("", "virtual", "virtual", "fido")
    # The auditor is one of them.
    for number in range(USERS - 1):
        name = f"user{number:04d}"
        account.add_user(name, password=True)
        # Mostly one virtual device, as it is in practice; few of other kinds.
        kind = kinds[number % 4] if number < 400 else "virtual"
        if kind:
            account.add_device(name, kind)
        if number % 50 == 0:
            account.add_key(name, age=100)
    account.add_group("admins", ["user0000", "user0001", f"user{USERS - 2:04d}"])
    account.attach_of_aws("admins", group=True)
    counted: list[Counter[str]] = []

    def show(audit: Audit) -> None:
        if audit.has_first_table and not counted:
            counted.append(audit_bench.counts())
            assert len(audit.facts.users or ()) == USERS
            assert "admin-no-mfa" in [one.id for one in audit.findings]

    audit = examine(
        Operation(audit_bench.context, audit_bench.scope), audit_bench.caller(), AuditOptions(sign_ins=False), show
    )
    (before,) = counted
    del before["GenerateCredentialReport"]
    assert before.total() <= MOST_REQUESTS
    after = audit_bench.counts()
    assert after["ListVirtualMFADevices"] == USERS // 1000
    assert after["ListMFADevices"] == 100
    found = Counter(one.id for one in audit.findings)
    assert found == {
        "admin-no-mfa": 1,
        "user-no-mfa": 99,
        "key-old": USERS // 50,
        "user-one-device": USERS - 1 - 100,
        "user-fido-only": 100,
    }
