"""Finding a scope by its name, and what the doctor says of scopes."""

from pathlib import Path

import pytest

from mfa_tui.core.scopes.presets import PRESETS
from mfa_tui.errors import ConfigError
from mfa_tui.services.scopes.find_scope import check_scopes, find_scope
from tests.support.homes.bench import Bench

SETTINGS = '[scopes.ci]\nservices = ["s3"]\nduration = "1h"\n[scopes.own]\npolicy = "own.json"\n'
POLICY = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'


def refusal(bench: Bench, name: str) -> tuple[str, str]:
    with pytest.raises(ConfigError) as error:
        find_scope(bench.context, name)
    return error.value.slug, error.value.why


def policy_file(bench: Bench) -> Path:
    return bench.path / ".config/mfa-tui/own.json"


def test_presets_and_scopes_of_the_settings(bench: Bench) -> None:
    bench.set(SETTINGS)
    for name in PRESETS:
        assert find_scope(bench.context, name).policy_file == ""
    found = find_scope(bench.context, "ci")
    assert (found.name, found.duration, found.policy_file) == ("ci", 3600, "")
    assert '"s3:*"' in found.policy
    policy_file(bench).write_text(POLICY)
    found = find_scope(bench.context, "own")
    assert (found.duration, found.policy_file) == (None, str(policy_file(bench)))
    assert '"Action":"s3:*"' in found.policy


def test_unknown_ones_are_named_with_those_that_are_usable(bench: Bench) -> None:
    bench.set(SETTINGS + '[scopes.odd]\nregions = ["mars"]\n')
    with pytest.raises(ConfigError) as error:
        find_scope(bench.context, "mine")
    assert error.value.slug == "scope-unknown"
    assert "read-only, no-iam, ci, own" in f"{error.value.why} {error.value.remedy}"
    assert "odd" not in f"{error.value.why} {error.value.remedy}"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff", "Its policy file is not UTF-8."),
        (b"{", "It is not JSON"),
        (None, "No such file or directory"),
    ],
)
def test_policies_that_cannot_be_used(bench: Bench, content: bytes | None, why: str) -> None:
    bench.set(SETTINGS)
    if content is not None:
        policy_file(bench).write_bytes(content)
    slug, said = refusal(bench, "own")
    assert slug == "scope-policy"
    assert why in said
    assert [found.code for found in check_scopes(bench.context, bench.aws(), [])] == ["scope-policy"]


def test_a_policy_that_others_can_write(bench: Bench) -> None:
    bench.set(SETTINGS)
    policy_file(bench).write_text(POLICY)
    policy_file(bench).chmod(0o666)
    slug, why = refusal(bench, "own")
    assert slug == "scope-policy"
    assert why.startswith(f"{policy_file(bench)} ")


def test_a_wrong_scope_is_never_no_scope(bench: Bench) -> None:
    bench.set('[scopes.odd]\nregions = ["mars"]\n[scopes.read-only]\nservices = ["s3"]\n')
    for name in ("odd", "read-only"):
        assert refusal(bench, name)[0] == "settings-value"
    assert list(check_scopes(bench.context, bench.aws(), [])) == []
    bench.set("scopes = 5\n")
    assert refusal(bench, "mine")[0] == "settings-value"
    assert find_scope(bench.context, "no-iam").name == "no-iam"


def test_targets_whose_scope_is_gone(bench: Bench) -> None:
    bench.set(SETTINGS)
    policy_file(bench).write_text(POLICY)
    targets = "".join(
        f"[profile dev-{scope}]\nmfa_tui_source = dev\nmfa_tui_scope = {scope}\n" for scope in ("gone", "ci", "no-iam")
    )
    bench.write(targets)
    names = bench.aws().names
    (found,) = check_scopes(bench.context, bench.aws(), names)
    assert (found.code, found.profile) == ("scope-gone", "dev-gone")
    assert found.place is not None
    assert found.place.as_json()["line"] == 3
    assert list(check_scopes(bench.context, bench.aws(), ["dev", "dev-ci"])) == []
