"""The statistics table through its doors: every cell a link, totals that are right for ratios."""

import re

import pytest

from jiezhen.conftest import AT
from jiezhen.indicators import queries
from jiezhen.indicators.tests import test_splits
from jiezhen.kernel.periods import Period

pytestmark = pytest.mark.usefixtures("still")
rows = test_splits.rows
PATH = "/indicators/table"
CASES = "kind=counting.case&period=2023H1"


def told(cast, query):
    response = cast.client("leader").get(f"{PATH}.json?{query}")
    assert response.status_code == 200
    return response.json()


@pytest.mark.parametrize("by", ["unit", "grid", "source", "sort", "state", "contact_met", "month"])
def test_lines_add_up_to_the_whole_and_ratios_are_their_own(cast, rows, by):
    lines = told(cast, f"{CASES}&by={by}")
    whole, parts = lines[-1], lines[:-1]
    assert next(iter(whole.values())) == "合计"
    for head in ("样例受理量（件）", "样例先行联系（件）", "样例超期未结（件）"):
        assert sum(line[head] or 0 for line in parts) == whole[head]
    figure = queries.figure(cast.viewers["leader"], "t_call_rate", "all", "2023H1", AT)
    assert whole["样例先行接通率（%）"] == pytest.approx(float(figure.value) * 100)


def test_every_cell_leads_to_its_number_with_the_same_value(cast, rows):
    client = cast.client("section")
    page = client.get(f"{PATH}?{CASES}&by=source").content.decode()
    links = re.findall(r'href="(/n/[^"]+)"[^>]*>([^<]+)<', page)
    assert len(links) > 30
    for href, text in links[::5]:
        assert text in client.get(href.replace("&amp;", "&")).content.decode(), href


def test_the_table_is_narrowed_and_compared(cast, rows):
    inside = told(cast, f"{CASES}&by=sort&source=phone&grid=p1")
    assert (
        0 < inside[-1]["样例受理量（件）"] < told(cast, f"{CASES}&by=sort")[-1]["样例受理量（件）"]
    )
    page = cast.client("leader").get(f"{PATH}?{CASES}&by=month&source=phone&compare=previous")
    assert "来源：电话" in page.content.decode()
    assert "环比" in page.content.decode()
    grown = told(cast, "kind=counting.case&period=2023-05&compare=previous")[-1]
    assert "样例受理量环比" in grown


def test_other_kinds_and_strange_words(cast, rows):
    client = cast.client("leader")
    assert client.get(PATH).status_code == 200
    assert client.get(f"{PATH}?kind=counting.firm&by=grid").status_code == 200
    assert client.get(f"{PATH}.xlsx?{CASES}").content[:2] == b"PK"
    assert client.get(f"{PATH}?kind=zz").status_code == 404
    assert Period.parse("2023H1").title in client.get(f"{PATH}?{CASES}").content.decode()


def test_queue_and_week_lead_to_the_table_and_back(cast, rows):
    client = cast.client("leader")
    page = client.get(f"{PATH}?{CASES}").content.decode()
    assert 'href="/matters?tab=all&amp;kind=counting.case"' in page
    assert 'href="/matters/weekly"' in page
    for here in ("/matters?kind=counting.case", "/matters/weekly"):
        found = re.search(
            r'href="(/indicators/table\?kind=[^"]+)"', client.get(here).content.decode()
        )
        assert found is not None, here
        assert client.get(found[1]).status_code == 200
    firms = client.get(f"{PATH}?kind=counting.firm").content.decode()
    assert "一周一研" not in firms and "/registers/counting.firm" in firms


def test_the_table_takes_few_statements(cast, rows, django_assert_num_queries):
    client = cast.client("leader")
    client.get(f"{PATH}?{CASES}")
    with django_assert_num_queries(4):  # session, viewer, units, the kind
        client.get(f"{PATH}?{CASES}&by=source")
    with django_assert_num_queries(4):
        client.get(f"{PATH}?{CASES}&by=grid&compare=year")
