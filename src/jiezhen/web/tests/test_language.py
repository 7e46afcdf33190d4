"""The English face: the catalogue is loaded, and sentences are put together in English."""

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext, ngettext

from jiezhen.web import inline
from jiezhen.web.chart_sentences import Point, of_course, of_rank


@pytest.mark.parametrize(
    ("chinese", "english"),
    [("登录", "Sign in"), ("任务督办", "Supervised tasks"), ("口径", "Definition")],
)
def test_a_word_is_chinese_at_first_and_english_when_asked(chinese: str, english: str) -> None:
    assert gettext(chinese) == chinese
    with translation.override("en"):
        assert gettext(chinese) == english


def test_plurals_follow_the_number() -> None:
    words = "有%(n)s处要改"
    with translation.override("en"):
        assert ngettext(words, words, 1) % {"n": 1} == "1 thing to fix"
        assert ngettext(words, words, 3) % {"n": 3} == "3 things to fix"


def test_a_light_says_its_word_in_the_language_of_the_page() -> None:
    assert "严重滞后" in inline.lamp("red", "严重滞后")
    with translation.override("en"):
        assert "Far behind" in inline.lamp("red", "严重滞后")
        assert "Overdue" in inline.lamp("red")


def test_a_chart_is_told_in_english() -> None:
    points = [Point("May", 20), Point("June", 30), Point("July", None)]
    with translation.override("en"):
        assert of_course("Meals", "", points) == (
            "Meals: June: 30, compared with May: 10 more, no data for July."
        )
        assert of_rank("Meals", "", points[:2]) == (
            "Meals: May has the most, 20, June has the fewest, 30."
        )


@pytest.mark.django_db
def test_the_cookie_chooses_the_language() -> None:
    client = Client()
    assert '<html lang="zh-Hans"' in client.get("/login").content.decode()
    client.cookies["django_language"] = "en"
    page = client.get("/login").content.decode()
    assert '<html lang="en"' in page
    assert "Sign in" in page
