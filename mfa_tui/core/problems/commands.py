"""Problems of commands and terminals, of settings, and of what mfa-tui reads and writes."""

from __future__ import annotations

from mfa_tui.core.problems.problem import WARNING, Problem

_AGAIN = "Fix that, then try again."

COMMANDS = (
    Problem("usage", "The command was not understood.", "", "Run the command with --help."),
    Problem("command-unknown", "There is no such command.", "", "See mfa-tui --help"),
    Problem(
        "code-malformed",
        "An MFA code has six digits.",
        "",
        "Type the 6-digit code that your device shows; nothing was sent.",
    ),
    Problem("duration-malformed", "This is not a duration.", "", "Write it as 12h, 90m, 1h30m or in seconds."),
    Problem(
        "duration-range",
        "AWS does not allow a session of that length.",
        "Sessions last from 15 minutes to 36 hours, role sessions up to 12 hours.",
        "Use a --duration in that range.",
    ),
    Problem(
        "duration-chained",
        "A role that is assumed through another role cannot have a session of that length.",
        "AWS limits role chaining to one hour.",
        "Use --duration 1h or less, or leave it out: the session is renewed without a code.",
    ),
    Problem(
        "no-terminal",
        "mfa-tui needs to ask you something, but there is no terminal.",
        "",
        "Pass it as an option, as the message says, or run the command in a terminal.",
    ),
    Problem(
        "no-roles", "There are no role profiles in the AWS files.", "", "Add one with role_arn and source_profile."
    ),
    Problem(
        "no-previous",
        "There is no previous profile to go back to.",
        "mfa-tui use has not switched from one profile to another in this shell.",
        "Name one: mfa-tui use PROFILE",
    ),
    Problem(
        "shell-init-missing",
        "mfa-tui use cannot change this shell: its function is not loaded.",
        "A program cannot change the shell that runs it; a function of the shell can.",
        "Load it as mfa-tui shell-init --help says.",
    ),
    Problem(
        "value-inexpressible",
        "A value cannot be written for this shell.",
        "",
        "Choose another --shell, or mfa-tui exec, which needs no quoting.",
    ),
    Problem(
        "since-malformed",
        "This is not a time.",
        "",
        "Write it as 90m, 12h, 7d or 2w, or as a date: 2026-11-28 or 2026-11-28T14:30",
    ),
    Problem(
        "history-unreadable",
        "The history cannot be used: {path}",
        "{why}",
        "{remedy}",
        WARNING,
        page="Fix what the message names, or remove the file. Nothing else depends on it.",
    ),
    Problem(
        "history-damaged",
        "The history was damaged, and a new one was begun.",
        "The damaged one is {path}; nothing of it is shown.",
        "Remove it: rm {quoted}",
        WARNING,
    ),
    Problem(
        "history-off",
        "No history is kept.",
        "history_days is 0 in the settings.",
        "Set it to the number of days that entries are kept.",
    ),
    Problem(
        "output-encoding",
        "The output has characters that this locale cannot write.",
        "",
        "Use a UTF-8 locale, such as LC_ALL=C.UTF-8",
    ),
    Problem(
        "output-terminal",
        "The output has control characters or invisible characters, so it is not shown on a terminal.",
        "",
        "Write it to a file or a pipe, as the message says.",
    ),
    Problem(
        "output-failed",
        "The output could not be written to standard output.",
        "",
        "Check the disk or the program that reads it; everything else was done.",
    ),
    Problem("extra-missing", "An extra of mfa-tui is not installed.", "", "Install it as the message says."),
    Problem("demo-extra", "The demo is an extra that is not installed.", "", "Install it as the message says."),
    Problem(
        "demo-terminal", "The demo needs a terminal.", "", "Run a command in it instead: mfa-tui demo -- mfa-tui list"
    ),
    Problem("cancelled", "Cancelled; nothing was changed.", "", "Run it again."),
    Problem(
        "unexpected",
        "mfa-tui ran into an unexpected error.",
        "",
        "Please report the first line and what you did; it contains no secrets.",
    ),
    Problem(
        "home-of-another",
        "The home directory belongs to another user, and root cannot switch to that user.",
        "As root in another user's home, mfa-tui runs as that user.",
        "Run it as that user, or with root's own home: HOME=/root",
    ),
    Problem(
        "program-unreadable",
        "The owner of the home directory cannot read all of mfa-tui's files.",
        "As root in another user's home, mfa-tui runs as that user.",
        "Install it where every user can read it, or run it without sudo.",
    ),
    # Settings.
    Problem("settings-syntax", "The settings file is not TOML.", "", "Correct the line, or remove the file."),
    Problem(
        "settings-value",
        "A setting has an invalid value.",
        "",
        "Correct it; the message gives the line and the allowed values.",
    ),
    Problem(
        "settings-missing",
        "MFA_TUI_CONFIG names {path}, which does not exist.",
        "The default settings apply.",
        "Correct the variable, or unset MFA_TUI_CONFIG",
        WARNING,
    ),
    Problem(
        "settings-keymap",
        "{path}, [keymap]: {what}.",
        "The interface says the same when it opens.",
        "Use a command of the interface, and a key that no other command has.",
        WARNING,
    ),
    Problem(
        "settings-theme",
        "{path}: unknown theme {theme}.",
        "The interface opens with its default theme.",
        "Choose one of these: {themes}",
        WARNING,
    ),
    Problem(
        "settings-program-missing",
        "{path}: {key} names {program}, which is not a program on this machine.",
        "What needs it fails: the console for browser, the vault for passphrase_command.",
        "Install it, or correct or remove {key}.",
    ),
    Problem(
        "env-browser-missing",
        "BROWSER names {program}, which is not a program on this machine.",
        "mfa-tui console cannot open a browser.",
        "Install it, correct or unset BROWSER, or set browser in the settings.",
        WARNING,
    ),
    Problem("settings-unknown-key", "{what}", "{why}", "Correct it.", WARNING),
    Problem(
        "setting-unknown",
        "There is no such setting.",
        "",
        "Use one that mfa-tui config get shows.",
    ),
    Problem("setting-table", "A value was given for a table of settings.", "", "Name a key in the table."),
    Problem(
        "settings-edit",
        "mfa-tui cannot change the setting without touching other lines of the file.",
        "The table is written in a way that its editor does not support.",
        "Change the line yourself: mfa-tui config edit",
    ),
    Problem("editor-failed", "The editor failed, or left no text.", "Nothing was changed.", "Set VISUAL or EDITOR."),
    Problem("settings-unreadable", "The settings file cannot be read.", "", "Fix that, or remove the file."),
    # Files that are read and written.
    Problem(
        "settings-of-others",
        "The settings file belongs to another user, or others can write to it, so mfa-tui does not use it.",
        "Settings name programs that mfa-tui runs.",
        "Run the command in the message.",
    ),
    Problem(
        "directory-of-others",
        "One of mfa-tui's directories belongs to another user, or others can write to it.",
        "Sessions there could be read or replaced, so mfa-tui does not use it.",
        "Run the command in the message.",
    ),
    Problem(
        "directory-unusable",
        "{path} cannot be used.",
        "It is not a directory, or you cannot write to it. {use}",
        "{remedy}",
        page="Change its owner, or move it away; the message has the command.",
    ),
    Problem(
        "directory-read-only",
        "A directory is not writable, so files in it cannot be replaced.",
        "",
        "See the message.",
    ),
    Problem("file-read-only", "A file is not writable.", "", "See the message."),
    Problem(
        "file-link",
        "As root: the path of a file goes through another user's symbolic link.",
        "",
        "Run mfa-tui as that user, or name the file itself in AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE.",
    ),
    Problem(
        "file-fixed",
        "A file or its directory is immutable or append-only, so it cannot be replaced.",
        "",
        "Run the command in the message (sudo chattr -i, or -a).",
    ),
    Problem(
        "file-system-read-only",
        "A file is on a read-only file system.",
        "",
        "Mount it so that it can be written to.",
    ),
    Problem(
        "file-hard-link",
        "A file has a second name (a hard link), which would be cut off if the file were replaced.",
        "",
        "Remove the other name, or make it a symbolic link.",
    ),
    Problem(
        "file-mount",
        "A file is mounted by itself (a container's bind mount), so it cannot be replaced.",
        "",
        "Mount its directory instead.",
    ),
    Problem("write-failed", "A file could not be written; it is unchanged.", "", _AGAIN),
    Problem(
        "write-contended",
        "A file was not written: another program keeps writing to it.",
        "",
        "Let the other program finish, then try again.",
    ),
    Problem(
        "write-overtaken",
        "Another program wrote the file at the same moment, and its changes could not be kept.",
        "",
        "See the message: it names the copy that was kept.",
    ),
    Problem(
        "lock-timeout",
        "Another mfa-tui holds the lock.",
        "",
        "Wait for it or stop it, then try again; nothing was changed.",
    ),
    Problem("lock-failed", "A lock file cannot be created.", "", _AGAIN),
    Problem(
        "lock-kind",
        "A link, a pipe or another file is where a lock file should be.",
        "",
        "Remove it, as the message says.",
    ),
    Problem(
        "lock-read-only", "A lock file belongs to another user, or is read-only.", "", "Remove it, as the message says."
    ),
    Problem("given-exists", "The file already exists; it was not overwritten.", "", "Choose another name."),
    Problem("given-unwritable", "The file was not written.", "", _AGAIN),
    Problem("given-kind", "This is not a regular file.", "", "Use a regular file."),
    Problem("given-large", "The file is too large to be the right one.", "", "Use the right file."),
    Problem("given-missing", "The file does not exist.", "", "Correct its name."),
    Problem("given-unreadable", "The file cannot be read.", "", _AGAIN),
)
