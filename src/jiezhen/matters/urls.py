"""Addresses of 事项 and 项目."""

from django.urls import path, re_path

from jiezhen.matters.views import (
    acts,
    alike,
    boards,
    bulk,
    course,
    lists,
    mapping,
    proposing,
    reporting,
    waiting,
    work,
)
from jiezhen.records import kindnames, list_views

kindnames.register()

app_name = "matters"
urlpatterns = [
    path("matters", lists.queue, name="queue"),
    path("matters/new", work.new, name="new"),
    path("matters/bulk", bulk.bulk, name="bulk"),
    path("matters/weekly", lists.weekly, name="weekly"),
    path("matters/map", mapping.page, name="map"),
    path("matters/map.json", mapping.points, name="map_points"),
    path("matters/proposals", proposing.proposals, name="proposals"),
    path("matters/doubles", alike.doubles, name="doubles"),
    path("matters/learning", proposing.learn, name="learning"),
    re_path(
        rf"^matters/kinds/(?P<kind>{kindnames.NAME})\.(?P<fmt>xlsx|csv|json)$",
        list_views.export,
        name="export",
    ),
    path("matters/kinds/<kind:kind>", work.listing, name="list"),
    path("matters/<str:code>", work.matter, name="matter"),
    path("matters/<str:code>/moves/<str:name>", work.move, name="move"),
    path("matters/<str:code>/undo", work.undo, name="undo"),
    path("matters/<str:code>/say", work.say, name="say"),
    path("matters/<str:code>/course.<str:fmt>", course.course, name="course"),
    path("matters/<str:code>/later", waiting.deed, name="later"),
    path("report", reporting.report, name="report"),
    path("report/likely", alike.likely, name="report_likely"),
    path("report/supplement", alike.supplement, name="report_supplement"),
    path("report/paste", reporting.paste, name="report_paste"),
    path("report/receipt/<kind:kind>/<str:code>", reporting.receipt, name="report_receipt"),
    path("matters/<str:code>/contact", acts.contact, name="contact"),
    path("matters/<str:code>/resume", acts.resume, name="resume"),
    path("matters/<str:code>/assign", acts.assign, name="assign"),
    path("matters/<str:code>/supervise", acts.supervise, name="supervise"),
    path("matters/<str:code>/merge", acts.merge, name="merge"),
    path("matters/<str:code>/unmerge", acts.unmerge, name="unmerge"),
    path("matters/<str:code>/split", acts.split, name="split"),
    path("matters/<str:code>/reveal", acts.reveal, name="reveal"),
    path("matters/<str:code>/ask/<str:name>", acts.ask, name="ask"),
    path("matters/<str:code>/requests/<int:ident>", acts.decide, name="decide"),
    path("projects", boards.index, name="projects"),
    re_path(
        rf"^projects/(?P<kind>{kindnames.NAME})\.(?P<fmt>xlsx|csv|json)$",
        list_views.export,
        name="project_export",
    ),
    path("projects/<kind:kind>", boards.board, name="board"),
]
