"""Addresses of 底数."""

from django.urls import path, re_path

from jiezhen.records import kindnames, list_views
from jiezhen.registers import views

kindnames.register()

app_name = "registers"
urlpatterns = [
    path("registers", views.index, name="index"),
    re_path(
        rf"^registers/(?P<kind>{kindnames.NAME})\.(?P<fmt>xlsx|csv|json)$",
        list_views.export,
        name="export",
    ),
    path("registers/<kind:kind>", views.listing, name="list"),
    path("registers/<kind:kind>/<str:code>", views.entry, name="entry"),
]
