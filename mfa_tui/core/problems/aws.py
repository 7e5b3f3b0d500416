"""Problems reported by AWS, and problems of reaching AWS."""

from __future__ import annotations

from mfa_tui.core.problems.problem import Problem

_NETWORK = "Check the connection, VPN, proxy and any endpoint_url, then try again."

AWS = (
    Problem(
        "code-refused",
        "AWS did not accept the code.",
        "It may be mistyped, from another device, or already used: AWS takes each code once.",
        "Wait for the next code, then try again.",
    ),
    Problem(
        "serial-refused",
        "AWS does not recognize this MFA serial as one of the user's devices.",
        "",
        "Look up the serial (mfa-tui device list PROFILE, or the IAM console), then correct mfa_serial or use "
        "--serial.",
    ),
    Problem(
        "key-unknown",
        "AWS does not recognize the access key.",
        "It was deleted or deactivated, or belongs to another partition.",
        (
            "If it was deactivated, an administrator can activate it: mfa-tui keys enable PROFILE --user NAME. "
            "Else put a new key into the credentials file."
        ),
    ),
    Problem(
        "secret-wrong",
        "The secret access key does not match the access key.",
        "AWS refused the signature.",
        "Copy both keys into the credentials file again. If the secret is lost, create a new access key.",
    ),
    Problem(
        "session-keys",
        "These are temporary keys; a session can only be made from long-term keys.",
        "",
        "Put long-term access keys (AKIA…) into the profile.",
    ),
    Problem(
        "clock-off",
        "This machine's clock is wrong, so AWS refuses its requests.",
        "Signatures are valid for five minutes.",
        "Set the clock (on Linux: sudo timedatectl set-ntp true), then try again.",
    ),
    Problem(
        "duration-refused",
        "AWS does not allow a session of that length.",
        "Root gets one hour at most, and so does a role that is assumed with temporary credentials.",
        "Use a shorter --duration, or lower duration_seconds.",
    ),
    Problem(
        "denied",
        "AWS denied the request.",
        "A policy does not allow it.",
        "Ask your administrator, or check what the user's policies allow.",
    ),
    Problem(
        "report-not-ready",
        "AWS has not made the credential report within {seconds} s.",
        "Without it, nothing is known about the users and their keys.",
        "Try again in a minute: AWS goes on making it, and keeps it for four hours.",
    ),
    Problem(
        "report-malformed",
        "AWS's credential report cannot be read.",
        "In it, {why}.",
        "Try again. If it happens again, please report it.",
    ),
    Problem(
        "role-denied",
        "AWS did not allow the role to be assumed.",
        "It may not exist, may not trust the caller, or may require MFA or another external_id.",
        "Check role_arn and external_id, and ask an administrator about the role's trust policy.",
    ),
    Problem(
        "throttled",
        "AWS is throttling this account's requests.",
        "Too many were made in a short time.",
        "Wait a minute, then try again with a new code.",
    ),
    Problem(
        "aws-trouble", "AWS had an internal error.", "", "Try again with the next code: this one may count as used."
    ),
    Problem("aws-refused", "AWS refused the request with an error that mfa-tui does not know.", "", "See the message."),
    Problem(
        "network-unreachable",
        "AWS cannot be reached.",
        "There is no network, no DNS, or nothing listens at that endpoint.",
        _NETWORK,
    ),
    Problem(
        "network-timeout",
        "AWS did not answer in time.",
        "The network is slow, or something blocks the connection.",
        _NETWORK,
    ),
    Problem(
        "network-dropped",
        "The connection was dropped.",
        "The other end closed it without an answer.",
        "Try again, with the next code.",
    ),
    Problem(
        "network-unsent",
        "No request could be made.",
        "The address of the proxy or of the endpoint cannot be used.",
        "Check HTTPS_PROXY and any endpoint_url, then try again.",
    ),
    Problem(
        "network-unread",
        "The response could not be read.",
        "It is not valid HTTP: a proxy or something else in between has changed it.",
        "Check the proxy and any endpoint_url, then try again.",
    ),
    Problem(
        "network-proxy-status",
        "The proxy answered with an error instead of connecting to AWS.",
        "It forbids the connection (403), wants a user name and password (407), or cannot reach AWS (502).",
        "See the message: it gives the status and the variable that names the proxy.",
    ),
    Problem(
        "network-gateway",
        "A server in front of AWS answered with an error.",
        "A proxy or gateway in between gets no response from AWS.",
        "Try again in a minute.",
    ),
    Problem(
        "network-not-aws",
        "Something other than AWS answered.",
        "The response cannot be from AWS; none of it was kept.",
        "Check any endpoint_url and the proxy, then try again with a new code.",
    ),
    Problem(
        "code-used",
        "mfa-tui has already used this code.",
        "AWS takes each code once, so it was not sent again.",
        "Wait for the next code, then try again.",
    ),
    Problem(
        "network-tls",
        "The server could not prove its identity.",
        "Its certificate is not trusted here: a company proxy or a network's sign-in page may be in between.",
        "Sign in to the network in a browser, or name the proxy's certificate in AWS_CA_BUNDLE or ca_bundle.",
    ),
    Problem(
        "network-tls-time",
        "The server's certificate is not valid at this machine's time.",
        "The clock may be far off, or the certificate has expired.",
        "Set the clock, then try again.",
    ),
    Problem(
        "network-proxy",
        "The proxy cannot be reached.",
        "HTTPS_PROXY names a proxy that does not respond.",
        "Correct or unset HTTPS_PROXY, or add the host to NO_PROXY.",
    ),
    Problem(
        "network-portal",
        "Something other than AWS answered.",
        "A network's sign-in page (a captive portal) or a proxy answered instead.",
        "Open a browser, sign in to the network, then try again with a new code.",
    ),
    Problem(
        "too-long",
        "It took too long to get credentials.",
        "AWS SDKs wait a minute at most.",
        "Log in first: mfa-tui login PROFILE",
    ),
    # MFA devices of IAM.
    Problem(
        "device-denied",
        "AWS does not let the user change the MFA device.",
        "Policies often allow only device names that begin with the user's name, or require a session made with MFA.",
        "See the message; docs/trouble.md shows what an administrator can run.",
    ),
    Problem(
        "device-taken",
        "A virtual MFA device with that name already exists.",
        "Names are unique in an account; it may be someone else's, or left over from an earlier attempt.",
        "Choose another: mfa-tui device enroll PROFILE --name NAME",
    ),
    Problem("device-assigned", "The MFA device is already enabled.", "", "Log in with it: mfa-tui login PROFILE"),
    Problem(
        "device-limit",
        "The user cannot have any more MFA devices.",
        "A user can have eight.",
        "Remove one that is not needed: mfa-tui device remove PROFILE --serial ARN",
    ),
    Problem(
        "codes-refused",
        "AWS did not accept the two codes.",
        "They must be consecutive codes of this device, and neither may have been used before.",
        "Wait for the next code, then type that one and the one after it.",
    ),
    Problem(
        "codes-same",
        "The two codes are the same.",
        "AWS needs two consecutive codes.",
        "Type the code that is shown now, wait for the next one, and type that too.",
    ),
    Problem(
        "device-gone",
        "AWS finds no such MFA device for this user.",
        "It was deactivated or deleted, or it is another user's.",
        "See which devices there are: mfa-tui device list PROFILE",
    ),
    Problem(
        "device-in-use",
        "The MFA device is enabled, so AWS will not delete it.",
        "",
        "Remove it, which deactivates it first: mfa-tui device remove PROFILE",
    ),
    Problem(
        "device-busy", "AWS is still working on the device.", "It was changed a moment ago.", "Try again in a minute."
    ),
    Problem(
        "device-name",
        "An MFA device cannot have that name.",
        "A name has 1 to 226 letters, digits or any of _+=,.@- and no spaces.",
        "Choose another, as the message suggests.",
    ),
    Problem(
        "device-unclear", "The user has several devices.", "", "Name one with --serial; see mfa-tui device list PROFILE"
    ),
    Problem("device-unknown", "The user has no such MFA device.", "", "See mfa-tui device list PROFILE"),
    Problem("no-device", "The user has no MFA device.", "", "Enroll one: mfa-tui device enroll PROFILE"),
    Problem(
        "no-user",
        "The profile does not use an IAM user's access keys.",
        "MFA devices belong to IAM users.",
        "Name a profile with access keys; mfa-tui list shows all profiles.",
    ),
    Problem(
        "fido-only",
        "The user has only FIDO keys or passkeys, which work in the browser but not in the API.",
        "AWS's API takes six-digit codes, and only a session made with one can add a device.",
        "Assign an authenticator app in the console; then: mfa-tui device import PROFILE",
    ),
    Problem(
        "root-device",
        "These are the root user's access keys.",
        "AWS's API cannot manage the root user's MFA devices.",
        "Sign in to the console as root: account name, Security credentials, Multi-factor authentication.",
    ),
    Problem(
        "enrolment-begun",
        "An earlier enrollment of the device is not finished.",
        "",
        "Finish it: mfa-tui device enroll PROFILE; or start over.",
    ),
    Problem(
        "enrolment-unfinished",
        "The enrollment of the MFA device {device} was not finished.",
        "It is {serial}, for the user {user}.",
        "Continue with a profile of that user: mfa-tui device enroll PROFILE",
        "warning",
    ),
)
