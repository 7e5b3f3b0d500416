"""What a setup suggests, which names it takes, and where secrets go."""

import os

import pytest

from mfa_tui.adapters.aws.iam import Identity
from mfa_tui.core.keys.profile_edits import UNKNOWN
from mfa_tui.errors import MfaTuiError
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.keys.import_keys import _with_profile
from mfa_tui.services.keys.import_plan import ImportPlan, describe_import, import_target
from mfa_tui.services.setup import storage
from mfa_tui.services.setup.new_profile import new_target, regions, suggested_file, suggested_name, suggested_region
from mfa_tui.services.setup.storage import keyring_problem, use_vault, why_no_vault
from tests.seeds.stores import Memory
from tests.support.homes.bench import DEV, NOW, Bench

BARE = "[profile bare]\nregion = eu-north-1\n[profile blank]\noutput = json\n"
KEYS = AccessKeys("AKIAIOSFODNN7ANOTHER", Secret("s" * 40))


def refused(bench: Bench, name: str) -> str:
    with pytest.raises(MfaTuiError) as caught:
        new_target(bench.operation(), name)
    return caught.value.slug


def test_a_name_is_taken_unless_its_profile_has_no_credentials(bench: Bench) -> None:
    bench.write(BARE)
    assert refused(bench, "dev") == "profile-taken"
    # It means dev, whose target it is.
    assert refused(bench, "dev-mfa") == "profile-taken"
    assert refused(bench, "a]b") == "keys-import-name"
    assert new_target(bench.operation(), "new").profile is None
    found = new_target(bench.operation(), "bare").profile
    assert found is not None
    assert found.region == "eu-north-1"


def test_the_first_free_name_is_suggested(bench: Bench) -> None:
    assert suggested_name(bench.operation(), "ana") == "default"
    bench.env["AWS_PROFILE"] = "work"
    bench.renew()
    assert suggested_name(bench.operation(), "ana") == "work"
    # A profile that is there is not overwritten by a suggestion, even if it has no credentials.
    bench.write(f"{BARE}[profile work]\nregion = x\n[default]\nregion = y\n", DEV)
    assert suggested_name(bench.operation(), "ana") == "ana"
    assert suggested_name(bench.operation(), "") == "new"
    bench.write("[profile work]\nregion = x\n[default]\nregion = y\n[profile ana]\nx = y\n[profile ana-2]\nx = y\n")
    assert suggested_name(bench.operation(), "ana") == "ana-3"


def test_the_region_beside_the_key_counts_most(bench: Bench) -> None:
    assert suggested_region(bench.context, "") == ""
    bench.write("[default]\nregion = eu-south-1\n")
    assert suggested_region(bench.context, "") == "eu-south-1"
    bench.env["AWS_DEFAULT_REGION"] = "us-west-2"
    assert suggested_region(bench.renew(), "") == "us-west-2"
    bench.env["AWS_REGION"] = "us-west-1"
    assert suggested_region(bench.renew(), "") == "us-west-1"
    assert suggested_region(bench.context, "eu-west-3") == "eu-west-3"


def test_regions_are_those_of_the_key_s_partition() -> None:
    assert "eu-central-1" in regions("aws")
    assert "cn-north-1" not in regions("aws")
    assert regions("aws-cn") == tuple(sorted(regions("aws-cn")))
    assert "cn-north-1" in regions("aws-cn")


def test_the_newest_csv_file_is_suggested(bench: Bench) -> None:
    assert suggested_file(str(bench.path)) == ""
    downloads = bench.path / "Downloads"
    downloads.mkdir()
    for age, name in enumerate(("notes.csv", "ana_accessKeys.csv", "new_user_credentials.csv", "x_accessKeys.csv")):
        (downloads / name).touch()
        os.utime(downloads / name, (NOW - age, NOW - age))
    assert suggested_file(str(bench.path)) == str(downloads / "ana_accessKeys.csv")


def plan(bench: Bench, name: str, region: str) -> ImportPlan:
    target = import_target(bench.operation(), name)
    return ImportPlan(target, KEYS, Identity("111122223333", "aws", "ana"), "keyring", region, UNKNOWN)


@pytest.mark.parametrize(
    ("name", "found", "told"),
    [
        ("bare", "eu-north-1", "Its region stays eu-north-1."),
        ("blank", "us-east-2", "It gets the region us-east-2."),
        ("new", "us-east-2", "The profile 'new' is created, with the region us-east-2."),
    ],
)
def test_a_profile_gets_a_region_if_it_has_none(bench: Bench, name: str, found: str, told: str) -> None:
    bench.write(BARE)
    planned = plan(bench, name, "us-east-2")
    assert told in describe_import(planned)
    assert _with_profile(planned, planned.target.files).merged(name)["region"] == found
    without = plan(bench, name, "")
    assert _with_profile(without, without.target.files) is without.target.files


def test_a_keyring_that_works_is_no_problem_and_nothing_is_left_in_it(bench: Bench) -> None:
    found = keyring_problem(bench.operation())
    assert found is not None
    assert found.slug == "keyring-missing"
    bench.context.seeds._stores = {"keyring": Memory()}  # type: ignore[dict-item]
    assert keyring_problem(bench.operation()) is None


def test_the_keyring_is_not_asked_where_the_settings_name_the_vault(bench: Bench) -> None:
    bench.set('seed_store = "vault"\n')
    assert keyring_problem(bench.operation()) is None
    assert bench.phases == []


def test_a_vault_is_created_and_then_new_secrets_go_there(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyrage", reason="the extra age is not installed")
    monkeypatch.setattr("mfa_tui.adapters.secretstores.vault._identities", {})
    asked: list[bool] = []

    def ask(new: bool) -> Secret:
        asked.append(new)
        return Secret("four words of a kind")

    bench.context.prompts.ask_passphrase = ask
    assert why_no_vault() == ""
    use_vault(bench.operation())
    assert asked == [True]
    assert bench.context.vault.exists
    assert (bench.context.seeds.new, bench.context.key_store.new_place) == ("vault", "vault")
    assert bench.renew().settings.seed_store == "vault"


def test_without_the_extra_no_vault_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(what: str) -> None:
        from mfa_tui.adapters.libraries.extras import extra_missing

        raise extra_missing("age", what)

    monkeypatch.setattr(storage, "require_age", missing)
    assert "age" in why_no_vault()
