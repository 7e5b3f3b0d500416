"""From an error to what can be done about it."""

from typing import TYPE_CHECKING

from mfa_tui.core.doctor.troubleshooting import TOPICS
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws


@long
async def test_every_topic_can_be_opened_at_80x24(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("h")
        await driver.sees("What's wrong?", *(topic.title for topic in TOPICS))
        for number, topic in enumerate(TOPICS, start=1):
            await driver.press(str(number))
            await driver.sees(topic.title, "WHAT YOU CAN DO", "esc All topics")
            await driver.press("pagedown", "end")
            await driver.sees(topic.administrator[-1].text.split()[-1])
            await driver.press("escape")
            await driver.sees("What's wrong?")
        await driver.press("down", "enter")
        await driver.sees(TOPICS[0].title, "WHAT YOU CAN DO")
        await driver.press("escape", "escape")
        await driver.until(lambda: driver.app.screen is driver.main)


async def test_errors_lead_to_their_topic(home: Home, aws: "StrictAws") -> None:
    user = aws.add_user()
    user.add_fido_device(f"key-{user.name}")
    home.add_profile("fido", user)
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.sees("✗ The user of fido", "Assign an authenticator app in the console", "h see what to do")
        await driver.press("h")
        await driver.sees("FIDO keys or passkeys only", "WHAT AN ADMINISTRATOR CAN DO", "d i here, or:")
        await driver.press("escape", "escape", "d")
        await driver.sees("MFA devices of fido")
        await driver.press("h")
        await driver.sees("What's wrong?")
        await driver.press("1")
        # The keys are those of this screen, and the profile is this one.
        await driver.sees("· If its secret is stored", "x here, or:", "$ mfa-tui device export fido")
        await driver.press("escape")


async def test_long_topics_keep_their_column_in_a_narrow_terminal(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home, size=(40, 24)) as driver:
        await driver.press("h")
        await driver.sees("› 1 The device is lost, or you have a new phone")
        lines = driver.screen.splitlines()
        first, second = (next(line for line in lines if part in line) for part in ("The device is lost", "have a new"))
        assert first.index("The device") == len(second) - len(second.lstrip("│ "))
