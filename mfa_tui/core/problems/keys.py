"""Problems of long-term keys that are stored outside the AWS files."""

from __future__ import annotations

from mfa_tui.core.problems.problem import WARNING, Problem

KEYS = (
    Problem(
        "key-missing",
        "The access key {shortened} of {profile} is not in the {place_name}.",
        "mfa_tui_access_key_id in the config file says that it is stored, but no store has it.",
        "Create a new key in the IAM console, and save it: aws configure --profile PROFILE",
    ),
    Problem(
        "keys-index",
        "The list of stored keys, keys.json, is damaged or cannot be read.",
        "The keys are still stored; nothing is overwritten.",
        "Restore it from a copy, or move it away: keys are then found by their ids, in the keyring first.",
    ),
    Problem(
        "key-stored-and-in-file",
        "The key of {profile} is stored, and {path} has keys for it as well.",
        "AWS tools and mfa-tui use those in the file.",
        "Take them out of the file: mfa-tui keys store PROFILE",
        WARNING,
    ),
    Problem(
        "key-move-unfinished",
        "Moving the key {shortened} of {profile} was not finished.",
        "{why}",
        "{remedy}",
        WARNING,
        page="Run mfa-tui keys store or restore again, whichever was interrupted.",
    ),
    Problem(
        "key-process-changed",
        "The key of {profile} is stored, but its credential_process runs something else.",
        "AWS tools ask that; mfa-tui uses the stored key.",
        "Remove the line credential_process, then: mfa-tui keys store PROFILE",
        WARNING,
    ),
    Problem(
        "keys-none",
        "The profile {profile} has no long-term keys of its own.",
        "{why}",
        "Name a profile with access keys; mfa-tui list shows all profiles.",
    ),
    Problem(
        "keys-not-stored",
        "The key of {profile} is not stored: there is nothing to restore.",
        "",
        "mfa-tui list shows the profiles; those of the kind stored-keys have stored keys.",
    ),
    Problem(
        "keys-unmovable",
        "The keys of {profile} cannot be taken out of the files.",
        "{why}",
        "{remedy}",
        page="Do what the message says about that profile, then try again.",
    ),
    Problem(
        "keys-others",
        "The profile {profile} has another access key in {path}, so the stored one was not restored.",
        "A file can hold only one key for a profile.",
        "Remove that key from the file first, or keep the stored one where it is.",
    ),
    Problem(
        "keys-still-there",
        "The key was stored, but the file still has it.",
        "Another program has written the file in the meantime.",
        "Run it again: mfa-tui keys store PROFILE",
    ),
    Problem(
        "keys-not-restored",
        "The key of {profile} was put back, but the file does not have it.",
        "Another program has written the file in the meantime. The key is still stored.",
        "Run it again: mfa-tui keys restore PROFILE",
    ),
    Problem(
        "key-store-unreadable",
        "The {place_name} gave back another key than the one that was stored.",
        "Nothing was taken out of the files.",
        "Choose another store, or try again.",
    ),
)
