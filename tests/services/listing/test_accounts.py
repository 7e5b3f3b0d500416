"""What the list knows of the accounts and devices of its profiles."""

from mfa_tui.core.keys.known_user import KnownUser
from mfa_tui.services.listing.accounts import Accounts
from mfa_tui.services.listing.overview import Overview
from tests.support.homes.bench import Bench

ID, OTHER = "111122223333", "444455556666"
KEY = "AKIAIOSFODNN7EXAMPLE"
ANA, OLD = (f"arn:aws:iam::{ID}:mfa/{name}" for name in ("ana", "old"))
CONFIG = f"""
[profile named]
mfa_serial = {OLD}
[profile role]
role_arn = arn:aws:iam::{OTHER}:role/deploy
source_profile = dev
[profile other]
region = x
"""
CREDENTIALS = "".join(
    f"[{name}]\naws_access_key_id = {key}\naws_secret_access_key = x\n"
    for name, key in (("dev", KEY), ("named", KEY), ("other", "AKIAOTHER"))
)


def test_each_profile_shows_what_is_known_of_its_own_user(bench: Bench) -> None:
    bench.write(CONFIG, CREDENTIALS)
    bench.set('[accounts."acm*"]\ncolor = "red"\n')
    overview, accounts = Overview(bench.context), Accounts(bench.context)
    assert accounts.known(overview.row("dev")) == KnownUser()
    assert accounts.known(overview.row("named")) == KnownUser(ID)
    assert accounts.longest == 14
    accounts.use({KEY: KnownUser(ID, "acme-production", ANA), "AKIAGONE": KnownUser(OTHER, "b", ANA, fido_only=True)})
    shown = {name: accounts.known(overview.row(name)) for name in ("dev", "named", "role", "other")}
    assert shown == {
        "dev": KnownUser(ID, "acme-production", ANA),
        "named": KnownUser(ID, "acme-production"),
        "role": KnownUser(OTHER, "b"),
        "other": KnownUser(),
    }
    labels = {name: accounts.label(overview.row(name)) for name in shown}
    assert [name for name, label in labels.items() if label is not None] == ["dev", "named"]
    assert accounts.longest == len("acme-production") + 2
