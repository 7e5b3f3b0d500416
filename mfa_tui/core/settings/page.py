"""The table of settings as a page."""

from __future__ import annotations

from mfa_tui.core.settings.table import ACCOUNT_SETTINGS, DEVICE_SETTINGS, KEYMAP, SCOPE_SETTINGS, SETTINGS, TABLES
from mfa_tui.core.settings.value_text import as_toml, default_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from mfa_tui.core.settings.table import Setting

_PAGE = """\
# Settings

All are optional. Change them in the interface (key `,`), [from the command line](#from-the-command-line), or in the
file: `config.toml` in your platform's configuration directory (Linux: `~/.config/mfa-tui/`); `MFA_TUI_CONFIG` names
another one. It must be yours, and writable by you alone, because it can name programs to run.

```toml
target_pattern = "{{profile}}-mfa"
duration = "8h"
browser = "firefox -P work {{url}}"
theme = "nord"

[keymap]
login = "enter,ctrl+l"
```

{settings}

A wrong value is an error that names the line. It stops what uses it, and no default takes its place. A wrong scope
stops commands with that scope, a wrong device those that need its codes, `browser` only the console, and
`history_days` only `mfa-tui history` (nothing is recorded meanwhile). `theme`, `keymap`, `notify`, `send_codes`,
`clipboard_clear` and the days of keys stop the interface (the days `mfa-tui audit`, too). Any other stops every
command. `mfa-tui doctor` lists all that is wrong. An unknown key is a warning; in a scope it is an error.

## From the command line
Comments, order and blank lines of the file stay. A value is checked before it is written.

| command | does |
|---|---|
| `mfa-tui config get [KEY] [--json]` | all settings as lines of TOML, with defaults marked; or the value of one |
| `mfa-tui config set KEY VALUE` | sets one: `mfa-tui config set duration 8h`. Lists have commas: `s3,ec2` |
| `mfa-tui config unset KEY` | removes one, or a table, so that the default applies again |
| `mfa-tui config edit` | opens a copy in VISUAL or EDITOR, checks it, and then replaces the file |
| `mfa-tui config path` | prints the path of the file |

Keys in tables have dotted names: `keymap.login`, `scopes.ci.services`,
`devices.arn:aws:iam::111122223333:mfa/ana.yubikey`. A file that is not TOML is never written. `get --json` has `path`
and `settings`, a list of `key`, `value`, `set`, `default`, `meaning`, `allowed`, `choices`, `problem`; `get KEY --json`
has these of one key.

## Keys of the interface
A table `[keymap]` gives commands other keys, separated by commas. A command whose key is impossible or taken keeps its
default; the interface and `doctor` say so. Arrows, Home, End, Page Up, Page Down, digits, ctrl+c, ctrl+p, ctrl+q and
ctrl+z can't be changed. The commands and their keys:

{keys}

## Accounts
Tables name accounts and color them, by ID or by a pattern for the names of profiles (`*`, `?`, `[…]`; in upper or lower
case):

```toml
[accounts."111122223333"]
name = "acme-PROD"
color = "red"

[accounts."*-prod-*"]
color = "red"
```

{accounts}

An ID counts before patterns; of these, the first one that matches. The list, the details, the top line, the picker and
`mfa-tui list` show the name in that color, with a sign before it: `▲` for red, `■` for the others. Without a column for
accounts, the sign is beside the profile. Red stands out in the top line. A wrong table stops the interface and
`mfa-tui list`.

## Secrets that stay elsewhere
For each device, by its serial:

```toml
[devices."arn:aws:iam::111122223333:mfa/ana"]
seed_command = "op read op://Private/aws/secret"   # prints one line: base32, or an otpauth:// address

[devices."arn:aws:iam::111122223333:mfa/ben"]
code_command = "op item get aws --otp"             # prints the current code

[devices."arn:aws:iam::111122223333:mfa/cat"]
yubikey = "AWS:cat"                                # an account in a YubiKey's OATH application; needs ykman
```

{devices}

[SECURITY.md](../SECURITY.md) explains how safe each is.

## Scopes
Tables `[scopes.NAME]` define what `--scope NAME` limits a session to: see [Scopes](scopes.md#your-own-scopes).

{scopes}

## Settings in the AWS config file

| key of a profile | means |
|---|---|
| `mfa_serial` | the MFA device; without it, AWS is asked |
| `mfa_tui_target = NAME` | the section that login writes for this profile |
| `mfa_tui_source = NAME` | written by `mfa-tui`: this section is a session of NAME |
| `mfa_tui_scope = NAME` | written by `mfa-tui`: and it is limited to the [scope](scopes.md) NAME |

`make docs` makes this page from the table in `mfa_tui/core/settings`.
"""


def markdown() -> str:
    """All settings as ``docs/settings.md``."""
    plain = [setting for setting in SETTINGS.values() if setting.name not in (KEYMAP, *TABLES)]
    return _PAGE.format(
        settings=_table(plain, with_default=True),
        keys=_keys(),
        accounts=_table(ACCOUNT_SETTINGS.values()),
        devices=_table(DEVICE_SETTINGS.values()),
        scopes=_table(SCOPE_SETTINGS.values()),
    )


def _table(settings: Iterable[Setting], *, with_default: bool = False) -> str:
    titles = ["key", "means", "values", *(["default"] if with_default else [])]
    rows = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    for setting in settings:
        cells = [f"`{setting.name}`", setting.meaning.removesuffix("."), _allowed(setting)]
        if with_default:
            default = default_of(setting)
            cells.append(setting.unset if default is None else f"`{as_toml(default)}`")
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _allowed(setting: Setting) -> str:
    choices = setting.read.choices()
    if choices:
        return ", ".join(f"`{as_toml(choice)}`" for choice in choices)
    return setting.read.allowed


def _keys() -> str:
    from mfa_tui.core.settings.interface import SCREENS

    rows = ["| screen | commands |", "|---|---|"]
    for screen, commands in SCREENS.items():
        rows.append(f"| {screen} | {', '.join(f'{command} (`{keys}`)' for command, keys in commands.items())} |")
    return "\n".join(rows)
