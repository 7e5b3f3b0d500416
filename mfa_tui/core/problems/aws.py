"""What AWS refuses, and what keeps it from answering."""

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
        "AWS does not know this MFA serial as a device of the user.",
        "",
        "Look the serial up in the IAM console, and correct mfa_serial or give --serial.",
    ),
    Problem(
        "key-unknown",
        "AWS does not know the access key.",
        "It was deleted or deactivated, or belongs to another partition.",
        "Create a new access key in the IAM console, and put it in the credentials file.",
    ),
    Problem(
        "secret-wrong",
        "The secret access key does not belong to the access key.",
        "AWS refused the signature.",
        "Copy both keys again into the credentials file; a lost secret needs a new access key.",
    ),
    Problem(
        "session-keys",
        "The keys are a session's; a session is made from long-term keys only.",
        "",
        "Put long-term access keys (AKIA…) into the profile.",
    ),
    Problem(
        "clock-off",
        "This machine's clock is wrong; AWS refuses requests that are so far off.",
        "Signatures are valid for five minutes.",
        "Set the clock (on Linux: sudo timedatectl set-ntp true), then try again.",
    ),
    Problem(
        "duration-refused",
        "AWS does not give a session of that length.",
        "Root gets one hour at most, and so does a role that is assumed with temporary credentials.",
        "Give a shorter --duration, or lower duration_seconds.",
    ),
    Problem(
        "denied",
        "AWS denied the request.",
        "A policy does not allow it.",
        "Ask your administrator, or see what the user's policies allow.",
    ),
    Problem(
        "role-denied",
        "AWS denied the role.",
        "It does not exist, does not trust the caller, or wants MFA or another external_id.",
        "Check role_arn and external_id, and with an administrator the role's trust policy.",
    ),
    Problem(
        "throttled",
        "AWS is throttling requests of this account.",
        "Too many were made in a short time.",
        "Wait a minute, then try again with a new code.",
    ),
    Problem(
        "aws-trouble", "AWS has trouble of its own.", "", "Try again with the next code: this one may count as used."
    ),
    Problem("aws-refused", "AWS refused, with a code that mfa-tui does not know.", "", "See the message."),
    Problem(
        "network-unreachable",
        "AWS cannot be reached.",
        "There is no network, no DNS, or nothing listens at that endpoint.",
        _NETWORK,
    ),
    Problem(
        "network-timeout",
        "AWS did not answer in time.",
        "The network is slow, or something swallows the connection.",
        _NETWORK,
    ),
    Problem(
        "network-dropped",
        "The connection broke off.",
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
        "The answer could not be read.",
        "It is not proper HTTP: a proxy or something else on the way has changed it.",
        "Check the proxy and any endpoint_url, then try again.",
    ),
    Problem(
        "network-proxy-status",
        "The proxy answered with an error instead of connecting to AWS.",
        "It does not allow the connection (403), wants a user and password (407), or gets no further (502).",
        "As the message says: it has the status and the variable that names the proxy.",
    ),
    Problem(
        "network-gateway",
        "A server in front of AWS answered with an error.",
        "A proxy or gateway on the way gets no answer from AWS.",
        "Try again in a minute.",
    ),
    Problem(
        "network-not-aws",
        "Something other than AWS answered.",
        "What it answered cannot be AWS's; nothing of it was kept.",
        "Check any endpoint_url and the proxy, then try again with a new code.",
    ),
    Problem(
        "code-used",
        "The code was used already, by mfa-tui itself.",
        "AWS takes each code once, so it was not sent again.",
        "Wait for the next code and type that one.",
    ),
    Problem(
        "network-tls",
        "The other end did not prove who it is.",
        "Its certificate is not trusted here: a company proxy or a network's sign-in page may sit in between.",
        "Sign in to the network in a browser, or name the proxy's certificate in AWS_CA_BUNDLE or ca_bundle.",
    ),
    Problem(
        "network-tls-time",
        "The certificate is not valid at this machine's time.",
        "The clock may be far off, or the certificate has expired.",
        "Set the clock, then try again.",
    ),
    Problem(
        "network-proxy",
        "The proxy cannot be reached.",
        "HTTPS_PROXY names one that does not answer.",
        "Correct or unset HTTPS_PROXY, or add the host to NO_PROXY.",
    ),
    Problem(
        "network-portal",
        "Something other than AWS answered.",
        "A network that wants you to sign in first (a captive portal), or a proxy, answered with a page.",
        "Open a browser, sign in to the network, then try again with a new code.",
    ),
    Problem(
        "too-long",
        "There were no credentials in time.",
        "AWS SDKs wait a minute at most.",
        "Log in yourself: mfa-tui login PROFILE",
    ),
    # MFA devices of IAM.
    Problem(
        "device-denied",
        "AWS does not let the user change the MFA device.",
        "Policies commonly allow only names that begin with the user's, or only a session made with MFA.",
        "As the message says; docs/trouble.md has the call for an administrator.",
    ),
    Problem(
        "device-taken",
        "There is already a virtual MFA device of that name.",
        "Names are unique in each account; it may be somebody else's, or left over from an earlier try.",
        "Give another: mfa-tui device enroll PROFILE --name NAME",
    ),
    Problem("device-assigned", "The MFA device is enabled already.", "", "Log in with it: mfa-tui login PROFILE"),
    Problem(
        "device-limit",
        "AWS allows the user no more MFA devices.",
        "A user may have eight.",
        "Remove one that is not needed: mfa-tui device remove PROFILE --serial ARN",
    ),
    Problem(
        "codes-refused",
        "AWS did not accept the two codes.",
        "They must be consecutive, of this device, and neither used before.",
        "Wait for the next code, then give that one and the one after it.",
    ),
    Problem(
        "codes-same",
        "The two codes are the same.",
        "AWS wants two consecutive ones.",
        "Give the code that is shown now, wait for the next one, and give that too.",
    ),
    Problem(
        "device-gone",
        "AWS knows no such MFA device of this user.",
        "It was deactivated or deleted, or it is another user's.",
        "See which there are: mfa-tui device list PROFILE",
    ),
    Problem(
        "device-in-use",
        "The MFA device is enabled, so AWS does not delete it.",
        "",
        "Remove it, which deactivates it first: mfa-tui device remove PROFILE",
    ),
    Problem(
        "device-busy", "AWS is still at work on the device.", "It was changed a moment ago.", "Try again in a minute."
    ),
    Problem(
        "device-name",
        "An MFA device cannot have that name.",
        "A name has 1 to 226 letters, digits and _+=,.@- and no spaces.",
        "Choose another, as the message suggests.",
    ),
    Problem(
        "device-unclear", "The user has several devices.", "", "Name one with --serial; see mfa-tui device list PROFILE"
    ),
    Problem("device-unknown", "The user has no such MFA device.", "", "See mfa-tui device list PROFILE"),
    Problem("no-device", "The user has no MFA device.", "", "Enroll one: mfa-tui device enroll PROFILE"),
    Problem(
        "no-user",
        "The profile has no IAM user's access keys behind it.",
        "MFA devices belong to IAM users.",
        "Name a profile with access keys; mfa-tui list shows all profiles.",
    ),
    Problem(
        "fido-only",
        "The user has FIDO keys or passkeys only; they work in the browser, not in the API.",
        "AWS's API takes six-digit codes, and adds a device only for a session made with one.",
        "Assign an authenticator app in the console; then: mfa-tui device import PROFILE",
    ),
    Problem(
        "root-device",
        "The keys are those of the root user.",
        "AWS lets nobody manage root's MFA devices by its API.",
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
