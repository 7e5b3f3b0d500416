"""Problems of administrators' work on other users and groups of the account."""

from __future__ import annotations

from mfa_tui.core.problems.problem import Problem

ACCOUNT = (
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
        "key-not-users",
        "The user has no such access key.",
        "It was deleted, or it is another user's.",
        "See the keys: mfa-tui device list PROFILE --user NAME",
    ),
    Problem(
        "key-denied",
        "AWS does not let the administrator change the user's keys.",
        "No policy allows iam:UpdateAccessKey for that user, or one denies it.",
        "Have it allowed, or use a profile that may.",
    ),
)
"""The rows of this group."""
