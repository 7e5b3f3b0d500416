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
        "root-keys",
        "The keys of {profile} are those of the root user of account {account}.",
        "mfa-tui does not manage them: nobody should use access keys of root.",
        "Delete them in the console, signed in as root: account name, Security credentials.",
    ),
    Problem(
        "keys-limit",
        "{user} has two access keys, and AWS allows no third.",
        "Inactive keys count, too.",
        "See which one is not needed: mfa-tui keys list PROFILE",
    ),
    Problem(
        "key-gone",
        "{user} has no access key {shortened}.",
        "It was deleted, or it is another user's.",
        "See which keys there are: mfa-tui keys list PROFILE",
    ),
    Problem(
        "keys-denied",
        "AWS does not let {user} {verb}.",
        "{why}",
        "An administrator can allow iam:{action} for that user, or do it.",
        page="An administrator can allow the action that the message names, or do it for you.",
    ),
    Problem(
        "keys-unrotatable",
        "The key of {profile} cannot be rotated.",
        "It is neither in the AWS files nor stored by mfa-tui: another program provides it.",
        "Rotate it where it is kept.",
    ),
    Problem(
        "key-in-use",
        "The profile {profile} uses the key {shortened} itself.",
        "A key in use is never deleted, and only deactivated if it is named.",
        "Replace it with a new one: mfa-tui keys rotate PROFILE",
    ),
    Problem(
        "key-not-owned",
        "{user}, the user of {profile}, has no access key {shortened}.",
        "",
        "See which keys there are: mfa-tui keys list PROFILE",
    ),
    Problem(
        "keys-both-used",
        "{user} has two access keys, and profiles here use both.",
        "AWS allows no third, and a key in use is never deleted: {others} uses {shortened}.",
        "Give those profiles the key of PROFILE, or the other way about, then rotate it.",
    ),
    Problem(
        "key-new-missing",
        "The new key {shortened} of {profile} was stored by an interrupted rotation, and is not there any more.",
        "The old key still works.",
        "Delete the new key: mfa-tui keys delete PROFILE --key with its id. Then rotate again.",
    ),
    Problem(
        "key-not-known-yet",
        "AWS does not accept the new key {shortened} after two minutes.",
        "Both keys are active; the profiles still use the old one.",
        "Run it again later, which goes on from here: mfa-tui keys rotate PROFILE",
    ),
    Problem(
        "keys-not-switched",
        "The new key works, but the files still have the old one, so that was not deactivated.",
        "Another program has written the files in the meantime.",
        "Run it again: mfa-tui keys rotate PROFILE",
    ),
    Problem(
        "rotations-damaged",
        "{path}, the journal of key rotations, cannot be read.",
        "{why}",
        "{then}",
        page="See which keys there are, with mfa-tui keys list PROFILE; then move the file away.",
    ),
    Problem(
        "rotation-unfinished",
        "The rotation of the key {shortened} of {profile} was not finished.",
        "Until it is, the old key stays active, and there may be two.",
        "Finish it: mfa-tui keys rotate PROFILE",
        WARNING,
    ),
    Problem(
        "key-store-unreadable",
        "The {place_name} gave back another key than the one that was stored.",
        "Nothing was taken out of the files.",
        "Choose another store, or try again.",
    ),
)
