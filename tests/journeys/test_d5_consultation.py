"""D5: drafts of laws article by article, adoption traced to the final text; people's suggestions."""

import re

import pytest
from django.test import Client

from jiezhen.conftest import Cast

from .civic import INSIDE, LAST, many, office_of

pytestmark = pytest.mark.django_db
DRAFT, ARTICLE, OPINION = "consultation.draft", "consultation.article", "consultation.opinion"


def test_opinions_are_counted_by_article_and_traced_to_the_text(cast: Cast, still: object) -> None:
    office = office_of(cast)
    for n in range(11):
        office.create(DRAFT, unit="yunxiu", name=f"条例{n}")
        office.create(
            ARTICLE, unit="yunxiu", draft=f"条例{n}", number=f"条例{n}第一条", text="原文"
        )

    def row(n: int, day: str) -> dict[str, object]:
        return {"article": f"条例{n % 11}第一条", "draft": f"条例{n % 11}", "stance": "有修改意见",
                "why": f"意见{n}", "collected_on": day, "state": "reported"}  # fmt: skip

    office.load(OPINION, many(460, lambda n: row(n, INSIDE if n else LAST)))
    last_year = many(44, lambda n: row(n + 900, "2022-05-01"))
    for n in (0, 1):
        last_year[n] |= {
            "state": "answered",
            "outcome": "采纳",
            "became": "条例1第一条",
            "adopted_on": "2022-11-01",
        }
    last_year[2] |= {"state": "answered", "outcome": "留作参考", "adopted_on": "2022-11-01"}
    office.load(OPINION, last_year)
    assert office.figures("drafts_consulted", "article_opinions") == [11, 460]
    assert office.figures("article_opinions", "opinions_adopted", period="2022") == [44, 2]


def test_an_adopted_opinion_names_the_article_that_it_became(cast: Cast, still: object) -> None:
    office = office_of(cast)
    office.create(DRAFT, unit="yunxiu", name="噪声条例")
    article = office.create(
        ARTICLE, unit="yunxiu", draft="噪声条例", number="第三条", text="夜间十时"
    )
    visitor = Client()
    page = visitor.get("/p/consultations?office=yunxiu").content.decode()
    href = re.findall(r'href="(/p/report/consultation.opinion[^"]+)"', page)[0].replace(
        "&amp;", "&"
    )
    form = visitor.get(href).content.decode()
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    given = {**held, "stance": "amend", "why": "时间太晚", "go": "send", "step": "check"}
    assert visitor.post(f"/p/report/{OPINION}", given).status_code == 302
    opinion = office.listed(OPINION)[0]
    office.moved(OPINION, opinion["code"], "report")
    bare = office.move(
        OPINION, opinion["code"], "answer", outcome="adopted", adopted_on="2023-07-03"
    )
    assert bare.status_code == 422
    assert "采纳到哪一条" in bare.content.decode()
    office.moved(
        OPINION,
        opinion["code"],
        "answer",
        outcome="adopted",
        became=article,
        adopted_on="2023-07-03",
    )
    assert office.figures("opinions_adopted", period="2023") == [1]


def test_a_suggestion_gets_a_public_reply(cast: Cast, still: object) -> None:
    office = office_of(cast)
    visitor = Client()
    address = "/p/report/suggestions.suggestion?office=yunxiu"
    form = visitor.get(address, follow=True).content.decode()
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    given = {**held, "subject": "建口袋公园", "writer": "冯程程", "go": "send", "step": "check"}
    sent = visitor.post("/p/report/suggestions.suggestion", given)
    assert sent.status_code == 302, sent.content.decode()
    code = office.listed("suggestions.suggestion")[0]["code"]
    assert (
        office.move("suggestions.suggestion", code, "reply", outcome="partly").status_code == 422
    )
    office.moved("suggestions.suggestion", code, "reply", outcome="partly", reply="先建一半")
    page = visitor.get("/p/suggest?office=yunxiu").content.decode()
    assert "部分采纳" in page and "先建一半" in page and "冯程程" not in page
    names = ("public_suggestions", "public_suggestions_adopted", "public_suggestions_replied")
    assert office.figures(*names, period="2023") == [1, 1, 1]
