"""The text of the pages of a setup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.text.display import format_account, shortened_key
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, wrapped

if TYPE_CHECKING:
    from mfa_tui.ui.setup.state import SetupState

_CHECK = Span("✓ ", Tone.GOOD)
_NO_KEY = (
    "No key yet? In the AWS console, open the menu at the top right, Security credentials, Create access key. It "
    "offers a CSV file: ^o reads that."
)


def title(state: SetupState, width: int) -> Line:
    """The top line."""
    what, step = "New profile" if not state.profile else f"An access key for {state.profile}", state.step
    room = width - len(step) - 2
    shown = what if len(what) <= room else what[: max(0, room - 1)] + "…"
    return line(Span(shown, Tone.STRONG), " " * max(1, width - len(shown) - len(step)), Span(step, Tone.KEY))


def introduction(state: SetupState, width: int, *, brief: bool) -> list[Line]:
    """The first page, above the fields; *brief*: without where to get a key."""
    if state.profile:
        first = f"{state.profile} has no credentials. Its access key and an MFA code lead to a session."
    else:
        first = "Three questions lead to your first session: your access key, a region, and your MFA device."
    where = [] if brief else [*wrapped(_NO_KEY, width, Tone.DIM), EMPTY]
    return [*wrapped(first, width), EMPTY, *where]


def owner(state: SetupState, width: int) -> list[Line]:
    """Whose key it is."""
    if state.checked is None:
        return []
    identity, keys = state.checked.identity, state.checked.keys
    who = f"{identity.user or 'the root user'}, account {format_account(identity.account)}"
    lines = wrapped(f"AWS accepts the key {shortened_key(keys.access_key_id)}: {who}.", width, first=_CHECK)
    if not identity.user:
        root = "Nobody should use access keys of the root user: create an IAM user, and delete them in the console."
        lines += wrapped(root, width, Tone.WARN, first=Span("! ", Tone.WARN))
    return lines


def region_help(state: SetupState, width: int) -> list[Line]:
    """What can be typed for the region: those that match."""
    found = state.matching_regions()
    if found:
        first, *others = found
        more = [line("    ", Span(other, Tone.DIM)) for other in others]
        return [line(Span("tab ", Tone.KEY), first), *more]
    text = "" if state.region else "Where your resources are. Type part of the name to find it."
    return wrapped(text, width, Tone.DIM) if text else []


def saved_text(state: SetupState, width: int) -> list[Line]:
    """What was written, or will be once the last question is answered."""
    if state.saved:
        return wrapped(f"The key is saved in {state.name}.", width, first=_CHECK)
    way = state.way
    device = " The device is saved there, too, once its code has worked." if way is not None and way.serial else ""
    return wrapped(f"Then the key is saved in {state.name}, region {state.region}.{device}", width, Tone.DIM)


def way_choices(state: SetupState, width: int) -> list[list[Line]]:
    """The ways to a session, each with what it means."""
    result = []
    for index, way in enumerate(state.ways):
        chosen = index == state.cursor
        if way.why_not:
            first = line(Span(f"✗ {way.label}", Tone.DIM))
        else:
            mark = Span("◉ ", Tone.KEY) if chosen else Span("○ ", Tone.DIM)
            first = line(mark, Span(way.label, Tone.STRONG if chosen else Tone.PLAIN))
        result.append([first, *wrapped(way.why_not or way.about, width, Tone.DIM, first=Span("  "))])
    return result
