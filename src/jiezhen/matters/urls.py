"""Addresses of 事项 and 项目."""

from django.urls import path, re_path

from jiezhen.matters.views import boards, work
from jiezhen.records import kindnames, list_views

kindnames.register()

app_name = "matters"
urlpatterns = [
    path("matters", work.queue, name="queue"),
    path("matters/new", work.new, name="new"),
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
    path("projects", boards.index, name="projects"),
    re_path(
        rf"^projects/(?P<kind>{kindnames.NAME})\.(?P<fmt>xlsx|csv|json)$",
        list_views.export,
        name="project_export",
    ),
    path("projects/<kind:kind>", boards.board, name="board"),
]
