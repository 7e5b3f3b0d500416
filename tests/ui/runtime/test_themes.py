"""The themes of our own can be read."""

import pytest
from rich.color import Color as RichColor
from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style
from textual.color import Color
from textual.theme import Theme
from textual.widgets import Input

from mfa_tui.services.context import Context
from mfa_tui.ui.app import MfaTuiApp
from mfa_tui.ui.dialogs.dimmed_screen import DimmedScreen
from mfa_tui.ui.runtime.palette import NearestEntries, WhiteOnBlack, nearest_entry
from mfa_tui.ui.runtime.themes import ANSI, themes_for, with_own_variables
from mfa_tui.ui.widgets.filter_line import FilterLine
from tests.support.homes.home import Home
from tests.support.interface.contrast import ENOUGH, contrast
from tests.support.interface.interface import interface


def blended(text: str, ground: Color) -> Color:
    """A colour with an opacity, such as ``#123456 70%``, on a ground."""
    colour, _, percent = text.partition(" ")
    return ground.blend(Color.parse(colour), float(percent.rstrip("%") or 100) / 100)


def test_all_text_has_enough_contrast() -> None:
    for colors in ("truecolor", "256"):
        for theme in themes_for(colors):
            if not theme.ansi:
                check_contrast(theme)


@pytest.mark.parametrize("colors", ["truecolor", "256"])
def test_less_important_text_is_dimmer_and_needs_no_mixing(colors: str) -> None:
    for theme in themes_for(colors):
        names = with_own_variables({**theme.to_color_system().generate(), **theme.variables})
        if not theme.ansi:
            page, text, dim, faint = (Color.parse(names[name]) for name in ("background", "foreground", "dim", "faint"))
            assert contrast(text, page) > contrast(dim, page) + 1 > contrast(faint, page) + 2
            assert dim.a == faint.a == 1


def check_contrast(theme: Theme) -> None:
    """Check all texts on all grounds that they can have."""
    names = with_own_variables({**theme.to_color_system().generate(), **theme.variables})
    texts = [names[name] for name in ("dim", "foreground", "text-muted", "text-disabled")]
    tones = [names[name] for name in ("accent", "primary", "secondary", "success", "warning", "error")]
    page, box, bars = (Color.parse(names[name]) for name in ("background", "surface", "panel"))
    strip, cursor = (blended(names[name], page) for name in ("strip", "cursor-row"))
    field = blended(names["field-focus"], box)
    selection = blended(names["input-selection-background"], field)
    grounds = [
        (page, tones), (box, tones), (bars, tones), (strip, [names["accent"]]), (cursor, tones), (field, []),
        (selection, []),
    ]  # fmt: skip
    for ground, colored in grounds:
        for text in [names["foreground"]] if ground is selection else [*texts, *colored]:
            assert contrast(blended(text, ground), ground) >= ENOUGH, (text, ground.hex)


def test_the_themes_for_256_colors_are_made_of_entries_of_the_palette() -> None:
    for theme in themes_for("256"):
        values = [*vars(theme).values(), *theme.variables.values()]
        for color in [Color.parse(value) for value in values if str(value).startswith("#")]:
            entry = RichColor.from_ansi(nearest_entry(*color.rgb)).get_truecolor()
            assert tuple(entry) == color.rgb, (theme.name, color.hex)


def test_a_color_becomes_the_nearest_entry_of_the_palette() -> None:
    entries = {number: RichColor.from_ansi(number).get_truecolor() for number in range(16, 256)}
    for number, color in entries.items():
        assert entries[nearest_entry(*color)] == color, number
    assert nearest_entry(0x12, 0x15, 0x1B) == 233, "near black is no navy"
    assert nearest_entry(250, 20, 20) == 196
    assert nearest_entry(251, 250, 251) == 231


