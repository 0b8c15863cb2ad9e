"""How text becomes words, and what a query finds in it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.rules import (
    as_tsvector,
    holds,
    marked,
    names_of,
    published_text,
    snippet,
    terms_of,
    words_of,
)

TEXTS = st.text(st.sampled_from("aéÄß œΣ日本語がガ한국ü1-_'\"\\\x00:*&|ไทย قرआहिं"), max_size=30)


@pytest.mark.parametrize(
    ("text", "query", "is_found"),
    [
        ("Zürich Évaluation", "evaluation zurich", True),
        ("Zurich", "Zürich", True),
        ("Straße", "STRASSE", True),
        ("Łódź", "lodz", True),
        ("Summit in Seoul", "sum seo", True),
        ("Summit in Seoul", "ummit", False),
        ("Summit in Seoul", "su", False),
        ("The EU and Europe", "eu", True),
        ("Europe", "eu", False),
        ("Summit in Seoul", "summit paris", False),
        ("国際ネットワーク会合", "ネットワーク", True),
        ("国際ネットワーク会合", "会", True),
        ("国際ネットワーク会合", "合", True),
        ("国際ネットワーク会合", "国会", False),
        ("国際ネットワーク会合", "際会", False),
        ("ｶﾞｲﾄﾞ", "ガイド", True),
        ("カイト", "ガイド", False),
        ("대한민국 연구소", "한민", True),
        ("대한민국 연구소", "구소", True),
        ("GPT日本語", "日本", True),
        ("GPT日本語", "gpt日本", True),
        ("การประชุม", "ประชุม", True),
        ("مُحَمَّد", "محمد", True),
        ("joint testing of agents", '"joint testing"', True),
        ("testing agents jointly", '"joint testing"', False),
        ("testing, joint", '"joint testing"', False),
        ("testing, joint", '"joint testing', True),
        ("ISO/IEC 42001:2023", "42001", True),
        ("e-mail@example.org", "example.org", True),
    ],
)
def test_what_is_found_in_which_text(text: str, query: str, is_found: bool) -> None:
    assert holds(terms_of(query), text) is is_found


@given(TEXTS)
def test_words_are_plain_ascii_that_no_database_takes_for_syntax(text: str) -> None:
    for word in words_of(text):
        assert word.isascii()
        assert word.isalnum()


@given(TEXTS)
def test_a_text_is_found_by_each_of_its_own_words(text: str) -> None:
    for term in terms_of(text):
        assert holds([term], text)


@given(TEXTS)
def test_composed_or_apart_a_text_has_the_same_words(text: str) -> None:
    assert words_of(unicodedata.normalize("NFD", text)) == words_of(
        unicodedata.normalize("NFC", text)
    )


@given(TEXTS, TEXTS)
def test_marking_what_was_found_changes_no_character(text: str, query: str) -> None:
    assert "".join(piece for piece, _hit in marked(text, terms_of(query))) == text


def test_what_is_marked_is_the_word_or_the_characters_that_were_searched_for() -> None:
    assert marked("The Évaluations", terms_of("eval")) == (("The ", False), ("Évaluations", True))
    assert marked("東京の国際会合", terms_of("国際")) == (
        ("東京の", False),
        ("国際", True),
        ("会合", False),
    )


def test_a_snippet_shows_the_surroundings_of_the_first_find_and_no_more() -> None:
    text = "word " * 200 + "needle " + "word " * 200
    shown = "".join(piece for piece, _hit in snippet(text, terms_of("needle")))
    assert "needle" in shown
    assert len(shown) < 300
    assert shown.startswith("… ")
    assert shown.endswith(" …")


def test_places_of_words_keep_a_phrase_from_running_from_title_to_body() -> None:
    assert as_tsvector("a b", "b c") == "'a':1A 'b':2A,5 'c':6"


def test_a_member_is_found_by_its_name_in_the_members_languages() -> None:
    assert holds(terms_of("日本"), names_of("JP"))
    assert holds(terms_of("Allemagne"), names_of("DE"))


def test_of_a_published_agenda_the_texts_of_its_items_are_searched() -> None:
    content = '{"network": "N", "items": [{"title": "Opening", "note": "Café", "presenter": null}]}'
    assert published_text(content) == "Opening\nCafé"
