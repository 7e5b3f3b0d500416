"""IAM's actions on MFA devices, strict: https://docs.aws.amazon.com/IAM/latest/APIReference/.

Stricter than AWS in two points, so that a client that gets through here gets through there: EnableMFADevice takes a
pair of codes only when the later one would be good for a login (AWS searches a far wider window, and then the device
may have drifted), and both codes are used up by it.
"""

import base64
import binascii

from moto.iam.models import User

from mfa_tui.demo.aws.accounts.calls import Call, Handler
from mfa_tui.demo.aws.iam.qr_png import qr_png
from mfa_tui.demo.aws.iam.users import authorize_on_user, target_user, user_description
from mfa_tui.demo.aws.protocol import aws_errors
from mfa_tui.demo.aws.protocol.clock import iso
from mfa_tui.demo.aws.protocol.parameters import Checks
from mfa_tui.demo.aws.protocol.xml_responses import Result

DEVICES_PER_USER = 8
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

_LONGEST_NAME = 226
"""What a serial of 256 characters leaves for the name behind ``arn:aws:iam::111122223333:mfa/``."""


def create_virtual_mfa_device(call: Call) -> Result:
    """Create a device that belongs to no user yet. Only this answer ever contains the seed."""
    checks = Checks(call.parameters)
    checks.text("VirtualMFADeviceName", 1, _LONGEST_NAME, r"[\w+=,.@-]+", required=True)
    checks.text("Path", 1, 512, r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)")
    checks.done()
    account = call.caller.identity.account
    name, path = call.parameters["VirtualMFADeviceName"], call.parameters.get("Path", "/")
    serial = f"arn:aws:iam::{account}:mfa{path}{name}"
    call.authorize(f"iam:{call.action}", serial)
    if call.directory.seed(account, serial) is not None:
        raise aws_errors.already_exists("MFA device already exists.")
    call.directory.create_virtual_device(account, name, path)
    call.logged.serial = serial
    seed = call.directory.seed(account, serial) or ""
    picture = qr_png(f"otpauth://totp/{name}@{account}?secret={seed}")
    return {
        "VirtualMFADevice": {
            "SerialNumber": serial,
            "Base32StringSeed": base64.b64encode(seed.encode()).decode(),
            "QRCodePNG": base64.b64encode(picture).decode(),
        }
    }


def enable_mfa_device(call: Call) -> Result:
    """Enable a device for the user, who proves to hold it by two consecutive codes."""
    user, serial = _user_and_serial(call, codes=True)
    _ensure_mfa(call, user)
    seed = _existing_seed(call, serial)
    owner = call.directory.owner(user.account_id, serial)
    if owner is user:
        raise aws_errors.already_exists(f"MFA Device for user {user.name} already exists.")
    if owner is not None:
        raise aws_errors.already_exists("MFA Device is already in use.")
    if len(user.mfa_devices) >= DEVICES_PER_USER:
        raise aws_errors.limit_exceeded("MFADevicesPerUser", DEVICES_PER_USER)
    record = call.directory.steps(serial)
    accepted = record.try_pair(seed, *_codes(call), call.now)
    call.logged.step = record.attempted[-1]
    if not accepted:
        raise aws_errors.invalid_authentication_code()
    call.directory.enable(user, serial, call.now)
    return {}


def resync_mfa_device(call: Call) -> Result:
    """Resynchronize a device by two consecutive codes. FIDO keys have none."""
    user, serial = _user_and_serial(call, codes=True)
    seed = _existing_seed(call, serial)
    _ensure_owned(user, serial)
    record = call.directory.steps(serial)
    accepted = record.resync(seed, *_codes(call), call.now)
    call.logged.step = record.attempted[-1]
    if not accepted:
        raise aws_errors.invalid_authentication_code()
    return {}


def deactivate_mfa_device(call: Call) -> Result:
    """Take a device from the user. A virtual one still exists."""
    user, serial = _user_and_serial(call, codes=False)
    _ensure_mfa(call, user)
    _ensure_owned(user, serial)
    call.directory.deactivate(user, serial)
    return {}


def delete_virtual_mfa_device(call: Call) -> Result:
    """Delete a virtual device that belongs to no user."""
    checks = Checks(call.parameters)
    _check_serial(checks)
    checks.done()
    account, serial = call.caller.identity.account, call.parameters["SerialNumber"]
    if not serial.startswith("arn:"):
        raise aws_errors.invalid_input(f"ARN {serial} is not valid.")
    call.authorize(f"iam:{call.action}", serial)
    _existing_seed(call, serial)
    if call.directory.owner(account, serial) is not None:
        raise aws_errors.delete_conflict("MFA VirtualDevice in use. Must deactivate first.")
    call.directory.delete_virtual_device(account, serial)
    return {}


