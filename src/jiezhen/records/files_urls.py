"""Addresses of attachments, taken into those of the records."""

from django.urls import path

from jiezhen.records import files_views as views
from jiezhen.records import kindnames

kindnames.register()

urlpatterns = [
    path("files/<int:file_id>", views.download, name="file"),
    path("records/<kind:kind>/<str:code>/files", views.attach, name="files"),
    path(
        "records/<kind:kind>/<str:code>/files/<int:file_id>/remove", views.remove,
        name="file_remove",
    ),
]  # fmt: skip
