"""Which profiles a few letters find, and which come first."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.listing.fuzzy_match import INSIDE, NEXT_WORD, WORST, match_cost, matched_letters
from mfa_tui.core.listing.name_index import BEST, NameIndex
from mfa_tui.core.listing.search import Search, by_habit
from tests.support.runner.examples import generated

TEAMS = ["mobile", "media", "payments", "data", "platform", "billing", "search", "identity", "web", "ops"]
STAGES = ["dev", "test", "staging", "preprod", "prod", "sandbox"]
ROLES = ["admin", "readonly", "deploy", "audit", "support"]
REALISTIC = ["-".join(words) for words in product(TEAMS, STAGES, ROLES)]
"""300 names as companies have them."""
LETTERS = "abAB-_.c1é"
NAMES = st.lists(st.text(LETTERS, max_size=14), max_size=8, unique=True)
WORDS = st.text("abc-1é", min_size=1, max_size=6)


def search(names: list[str]) -> Search:
    """A search of names of which nothing else is known."""
    return Search(names, [""] * len(names))


@pytest.fixture(scope="module")
def realistic() -> Search:
    """A search of the 300."""
    return search(REALISTIC)


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("mbprdadm", "mobile-prod-admin"),
        ("MBPRDADM", "mobile-prod-admin"),
        ("mobile-prod-admin", "mobile-prod-admin"),
        ("mobileprodadmin", "mobile-prod-admin"),
        ("wdr", "web-dev-readonly"),
        ("paystgro", "payments-staging-readonly"),
        ("prod mob adm", "mobile-prod-admin"),
        ("idsandsup", "identity-sandbox-support"),
        ("dtpreaud", "data-preprod-audit"),
    ],
)
def test_letters_find_the_profile_that_is_meant(realistic: Search, wanted: str, first: str) -> None:
    assert realistic.ranked(wanted, {})[0] == first
    # Many letters say what is meant, whatever else is used.
    others = {name: 0.99 for name in REALISTIC if name != first and len(wanted) > 4}
    assert realistic.ranked(wanted, others)[0] == first


def test_a_part_of_a_word_finds_the_profile_that_is_used_most(realistic: Search) -> None:
    habits = {"platform-staging-admin": 0.9, "web-dev-admin": 0.6, "mobile-dev-readonly": 0.99}
    assert len(REALISTIC) == 300
    assert realistic.ranked("adm", habits)[:3] == ("platform-staging-admin", "web-dev-admin", "ops-dev-admin")
    assert {name.rpartition("-")[2] for name in realistic.ranked("adm", {})[:60]} == {"admin"}


def test_a_letter_or_two_mean_what_they_always_mean(realistic: Search) -> None:
    habits = {"mobile-prod-admin": 0.9}
    assert realistic.ranked("p", habits)[0] == "mobile-prod-admin"
    assert realistic.ranked("pa", habits)[0] == "mobile-prod-admin"
    assert realistic.ranked("paym", habits)[0] == "payments-dev-admin"


@pytest.mark.parametrize(
    "name", ["mobile-prod", "mobile_prod", "mobile.prod", "mobile/prod", "mobile prod", "mobileProd"]
)
def test_letters_that_begin_a_word_score(name: str) -> None:
    assert match_cost(name, "prod") == 0
    assert match_cost(name, "mp") == NEXT_WORD
    assert match_cost("mobileprod", "prod") == INSIDE


@pytest.mark.parametrize(
    ("name", "word", "cost"),
    [
        ("AWSProd2x", "p", 0),
        ("AWSProd2x", "2", 0),
        ("AWSProd2x", "x", 0),
        ("AWSProd2x", "w", INSIDE),
        ("prod", "prd", 1),
        ("prod", "pd", 2),
        ("prod", "dp", None),
        ("prod", "prodd", None),
        ("preprod", "prod", INSIDE),
        ("production", "pn", 4),
        ("x" + "ab" * 40, "a" * 30, WORST),
    ],
)
def test_costs(name: str, word: str, cost: int | None) -> None:
    assert match_cost(name, word) == cost


def test_a_name_that_is_typed_out_comes_first() -> None:
    names = ["prod-a", "prod-b", "ab-prod", "Prod"]
    assert search(names).ranked("prod", {"prod-a": 1.0})[0] == "Prod"
    assert search(names).ranked(" prod ", {"prod-a": 1.0})[0] == "Prod"
    assert search(["my prod x", "my prod"]).ranked("my prod", {"my prod x": 1.0})[0] == "my prod"


def test_what_is_known_of_profiles_is_found_as_it_is() -> None:
    names = ["ops", "dev", "p-h-o-n-e", "xpxhxoxnxex"]
    found = Search(names, ["phone", "1234-5678", "", ""])
    assert found.ranked("hone", {}) == ("ops", "p-h-o-n-e", "xpxhxoxnxex")
    assert found.ranked("4-5", {}) == ("dev",)
    assert found.ranked("1234 d", {}) == ("dev",)
    assert found.ranked("1234 o", {}) == ()
    assert found.ranked("45", {}) == ()


def test_what_is_known_counts_as_much_as_letters_that_are_somewhat_apart() -> None:
    # Equal: the shorter name comes first; else the better match.
    assert Search(["x", "ab-b"], ["bb", ""]).ranked("bb", {}) == ("x", "ab-b")
    assert Search(["xxxxx", "ab-b"], ["bb", ""]).ranked("bb", {}) == ("ab-b", "xxxxx")
    assert Search(["xxxxxx", "ab-ab"], ["bb", ""]).ranked("bb", {}) == ("xxxxxx", "ab-ab")
    assert Search(["x", "abab"], ["bb", ""]).ranked("bb", {}) == ("abab", "x")


@pytest.mark.parametrize(
    ("name", "wanted", "marked"),
    [
        ("alpha-Prod", "prod al", [(0, 2), (6, 10)]),
        ("mobile-prod-admin", "mbprdadm", [(0, 1), (2, 3), (7, 9), (10, 11), (12, 15)]),
        ("mobile-prod-admin", "adm", [(12, 15)]),
        ("Straße-dev", "assd", [(3, 5), (7, 8)]),
        ("dev", "x", []),
        ("dev", "x d", [(0, 1)]),
        ("dev", " ", []),
    ],
)
def test_the_letters_that_match_are_marked(name: str, wanted: str, marked: list[tuple[int, int]]) -> None:
    assert matched_letters(name, wanted) == marked


@given(st.text(LETTERS, max_size=14), WORDS)
def test_marked_letters_spell_the_word(name: str, word: str) -> None:
    marked = "".join(name[start:end] for start, end in matched_letters(name, word))
    assert marked.casefold() in (word, "")
    assert bool(marked) == (match_cost(name, word) is not None)


@given(NAMES, WORDS)
@generated(60, 3000)
def test_all_names_at_once_score_as_one_by_one(names: list[str], word: str) -> None:
    index = NameIndex(names)
    costs = [match_cost(name, word) for name in names]
    assert index.scores(word) == [0 if cost is None else BEST - cost for cost in costs]
    # Typed letter by letter, too.
    for end in range(1, len(word) + 1):
        index.scores(word[:end])
    assert index.scores(word) == [0 if cost is None else BEST - cost for cost in costs]


@given(
    NAMES,
    st.text("ab c1", max_size=4),
    st.text("ab c1", max_size=4),
    st.dictionaries(st.text(LETTERS, max_size=3), st.floats(0, 1)),
)
@generated(40, 2000)
def test_typing_on_finds_what_typing_afresh_finds(
    names: list[str], first: str, more: str, habits: dict[str, float]
) -> None:
    texts = [name[::-1].casefold() for name in names]
    narrowed = Search(names, texts)
    for wanted in (first, first + more, first, more):
        if wanted.strip():
            assert narrowed.ranked(wanted, habits) == Search(names, texts).ranked(wanted, habits)


@given(NAMES, WORDS, st.dictionaries(st.text(LETTERS, max_size=14), st.floats(0, 1)))
def test_exactly_the_names_that_have_the_letters_are_found_each_once(
    names: list[str], word: str, habits: dict[str, float]
) -> None:
    result = search(names).ranked(word, habits)
    assert sorted(result) == sorted(name for name in names if match_cost(name, word) is not None)


def test_odd_names_do_no_harm() -> None:
    names = ["", "a" * 5000, "日本-プロド", "ǅ", "İ", "a\0b"]
    assert search(names).ranked("aa", {}) == ("a" * 5000,)
    assert search(names).ranked("プ", {}) == ("日本-プロド",)
    assert search(names).ranked("\0", {}) in ((), ("a\0b",))
    assert search([]).ranked("a", {}) == ()
    assert matched_letters("a" * 5000, "a" * 50) == [(0, 50)]


def test_without_letters_what_is_used_most_comes_first() -> None:
    assert by_habit(("a", "b", "c", "d"), {"c": 0.5, "d": 0.9, "x": 1.0}) == ("d", "c", "a", "b")
    assert by_habit(("a", "b", "c", "d"), {"c": 0.5, "d": 0.9}, ("b",)) == ("b", "d", "c", "a")
