"""Addresses of 服务."""

from django.urls import path, re_path

from jiezhen.activities import views
from jiezhen.records import kindnames, list_views

kindnames.register()

app_name = "activities"
urlpatterns = [
    path("services", views.index, name="index"),
    path("services/new", views.new, name="new"),
    path("visits/new", views.visit, name="visit"),
    re_path(
        rf"^services/(?P<kind>{kindnames.NAME})\.(?P<fmt>xlsx|csv|json)$",
        list_views.export,
        name="export",
    ),
    path("services/<kind:kind>", views.listing, name="list"),
    path("services/<kind:kind>/<str:code>", views.activity, name="activity"),
    path("services/<kind:kind>/<str:code>/receipt", views.receipt, name="receipt"),
]
