"""Storing a secret: which device it is for, which of several is meant, and what is doubtful about it."""

import codecs
from pathlib import Path

import pytest

from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.seeds.otp_entries import ImportedSeed, OtpEntry, RefusedSeed, SecretsFound, otp_entry
from mfa_tui.core.seeds.totp import code_at_step, step_at
from mfa_tui.errors import AwsRefused, KeyringProblem, UsageError
from mfa_tui.models import Secret
from mfa_tui.services.operation import Operation
from mfa_tui.services.seeds.import_seed import (
    ImportResult,
    NeedsChoice,
    check_usable,
    device_of,
    discover_device,
    entry_names,
    import_seed,
    known_device,
    preview_seed,
    read_secret_file,
    remove_seed,
    select_seed,
    verification_refused,
    verification_request,
)
from mfa_tui.services.seeds.qr_file import check_image, write_image
from mfa_tui.services.sessions.outcomes import NeedsSerial
from tests.support.clocks.frozen_clock import NewLoginSetup
from tests.support.homes.bench import DEV, NOW, ROLES, SERIAL, Bench

ANA = MfaSerial(SERIAL)
SEED = "GEZDGNBVGY3TQOJQ" * 4
OTHER = "KRSXG5CTMVRXEZLU" * 4


def seed(account: str = "", issuer: str = "", secret: str = SEED) -> ImportedSeed:
    return ImportedSeed(Secret(secret), issuer, account)


def bad(account: str = "") -> RefusedSeed:
    entry = otp_entry(SEED, account=account, digits="8")
    assert isinstance(entry, RefusedSeed)
    return entry


def found(*entries: OtpEntry) -> SecretsFound:
    return SecretsFound(list(entries), [])


def slug(call: object, *arguments: object) -> str:
    with pytest.raises(UsageError) as caught:
        call(*arguments)  # type: ignore[operator]
    return caught.value.slug


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        (SEED.encode(), SEED),
        (codecs.BOM_UTF16_LE + f"{SEED}\r\n".encode("utf-16-le"), SEED),
        (codecs.BOM_UTF16_BE + SEED.encode("utf-16-be"), SEED),
        (f"otpauth://totp/ana?secret={SEED}".encode(), SEED),
    ],
)
def test_files_with_a_secret(tmp_path: Path, content: bytes, secret: str) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    (entry,) = read_secret_file(str(file)).entries
    assert isinstance(entry, ImportedSeed)
    assert entry.seed == Secret(secret)


def test_images_with_a_secret_are_written_and_read(tmp_path: Path) -> None:
    image = tmp_path / "code.png"
    check_image(str(image))
    write_image(str(image), Secret(f"otpauth://totp/ana?secret={SEED}"))
    (entry,) = read_secret_file(str(image)).entries
    assert isinstance(entry, ImportedSeed)
    assert entry.seed == Secret(SEED)
    write_image(str(tmp_path / "code.SVG"), Secret("x"))
    assert (tmp_path / "code.SVG").read_text().lstrip().startswith("<")
    assert image.stat().st_mode & 0o777 == 0o600
    assert slug(check_image, str(tmp_path / "code.jpg")) == "image-kind"


def test_which_device_it_is_for(stores: Bench) -> None:
    resolved = stores.context.resolve("dev")
    assert device_of(stores.context, resolved).text == SERIAL
    assert device_of(stores.context, resolved, "ana").text == SERIAL
    assert device_of(stores.context, resolved, SERIAL + "2").text == SERIAL + "2"
    assert slug(device_of, stores.context, resolved, "ben") == "serial-name"
    for account in ("111122223333", "444455556666"):
        stores.context.seeds.store(f"arn:aws:iam::{account}:mfa/ben", Secret(SEED), "", stores.cancel)
    # The profile's own account decides between devices of one name.
    assert device_of(stores.context, resolved, "ben").text == "arn:aws:iam::111122223333:mfa/ben"
    stores.write(credentials=DEV.replace(f"mfa_serial = {SERIAL}\n", ""))
    bare = stores.context.resolve("dev")
    assert known_device(stores.context, bare) is None
    stores.context.seeds.serials = lambda: frozenset(  # type: ignore[method-assign]
        {"arn:aws:iam::111122223333:mfa/ben", "arn:aws:iam::444455556666:mfa/ben", SERIAL}
    )
    assert slug(device_of, stores.context, bare, "ben") == "serial-name"
    assert device_of(stores.context, bare, "ana").text == SERIAL


