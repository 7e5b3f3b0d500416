"""What of this machine the doctor checks: certificates, regions, endpoints, the locale and the keyring."""

from typing import TYPE_CHECKING

import pytest

from mfa_tui.adapters.keys.index import Phase, StoredKey
from mfa_tui.core.problems.finding import Severity
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.doctor import machine_checks
from mfa_tui.services.doctor.machine_checks import check_keyring, check_machine
from tests.services.doctor.conftest import Examine
from tests.support.homes.bench import DEV, KEY, Bench

if TYPE_CHECKING:
    from tests.support.aws.iam_double import IamDouble

OPS = DEV.replace("[dev]", "[ops]").replace("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPL2")


def keyring_findings(bench: Bench) -> dict[str, str]:
    found = check_keyring(bench.context, bench.context.files.load(), frozenset())
    return {finding.code: finding.severity for finding in found}


def test_a_keyring_that_is_missing_matters_if_it_is_used(bench: Bench) -> None:
    bench.env["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    bench.renew()
    (severity,) = keyring_findings(bench).values()
    assert severity == Severity.HINT
    bench.set('seed_store = "vault"\n')
    assert keyring_findings(bench) == {}
    bench.set('seed_store = "vault"\nsession_store = "keyring"\n')
    assert list(keyring_findings(bench).values()) == [Severity.ERROR]
    bench.set('session_store = "keyring"\n')
    assert list(keyring_findings(bench).values()) == [Severity.ERROR]


def test_certificates(bench: Bench, examine: Examine) -> None:
    gone = str(bench.path / "gone.pem")
    bench.write(credentials=f"{DEV}ca_bundle = {gone}\n{OPS}ca_bundle = {gone}\n")
    found = [finding for finding in examine.all() if gone in finding.what + finding.why]
    assert [(finding.profile, getattr(finding.place, "variable", "")) for finding in found] == [
        ("dev", ""),
        ("ops", ""),
    ]
    found = [finding for finding in examine.all("dev") if gone in finding.what + finding.why]
    assert [finding.profile for finding in found] == ["dev"]
    # Of a variable it is told once, and not of a profile.
    found = [finding for finding in examine.all(AWS_CA_BUNDLE=gone) if "AWS_CA_BUNDLE" in finding.what]
    assert [(each.profile, getattr(each.place, "variable", "")) for each in found] == [("", "AWS_CA_BUNDLE")]


def test_regions_that_the_sdk_does_not_know(bench: Bench, examine: Examine) -> None:
    bench.write(credentials=DEV + OPS.replace("eu-west-1", "eu-wst-1"))
    found = examine()
    assert (found["region-unknown"].profile, "env-region-unknown" in found) == ("ops", False)
    assert "Did you mean eu-west-1?" in " ".join(found["region-unknown"].lines())
    assert "region-unknown" not in examine("dev")
    here = examine("dev", AWS_REGION="eu-wst-1")["env-region-unknown"]
    assert getattr(here.place, "variable", "") == "AWS_REGION"
    far = examine("dev", AWS_REGION="zz-qqqqqq-9")["env-region-unknown"]
    assert "Did you mean" not in " ".join(far.lines())
    # A malformed one is told once, as such.
    assert "env-region-unknown" not in examine("dev", AWS_REGION="eu_west!")
    bench.write(credentials=DEV.replace("eu-west-1", "eu_west!"))
    assert "region-unknown" not in examine()


def test_endpoints_are_told_once(bench: Bench, examine: Examine) -> None:
    bench.write(credentials=DEV + OPS)
    found = examine.all(AWS_ENDPOINT_URL="http://proxy.example")
    assert [finding.code for finding in found if "proxy.example" in " ".join(finding.lines())] == ["endpoint-plain"]
    bench.write(credentials=f"{DEV}endpoint_url = http://proxy.example\n{OPS}")
    findings = list(check_machine(bench.context, bench.aws(), frozenset(bench.aws().names), whole=True))
    own = [finding for finding in findings if "proxy.example" in " ".join(finding.lines())]
    assert [finding.profile for finding in own] == ["dev"]


def test_settings_that_the_sdk_does_not_accept(bench: Bench, examine: Examine) -> None:
    bench.write(credentials=f"{DEV}retry_mode = quick\n{OPS}retry_mode = quick\n")
    found = [finding for finding in examine.all() if "retry_mode" in finding.what]
    assert [finding.profile for finding in found] == ["dev"]
    assert not [finding for finding in examine("dev").values() if finding.profile == "ops"]
    # Where a file cannot be read the SDK cannot work, and that is told already.
    bench.write("[profile x]\nregion\n", f"{DEV}retry_mode = quick\n")
    assert not [finding for finding in examine().values() if "retry_mode" in finding.what]


def test_each_way_to_reach_aws_is_tried_once(bench: Bench, examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[tuple[str, str]] = []
    monkeypatch.setattr(machine_checks, "check_setting", lambda _, name, __, region: tried.append((name, region)))
    many = "".join(f"[p{number}]\nretry_mode = {number}\n" for number in range(60))
    # A profile with keys, a region and a serial alone leaves the SDK nothing to refuse.
    dev = f"{DEV.rstrip()}\nmax_attempts = 3\n"
    bench.write(credentials=dev + OPS + many.replace("retry", f"{DEV.split(chr(10), 1)[1]}retry"))
    examine("dev")
    examine("dev", AWS_REGION="us-east-1")
    examine("dev", AWS_REGION="eu_west!")
    assert tried == [("dev", "eu-west-1"), ("dev", "us-east-1"), ("dev", "eu-west-1")]
    tried.clear()
    examine()
    assert [name for name, _ in tried] == ["dev", *(f"p{number}" for number in range(39))]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_locale(bench: Bench, examine: Examine, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    monkeypatch.setattr(machine_checks, "sdk_encoding", lambda *_: encoding)
    bench.write(credentials=f"{DEV}# Jürgen\n")
    found = examine()
    assert ("file-locale" in found) == (encoding == "ascii")


def test_keys_that_the_keyring_should_have(iam: "IamDouble") -> None:
    bench = iam.bench
    bench.write(f"[profile dev]\nmfa_tui_access_key_id = {KEY}\n[profile ops]\nmfa_tui_access_key_id = {KEY}\n", "")

    def found(*names: str) -> list[tuple[str, str]]:
        aws = bench.context.files.load()
        every = check_keyring(bench.context, aws, frozenset(names))
        return [(each.code, each.profile) for each in every if each.code != "keyring-unprotected"]

    assert found("dev", "ops") == [("key-missing", "dev"), ("key-missing", "ops")]
    assert found("dev") == [("key-missing", "dev")]
    assert found() == []
    store = bench.context.key_store
    store.put(AccessKeys(KEY, Secret("s")), "keyring", bench.cancel)
    assert found("dev", "ops") == []
    # One that is in the vault is not looked for.
    store.discard(KEY, "keyring", bench.cancel)
    store.index.update(KEY, StoredKey("vault", Phase.STORED, "", {}))
    assert found("dev", "ops") == []
