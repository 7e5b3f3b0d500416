"""The demo's users, devices and roles on the embedded AWS, and the AWS files that name them.

Every kind of profile that the interface distinguishes is here, from one that logs in automatically to a broken one.
"""

import urllib.parse
from typing import NamedTuple

from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from mfa_tui.demo.home.account_stories import ACCOUNT_CARE, add_stories

STAGING_ACCOUNT = "444455556666"
PARTNER_ACCOUNT = "777788889999"
PRODUCTION_ACCOUNT = "999900001111"


class PhoneEntry(NamedTuple):
    """One entry of the strip that stands for the authenticator app."""

    label: str
    """What the strip calls the device."""
    uri: str
    """``otpauth://totp/…``, with the secret."""


class StoredSeed(NamedTuple):
    """A secret that is in the keyring from the start."""

    serial: str
    """The MFA device's ARN."""
    seed: str
    """The secret in base32."""
    label: str
    """The name that the authenticator app would show."""


class StoredAccessKey(NamedTuple):
    """A long-term key that is in the keyring from the start, as ``mfa-tui keys store`` leaves it."""

    profile: str
    """The profile that uses it."""
    access_key_id: str
    """Its id."""
    secret_access_key: str
    """Its secret."""


class HomeContents(NamedTuple):
    """What the throwaway home contains."""

    config: str
    """The AWS config file."""
    credentials: str
    """The AWS credentials file."""
    settings: str
    """The settings file."""
    phone: list[PhoneEntry]
    """The devices on the phone, whose codes are typed."""
    seeds: list[StoredSeed]
    """The secrets in the keyring."""
    keys: list[StoredAccessKey]
    """The long-term keys in the keyring."""


def populate(aws: StrictAws) -> HomeContents:
    """Create the demo's users, devices and roles on ``aws``."""
    ana = aws.add_user("ana", policy=ACCOUNT_CARE)
    ops, ivy, sam, kim = (aws.add_user(name) for name in ("ops", "ivy", "sam", "kim"))
    add_stories(aws, ana, ops, ivy, sam, kim)
    lee = aws.add_user("lee", account=STAGING_ACCOUNT)
    fay = aws.add_user("fay", account=PARTNER_ACCOUNT)
    ana_device, ops_phone, kim_phone = ana.add_device("ana"), ops.add_device("ops"), kim.add_device("kim")
    ivy_device = ivy.add_device("ivy")
    lee_phone, lee_tablet = lee.add_device("lee-phone"), lee.add_device("lee-tablet")
    fay.add_fido_device("yubikey")
    admin = aws.add_role("admin", trust(ana.arn, mfa=True), account=STAGING_ACCOUNT)
    read = aws.add_role("read", trust(ana.arn, mfa=True), account=STAGING_ACCOUNT, max_duration=43_200)
    production = aws.add_role("admin", trust(ana.arn, mfa=True), account=PRODUCTION_ACCOUNT)
    config = f"""\
# The AWS config file of the demo. Everything in this home is deleted when the demo ends.

[profile dev]
region = eu-central-1
output = json
mfa_serial = {ana_device.serial}

[profile ops]
# This one's secret is only on the phone, so you type its codes.
region = eu-west-1
mfa_serial = {ops_phone.serial}

[profile stored]
# mfa-tui keys store has moved its long-term key from the credentials file to the keyring.
region = eu-central-1
mfa_serial = {ivy_device.serial}
mfa_tui_access_key_id = {ivy.access_key_id}
credential_process = mfa-tui credential-process stored

[profile new]
# No MFA device yet, here or at AWS: try mfa-tui device enroll new
region = eu-central-1

[profile staging-admin]
role_arn = {admin}
source_profile = dev
region = eu-central-1

[profile staging-read]
role_arn = {read}
source_profile = dev
region = eu-central-1
duration_seconds = 43200

[profile prod-admin]
# mfa-tui's settings give the account of this role a name and red.
role_arn = {production}
source_profile = dev
region = eu-central-1

; No mfa_serial here: mfa-tui looks the device up at AWS.
[profile discover]
region = us-east-1

[profile fido]
region = us-east-1

[profile wrong-serial]
region = eu-central-1
mfa_serial = arn:aws:iam::{kim.account}:mfa/kim-old-phone

[profile old]
role_arn = {read}
source_profile = long-gone
"""
    people = {"dev": ana, "ops": ops, "new": sam, "discover": lee, "fido": fay, "wrong-serial": kim}
    credentials = "# Long-term access keys of the demo's users.\n\n" + "\n".join(
        f"[{profile}]\naws_access_key_id = {user.access_key_id}\naws_secret_access_key = {user.secret_access_key}\n"
        for profile, user in people.items()
    )
    settings = f"""\
[accounts."{ana.account}"]
name = "acme-dev"

[accounts."{STAGING_ACCOUNT}"]
name = "acme-staging"

[accounts."{PRODUCTION_ACCOUNT}"]
name = "acme-PROD"
color = "red"
"""
    phone = [
        _on_phone("ops phone", ops, ops_phone),
        _on_phone("lee phone", lee, lee_phone),
        _on_phone("lee tablet", lee, lee_tablet),
        _on_phone("kim phone", kim, kim_phone),
    ]
    seeds = [
        StoredSeed(device.serial, device.seed, name) for name, device in (("ana", ana_device), ("ivy", ivy_device))
    ]
    keys = [StoredAccessKey("stored", ivy.access_key_id, ivy.secret_access_key)]
    return HomeContents(config, credentials, settings, phone, seeds, keys)


def _on_phone(label: str, user: User, device: Device) -> PhoneEntry:
    account = urllib.parse.quote(f"{user.name}@{user.account}")
    return PhoneEntry(label, f"otpauth://totp/{account}?secret={device.seed}&issuer=AWS")
