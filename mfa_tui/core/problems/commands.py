"""Problems of commands and terminals, of settings, and of what mfa-tui reads and writes."""

from __future__ import annotations

from mfa_tui.core.problems.problem import WARNING, Problem

_AGAIN = "Fix that, then try again."

COMMANDS = (
    Problem("usage", "The command was not understood.", "", "See the command with --help."),
    Problem("command-unknown", "There is no such command.", "", "See mfa-tui --help"),
    Problem(
        "code-malformed",
        "An MFA code has six digits.",
        "",
        "Type the six digits that the authenticator shows; nothing was sent.",
    ),
    Problem("duration-malformed", "This is not a duration.", "", "Write it as 12h, 90m, 1h30m or in seconds."),
    Problem(
        "duration-range",
        "AWS gives no session of that length.",
        "Sessions last from 15 minutes to 36 hours, those of roles up to 12.",
        "Give --duration within that.",
    ),
    Problem(
        "duration-chained",
        "A role behind another role gives no session of that length.",
        "AWS limits role chaining to one hour.",
        "Give --duration 1h or less, or leave it out: it is renewed without a code.",
    ),
    Problem(
        "no-terminal",
        "Something would have to be asked, and there is no terminal.",
        "",
        "Give it as an option, as the message says, or run it on a terminal.",
    ),
    Problem(
        "no-roles", "There are no role profiles in the AWS files.", "", "Add one with role_arn and source_profile."
    ),
    Problem(
        "no-previous",
        "There is no previous profile to go back to.",
        "mfa-tui use has not switched profiles in this shell.",
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
        "output-encoding",
        "The result holds letters that this locale cannot write.",
        "",
        "Use a locale with UTF-8, such as LC_ALL=C.UTF-8",
    ),
    Problem(
        "output-terminal",
        "The result holds characters that a terminal would obey, so it is not shown there.",
        "",
        "Write it to a file or a pipe, as the message says.",
    ),
    Problem(
        "output-failed",
        "The result could not be written to standard output.",
        "",
        "Look at the disk or the program that reads it; all else was done.",
    ),
    Problem("extra-missing", "An extra of mfa-tui is not installed.", "", "Install it as the message says."),
    Problem("demo-extra", "The demo is an extra that is not installed.", "", "Install it as the message says."),
    Problem(
        "demo-terminal", "The demo needs a terminal.", "", "Run a command in it instead: mfa-tui demo -- mfa-tui list"
    ),
    Problem("cancelled", "It was cancelled; nothing was changed.", "", "Run it again."),
    Problem(
        "unexpected",
        "mfa-tui met an error that it does not know.",
        "",
        "Please report the first line and what you did; it holds nothing secret.",
    ),
    Problem(
        "home-of-another",
        "The home is another user's, and root cannot become that user.",
        "As root in another user's home, mfa-tui goes on as that user.",
        "Run it as that user, or with a home of root's: HOME=/root",
    ),
    Problem(
        "program-unreadable",
        "The owner of the home cannot read all of mfa-tui.",
        "As root in another user's home, mfa-tui goes on as that user.",
        "Install it where every user can read it, or run it without sudo.",
    ),
    # Settings.
    Problem("settings-syntax", "The settings file is not TOML.", "", "Correct the line, or remove the file."),
    Problem(
        "settings-value",
        "A setting has a value that it cannot have.",
        "",
        "Correct it; the message says line and allowed values.",
    ),
    Problem("settings-unknown-key", "{what}", "{why}", "Correct it.", WARNING),
    Problem("settings-unreadable", "The settings file cannot be read.", "", "Fix that, or remove the file."),
    # Files that are read and written.
    Problem(
        "settings-of-others",
        "The settings file belongs to another user, or others can write to it; it is not obeyed.",
        "Settings name programs that mfa-tui runs.",
        "As the message says: it has the command.",
    ),
    Problem(
        "directory-of-others",
        "Another user made a directory of mfa-tui's, or can write to it.",
        "Sessions there could be read or exchanged; mfa-tui does not use it as it is.",
        "As the message says: it has the command.",
    ),
    Problem(
        "directory-unusable",
        "{path} cannot be used.",
        "It is no directory, or not yours to write. {use}",
        "{remedy}",
        page="Give it back to its owner, or move it away; the message has the command.",
    ),
    Problem(
        "directory-read-only",
        "A directory cannot be written, so files in it cannot be replaced.",
        "",
        "As the message says.",
    ),
    Problem("file-read-only", "A file cannot be written.", "", "As the message says."),
    Problem(
        "file-link",
        "As root: the way to a file leads through a symbolic link of another user.",
        "",
        "Run mfa-tui as that user, or name the file itself in AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE.",
    ),
    Problem(
        "file-fixed",
        "A file or its directory is immutable or append-only, so it cannot be replaced.",
        "",
        "As the message says: sudo chattr -i, or -a.",
    ),
    Problem(
        "file-system-read-only",
        "A file lies on a read-only file system.",
        "",
        "Mount it so that it can be written to.",
    ),
    Problem(
        "file-hard-link",
        "A file has a second name (a hard link), which replacing it would cut off.",
        "",
        "Remove the other name, or make a symbolic link of it.",
    ),
    Problem(
        "file-mount",
        "A file is mounted by itself (a container's bind mount), so it cannot be replaced.",
        "",
        "Mount its directory instead.",
    ),
    Problem("write-failed", "A file was not written; it is as it was.", "", _AGAIN),
    Problem(
        "write-contended",
        "A file was not written: another program keeps writing it.",
        "",
        "Let the other program finish, then try again.",
    ),
    Problem(
        "write-overtaken",
        "Another program wrote the file at the same moment, and what it wrote could not be carried over.",
        "",
        "As the message says: it names the copy that was kept.",
    ),
    Problem(
        "lock-timeout",
        "Another mfa-tui holds the lock.",
        "",
        "Wait for it or end it, then try again; nothing was changed.",
    ),
    Problem("lock-failed", "A lock file cannot be made.", "", _AGAIN),
    Problem(
        "lock-kind",
        "In the place of a lock file there is a link, a pipe or another file.",
        "",
        "Remove it, as the message says.",
    ),
    Problem("lock-read-only", "A lock file is another user's, or read-only.", "", "Remove it, as the message says."),
    Problem(
        "given-exists", "The file exists already; it is not overwritten.", "", "Choose another name, or remove it."
    ),
    Problem("given-unwritable", "The file was not written.", "", _AGAIN),
    Problem("given-kind", "What was given is no regular file.", "", "Give a file."),
    Problem("given-large", "The file is too large to be what was asked for.", "", "Give the right file."),
    Problem("given-missing", "The file does not exist.", "", "Correct its name."),
    Problem("given-unreadable", "The file cannot be read.", "", _AGAIN),
)
