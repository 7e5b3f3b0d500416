"""The way to each picture, by keys as a person would press them."""

from mfa_tui.ui.profiles.screen import MainScreen
from tests.pictures.world import PICKER, Play, Stage


async def main_screen(stage: Stage) -> None:
    """The list, and a live code in the details."""
    await stage.until(lambda: isinstance(stage.app.screen, MainScreen))
    await stage.until(lambda: not stage.app.app_state.unread_seed("dev"))


async def finished_login(stage: Stage) -> None:
    """Enter on the first profile, and what it leads to."""
    await main_screen(stage)
    await stage.press("enter")
    await stage.until(lambda: bool(stage.app.app_state.overview and stage.app.app_state.overview.sources))
    await stage.idle("dev")


async def code_dialog(stage: Stage) -> None:
    """A wrong code was refused, and the next is being typed."""
    await finished_login(stage)
    await stage.go_to("ops")
    await stage.press(*"000000", "enter")
    await stage.until(lambda: not stage.app.app_state.action_log.entry("ops").progress)
    await stage.press(*"492")


async def roles(stage: Stage) -> None:
    """A role through the session that is there, kept alive and renewing when it is asked for; a profile is pinned."""
    await finished_login(stage)
    await stage.press("a")
    await stage.go_to("ops")
    await stage.press("p")
    await stage.go_to("staging-read")
    await stage.press("enter")
    await stage.idle("staging-read")
    await stage.go_to("staging-admin")
    await stage.press("x")
    overview = stage.app.app_state
    await stage.until(lambda: bool(overview.overview and overview.overview.row("staging-admin").process))
    await stage.idle("staging-admin")
    await stage.press("a")
    await stage.clear()


async def broken(stage: Stage) -> None:
    """A profile that cannot log in, and why."""
    await finished_login(stage)
    await stage.go_to("old")


async def today(stage: Stage) -> None:
    """The timeline, which a key shows on narrow terminals."""
    await roles(stage)
    await stage.press("v")


async def filtered(stage: Stage) -> None:
    """The list by what was typed into its filter."""
    await finished_login(stage)
    await stage.press("slash", *"stg")


async def log_out(stage: Stage) -> None:
    """The question before a session goes."""
    await finished_login(stage)
    await stage.press("o")


async def help_text(stage: Stage) -> None:
    """All keys, and why some do nothing now."""
    await finished_login(stage)
    await stage.press("question_mark")


async def palette(stage: Stage) -> None:
    """All commands."""
    await finished_login(stage)
    await stage.press("ctrl+p")
    await stage.sees("Log in")


async def theme(stage: Stage) -> None:
    """The themes."""
    await finished_login(stage)
    await stage.press("t")


async def import_secret(stage: Stage) -> None:
    """A secret to paste."""
    await finished_login(stage)
    await stage.go_to("ops")
    await stage.press("i")


async def enrollment(stage: Stage) -> None:
    """A new device, whose QR code a phone is to scan."""
    await main_screen(stage)
    await stage.go_to("new")
    await stage.press("d")
    await stage.sees("no MFA device yet")
    await stage.press("n")
    await stage.sees("1 of 4")
    await stage.press("enter")
    await stage.sees("2 of 4")


async def devices(stage: Stage) -> None:
    """The devices of a user, of whom one is a backup that was just enrolled."""
    await finished_login(stage)
    await stage.press("d")
    await stage.sees("1 of 8")
    await stage.press("n")
    await stage.sees("1 of 4")
    await stage.press("down", "enter")
    await stage.sees("has confirmed that it works")
    await stage.press("enter")
    await stage.sees("2 of 8")
    await stage.clear()


async def troubleshooting(stage: Stage) -> None:
    """What to do when a device is lost or a code is refused."""
    await finished_login(stage)
    await stage.press("h")


async def account(stage: Stage) -> None:
    """The account: who is protected, how old keys are, who signs in, and what is wrong with a user."""
    await finished_login(stage)
    await stage.press("w")
    await stage.until(lambda: "FINDINGS" in stage.text and not stage.app.app_state.action_log.running())
    await stage.clear()
    await stage.press("down")


async def keys(stage: Stage) -> None:
    """The access keys of a user."""
    await finished_login(stage)
    await stage.press("g")
    await stage.sees("AKIA")


async def console(stage: Stage) -> None:
    """What to type on the sign-in page, which a browser shows that does nothing."""
    await finished_login(stage)
    stage.app.app_state.context.settings.browser = "true"
    await stage.press("b")
    await stage.sees("user name")
    await stage.until(lambda: "Waiting" not in stage.text)


async def history(stage: Stage) -> None:
    """What was done."""
    await code_dialog(stage)
    await stage.press("escape")
    await stage.press("H")
    await stage.sees("refused")


async def settings(stage: Stage) -> None:
    """All settings."""
    await finished_login(stage)
    await stage.press("comma")
    await stage.sees("duration")


async def doctor(stage: Stage) -> None:
    """What is wrong with the setup, with its fixes."""
    await finished_login(stage)
    await stage.press("D")
    await stage.sees("long-gone")


async def keymap(stage: Stage) -> None:
    """The keys of all commands."""
    await settings(stage)
    while not any(line.startswith((" › keymap", " > keymap")) for line in stage.text.splitlines()):
        await stage.press("down")
    await stage.press("enter")
    await stage.sees("New key")


async def setup(stage: Stage) -> None:
    """The first question to somebody who has nothing yet."""
    await main_screen(stage)
    await stage.press("n")
    await stage.settle()


async def command_line(stage: Stage) -> None:
    """The question for a command that gets the session."""
    await finished_login(stage)
    await stage.press("exclamation_mark", *"aws s3 ls")
    await stage.settle()


PLAYS: dict[str, Play] = {
    "main": main_screen,
    "login": finished_login,
    "code": code_dialog,
    "roles": roles,
    "broken": broken,
    "today": today,
    "filter": filtered,
    PICKER: main_screen,
    "logout": log_out,
    "help": help_text,
    "palette": palette,
    "theme": theme,
    "import": import_secret,
    "enrollment": enrollment,
    "devices": devices,
    "troubleshooting": troubleshooting,
    "account": account,
    "keys": keys,
    "console": console,
    "history": history,
    "settings": settings,
    "keymap": keymap,
    "doctor": doctor,
    "setup": setup,
    "command": command_line,
}
"""The way to each picture, by its name."""