def test_what_is_drawn_in_256_colors_has_the_numbers_of_entries() -> None:
    drawn = [Segment("a", Style(color="#dadada", bgcolor="#121212", bold=True)), Segment("b"), Segment("c", Style())]
    shown = NearestEntries().apply(drawn, Color(0, 0, 0))
    assert [segment.text for segment in shown] == ["a", "b", "c"]
    assert str(shown[0].style) == "bold color(253) on color(233)"


def test_what_has_the_terminals_defaults_is_white_on_black() -> None:
    drawn = [
        Segment("a"),
        Segment("b", Style(color="default", bgcolor="cyan", bold=True)),
        Segment("c", Style(color="red")),
    ]
    shown = [str(segment.style) for segment in WhiteOnBlack().apply(drawn, Color(0, 0, 0))]
    assert shown == ["color(7) on color(0)", "bold color(7) on cyan", "red on color(0)"]


@pytest.mark.parametrize(
    ("term", "chosen", "theme"),
    [
        ("xterm-256color", "", "mfa-tui-dark"),
        ("xterm", "", "mfa-tui-ansi"),
        ("linux", "", "mfa-tui-ansi"),
        ("linux", "nord", "nord"),
    ],
)
def test_16_colors_are_those_of_the_terminal_unless_a_theme_was_chosen(
    home: Home, monkeypatch: pytest.MonkeyPatch, term: str, chosen: str, theme: str
) -> None:
    # As on a terminal: a process without one has no colors at all.
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.setenv("TERM", term)
    context = Context(home.env, warn=lambda _: None)
    context.settings.theme = chosen
    assert MfaTuiApp(context)._theme_first == theme


def test_the_cursor_of_a_field_can_be_seen_in_the_terminal_s_own_colors() -> None:
    variables = ANSI.variables
    shown = variables["input-cursor-background"], variables["input-cursor-foreground"]
    # Reversed it would be white on black, as the text around it.
    assert (*shown, variables["input-cursor-text-style"]) == ("ansi_white", "ansi_black", "none")


@pytest.mark.parametrize("theme", ["mfa-tui-dark", ANSI.name])
async def test_the_filter_is_typed_into_as_other_fields_are(home: Home, theme: str) -> None:
    home.config.write_text("[profile dev]\nregion = eu-central-1\n")
    async with interface(home) as driver:
        driver.app.theme = theme
        line, field = driver.main.query_one(FilterLine), Input()
        await driver.main.mount(field)
        await driver.pilot.pause()
        for part in ("input--cursor", "input--selection"):
            assert line.get_component_styles(part).base == field.get_component_styles(part).base
        assert line.styles.color == field.styles.color


@pytest.mark.parametrize(
    ("gray", "dim", "cursor"),
    [(False, "dim red on default", "dim default on default"), (True, "color(8) on default", "color(8) on default")],
    ids=["dim", "gray, where nothing is drawn dim"],
)
def test_what_is_below_a_dialog_is_dim_in_the_terminal_s_own_colors(gray: bool, dim: str, cursor: str) -> None:
    below = Segments([
        Segment("text", Style(color="red", bold=True)),
        Segment("alarm", Style(color="red", reverse=True)),
        # Black alone could not be read.
        Segment("cursor", Style(color="black", bgcolor="cyan")),
    ])  # fmt: skip
    off = Style(bold=False, reverse=False) if not gray else Style(bold=False, reverse=False, dim=False)
    shown = [segment.style for segment in Console().render(DimmedScreen(below, gray=gray))]
    assert shown == [Style.parse(each) + off for each in (dim, dim, cursor)]


def test_a_scroll_bar_below_a_dialog_is_seen_in_the_terminal_s_own_colors() -> None:
    thumb = Segment(" ", Style(color="color(8)", bgcolor="color(0)", reverse=True))
    (shown,) = Console().render(DimmedScreen(Segments([thumb]), gray=False))
    assert shown.style == Style.parse("dim color(8) on default reverse") + Style(bold=False)
