"""The demo's cast: users, devices and roles on the embedded AWS, and the AWS files that know them.

Every kind of profile that the interface tells apart is here, from one that logs in by itself to one that is broken.
"""

import urllib.parse
from typing import NamedTuple

from mfa_tui.demo.aws.policy_documents import trust
from mfa_tui.demo.aws.server import Device, StrictAws, User

STAGING_ACCOUNT = "444455556666"
PARTNER_ACCOUNT = "777788889999"


class PhoneEntry(NamedTuple):
    """One line of the strip that plays the authenticator app."""

    label: str
    uri: str
    """``otpauth://totp/…``, with the seed."""


class StoredSeed(NamedTuple):
    """A seed that is in the keyring from the start."""

    serial: str
    seed: str
    label: str


class World(NamedTuple):
    """What the throw-away home is filled with."""

    config: str
    """The AWS config file."""
    credentials: str
    """The AWS credentials file."""
    phone: list[PhoneEntry]
    seeds: list[StoredSeed]


def build(aws: StrictAws) -> World:
    """Makes the cast's users, devices and roles on ``aws``."""
    ana, ops, sam, kim = aws.add_user("ana"), aws.add_user("ops"), aws.add_user("sam"), aws.add_user("kim")
    lee = aws.add_user("lee", account=STAGING_ACCOUNT)
    fay = aws.add_user("fay", account=PARTNER_ACCOUNT)
    ana_device, ops_phone, kim_phone = ana.add_device("ana"), ops.add_device("ops"), kim.add_device("kim")
    lee_phone, lee_tablet = lee.add_device("lee-phone"), lee.add_device("lee-tablet")
    fay.add_fido_device("yubikey")
    admin = aws.add_role("admin", trust(ana.arn, mfa=True), account=STAGING_ACCOUNT)
    read = aws.add_role("read", trust(ana.arn, mfa=True), account=STAGING_ACCOUNT, max_duration=43_200)
    config = f"""\
# The AWS config file of the demo. Everything in this home is thrown away when the demo ends.

[profile dev]
region = eu-central-1
output = json
mfa_serial = {ana_device.serial}

[profile ops]
# The seed of this one is on the «phone» only: codes are typed.
region = eu-west-1
mfa_serial = {ops_phone.serial}

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

; No mfa_serial here: mfa-tui asks AWS which devices there are.
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
    phone = [
        _on_phone("ops phone", ops, ops_phone),
        _on_phone("lee phone", lee, lee_phone),
        _on_phone("lee tablet", lee, lee_tablet),
        _on_phone("kim phone", kim, kim_phone),
    ]
    return World(config, credentials, phone, [StoredSeed(ana_device.serial, ana_device.seed, "ana")])


def _on_phone(label: str, user: User, device: Device) -> PhoneEntry:
    account = urllib.parse.quote(f"{user.name}@{user.account}")
    return PhoneEntry(label, f"otpauth://totp/{account}?secret={device.seed}&issuer=AWS")
