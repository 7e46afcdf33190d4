"""Addresses of records of every kind."""

from django.urls import path, re_path

from jiezhen.records import (
    change_views,
    files_urls,
    import_urls,
    kindnames,
    list_views,
    views,
)

kindnames.register()

app_name = "records"
urlpatterns = [
    *files_urls.urlpatterns,
    *import_urls.urlpatterns,
    path("new", views.choose_new, name="choose_new"),
    re_path(
        rf"^records/(?P<kind>{kindnames.NAME})\.(?P<fmt>xlsx|csv|json)$",
        list_views.export,
        name="export",
    ),
    path("records/<kind:kind>", list_views.listing, name="list"),
    path("records/<kind:kind>/new", views.new, name="new"),
    path("records/<kind:kind>/find", list_views.find, name="find"),
    path("records/<kind:kind>/suggest", views.suggest, name="suggest"),
    path("records/<kind:kind>/columns", list_views.chosen_columns, name="columns"),
    path("records/<kind:kind>/saved", list_views.saved_lists, name="saved"),
    path("records/<kind:kind>/<str:code>", views.record, name="record"),
    path("records/<kind:kind>/<str:code>/receipt", views.receipt, name="receipt"),
    path("records/<kind:kind>/<str:code>/edit", change_views.edit, name="edit"),
    path("records/<kind:kind>/<str:code>/history", views.history, name="history"),
    path("records/<kind:kind>/<str:code>/looks", views.looks, name="looks"),
    path("records/<kind:kind>/<str:code>/reveal", views.reveal, name="reveal"),
    path("records/<kind:kind>/<str:code>/withdraw", change_views.withdraw, name="withdraw"),
    path("records/<kind:kind>/<str:code>/bring-back", change_views.bring_back, name="bring_back"),
]
