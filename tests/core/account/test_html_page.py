"""The audit as a page: what its pictures show, and that nothing in it means more than itself."""

from xml.etree import ElementTree as ET

import pytest

from mfa_tui.core.account.account import Facts, Key, SignIns, User
from mfa_tui.core.account.audit import CHECKS, Audit, State
from mfa_tui.core.account.html_page import as_html
from mfa_tui.core.account.html_pictures import key_age_picture, protection_picture, sign_in_picture
from mfa_tui.core.account.rules import Thresholds, find_problems

NOW = 1_790_000_000.0
"""2026-09-21."""
DAY = 86_400


def svg(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 - we made it


def user(name: str, *, mfa: bool, ages: tuple[int, ...] = ()) -> User:
    """A user with a password, and active keys of so many days."""
    keys = tuple(Key(1, active=True, created_at=int(NOW) - days * DAY, used_at=None) for days in ages)
    return User(name, f"arn:aws:iam::111122223333:user/{name}", has_password=True, has_mfa=mfa, keys=keys)


def drawn(picture: str, kind: str = "rect") -> list[dict[str, str]]:
    """The shapes of a picture, each with its words under ``title``."""
    return [
        {**shape.attrib, "title": shape.findtext("title", "") or shape.text or ""} for shape in svg(picture).iter(kind)
    ]


def bars(picture: str) -> list[tuple[str, str, float, float]]:
    """The kind, words, height and bottom of each bar with a title."""
    return [
        (one["class"], one["title"], float(one["height"]), float(one["y"]) + float(one["height"]))
        for one in drawn(picture)
        if one["title"]
    ]


def inside(picture: str) -> bool:
    """Whether every shape is within the picture."""
    width, height = map(float, svg(picture).attrib["viewBox"].split()[2:])
    boxes = [(float(one["x"]) + float(one["width"]), float(one["y"]) + float(one["height"])) for one in drawn(picture)]
    words = [(float(one["x"]), float(one["y"])) for one in drawn(picture, "text")]
    starts = [float(one[at]) for kind in ("rect", "text") for one in drawn(picture, kind) for at in ("x", "y")]
    return min(starts) >= 0 and all(x <= width + 0.05 and y <= height for x, y in boxes + words)


@pytest.mark.parametrize(("protected", "unprotected", "end"), [(3, 1, 240.0), (0, 2, 0.0), (2, 0, 320.0)])
def test_the_bar_of_protection_is_shared(protected: int, unprotected: int, end: float) -> None:
    users = [user(f"a{n}", mfa=True) for n in range(protected)] + [user(f"b{n}", mfa=False) for n in range(unprotected)]
    picture = protection_picture(tuple(users))
    good, bad = drawn(picture)
    assert (good["class"], good["x"], good["y"], float(good["width"]), good["height"]) == ("good", "0", "0", end, "24")
    assert (bad["class"], float(bad["x"]), bad["y"], float(bad["width"])) == ("bad", end, "0", 320 - end)
    assert bad["height"] == "24"
    assert [(one["title"], one["x"], one["y"]) for one in drawn(picture, "text")] == [
        (f"{protected} with MFA", "0", "42"), (f"{unprotected} without", "320", "42"),
    ]  # fmt: skip
    assert svg(picture).attrib["viewBox"] == "0 0 320 48"
    assert inside(picture)


def test_the_bars_of_key_ages() -> None:
    picture = key_age_picture((user("a", mfa=True, ages=(1, 2)), user("b", mfa=True, ages=(400,))), NOW, Thresholds())
    shown = {title: (kind, height) for kind, title, height, _ in bars(picture)}
    assert {bottom for *_, bottom in bars(picture)} == {120.0}
    assert max(height for _, height in shown.values()) == 100.0
    assert sorted(height for _, height in shown.values())[-2:] == [50.0, 100.0]
    assert [kind for title, (kind, height) in shown.items() if height == 100.0] == ["good"]
    assert [kind for title, (kind, height) in shown.items() if height == 50.0] == ["bad"]
    rects, texts = drawn(picture), drawn(picture, "text")
    step = 320 / len(rects)
    for at, rect in enumerate(rects):
        assert float(rect["x"]) == pytest.approx(at * step + 4, abs=0.06)
        assert float(rect["width"]) == pytest.approx(step - 8, abs=0.06)
        count, label = texts[2 * at : 2 * at + 2]
        assert float(count["x"]) == float(label["x"]) == pytest.approx((at + 0.5) * step, abs=0.06)
        assert float(count["y"]) == float(rect["y"]) - 5
        assert label["y"] == "136"
        assert rect["title"] == f"{count['title']} keys, {label['title']} days"
    assert inside(picture)
    assert svg(picture).attrib["viewBox"] == "0 0 320 144"
    empty = key_age_picture((), NOW, Thresholds())
    assert {height for _, _, height, _ in bars(empty)} == {0.0}


def test_the_bars_of_sign_ins() -> None:
    days = (("2026-06-23", 1, 0), ("2026-09-20", 0, 2), ("2026-09-21", 3, 1))
    picture = sign_in_picture(SignIns(days=days), NOW)
    assert bars(picture) == [
        ("good", "2026-06-23: 1 with MFA", 27.5, 120.0),
        ("bad", "2026-09-20: 2 without MFA", 55.0, 120.0),
        ("good", "2026-09-21: 3 with MFA", 82.5, 120.0),
        ("bad", "2026-09-21: 1 without MFA", 27.5, 37.5),
    ]
    step = 320 / 91
    places = [float(one["x"]) for one in drawn(picture) if one["title"]]
    assert places == [pytest.approx(at * step, abs=0.06) for at in (0, 89, 90, 90)]
    assert {one["width"] for one in drawn(picture) if one["title"]} == {f"{step - 0.5:.1f}"}
    assert [(one["title"], one["x"], one["y"]) for one in drawn(picture, "text")] == [
        ("2026-06-23", "0", "136"), ("2026-09-21", "320", "136"), ("MFA", "114", "136"), ("no MFA", "162", "136"),
    ]  # fmt: skip
    assert svg(picture).attrib["aria-label"] == ("Sign-ins by day, most on one day 4: 4 with MFA, 3 without")
    assert inside(picture)
    assert bars(sign_in_picture(SignIns(days=()), NOW)) == []
    (axis,) = drawn(picture, "line")
    assert (axis["x1"], axis["y1"], axis["x2"], axis["y2"]) == ("0", "120", "320", "120")


def test_a_page_with_findings() -> None:
    name = 'a"><script>é'
    facts = Facts("111122223333", users=(user(name, mfa=False),), sign_ins=SignIns(days=()))
    audit = Audit(NOW, facts, checks=tuple(check._replace(state=State.DONE) for check in CHECKS))
    audit = audit._replace(findings=find_problems(facts, NOW, Thresholds()))
    page = as_html(audit, Thresholds())
    assert page.isascii()
    assert "<script" not in page
    assert "a&quot;&gt;&lt;script&gt;&#233;" in page
    assert "Nothing was found." not in page
    assert page.count("<svg") == 3
    assert page.count("<tr><td") == len(audit.findings) > 0
    assert "<h2>What to do</h2>" in page
    assert '<td class="high">high</td><td><code>user-no-mfa</code></td>' in page
    assert page.index("Console sign-ins by day") > page.index("Age of active keys") > page.index("Users with MFA")


def test_a_page_of_an_account_of_which_little_is_known() -> None:
    page = as_html(Audit(NOW, Facts("111122223333"), checks=CHECKS), Thresholds())
    assert "<svg" not in page
    assert '<div class="panels">' not in page
    assert "<dl></dl>" not in page
