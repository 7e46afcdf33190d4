"""Addresses of figures."""

from django.urls import path, re_path

from jiezhen.indicators.views import (
    board,
    compare,
    definitions,
    number,
    scores,
    tables,
    writing,
)

app_name = "indicators"
_FORM = r"(?P<form>xlsx|csv|json)"
_NAME = r"(?P<name>[a-z][a-z0-9_]*)"

urlpatterns = [
    path("indicators", board.board, name="board"),
    re_path(rf"^indicators\.{_FORM}$", board.board_file, name="board_file"),
    path("indicators/catalogue", definitions.listing, name="catalogue"),
    re_path(rf"^indicators/catalogue\.{_FORM}$", definitions.listing_file, name="catalogue_file"),
    path("indicators/compare", compare.compare, name="compare"),
    re_path(rf"^indicators/compare\.{_FORM}$", compare.compare_file, name="compare_file"),
    path("indicators/table", tables.table, name="table"),
    re_path(rf"^indicators/table\.{_FORM}$", tables.table_file, name="table_file"),
    path("indicators/scores", scores.listing, name="scores"),
    path("indicators/scores/<slug:name>", scores.score, name="score"),
    re_path(rf"^indicators/scores/{_NAME}\.{_FORM}$", scores.score_file, name="score_file"),
    path("indicators/scores/<slug:name>/deductions", scores.deductions, name="deductions"),
    path("indicators/ask", compare.ask, name="ask"),
    path("indicators/supply", writing.statistics, name="statistics"),
    path("indicators/supply/<slug:name>", writing.supply, name="supply"),
    re_path(rf"^indicators/{_NAME}\.{_FORM}$", board.indicator_file, name="indicator_file"),
    path("indicators/<slug:name>", board.indicator, name="indicator"),
    path("indicators/<slug:name>/approve", definitions.approve, name="approve"),
    path("indicators/<slug:name>/target", writing.target, name="target"),
    path(
        "indicators/<slug:name>/target/<int:number_>/withdraw",
        writing.withdraw_target,
        name="withdraw_target",
    ),
    re_path(rf"^n/(?P<code>[0-9a-z]{{6,16}})\.{_FORM}$", number.number_file, name="number_file"),
    path("n/<slug:code>", number.number, name="number"),
]