def test_aws_is_asked_for_the_only_virtual_device(new_setup: NewLoginSetup) -> None:
    setup = new_setup(seed=False)
    setup.user.add_fido_device("key")
    operation = Operation(setup.context, setup.scope)
    only = discover_device(operation, setup.context.resolve("dev"))
    assert isinstance(only, MfaSerial)
    assert only.text == setup.device.serial
    setup.user.add_device(f"{setup.user.name}-2")
    several = discover_device(operation, setup.context.resolve("dev"))
    assert isinstance(several, NeedsSerial)
    assert (several.profile, len(several.devices)) == ("dev", 3)
    setup.user.set_policy({"Version": "2012-10-17", "Statement": []})
    unknown = discover_device(operation, setup.context.resolve("dev"))
    assert isinstance(unknown, NeedsSerial)
    assert (unknown.devices, unknown.why) == ((), "AWS does not let this user list MFA devices before MFA.")


def test_entries_that_cannot_be_used() -> None:
    good, refused = seed(), bad("x")
    assert check_usable(found(good, refused)).entries == [good, refused]
    assert slug(check_usable, found(refused)) == "otpauth-digits"
    assert slug(check_usable, found(refused, bad("y"))) == "none-fits"


def test_which_of_several_entries_is_meant() -> None:
    own, other = seed("ana@111122223333"), seed("ben@111122223333", "AWS", OTHER)
    assert select_seed(found(other), ANA) is other
    assert select_seed(found(other, own), ANA) is own
    assert isinstance(select_seed(found(own, own), ANA), NeedsChoice)
    assert isinstance(select_seed(found(other, seed("x")), ANA), NeedsChoice)
    assert slug(select_seed, found(bad()), ANA) == "otpauth-digits"
    for account in ("ben@111122223333", "AWS:ben@111122223333", "aws: BEN@111122223333"):
        assert select_seed(found(own, other), ANA, account) is other
    assert slug(select_seed, found(own, other), ANA, "carl") == "account-unknown"
    assert slug(select_seed, found(own, bad("carl")), ANA, "carl") == "otpauth-digits"
    assert entry_names([own, seed()]) == "There are ana@111122223333 and one without a name."


def test_what_is_shown_before_it_is_stored(stores: Bench) -> None:
    shown = preview_seed(stores.context, ANA, seed("ana@111122223333"))
    assert (shown.code, shown.next_code) == tuple(code_at_step(Secret(SEED), step_at(NOW) + n) for n in (0, 1))
    assert (shown.seconds_left, shown.doubts, shown.replaces) == (30 - NOW % 30, (), False)
    assert preview_seed(stores.context, ANA, seed("ben@111122223333")).doubts == (
        "Its name says ben, but the device is called ana.",
    )
    assert preview_seed(stores.context, ANA, seed("ana@444455556666")).doubts == (
        "Its name says account 4444-5555-6666, but the device is in account 1111-2222-3333.",
    )
    short = preview_seed(stores.context, ANA, seed(secret=SEED[:32]))
    assert len(short.doubts) == 1
    import_seed(stores.context, "dev", ANA, seed(), stores.cancel)
    assert preview_seed(stores.context, ANA, seed()).replaces


def test_the_login_that_proves_it(stores: Bench) -> None:
    first = import_seed(stores.context, "dev", ANA, seed("ana", "AWS"), stores.cancel)
    assert (first.profile, first.label, first.warning, first.replaced) == ("dev", "AWS: ana", "", False)
    second = import_seed(stores.context, "dev", ANA, seed(secret=OTHER[:32]), stores.cancel)
    assert second.replaced
    assert second.warning
    request = verification_request(second, remember=True)
    assert (request.profile, request.serial, request.renew, request.renew_source) == ("dev", SERIAL, True, True)
    assert (request.remember_serial, verification_request(second, remember=False).remember_serial) == (True, False)
    refusal = AwsRefused("code-refused", "No.")
    assert verification_refused(first, refusal).remedy.startswith("Remove it: mfa-tui device forget dev; ")
    assert verification_refused(second, refusal).remedy.startswith("The previous secret is still kept; ")
    other = AwsRefused("denied", "No.")
    assert verification_refused(first, other) is other


def test_removing_a_secret(stores: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    assert slug(remove_seed, stores.context, "dev", ANA, stores.cancel) == "no-seed"
    for secret in (SEED, OTHER):
        import_seed(stores.context, "dev", ANA, seed(secret=secret), stores.cancel)
    assert [remove_seed(stores.context, "dev", ANA, stores.cancel).restored for _ in range(2)] == [True, False]

    def damaged() -> None:
        raise KeyringProblem("seeds-index", "The list of secrets is damaged.")

    monkeypatch.setattr(stores.context.seeds, "check_index", damaged)
    with pytest.raises(KeyringProblem):
        remove_seed(stores.context, "dev", ANA, stores.cancel)


def test_a_roles_secret_is_that_of_its_user(stores: Bench) -> None:
    stores.write(ROLES)
    assert device_of(stores.context, stores.context.resolve("admin")).text == SERIAL
    imported = ImportResult("admin", ANA, "", "", replaced=False)
    assert verification_request(imported, remember=False).profile == "admin"
