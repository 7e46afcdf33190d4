"""Addresses of notices and of what leaves."""

from django.urls import path, re_path

from jiezhen.effects.views import admin, notices

app_name = "effects"
urlpatterns = [
    path("notices", notices.notices, name="notices"),
    path("notices/count", notices.count, name="count"),
    path("notices/latest", notices.latest, name="latest"),
    path("notices/read", notices.read, name="read"),
    path("notices/settings", notices.preferences, name="preferences"),
    path("admin/effects", admin.outbox, name="outbox"),
    re_path(
        r"^admin/effects/(?P<hook_id>\d{1,18})/(?P<name>test|pause|resume|remove)$",
        admin.deed,
        name="deed",
    ),
    re_path(
        r"^admin/effects/letters/(?P<table>event|message)/(?P<name>retry|drop)$",
        admin.letter,
        name="letter",
    ),
]
