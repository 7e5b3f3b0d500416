"""Texts that an administrator sends to a user after changing the user's MFA devices."""

from __future__ import annotations

from mfa_tui.core.text.display import in_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_WARNING = "If you did not ask for this, tell your administrator at once."


def reset_message(user: str, account: str, removed: Sequence[str], left: Sequence[str]) -> str:
    """The text for a *user* whose devices *removed* were deleted.

    *left* are the names of the devices that still generate codes; without one the user must enroll again.
    """
    one = len(removed) == 1
    device = f"MFA device {removed[0]}" if one else f"MFA devices {in_words(removed)}"
    then = "was removed and no longer works" if one else "were removed and no longer work"
    lines = [f"Hello {user},", f"your {device} for the AWS account {account} {then}."]
    if left:
        lines.append(f"Use {in_words(left)} from now on, and delete the old entry from your authenticator app.")
    else:
        lines += [
            "Delete the old entry from your authenticator app, then enroll a new device:",
            "  on the command line: mfa-tui device enroll PROFILE (PROFILE is the one with your access keys)",
            "  or in the AWS console: your name at the top right, Security credentials, Assign MFA device",
        ]
    return "\n".join([*lines, _WARNING])


def enrolled_message(user: str, account: str, device: str, serial: str) -> str:
    """The text for a *user* for whom the *device*, whose ARN is *serial*, was enrolled."""
    return "\n".join(
        [
            f"Hello {user},",
            f"your MFA device {device} for the AWS account {account} is enabled.",
            "AWS accepts each code once, so wait for the next code before you sign in or log in.",
            f"  In the profile with your access keys: mfa_serial = {serial}",
            "  Then: mfa-tui login PROFILE",
            _WARNING,
        ]
    )
