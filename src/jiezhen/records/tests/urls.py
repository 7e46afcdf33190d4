"""The addresses that the tests of records and of the engines just above need."""

from importlib.util import find_spec

from django.urls import include, path

urlpatterns = [
    path("", include(f"jiezhen.{room}.urls"))
    for room in ("matters", "activities", "registers", "records", "web")
    if find_spec(f"jiezhen.{room}.urls")
]
handler404 = "jiezhen.web.errors.not_found"
handler403 = "jiezhen.web.errors.forbidden"
