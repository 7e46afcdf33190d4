"""Addresses of the import, taken into those of the records."""

from django.urls import path

from jiezhen.records import import_views as views

urlpatterns = [
    path("imports", views.past, name="imports"),
    path("imports/new", views.new, name="import_new"),
    path("imports/templates/<str:kind>.xlsx", views.template, name="import_template"),
    path("imports/<int:batch_id>", views.show, name="import"),
    path("imports/<int:batch_id>/columns", views.columns, name="import_columns"),
    path("imports/<int:batch_id>/go", views.go, name="import_go"),
    path("imports/<int:batch_id>/progress", views.progress, name="import_progress"),
    path("imports/<int:batch_id>/rows/<int:number>", views.row, name="import_row"),
    path("imports/<int:batch_id>/commit", views.commit, name="import_commit"),
    path("imports/<int:batch_id>/take-back", views.take_back, name="import_take_back"),
    path("imports/<int:batch_id>/leftovers.xlsx", views.leftovers, name="import_leftovers"),
]