def list_virtual_mfa_devices(call: Call) -> Result:
    """The account's virtual devices by serial, a page at a time, without their seeds."""
    checks = Checks(call.parameters)
    status = checks.choice("AssignmentStatus", ["Any", "Unassigned", "Assigned"], "Any")
    checks.text("Marker", 1, 320, r"[\u0020-\u00FF]+")
    size = checks.number("MaxItems", 1, 1000, 100)
    checks.done()
    account = call.caller.identity.account
    call.authorize(f"iam:{call.action}", f"arn:aws:iam::{account}:mfa/")
    after = _serial_of_marker(call.parameters.get("Marker"))
    found = []
    owners, root = call.directory.owners(account), call.directory.state(account).root.device
    for device in call.directory.virtual_devices(account):
        serial = str(device.serial_number)
        owner = owners.get(serial)
        if serial <= after or status == ("Unassigned" if owner or serial == root else "Assigned"):
            continue
        entry: dict[str, object] = {"SerialNumber": serial}
        if serial == root:
            # Root has no name there.
            entry |= {"User": {"UserId": account, "Arn": f"arn:aws:iam::{account}:root"}, "EnableDate": iso(0)}
        elif owner is not None:
            entry |= {
                "User": user_description(owner),
                "EnableDate": iso(owner.mfa_devices[serial].enable_date.timestamp()),
            }
        found.append(entry)
    page = {"VirtualMFADevices": found[:size], "IsTruncated": "true" if found[size:] else "false"}
    if found[size:]:
        page["Marker"] = base64.b64encode(str(found[size - 1]["SerialNumber"]).encode()).decode()
    return page


def list_mfa_devices(call: Call) -> Result:
    """The devices of UserName, else of the caller; all on one page, since a user has eight at most."""
    name = target_user(call)
    authorize_on_user(call, name)
    devices = [
        {
            "UserName": name,
            "SerialNumber": device.serial_number,
            "EnableDate": iso(device.enable_date.timestamp()),
        }
        for device in call.directory.enabled_devices(call.caller.identity.account, name)
    ]
    return {"MFADevices": devices, "IsTruncated": "false"}


def get_mfa_device(call: Call) -> Result:
    """Describe a FIDO key; AWS includes its certification, too."""
    user, serial = _user_and_serial(call, codes=False)
    if ":u2f/" not in serial:
        raise aws_errors.validation(
            "The MFA device serial number sent in the request is invalid or not supported by this API. Currently, only "
            "hardware FIDO security keys are supported. Please use the compatible device or API."
        )
    _ensure_owned(user, serial)
    enabled = iso(user.mfa_devices[serial].enable_date.timestamp())
    return {"UserName": user.name, "SerialNumber": serial, "EnableDate": enabled}


def _user_and_serial(call: Call, *, codes: bool) -> tuple[User, str]:
    """The parameters that the actions on a user's device share, checked and authorized."""
    checks = Checks(call.parameters)
    checks.text("UserName", 1, 128, r"[\w+=,.@-]+", required=codes)
    _check_serial(checks)
    if codes:
        checks.text("AuthenticationCode1", 6, 6, r"[\d]+", required=True)
        checks.text("AuthenticationCode2", 6, 6, r"[\d]+", required=True)
    checks.done()
    name = target_user(call)
    authorize_on_user(call, name)
    return call.directory.user(call.caller.identity.account, name), call.parameters["SerialNumber"]


def _check_serial(checks: Checks) -> None:
    checks.text("SerialNumber", 9, 256, r"[\w+=/:,.@-]+", required=True)


def _codes(call: Call) -> tuple[str, str]:
    return call.parameters["AuthenticationCode1"], call.parameters["AuthenticationCode2"]


def _ensure_mfa(call: Call, user: User) -> None:
    """Refuse users who have MFA and enable or deactivate devices of their own without it, whatever their policies say.

    So since https://aws.amazon.com/security/security-bulletins/AWS-2023-001/; it comes before any look at the device.
    CreateVirtualMFADevice, DeleteVirtualMFADevice and ResyncMFADevice ask for no MFA, nor does managing another user.
    """
    session = call.caller.session
    if call.caller.identity.user_name != user.name or not user.mfa_devices:
        return
    if session is None or session.mfa_at is None:
        raise aws_errors.mfa_required()


def _existing_seed(call: Call, serial: str) -> str:
    """The seed of a device that exists; refuses any other."""
    seed = call.directory.seed(call.caller.identity.account, serial)
    if seed is None:
        raise aws_errors.no_such_entity(f"VirtualMFADevice with serial number {serial} does not exist.")
    return seed


def _ensure_owned(user: User, serial: str) -> None:
    if serial not in user.mfa_devices:
        raise aws_errors.no_such_entity("MFA Device invalid for user.")


def _serial_of_marker(marker: str | None) -> str:
    """The last serial of the page before, which a marker stands for."""
    try:
        return base64.b64decode(marker or "", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise aws_errors.validation("Invalid Marker.") from None


HANDLERS: dict[str, Handler] = {
    "CreateVirtualMFADevice": create_virtual_mfa_device,
    "EnableMFADevice": enable_mfa_device,
    "ResyncMFADevice": resync_mfa_device,
    "DeactivateMFADevice": deactivate_mfa_device,
    "DeleteVirtualMFADevice": delete_virtual_mfa_device,
    "ListVirtualMFADevices": list_virtual_mfa_devices,
    "ListMFADevices": list_mfa_devices,
    "GetMFADevice": get_mfa_device,
}
