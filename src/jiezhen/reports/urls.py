"""Addresses of reports and of proof-reading."""

from django.urls import path

from jiezhen.reports.views import checks, editing, reports, settling

app_name = "reports"
_REPORT = "reports/<int:ident>"
_SECTION = f"{_REPORT}/sections/<int:section_id>"
urlpatterns = [
    path("reports", reports.reports, name="reports"),
    path("reports/new", reports.new, name="new"),
    path(_REPORT, reports.report, name="report"),
    path(f"{_REPORT}.docx", settling.word, name="word"),
    path(f"{_REPORT}/paper", settling.paper, name="paper"),
    path(f"{_REPORT}/check", checks.report, name="check"),
    path(f"{_REPORT}/sections", reports.add_section, name="add_section"),
    path(_SECTION, editing.save, name="save"),
    path(f"{_SECTION}/insert", editing.insert, name="insert"),
    path(f"{_SECTION}/chip", editing.chip, name="chip"),
    path(f"{_REPORT}/freeze", settling.freeze, name="freeze"),
    path(f"{_REPORT}/thaw", settling.thaw, name="thaw"),
    path(f"{_REPORT}/publish", settling.publish, name="publish"),
    path(f"{_REPORT}/correct", settling.correct, name="correct"),
    path("check", checks.start, name="start"),
    path("check/assign", checks.assign, name="assign"),
    path("check/<int:ident>", checks.draft, name="draft"),
    path("check/<int:ident>.docx", checks.commented, name="commented"),
    path("check/<int:ident>.txt", checks.plain, name="plain"),
    path("check/<int:ident>.json", checks.data, name="data"),
    path("check/<int:ident>/decide", checks.decide, name="decide"),
]
