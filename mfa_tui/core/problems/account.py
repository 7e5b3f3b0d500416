"""Problems of administrators' work on other users and groups of the account."""

from __future__ import annotations

from mfa_tui.core.problems.problem import Problem

ACCOUNT = (
    Problem(
        "export-kind",
        "The name of an exported audit must end in .html, .csv, .md or .json.",
        "",
        "Choose a name that does.",
    ),
    Problem(
        "user-name",
        "An IAM user cannot have that name.",
        "A name has 1 to 64 letters, digits or any of _+=,.@- and no spaces.",
        "Give the name alone, without the ARN around it.",
    ),
    Problem(
        "user-unknown",
        "The account has no such IAM user.",
        "The user was deleted, or belongs to another account.",
        "Check the name, and that the profile is one of the user's account.",
    ),
    Problem(
        "own-user",
        "--user names the user behind the profile itself.",
        "It is for another user; your own device is verified by a login, and needs your own MFA.",
        "Run the command without --user.",
    ),
    Problem(
        "session-expired",
        "The administrator's session has expired.",
        "It signs the requests for the other user, and waiting for the codes took too long.",
        "Run the command again: it gets a new session, and continues.",
    ),
    Problem(
        "key-not-users",
        "The user has no such access key.",
        "It was deleted, or it is another user's.",
        "See the keys: mfa-tui device list PROFILE --user NAME",
    ),
    Problem(
        "key-unclear",
        "The user has several such keys, or none.",
        "",
        "Name one with --key; see mfa-tui keys list PROFILE --user NAME",
    ),
    Problem(
        "key-denied",
        "AWS does not let the administrator list or change the user's keys.",
        "No policy allows iam:ListAccessKeys or iam:UpdateAccessKey for that user, or one denies it.",
        "Ask for that permission, or use a profile that has it.",
    ),
    Problem(
        "group-name",
        "An IAM group or policy cannot have that name.",
        "A name has 1 to 128 letters, digits or any of _+=,.@- and no spaces.",
        "Give the name alone, without the ARN around it.",
    ),
    Problem(
        "group-unknown",
        "The account has no such IAM group.",
        "Names are case-sensitive; the profile may be of another account.",
        "See the groups: aws iam list-groups",
    ),
    Problem(
        "policy-differs",
        "A policy with that name exists, with different text.",
        "It may be yours, or come from another version of mfa-tui; it is not overwritten unasked.",
        "Compare it with mfa-tui audit PROFILE --policy; then use --replace-policy, or another --policy-name.",
    ),
    Problem(
        "policy-denied",
        "AWS does not let the administrator look up or attach policies of groups.",
        "No policy allows it, or one denies it.",
        "The message names the IAM action; ask for that permission, or use a profile that has it.",
    ),
    Problem(
        "policy-limit",
        "AWS allows no more policies for the group, or versions of the policy.",
        "A group can have ten policies by default, and a policy five versions.",
        "Detach or delete one that is not needed; then run it again.",
    ),
)
"""The rows of this group."""
